//! The mailed link: what was typed, looked over by the person at the address, a password, and the end of the story.

use super::COOKIE;
use super::steps::{kinds, prefectures, professions};
use crate::accounts::devices::Arrived;
use crate::accounts::limits::table;
use crate::accounts::links::{self, Link, LinkKind};
use crate::accounts::pages::SignInForm;
use crate::accounts::password_rule::weigh;
use crate::accounts::proof;
use crate::phrases::registration as words;
use crate::registration::Sheet;
use crate::registration::actions::{self, Completed, Decided, Keys};
use crate::registration::store::{self, Entry};
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, cookie, html, see_other};
use crate::{House, Outcome, Trouble, accounts};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use tasuki_base::chance::Token;
use tasuki_base::db::{Error, Rule};
use tasuki_law::nouns::RegistrationId;

#[derive(Template)]
#[template(path = "registration/completion.html")]
struct CompletionPage {
    hall: Hall,
    state: State,
    domain: String,
    form: SignInForm,
}

/// What somebody typed for this address, to be looked over.
#[derive(Template)]
#[template(path = "registration/decision.html")]
struct DecisionPage {
    hall: Hall,
    sheet: Sheet,
    profession: &'static str,
    kind: &'static str,
    professions: Vec<(&'static str, &'static str)>,
    prefectures: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    /// Something must be corrected: the fields stand open.
    wrong: bool,
    errors: Errors,
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
    /// The person at the address did not ask for it.
    Refused,
}

/// `GET /register/completion/{token}`: a look uses nothing up.
pub async fn show(house: House, Path(token): Path<String>, headers: HeaderMap, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    match find(&house, &token).await? {
        (State::Open, Some((_, entry))) => {
            html(StatusCode::OK, &decision(&house, entry.sheet, Errors::none(), false))
        }
        (state, behind) => draw(&house, &headers, state, behind.map(|(_, entry)| entry), &done).await,
    }
}

fn decision(house: &House, sheet: Sheet, errors: Errors, wrong: bool) -> DecisionPage {
    let chosen = sheet.choices().map(|(profession, kind)| (profession.word(), kind.word()));
    let (profession, kind) = chosen.unwrap_or_default();
    DecisionPage {
        hall: front(house, words::REGISTER),
        sheet,
        profession,
        kind,
        professions: professions(),
        prefectures: prefectures(),
        kinds: kinds(),
        wrong,
        errors,
    }
}

async fn draw(house: &House, headers: &HeaderMap, state: State, entry: Option<Entry>, done: &str) -> Page {
    let mut form = SignInForm::on(house, headers);
    if let Some(account) = entry.and_then(|entry| entry.account) {
        form.email = house.read(move |tx| accounts::email(tx, account)).await?;
    }
    let title = if state == State::Done { words::REGISTERED } else { words::REGISTER };
    let hall = front(house, title).done(done);
    let domain = house.config.mail_domain().to_owned();
    html(StatusCode::OK, &CompletionPage { hall, state, domain, form })
}

/// `POST /register/completion/{token}`: 登録を完了する, 心当たりがない, or a new link.
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
        State::Open | State::Late if form.has("refuse") => {
            house.write(move |tx| actions::refuse(tx, &link)).await?;
            draw(&house, &headers, State::Refused, None, "").await
        }
        State::Open => decide(&house, &headers, link, entry, &form, here).await,
        State::Late if form.has("renew") => {
            proof::admit_from(&house, &client, &table::RENEWALS_HERE).await?;
            if !super::may_mail(&house, &entry).await? {
                return draw(&house, &headers, State::Late, None, "registration_mails_sent").await;
            }
            house.write(move |tx| actions::renew(tx, entry.id)).await?;
            see_other(format!("{here}?done=registration_sent"))
        }
        State::Late | State::Done | State::Gone | State::Taken | State::Refused => see_other(here),
    }
}

/// Only what is sent along with this very request becomes the account: nothing that was kept before it is a
/// credential.
async fn decide(
    house: &House,
    headers: &HeaderMap,
    link: Link,
    entry: Entry,
    form: &Form,
    here: String,
) -> Page {
    let mut sheet = entry.sheet;
    if form.has("family") || form.has("facility") {
        sheet.read_person(form);
        sheet.read_facility(form);
    }
    let mut errors = sheet.person_errors();
    errors.extend(sheet.facility_errors());
    let wrong = !errors.is_empty();
    let password = form.secret("password");
    let Sheet { email, family, given, family_kana, given_kana, facility, .. } = &sheet;
    let about = [email, family, given, family_kana, given_kana, facility, &house.config.name];
    if let Err(weak) = weigh(house, link.id.to_string(), password, &about.map(String::as_str)).await? {
        errors.add("password", weak.words());
    }
    if !errors.is_empty() {
        return html(StatusCode::UNPROCESSABLE_ENTITY, &decision(house, sheet, errors, wrong));
    }
    proof::admit_one(house, &table::LINK, link.id.to_string()).await?;
    let secret = house.hasher.hash(password.to_owned(), &house.chance).await;
    let keys = Keys { person: house.mint_key().await?, facility: house.mint_key().await? };
    let arrived = Arrived::with(house, headers).await?;
    let browser = arrived.hash();
    let completed = house
        .write(move |tx| {
            let decided = Decided { sheet: &sheet, password: &secret, keys, browser };
            actions::complete(tx, &link, &decided)
        })
        .await;
    if taken(&completed) {
        return draw(house, headers, State::Taken, None, "").await;
    }
    let completed = completed?;
    let mut answer = see_other(here)?;
    answer.headers_mut().append(header::SET_COOKIE, cookie::drop(house, COOKIE));
    if completed == Completed::Yes {
        answer.headers_mut().append(header::SET_COOKIE, arrived.line());
    }
    Ok(answer)
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
            let key = entry.email_key.as_deref().unwrap_or_default();
            let state = match (entry.completed_at, link.is_open(now)) {
                (Some(_), _) => State::Done,
                (None, _) if accounts::by_email(tx, key)?.is_some() => State::Taken,
                (None, true) => State::Open,
                (None, false) => State::Late,
            };
            Ok((state, Some((link, entry))))
        })
        .await
}
