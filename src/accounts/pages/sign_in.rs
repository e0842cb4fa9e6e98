//! Signing in and out.

use crate::accounts::actions::{self, NewSession};
use crate::accounts::devices::Arrived;
use crate::accounts::session::{self, COOKIE};
use crate::accounts::{self, Known, devices, proof};
use crate::config::SamplePerson;
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, cookie, html, page, see_other};
use crate::{House, Outcome, Trouble, phrases};
use askama::Template;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use tasuki_base::chance::Token;
use tasuki_base::text;
use tasuki_law::Refusal;
use tasuki_law::nouns::{AccountId, EventKind, SessionId, SessionKind, Who};
use tasuki_value::DAY;

/// Keeps the mail address on this device, where the person asked for it. Never the password.
const ADDRESS: &str = "address";
const ADDRESS_LIFE: i64 = 400 * DAY;

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    hall: Hall,
    form: SignInForm,
    /// In the demo alone.
    people: Vec<SamplePerson>,
}

/// The sign-in form, wherever it stands.
#[derive(Clone, Debug, Default)]
pub struct SignInForm {
    pub email: String,
    pub remember: bool,
    /// Where to go afterwards: a path of ours, or empty.
    pub next: String,
    pub errors: Errors,
}

impl SignInForm {
    /// As this device finds it: with the kept address, if one is kept.
    #[must_use]
    pub fn on(house: &House, headers: &HeaderMap) -> Self {
        let kept = cookie::read(headers, house, ADDRESS).filter(|kept| text::looks_like_email(kept));
        let email = kept.unwrap_or_default().to_owned();
        Self { remember: !email.is_empty(), email, ..Self::default() }
    }
}

/// `GET /sign-in`
pub async fn show(Known(who): Known, house: House, headers: HeaderMap, uri: Uri) -> Page {
    let query = Form::of_query(uri.query().unwrap_or_default());
    let next = own_path(query.path("next"));
    if who.person().is_some() {
        return see_other(if next.is_empty() { "/" } else { next });
    }
    let form = SignInForm { next: next.to_owned(), ..SignInForm::on(&house, &headers) };
    let hall = front(&house, phrases::SIGN_IN).done(query.code("done"));
    page(&SignInPage { hall, form, people: house.config.sample_people.clone() })
}

/// `POST /sign-in`
pub async fn sign_in(
    Known(who): Known,
    house: House,
    client: Client,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let email = form.email("email");
    let next = own_path(form.path("next"));
    let remember = form.has("remember");
    let device = devices::told(&headers, &house);
    let account = match proof::recognise(&house, &client, device, &email, form.secret("password")).await {
        Ok(Some(account)) => account,
        refused => {
            let (status, words) = refusal(refused)?;
            let form = SignInForm { email, remember, next: next.to_owned(), errors: Errors::whole(words) };
            let hall = front(&house, phrases::SIGN_IN);
            let people = house.config.sample_people.clone();
            return html(status, &SignInPage { hall, form, people });
        }
    };
    let arrived = Arrived::with(&house, &headers).await?;
    let (token, toured) = begin(&house, &client, &who, account, arrived.hash()).await?;
    let mut answer = see_other(after(next, toured))?;
    let kept = if remember {
        cookie::keep(&house, ADDRESS, &email, Some(ADDRESS_LIFE))
    } else {
        cookie::drop(&house, ADDRESS)
    };
    answer.headers_mut().append(header::SET_COOKIE, session_cookie(&house, &client, &token));
    answer.headers_mut().append(header::SET_COOKIE, kept);
    answer.headers_mut().append(header::SET_COOKIE, arrived.line());
    Ok(answer)
}

/// What the form says when it comes back; a failure of ours stays one.
pub(super) fn refusal(refused: Outcome<Option<AccountId>>) -> Outcome<(StatusCode, &'static str)> {
    match refused {
        Err(Trouble::TooMany) => Ok((StatusCode::TOO_MANY_REQUESTS, phrases::TOO_MANY_SIGN_INS)),
        Err(other) => Err(other),
        Ok(_) => Ok((StatusCode::UNPROCESSABLE_ENTITY, phrases::WRONG_PASSWORD)),
    }
}

/// A new session; one that this browser still had ends. Answers the token, and whether the tour was seen.
async fn begin(
    house: &House,
    client: &Client,
    who: &Who,
    account: AccountId,
    browser: [u8; 32],
) -> Outcome<(Token, bool)> {
    begin_after(house, client, who, account, (browser, false)).await
}

/// As [`begin`]; `follows`: only in the place of a session that nobody has ended meanwhile, and of each but one.
pub(super) async fn begin_after(
    house: &House,
    client: &Client,
    who: &Who,
    account: AccountId,
    (browser, follows): ([u8; 32], bool),
) -> Outcome<(Token, bool)> {
    let token = house.chance.token();
    let (hash, device, phone) = (token.hash(), client.device, client.phone);
    let before = who.person().copied();
    let toured = house
        .write(move |tx| {
            if let Some(before) = &before {
                let ended = actions::end_session(tx, before.account, before.session, EventKind::SignedOut)?;
                if follows && !ended {
                    return Err(Trouble::Refused(Refusal::SignIn));
                }
            }
            let id = SessionId(tx.draw());
            let kind = SessionKind::Browser;
            let new = NewSession { id, account, kind, token: hash, label: None, device, phone };
            actions::begin_session(tx, &new)?;
            devices::remember(tx, account, &browser)?;
            Ok(accounts::settings(tx, account)?.tour_done)
        })
        .await?;
    Ok((token, toured))
}

/// The line that gives a browser its session. On a phone it outlives the browser, which the system closes at
/// will; on a PC closing the browser is leaving.
#[must_use]
pub fn session_cookie(house: &House, client: &Client, token: &Token) -> HeaderValue {
    cookie::keep(house, COOKIE, &token.text(), client.phone.then_some(session::ABSOLUTE))
}

fn after(next: &str, toured: bool) -> String {
    match (toured, next) {
        (true, "") => "/".to_owned(),
        (true, next) => next.to_owned(),
        (false, "") => "/tour".to_owned(),
        (false, next) => {
            format!("/tour?{}", serde_urlencoded::to_string([("next", next)]).unwrap_or_default())
        }
    }
}

/// A path of ours, or nothing: never an address that leads out of the house.
#[must_use]
pub fn own_path(next: &str) -> &str {
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let ours = next.starts_with('/') && !next.starts_with("//");
    let circle = ["/sign-in", "/sign-out", "/tour"].iter().any(|path| next.starts_with(path));
    if plain && ours && !circle && next.len() <= 500 { next } else { "" }
}

/// `POST /sign-out`
pub async fn sign_out(Known(who): Known, house: House) -> Page {
    if let Some(person) = who.person().copied() {
        house
            .write(move |tx| {
                actions::end_session(tx, person.account, person.session, EventKind::SignedOut)?;
                Ok(())
            })
            .await?;
    }
    left(&house)
}

/// The answer to somebody who is no longer signed in: nothing of before stays in the browser.
pub(super) fn left(house: &House) -> Page {
    let mut answer: Response = see_other("/sign-in?done=signed_out")?;
    let headers = answer.headers_mut();
    headers.append(header::SET_COOKIE, cookie::drop(house, COOKIE));
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    headers.insert(HeaderName::from_static("clear-site-data"), clear);
    Ok(answer)
}
