//! Forgotten passwords.

use crate::accounts::devices::Arrived;
use crate::accounts::limits::table;
use crate::accounts::links::{self, Link, LinkKind};
use crate::accounts::password_rule::weigh;
use crate::accounts::proof::May;
use crate::accounts::{self, actions, proof, reset_asked};
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, html, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, phrases};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use tasuki_base::chance::Token;
use tasuki_base::text;
use tasuki_law::nouns::AccountId;

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
    match proof::may_reset(&house, &client, &key).await? {
        May::Yes => {}
        May::Mailed => {
            let mut errors = Errors::none();
            errors.add("email", phrases::RESETS_SENT);
            return html(StatusCode::TOO_MANY_REQUESTS, &ask(&house, email, false, errors));
        }
        May::No => return Err(Trouble::TooMany),
    }
    house.write(move |tx| reset_asked::put_down(tx, &key)).await?;
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
pub async fn close(house: House, Path(token): Path<String>, headers: HeaderMap, form: Form) -> Page {
    let Some((link, about)) = find(&house, &token).await? else {
        return try_again(&new_password(&house, None, Errors::none()));
    };
    let password = form.secret("password");
    if let Err(weak) = weigh(&house, link.id.to_string(), password, &about.words()).await? {
        let mut errors = Errors::none();
        errors.add("password", weak.words());
        return try_again(&new_password(&house, Some(about.email), errors));
    }
    proof::admit_one(&house, &table::LINK, link.id.to_string()).await?;
    let hash = house.hasher.hash(password.to_owned(), &house.chance).await;
    let arrived = Arrived::with(&house, &headers).await?;
    let browser = arrived.hash();
    let done = house.write(move |tx| actions::reset_password(tx, &link, &hash, &browser)).await?;
    if done {
        let mut answer = see_other("/sign-in?done=password_reset")?;
        answer.headers_mut().append(header::SET_COOKIE, arrived.line());
        Ok(answer)
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
