//! What watches over every request: a number in the log, the time it took, a limit to it, and a net below it.
//!
//! The log names the route's template, never the address that was asked for: that may hold a token.

use super::api::Problem;

use crate::counts::Label;
use crate::{House, Trouble};
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt, StreamExt};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;
use uuid::Uuid;

/// What came in, as far as the log may know.
pub struct Asked {
    id: Uuid,
    method: Method,
    route: Option<MatchedPath>,
    api: bool,
    patience: Duration,
}

/// A page is ready within seconds; what takes longer has lost its way.
const PATIENCE: Duration = Duration::from_secs(30);
/// A photo from a phone in a stairwell.
const PATIENCE_FOR_FILES: Duration = Duration::from_secs(300);

impl Asked {
    /// Of a request that has just come in.
    pub fn of(house: &House, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().cloned();
        let api = request.uri().path().starts_with("/api/");
        let method = request.method().clone();
        let patience = patience(&method, request.headers());
        Self { id: house.chance.uuid(house.now()), method, route, api, patience }
    }

    /// Watches over the answering of it.
    pub async fn over(self, house: &House, answered: impl Future<Output = Response>) -> Response {
        let began = Instant::now();
        let span = tracing::info_span!("request", id = %self.id.simple());
        let answered = AssertUnwindSafe(answered).catch_unwind().instrument(span.clone());
        let answer = match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer,
            // The panic's own words are in the log already, with the place.
            Ok(Err(_)) => self.sorry(Trouble::broken("a handler panicked")),
            Err(_) => self.sorry(Trouble::Busy),
        };
        span.in_scope(|| note(&self, &answer, began.elapsed()));
        dressed(house, &self, answer)
    }

    /// The route's template, never the address that was asked for.
    fn route(&self) -> &str {
        self.route.as_ref().map_or("-", MatchedPath::as_str)
    }

    fn sorry(&self, trouble: Trouble) -> Response {
        if self.api { Problem::from(trouble).into_response() } else { trouble.into_response() }
    }
}

fn patience(method: &Method, headers: &HeaderMap) -> Duration {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let file = *method == Method::PUT || kind.starts_with("multipart/form-data");
    if file { PATIENCE_FOR_FILES } else { PATIENCE }
}

fn note(asked: &Asked, answer: &Response, took: Duration) {
    let (method, route) = (&asked.method, asked.route());
    // A method that somebody made up may be as long as they like.
    let said = Label::of_method(method).word();
    let status = answer.status().as_u16();
    let (verb, place, outcome) =
        (Label::of_method(method), Label::of_route(asked.route.as_ref()), Label::of_status(answer.status()));
    metrics::counter!("tasuki_requests_total", "method" => verb, "route" => place, "status" => outcome)
        .increment(1);
    metrics::histogram!("tasuki_request_seconds", "route" => place).record(took.as_secs_f64());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if route.starts_with("/static/") || route == "/healthz" || route == "/readyz" || route == "/metrics" {
        tracing::debug!(method = said, route, status, ms, "answered");
    } else {
        tracing::info!(method = said, route, status, ms, "answered");
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
