//! What watches over every request: a number in the log, the time it took, a limit to it, and a net below it.
//!
//! The log names the route's template, never the address that was asked for: that may hold a token.

use super::api::Problem;
use crate::{House, Trouble};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt, StreamExt};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;
use uuid::Uuid;

/// What came in, as far as the log may know.
#[derive(Clone)]
struct Asked {
    id: Uuid,
    method: Method,
    route: String,
    api: bool,
}

/// A page is ready within seconds; what takes longer has lost its way.
const PATIENCE: Duration = Duration::from_secs(30);
/// A photo from a phone in a stairwell.
const PATIENCE_FOR_FILES: Duration = Duration::from_secs(300);

/// Watches over one request.
pub async fn watch(State(house): State<House>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&house, &request);
    let patience = patience(&asked, request.headers());
    let began = Instant::now();
    let span = tracing::info_span!("request", id = %asked.id.simple());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone());
    let answer = match tokio::time::timeout(patience, answered).await {
        Ok(Ok(answer)) => answer,
        // The panic's own words are in the log already, with the place.
        Ok(Err(_)) => asked.sorry(Trouble::broken("a handler panicked")),
        Err(_) => asked.sorry(Trouble::Busy),
    };
    span.in_scope(|| note(&asked, &answer, began.elapsed()));
    dressed(&house, &asked, answer)
}

impl Asked {
    fn of(house: &House, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        let route = route.map_or("-", |path| path.as_str()).to_owned();
        let api = request.uri().path().starts_with("/api/");
        Self { id: house.chance.uuid(house.now()), method: request.method().clone(), route, api }
    }

    fn sorry(&self, trouble: Trouble) -> Response {
        if self.api { Problem::from(trouble).into_response() } else { trouble.into_response() }
    }
}

fn patience(asked: &Asked, headers: &HeaderMap) -> Duration {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let file = asked.method == Method::PUT || kind.starts_with("multipart/form-data");
    if file { PATIENCE_FOR_FILES } else { PATIENCE }
}

fn note(asked: &Asked, answer: &Response, took: Duration) {
    let Asked { method, route, .. } = asked;
    let status = answer.status().as_u16();
    metrics::counter!("tasuki_requests_total", "method" => method.to_string(), "route" => route.clone(),
        "status" => status.to_string())
    .increment(1);
    metrics::histogram!("tasuki_request_seconds", "route" => route.clone()).record(took.as_secs_f64());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if route.starts_with("/static/") || route == "/healthz" || route == "/readyz" || route == "/metrics" {
        tracing::debug!(%method, route, status, ms, "answered");
    } else {
        tracing::info!(%method, route, status, ms, "answered");
    }
}

/// Carries the number, and ends with the house if it is a stream.
fn dressed(house: &House, asked: &Asked, mut answer: Response) -> Response {
    if let Ok(id) = HeaderValue::from_str(&asked.id.simple().to_string()) {
        answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
        let closing = Box::pin(house.closing.clone().begun());
        return answer.map(|body| Body::from_stream(body.into_data_stream().take_until(closing)));
    }
    answer
}

type Compressed = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Pages and JSON travel compressed; files, photos and streams never do.
pub fn compression() -> CompressionLayer<Compressed> {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it as Compressed)
}

fn worth_it(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    const WORTH_IT: &[&str] = &["text/html", "application/json", "application/problem+json"];
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    WORTH_IT.iter().any(|worth| kind.starts_with(worth)) && !headers.contains_key(header::CONTENT_RANGE)
}
