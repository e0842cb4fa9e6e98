//! The pages of a registration, in the order in which a newcomer meets them.

pub mod completion;
pub mod confirmation;
pub mod start;
pub mod steps;

use super::sheet::Step;
use super::store::{self, Entry};
use crate::accounts::limits::{self, table};
use crate::web::cookie;
use crate::{House, Outcome};
use axum::http::HeaderMap;
use tasuki_base::chance::Token;

/// The cookie that leads back to what was typed.
const COOKIE: &str = "registration";

fn token(headers: &HeaderMap, house: &House) -> Option<[u8; 32]> {
    Token::parse(cookie::read(headers, house, COOKIE)?).map(|token| token.hash())
}

/// Whether one more mail may go to the address, by whomever it is asked for; whether it has an account does not matter.
async fn may_mail(house: &House, entry: &Entry) -> Outcome<bool> {
    let mailbox = limits::mailbox(entry.email_key.as_deref().unwrap_or_default());
    let lines = [(&table::REGISTRATIONS, mailbox.clone()), (&table::REGISTRATIONS_A_DAY, mailbox)];
    house.write(move |tx| limits::allow_all(tx, &lines)).await
}

/// What was typed so far in this browser, where it reaches this page; or the page to go to instead.
async fn arrive(
    headers: &HeaderMap,
    house: &House,
    step: Step,
) -> Outcome<Result<(Entry, [u8; 32]), &'static str>> {
    let Some(hash) = token(headers, house) else { return Ok(Err("/register")) };
    let found = house.read(move |tx| store::look(tx, &hash)).await?;
    Ok(match found.filter(|entry| entry.completed_at.is_none()) {
        None => Err("/register"),
        Some(entry) => match entry.sheet.reaches(step) {
            Ok(()) => Ok((entry, hash)),
            Err(gap) => Err(gap.url()),
        },
    })
}
