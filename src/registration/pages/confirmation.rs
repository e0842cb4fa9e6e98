//! Looking it over, sending it, waiting for the mail.

use super::token;
use crate::accounts::limits::table;
use crate::accounts::proof;
use crate::phrases::registration as words;
use crate::registration::actions;
use crate::registration::sheet::{Sheet, Step};
use crate::registration::store::{self, Entry};
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, html, page, see_other, try_again};
use crate::{House, Outcome};
use askama::Template;
use axum::http::{HeaderMap, StatusCode, Uri};

#[derive(Template)]
#[template(path = "registration/confirmation.html")]
struct ConfirmationPage {
    hall: Hall,
    sheet: Sheet,
    profession: &'static str,
    kind: &'static str,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "registration/sent.html")]
struct SentPage {
    hall: Hall,
    email: String,
    domain: String,
    errors: Errors,
}

/// What was typed, where nothing is missing; or the page to go to instead.
async fn whole(house: &House, headers: &HeaderMap) -> Outcome<Result<(Entry, [u8; 32]), &'static str>> {
    Ok(match super::arrive(headers, house, Step::Facility).await? {
        Ok((entry, _)) if !entry.is_ready() => {
            Err(entry.sheet.first_gap().map_or(Step::Account.url(), Step::url))
        }
        other => other,
    })
}

/// `GET /register/confirmation`
pub async fn show(house: House, headers: HeaderMap) -> Page {
    match whole(&house, &headers).await? {
        Ok((entry, _)) => page(&confirmation(&house, entry.sheet, Errors::none())),
        Err(elsewhere) => see_other(elsewhere),
    }
}

fn confirmation(house: &House, sheet: Sheet, errors: Errors) -> ConfirmationPage {
    let hall = front(house, words::REGISTER).back(Step::Facility.url(), words::FACILITY_STEP);
    let words = sheet.choices().map(|(profession, kind)| (profession.word(), kind.word()));
    let (profession, kind) = words.unwrap_or_default();
    ConfirmationPage { hall, sheet, profession, kind, errors }
}

/// `POST /register/confirmation`: 送信する.
pub async fn submit(house: House, client: Client, headers: HeaderMap, form: Form) -> Page {
    let (entry, hash) = match whole(&house, &headers).await? {
        Ok(here) => here,
        Err(elsewhere) => return see_other(elsewhere),
    };
    if !form.has("agreed") {
        let mut errors = Errors::none();
        errors.add("agreed", words::AGREE_FIRST);
        return try_again(&confirmation(&house, entry.sheet, errors));
    }
    if !mail(&house, &client, &entry, hash).await? {
        let shown = confirmation(&house, entry.sheet, Errors::whole(words::MAILS_SENT));
        return html(StatusCode::TOO_MANY_REQUESTS, &shown);
    }
    see_other("/register/sent")
}

/// False: so many mails went to the address that no more are sent today.
async fn mail(house: &House, client: &Client, entry: &Entry, hash: [u8; 32]) -> Outcome<bool> {
    proof::admit_from(house, client, &table::REGISTRATIONS_HERE).await?;
    let may = super::may_mail(house, entry).await?;
    if may {
        house.write(move |tx| actions::submit(tx, &hash)).await?;
    }
    Ok(may)
}

/// `GET /register/sent`
pub async fn sent(house: House, headers: HeaderMap, uri: Uri) -> Page {
    let Some((entry, _)) = waiting(&house, &headers).await? else { return see_other("/register") };
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    page(&sent_page(&house, entry.sheet.email, &done, Errors::none()))
}

fn sent_page(house: &House, email: String, done: &str, errors: Errors) -> SentPage {
    let hall = front(house, words::REGISTERED_HALF).done(done);
    SentPage { hall, email, domain: house.config.mail_domain().to_owned(), errors }
}

/// `POST /register/sent`: もう一度送る.
pub async fn resend(house: House, client: Client, headers: HeaderMap) -> Page {
    let Some((entry, hash)) = waiting(&house, &headers).await? else { return see_other("/register") };
    if !mail(&house, &client, &entry, hash).await? {
        let shown = sent_page(&house, entry.sheet.email, "", Errors::whole(words::MAILS_SENT));
        return html(StatusCode::TOO_MANY_REQUESTS, &shown);
    }
    see_other("/register/sent?done=registration_sent")
}

async fn waiting(house: &House, headers: &HeaderMap) -> Outcome<Option<(Entry, [u8; 32])>> {
    let Some(hash) = token(headers, house) else { return Ok(None) };
    let found = house.read(move |tx| store::look(tx, &hash)).await?;
    let waits = found.filter(|entry| entry.submitted_at.is_some() && entry.completed_at.is_none());
    Ok(waits.map(|entry| (entry, hash)))
}
