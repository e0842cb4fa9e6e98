//! Changing one's own password.

use super::reset::About;
use crate::accounts::password_rule::{shape, weigh};
use crate::accounts::{Known, actions, proof};
use crate::web::hall::hall;
use crate::web::{Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, phrases};
use askama::Template;
use tasuki_law::Refusal;
use tasuki_law::nouns::{Person, Who};

#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordPage {
    hall: Hall,
    email: String,
    end_others: bool,
    errors: Errors,
}

/// Whoever is signed in.
///
/// # Errors
/// Sends everybody else to the sign-in page.
pub(super) fn somebody(who: &Who) -> Outcome<Person> {
    who.person().copied().ok_or(Trouble::Refused(Refusal::SignIn))
}

/// `GET /settings/password`
pub async fn show(Known(who): Known, house: House) -> Page {
    page(&form_page(&house, &who, true, Errors::none()).await?.0)
}

/// `POST /settings/password`
pub async fn change(Known(who): Known, house: House, form: Form) -> Page {
    let person = somebody(&who)?;
    let end_others = form.has("end_others");
    let (old, new) = (form.secret("old"), form.secret("password"));
    let (mut again, about) = form_page(&house, &who, end_others, Errors::none()).await?;
    if old.is_empty() {
        again.errors.add("old", phrases::OLD_PASSWORD_MISSING);
    } else if !proof::knows_password(&house, person.account, person.session, old).await? {
        again.errors.add("old", phrases::OLD_PASSWORD_WRONG);
    }
    // What a stranger to the old password tries is not guessed at.
    let weighed = if again.errors.is_empty() {
        weigh(&house, person.account.to_string(), new, &about.words()).await?
    } else {
        shape(new)
    };
    if let Err(weak) = weighed {
        again.errors.add("password", weak.words());
    }
    if !again.errors.is_empty() {
        return try_again(&again);
    }
    let hash = house.hasher.hash(new.to_owned(), &house.chance).await;
    house.write(move |tx| actions::change_password(tx, &person, &hash, end_others)).await?;
    see_other("/settings?done=password_changed")
}

async fn form_page(
    house: &House,
    who: &Who,
    end_others: bool,
    errors: Errors,
) -> Outcome<(PasswordPage, About)> {
    let person = somebody(who)?;
    let who = who.clone();
    house
        .read(move |tx| {
            let hall = hall(tx, &who, phrases::CHANGE_PASSWORD)?.back("/settings", phrases::SETTINGS);
            let about = About::of(tx, person.account)?;
            let email = about.email.clone();
            Ok((PasswordPage { hall, email, end_others, errors: errors.clone() }, about))
        })
        .await
}
