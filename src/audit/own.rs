//! `GET /settings/record`: what a person did, and what others tried with their account.

use super::record::nobody;
use super::store;
use crate::accounts::Known;
use crate::events::Event;
use crate::phrases::{self, audit as words};
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page};
use crate::{House, Outcome, Tx};
use askama::Template;
use axum::http::Uri;
use tasuki_law::Refusal;
use tasuki_law::nouns::{EventId, EventKind, Who};
use uuid::Uuid;

const A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "audit/own.html")]
struct OwnPage {
    hall: Hall,
    lines: Vec<OwnLine>,
    older: Option<String>,
}

struct OwnLine {
    when: String,
    what: EventKind,
    /// Somebody else than oneself.
    who: &'static str,
}

pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let form = Form::of_query(uri.query().unwrap_or_default());
    page(&house.read(move |tx| view(tx, &who, form.pick("before"))).await?)
}

fn view(tx: &mut Tx, who: &Who, before: Option<EventId>) -> Outcome<OwnPage> {
    let account = who.account().ok_or(Refusal::SignIn)?;
    let most = i64::try_from(A_PAGE + 1).unwrap_or(i64::MAX);
    let mut events = store::own(tx, account, before.map_or(Uuid::max(), |event| event.0), most)?;
    let more = events.len() > A_PAGE;
    events.truncate(A_PAGE);
    let older = events.last().filter(|_| more).map(|event| format!("/settings/record?before={}", event.id));
    let line = |event: &Event| OwnLine {
        when: words::moment(event.at),
        what: event.kind,
        who: if event.account == Some(account) { "" } else { nobody(event.kind) },
    };
    let lines = events.iter().map(line).collect();
    let hall = hall(tx, who, words::OWN)?.back("/settings", phrases::SETTINGS);
    Ok(OwnPage { hall, lines, older })
}
