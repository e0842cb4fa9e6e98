//! What stands around every handler: where a request may come from, and what every answer carries.

use super::api::Problem;
use super::bearer;
use super::trouble::NeedsSignIn;
use crate::{House, Trouble};
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Refuses a changing request that another site's page made in the name of the person.
///
/// A bearer token is never sent by a browser on its own, so requests that carry one are not asked.
pub fn of_another_site(house: &House, request: &Request) -> Option<Response> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !changes || bearer(request.headers()).is_some() || comes_from_us(house, request.headers()) {
        return None;
    }
    Some(if request.uri().path().starts_with("/api/") {
        Problem::from(Trouble::Malformed).into_response()
    } else {
        Trouble::Malformed.into_response()
    })
}

fn comes_from_us(house: &House, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = said("sec-fetch-site") {
        return site == "same-origin";
    }
    // Older browsers: the page they come from must be on the host they ask, or on our own address.
    let from = said("origin").or_else(|| said("referer"));
    match (from.map(str::parse::<Uri>), said("host")) {
        (Some(Ok(from)), host) => {
            let from = from.authority().map(ToString::to_string);
            let own = house.config.url.parse::<Uri>().ok();
            let own = own.and_then(|url| url.authority().map(ToString::to_string));
            from.is_some() && (from.as_deref() == host || from == own)
        }
        (Some(Err(_)), _) => false,
        // No browser leaves out all three on a form; a program without a cookie may.
        (None, _) => !headers.contains_key(header::COOKIE),
    }
}

/// The headers of every answer, and the way to the sign-in page for pages that need it.
pub fn dressed(house: &House, wanted: Option<PathAndQuery>, mut answer: Response) -> Response {
    if let (Some(NeedsSignIn), Some(wanted)) = (answer.extensions().get::<NeedsSignIn>(), wanted) {
        answer = to_sign_in(wanted.as_str());
    }
    let headers = answer.headers_mut();
    let set = |headers: &mut HeaderMap, name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(headers, header::CACHE_CONTROL, "no-store, private");
    set(headers, header::CONTENT_SECURITY_POLICY, CSP);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=()");
    if house.config.secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    answer
}

/// The page that is asked for, if it is one.
pub fn page_wanted(request: &Request) -> Option<PathAndQuery> {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let html = accepts.is_none_or(|kinds| kinds.contains("text/html"));
    let wanted = request.uri().path_and_query()?;
    (request.method() == Method::GET && html).then(|| wanted.clone())
}

fn to_sign_in(wanted: &str) -> Response {
    let query = serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default();
    let url = format!("/sign-in?{query}");
    (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response()
}
