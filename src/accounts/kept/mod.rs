//! A form that was sent after its session had ended is kept, and shown again filled in once its writer has signed in:
//! one mechanism around every form of the house. It is never sent by itself, and nobody else ever sees it.

mod fill;
pub mod pages;
mod posted;
mod store;
#[cfg(test)]
mod tests;

pub use posted::Posted;
pub(crate) use store::STATEMENTS;

use super::{devices, session};
use crate::errands::{self, Errand, Failed, Running};
use crate::house::cell;
use crate::web::Form;
use crate::{House, Outcome, Tx};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::response::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{AccountId, KeptId, Person, SessionKind};
use tasuki_value::DAY;

const KIND: &str = "kept_form";
/// Kept so long: what is written at night is still there in the morning.
const LIFE: i64 = DAY;
/// So many of one account: those sent last.
const MOST: i64 = 20;
/// No page of ours is larger.
const LARGEST_PAGE: usize = 8 * 1024 * 1024;

/// Forgets a kept form at the end of its time.
pub const FORGET: Errand = Errand { kind: KIND, run };

/// What was typed, where it stood and where it went.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The page on which the form stood, with its query.
    pub from: String,
    /// Where it was sent.
    pub path: String,
    pub fields: Vec<(String, String)>,
}

/// Keeps a form whose session has ended by itself; where its writer goes on. A session that somebody ended, another
/// browser, a program: nothing is kept.
pub async fn keep(house: &House, posted: Posted) -> Outcome<Option<String>> {
    let (token, device) = (posted.token.hash(), posted.device);
    let kept = posted.read().await;
    let from = kept.from.clone();
    let id = house
        .write(move |tx| {
            let now = tx.now();
            let row = super::store::session_by_token(tx, &token)?;
            let ended = row.filter(|row| row.session_kind == SessionKind::Browser && !row.lives(now));
            match ended {
                Some(row) => put(tx, row.account, &device, &kept).map(Some),
                None => Ok(None),
            }
        })
        .await?;
    Ok(id.map(|id| {
        let (path, query) = from.split_once('?').unwrap_or((&from, ""));
        let rest = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("kept="));
        let rest: String = rest.map(|pair| format!("{pair}&")).collect();
        let next = format!("{path}?{rest}kept={id}");
        let query = serde_urlencoded::to_string([("done", "kept"), ("next", &next)]).unwrap_or_default();
        format!("/sign-in?{query}")
    }))
}

/// Keeps a form for its writer in this browser.
pub(crate) fn put(tx: &mut Tx, account: AccountId, device: &[u8; 32], kept: &Kept) -> Outcome<KeptId> {
    let id = KeptId(tx.draw());
    let key = super::card(tx, account)?.data_key;
    let body = tx.seal_json(key, cell("kept_forms", "body", id.0), kept)?;
    store::insert(tx, id, account, device, &body)?;
    store::forget_old(tx, account, MOST)?;
    let end = tx.now().plus(LIFE);
    errands::send(tx, KIND, &id, None, end)?;
    Ok(id)
}

fn run(house: House, payload: String) -> Running {
    Box::pin(async move {
        let id: KeptId = errands::payload(&payload)?;
        house.write(move |tx| store::forget(tx, id)).await.map_err(Failed::from)
    })
}

/// A kept form of this person, in the browser in which it was written.
pub fn find(tx: &mut Tx, person: &Person, device: Option<[u8; 32]>, id: KeptId) -> Outcome<Option<Kept>> {
    let Some(device) = device else { return Ok(None) };
    match store::one(tx, id, person.account, &device)? {
        Some(body) => tx.open_json(cell("kept_forms", "body", id.0), &body).map(Some),
        None => Ok(None),
    }
}

/// What a look for a page said of a kept form to be shown in it.
pub struct Wanted {
    id: KeptId,
    headers: HeaderMap,
}

impl Wanted {
    /// Of a request for a page that names one.
    #[must_use]
    pub fn of(request: &Request) -> Option<Self> {
        let query = request.uri().query().filter(|query| query.contains("kept="))?;
        let id = (*request.method() == Method::GET).then(|| Form::of_query(query).pick("kept"))??;
        Some(Self { id, headers: request.headers().clone() })
    }

    /// The page with what was typed in its form. Where there is no such form any more, what was typed is shown by
    /// itself.
    pub async fn shown(self, house: &House, page: Response) -> Response {
        match self.filled(house, page).await {
            Ok(page) => page,
            Err(trouble) => trouble.into_response(),
        }
    }

    async fn filled(self, house: &House, page: Response) -> Outcome<Response> {
        let id = self.id;
        let Some(token) = session::token(&self.headers, house) else { return Ok(page) };
        let device = devices::told(&self.headers, house);
        let hash = token.hash();
        let kept = house
            .read(move |tx| match session::of_token(tx, &hash)? {
                Some(person) => find(tx, &person, device, id),
                None => Ok(None),
            })
            .await?;
        let Some(kept) = kept else { return Ok(page) };
        let alone = format!("/kept/{id}");
        if page.status() != StatusCode::OK || !is_html(&page) {
            return crate::web::see_other(alone);
        }
        let (parts, body) = page.into_parts();
        let html = to_bytes(body, LARGEST_PAGE).await.map_err(crate::Trouble::broken)?;
        let html = std::str::from_utf8(&html).map_err(crate::Trouble::broken)?;
        match fill::fill(html, &kept, &alone)? {
            Some(filled) => Ok(with(parts, filled)),
            None => crate::web::see_other(alone),
        }
    }
}

fn is_html(page: &Response) -> bool {
    let kind = page.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn with(mut parts: Parts, html: String) -> Response {
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}
