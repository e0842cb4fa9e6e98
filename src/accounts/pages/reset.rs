//! Forgotten passwords.

use crate::accounts::links::{self, Link, LinkKind};
use crate::accounts::password_rule::weigh;
use crate::accounts::{self, actions, proof};
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Tx, phrases};
use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use tasuki_base::chance::Token;
use tasuki_base::text;
use tasuki_law::nouns::AccountId;
use tasuki_value::HOUR;

const FROM_ONE_PLACE: i64 = 60;
const FOR_ONE_ADDRESS: i64 = 5;

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct AskPage {
    hall: Hall,
    email: String,
    /// The same words, whether the address has an account or not.
    asked: bool,
    domain: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "accounts/reset_new.html")]
struct NewPasswordPage {
    hall: Hall,
    /// The link opens something; a person's address, for their password manager.
    email: Option<String>,
    errors: Errors,
}

/// `GET /password-reset`
pub async fn show(house: House, uri: Uri) -> Page {
    let asked = Form::of_query(uri.query().unwrap_or_default()).code("done") == "asked";
    page(&ask(&house, String::new(), asked, Errors::none()))
}

/// `POST /password-reset`
pub async fn create(house: House, client: Client, form: Form) -> Page {
    let email = form.email("email");
    if !text::looks_like_email(&email) {
        let mut errors = Errors::none();
        errors.add("email", phrases::bad_email(&email));
        return try_again(&ask(&house, email, false, errors));
    }
    let key = text::email_key(&email);
    proof::admit_from(&house, &client, "reset_place", FROM_ONE_PLACE, HOUR).await?;
    proof::admit_one(&house, "reset", key.clone(), FOR_ONE_ADDRESS, HOUR).await?;
    house.write(move |tx| actions::ask_for_reset(tx, &key)).await?;
    see_other("/password-reset?done=asked")
}

fn ask(house: &House, email: String, asked: bool, errors: Errors) -> AskPage {
    let hall = front(house, phrases::RESET).back("/sign-in", phrases::SIGN_IN);
    AskPage { hall, email, asked, domain: house.config.mail_domain().to_owned(), errors }
}

/// `GET /password-reset/{token}`: a look uses nothing up.
pub async fn open(house: House, Path(token): Path<String>) -> Page {
    let found = find(&house, &token).await?;
    page(&new_password(&house, found.map(|(_, about)| about.email), Errors::none()))
}

/// `POST /password-reset/{token}`
pub async fn close(house: House, Path(token): Path<String>, form: Form) -> Page {
    let Some((link, about)) = find(&house, &token).await? else {
        return try_again(&new_password(&house, None, Errors::none()));
    };
    let password = form.secret("password");
    if let Err(weak) = weigh(&house, password, &about.words()).await? {
        let mut errors = Errors::none();
        errors.add("password", weak.words());
        return try_again(&new_password(&house, Some(about.email), errors));
    }
    let hash = house.hasher.hash(password.to_owned(), &house.chance).await;
    let done = house.write(move |tx| actions::reset_password(tx, &link, &hash)).await?;
    if done {
        see_other("/sign-in?done=password_reset")
    } else {
        try_again(&new_password(&house, None, Errors::none()))
    }
}

fn new_password(house: &House, email: Option<String>, errors: Errors) -> NewPasswordPage {
    NewPasswordPage { hall: front(house, phrases::RESET), email, errors }
}

async fn find(house: &House, token: &str) -> Outcome<Option<(Link, About)>> {
    let token = Token::parse(token.trim());
    house
        .read(move |tx| {
            let Some(token) = &token else { return Ok(None) };
            let now = tx.now();
            let link = links::find(tx, LinkKind::PasswordReset, token)?.filter(|link| link.is_open(now));
            let Some(link) = link else { return Ok(None) };
            let about = About::of(tx, AccountId(link.subject))?;
            Ok(Some((link, about)))
        })
        .await
}

/// The words about a person that an attacker tries first.
pub(super) struct About {
    pub email: String,
    names: Vec<String>,
}

impl About {
    pub(super) fn of(tx: &mut Tx, account: AccountId) -> Outcome<Self> {
        let card = accounts::card(tx, account)?;
        let email = accounts::email(tx, account)?;
        let network = tx.config().name.clone();
        let names = vec![card.family, card.given, card.family_kana, card.given_kana, network];
        Ok(Self { email, names })
    }

    pub(super) fn words(&self) -> Vec<&str> {
        std::iter::once(&self.email).chain(&self.names).map(String::as_str).collect()
    }
}
