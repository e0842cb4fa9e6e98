//! What a program sends: a JSON body, a query.

use super::Problem;
use crate::phrases::api as words;
use crate::{House, Trouble};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

/// A JSON body of up to 512 KiB.
///
/// What is no JSON is 400; JSON with missing or wrong fields is 422.
pub struct Body<T>(pub T);

const MOST: usize = 512 * 1024;

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Self, Problem> {
        let bytes = gather(request, house).await?;
        read(&bytes).map(Self)
    }
}

/// The same where a request may come without one.
pub struct MayBody<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<House> for MayBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Self, Problem> {
        let bytes = gather(request, house).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { read(&bytes).map(Self) }
    }
}

async fn gather(request: Request, house: &House) -> Result<Bytes, Problem> {
    let bytes = Bytes::from_request(request, house).await.map_err(unread)?;
    if bytes.len() > MOST { Err(too_large()) } else { Ok(bytes) }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Ok(sent) = serde_json::from_slice(bytes) {
        fits("", &sent)?;
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // Serde names the field and the place, and of what was sent at most a number or a code.
        let said = error.to_string();
        match error.classify() {
            Category::Data => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, words::UNREADABLE),
            _ => Problem::from(Trouble::Malformed),
        }
        .about("", said)
    })
}

/// Words of any length that a room judges, and says so in its own sentence.
const PROSE: &[&str] = &["body", "about", "medicines", "allergies", "reason"];
/// Whatever else is sent, in letters: more than any room takes in a line.
const LINE: usize = 1_000;
const MOST_PROSE: usize = 20_000;

/// No text goes past a room that does not count its letters, and none whose marks would cover a page.
fn fits(field: &str, sent: &Value) -> Result<(), Problem> {
    match sent {
        Value::String(text) => {
            let most = if PROSE.contains(&field) { MOST_PROSE } else { LINE };
            if tasuki_base::text::is_longer(text, most) { Err(too_long(field, most)) } else { Ok(()) }
        }
        Value::Array(many) => many.iter().try_for_each(|one| fits(field, one)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, one)| {
            // A name that no body has is not told back.
            if name.len() > LONGEST_NAME { Err(too_long("", LONGEST_NAME)) } else { fits(name, one) }
        }),
        _ => Ok(()),
    }
}

const LONGEST_NAME: usize = 64;

fn too_long(field: &str, most: usize) -> Problem {
    let said = words::at_most(most);
    let about = (words::INPUT, said.as_str());
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, about).about(field, said.clone())
}

fn unread(error: BytesRejection) -> Problem {
    match error.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Trouble::Malformed.into(),
    }
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, words::TOO_LARGE)
}

/// The query of a URL; what does not fit is 400.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<House> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _house: &House) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        if pairs.iter().any(|(_, value)| tasuki_base::text::is_longer(value, LINE)) {
            return Err(Trouble::Malformed.into());
        }
        let asked = serde_urlencoded::from_str(query);
        asked.map(Self).map_err(|error| Problem::from(Trouble::Malformed).about("", error.to_string()))
    }
}
