//! A form as it comes in, set aside before its room reads it.

use super::Kept;
use crate::House;
use crate::accounts::{devices, session};
use crate::web::{Form, bearer, cookie};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, Uri, header};
use tasuki_base::chance::Token;

/// What a form carries without its files, at the most: a long post is half of it.
const MOST: usize = 256 * 1024;

/// A form that might have to be kept.
pub struct Posted {
    pub(super) token: Token,
    pub(super) device: [u8; 32],
    from: String,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Posted {
    /// Whether this request is a form that a person sends from a page of ours, in a browser that has a session.
    fn begun(house: &House, request: &Request) -> Option<(Token, [u8; 32], String)> {
        let headers = request.headers();
        let said = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let kind = said(header::CONTENT_TYPE)?;
        let is_form =
            kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/form-data");
        let size: usize = said(header::CONTENT_LENGTH)?.parse().ok()?;
        let by_script = headers.contains_key("x-requested-with") || headers.contains_key("hx-request");
        if *request.method() != Method::POST
            || !is_form
            || size > MOST
            || by_script
            || bearer(headers).is_some()
        {
            return None;
        }
        // The gate has seen that it comes from a page of ours.
        let from: Uri = said(header::REFERER)?.parse().ok()?;
        let from = from.path_and_query()?.as_str().to_owned();
        let token = cookie::read(headers, house, session::COOKIE).and_then(Token::parse)?;
        Some((token, devices::told(headers, house)?, from))
    }

    /// Sets a form's body aside; the request goes on as it was.
    pub async fn aside(house: &House, request: Request) -> (Request, Option<Self>) {
        let Some((token, device, from)) = Self::begun(house, &request) else { return (request, None) };
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        let headers = parts.headers.clone();
        // What does not come in whole is for the room to refuse.
        let Ok(body) = to_bytes(body, MOST).await else {
            return (Request::from_parts(parts, Body::empty()), None);
        };
        let again = Request::from_parts(parts, Body::from(body.clone()));
        (again, Some(Self { token, device, from, path, headers, body }))
    }

    /// What was typed; never a password, and no file.
    pub(super) async fn read(self) -> Kept {
        let kind =
            self.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut fields = if kind.starts_with("multipart/") {
            self.parts().await
        } else {
            serde_urlencoded::from_bytes(&self.body).unwrap_or_default()
        };
        fields.retain(|(name, _)| !Form::is_secret(name));
        Kept { from: self.from, path: self.path, fields }
    }

    async fn parts(&self) -> Vec<(String, String)> {
        let mut request = Request::new(Body::from(self.body.clone()));
        request.headers_mut().clone_from(&self.headers);
        let mut fields = Vec::new();
        let Ok(mut parts) = Multipart::from_request(request, &()).await else { return fields };
        while let Ok(Some(part)) = parts.next_field().await {
            if part.file_name().is_some() {
                continue;
            }
            let name = part.name().unwrap_or_default().to_owned();
            if let Ok(text) = part.text().await {
                fields.push((name, text));
            }
        }
        fields
    }
}
