//! The mailed link: a page with a button, and the end of the story.

use super::COOKIE;
use crate::accounts::links::{self, Link, LinkKind};
use crate::accounts::pages::SignInForm;
use crate::accounts::proof;
use crate::phrases::registration as words;
use crate::registration::actions::{self, Completed, Keys};
use crate::registration::store::{self, Entry};
use crate::web::hall::front;
use crate::web::{Client, Form, Hall, Page, cookie, html, see_other};
use crate::{House, Outcome, Trouble, accounts};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use tasuki_base::chance::Token;
use tasuki_base::db::{Error, Rule};
use tasuki_law::nouns::RegistrationId;
use tasuki_value::HOUR;

const RENEWALS: i64 = 5;

#[derive(Template)]
#[template(path = "registration/completion.html")]
struct CompletionPage {
    hall: Hall,
    state: State,
    name: String,
    domain: String,
    form: SignInForm,
}

/// Where the link stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
    /// Too late, or replaced; the registration itself is still there.
    Late,
    /// Nothing is behind it (any more).
    Gone,
    /// The address has an account by another way.
    Taken,
}

/// `GET /register/completion/{token}`: a look uses nothing up.
pub async fn show(house: House, Path(token): Path<String>, headers: HeaderMap, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    let (state, behind) = find(&house, &token).await?;
    draw(&house, &headers, state, behind.map(|(_, entry)| entry), &done).await
}

async fn draw(house: &House, headers: &HeaderMap, state: State, entry: Option<Entry>, done: &str) -> Page {
    let mut form = SignInForm::on(house, headers);
    let account = entry.as_ref().and_then(|entry| entry.account);
    let name = entry.map(|entry| entry.sheet.name()).unwrap_or_default();
    if let Some(account) = account {
        form.email = house.read(move |tx| accounts::email(tx, account)).await?;
    }
    let title = if state == State::Done { words::REGISTERED } else { words::REGISTER };
    let hall = front(house, title).done(done);
    let domain = house.config.mail_domain().to_owned();
    html(StatusCode::OK, &CompletionPage { hall, state, name, domain, form })
}

/// `POST /register/completion/{token}`: 登録を完了する, or a new link.
pub async fn complete(
    house: House,
    client: Client,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let (state, behind) = find(&house, &token).await?;
    let Some((link, entry)) = behind else { return draw(&house, &headers, state, None, "").await };
    let here = format!("/register/completion/{}", token.trim());
    match state {
        State::Open => {
            let keys = Keys { person: house.mint_key().await?, facility: house.mint_key().await? };
            let completed = house.write(move |tx| actions::complete(tx, &link, keys)).await;
            if taken(&completed) {
                return draw(&house, &headers, State::Taken, None, "").await;
            }
            completed?;
            let mut answer = see_other(here)?;
            answer.headers_mut().append(header::SET_COOKIE, cookie::drop(&house, COOKIE));
            Ok(answer)
        }
        State::Late if form.has("renew") => {
            let key = entry.email_key.clone().unwrap_or_default();
            proof::admit_from(&house, &client, "register_renewals", 60, HOUR).await?;
            proof::admit_one(&house, "register_mail", key, RENEWALS, HOUR).await?;
            house.write(move |tx| actions::renew(tx, entry.id)).await?;
            see_other(format!("{here}?done=registration_sent"))
        }
        State::Late | State::Done | State::Gone | State::Taken => see_other(here),
    }
}

/// Somebody was faster with the same address: the database's own rule says so at the latest.
fn taken(completed: &Outcome<Completed>) -> bool {
    match completed {
        Ok(completed) => *completed == Completed::Taken,
        Err(Trouble::Db(error)) => Error::broke(error, Rule::Unique),
        Err(_) => false,
    }
}

async fn find(house: &House, token: &str) -> Outcome<(State, Option<(Link, Entry)>)> {
    let token = Token::parse(token.trim());
    house
        .read(move |tx| {
            let Some(token) = &token else { return Ok((State::Gone, None)) };
            let now = tx.now();
            let Some(link) = links::find(tx, LinkKind::Registration, token)? else {
                return Ok((State::Gone, None));
            };
            let Some(entry) = store::find(tx, RegistrationId(link.subject))? else {
                return Ok((State::Gone, None));
            };
            let state = match (entry.completed_at, link.is_open(now)) {
                (Some(_), _) => State::Done,
                (None, true) => State::Open,
                (None, false) => State::Late,
            };
            Ok((state, Some((link, entry))))
        })
        .await
}
