//! The short form, its confirmation, the end.

use super::{Notice, Place, here, place, say};
use crate::accounts::pages::SignInForm;
use crate::accounts::{self, Known, password_rule};
use crate::joining::access::{self, Behind, Way};
use crate::joining::actions;
use crate::phrases::staff as words;
use crate::registration::Sheet;
use crate::web::hall::front;
use crate::web::{Errors, Form, Hall, Page, html, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, invitations};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use tasuki_base::chance::Token;
use tasuki_law::nouns::Profession;

#[derive(Template)]
#[template(path = "joining/form.html")]
pub(super) struct FormPage {
    hall: Hall,
    place: Place,
    sheet: Sheet,
    professions: Vec<(&'static str, &'static str)>,
    errors: Errors,
    url: String,
}

/// The form with what was typed before, if anything was.
pub(super) fn blank(tx: &mut Tx, hall: Hall, behind: &Behind, token: &str) -> Outcome<FormPage> {
    let sheet = access::typed(tx, token)?.map(|entry| entry.sheet).unwrap_or_default();
    drawn(tx, hall, behind, token, sheet, Errors::none())
}

fn drawn(
    tx: &mut Tx,
    hall: Hall,
    behind: &Behind,
    token: &str,
    sheet: Sheet,
    errors: Errors,
) -> Outcome<FormPage> {
    let professions = Profession::ALL.iter().map(|one| (one.code(), one.word())).collect();
    Ok(FormPage { hall, place: place(tx, behind)?, sheet, professions, errors, url: here(token) })
}

/// `POST /join/{token}`
pub async fn fill(Known(who): Known, house: House, Path(token): Path<String>, form: Form) -> Page {
    let (asker, key) = (who.clone(), token.clone());
    let opened = house
        .read(move |tx| {
            let way = access::way(tx, &asker, &key)?;
            facility_of(tx, way)
        })
        .await?;
    let Some((behind, facility)) = opened else { return see_other(here(&token)) };
    let mut sheet = Sheet::default();
    sheet.read_person(&form);
    let mut errors = sheet.person_errors();
    let password = form.secret("password").to_owned();
    let email = behind.row.email.clone().unwrap_or_default();
    let about = [&sheet.family, &sheet.given, &sheet.family_kana, &sheet.given_kana, &email, &facility];
    // Costly, so only for what is kept if the password is good.
    let weighed = match errors.is_empty() {
        true => password_rule::weigh(&house, &password, &about.map(String::as_str)).await?,
        false => password_rule::shape(&password),
    };
    if let Err(weak) = weighed {
        errors.add("password", weak.words());
    }
    if !errors.is_empty() {
        let hall = front(&house, words::JOINING);
        let draw = move |tx: &mut Tx<'_, '_>| {
            drawn(tx, hall.clone(), &behind, &token, sheet.clone(), errors.clone())
        };
        return try_again(&house.read(draw).await?);
    }
    let hash = house.hasher.hash(password, &house.chance).await;
    let url = format!("{}/confirmation", here(&token));
    house
        .write(move |tx| {
            let behind = access::to_fill(tx, &who, &token)?;
            let parsed = Token::parse(token.trim()).ok_or_else(Trouble::unseen)?;
            actions::keep(tx, &behind, &parsed, &sheet, &hash)
        })
        .await?;
    see_other(url)
}

/// The form's invitation with the facility's name; nothing where the link leads elsewhere.
fn facility_of(tx: &mut Tx, way: Way) -> Outcome<Option<(Behind, String)>> {
    match way {
        Way::Form(behind) => {
            let name = crate::facilities::card(tx, behind.row.facility)?.name;
            Ok(Some((*behind, name)))
        }
        _ => Ok(None),
    }
}

#[derive(Template)]
#[template(path = "joining/confirmation.html")]
struct ConfirmationPage {
    hall: Hall,
    place: Place,
    sheet: Sheet,
    profession: &'static str,
    errors: Errors,
    url: String,
}

/// The confirmation, or nothing where there is nothing to confirm.
fn checked(tx: &mut Tx, hall: Hall, behind: &Behind, token: &str) -> Outcome<Option<ConfirmationPage>> {
    let Some(entry) = access::typed(tx, token)? else { return Ok(None) };
    let Ok(profession) = entry.sheet.profession.parse::<Profession>() else { return Ok(None) };
    Ok(Some(ConfirmationPage {
        hall,
        place: place(tx, behind)?,
        sheet: entry.sheet,
        profession: profession.word(),
        errors: Errors::none(),
        url: here(token),
    }))
}

/// `GET /join/{token}/confirmation`
pub async fn confirm(Known(who): Known, house: House, Path(token): Path<String>) -> Page {
    let url = here(&token);
    let hall = front(&house, words::JOINING_CHECK);
    let shown = house
        .read(move |tx| match access::way(tx, &who, &token)? {
            Way::Form(behind) => checked(tx, hall.clone(), &behind, &token),
            _ => Ok(None),
        })
        .await?;
    match shown {
        Some(shown) => page(&shown),
        None => see_other(url),
    }
}

enum Ended {
    Made,
    Unsure(Box<ConfirmationPage>),
    Elsewhere,
}

/// `POST /join/{token}/completion`: makes the account and uses the link up.
pub async fn complete(Known(who): Known, house: House, Path(token): Path<String>, form: Form) -> Page {
    let url = here(&token);
    let agreed = form.has("agreed");
    let hall = front(&house, words::JOINING_CHECK);
    let (asker, key) = (who.clone(), token.clone());
    let fits = house.read(move |tx| Ok(matches!(access::way(tx, &asker, &key)?, Way::Form(_)))).await?;
    if !fits {
        return see_other(format!("{url}/completion"));
    }
    let data_key = house.mint_key().await?;
    let ended = house
        .write(move |tx| {
            let Some(found) = access::behind(tx, &token)? else { return Ok(Ended::Elsewhere) };
            invitations::hold(tx, found.row.id)?;
            let Way::Form(behind) = access::way(tx, &who, &token)? else { return Ok(Ended::Elsewhere) };
            let Some(entry) = access::typed(tx, &token)? else { return Ok(Ended::Elsewhere) };
            if !agreed {
                let Some(mut shown) = checked(tx, hall.clone(), &behind, &token)? else {
                    return Ok(Ended::Elsewhere);
                };
                shown.errors.add("agreed", words::TERMS_MISSING);
                return Ok(Ended::Unsure(Box::new(shown)));
            }
            actions::complete(tx, &behind, &entry, data_key)?;
            Ok(Ended::Made)
        })
        .await?;
    match ended {
        Ended::Made => see_other(format!("{url}/completion")),
        Ended::Unsure(shown) => try_again(&*shown),
        Ended::Elsewhere => see_other(url),
    }
}

#[derive(Template)]
#[template(path = "joining/completion.html")]
struct CompletionPage {
    hall: Hall,
    form: SignInForm,
}

/// `GET /join/{token}/completion`: it is done; the sign-in form.
pub async fn done(house: House, Path(token): Path<String>, headers: HeaderMap) -> Page {
    let key = token.clone();
    let email = house
        .read(move |tx| match access::typed(tx, &key)?.and_then(|entry| entry.account) {
            Some(account) => Ok(Some(accounts::email(tx, account)?)),
            None => Ok(None),
        })
        .await?;
    let Some(email) = email else { return say(&house, Notice::Closed, token) };
    let form = SignInForm { email, ..SignInForm::on(&house, &headers) };
    html(StatusCode::OK, &CompletionPage { hall: front(&house, words::JOINED), form })
}
