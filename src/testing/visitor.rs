//! A browser without a screen: requests by named people, in-process.

use crate::House;
use crate::accounts::session::COOKIE;
use crate::web::cookie;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::time::Duration;
use tower::ServiceExt;

/// Somebody who sends requests; keeps cookies as a browser does.
pub struct Visitor {
    pub(super) router: Router,
    pub(super) house: House,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) bearer: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

const PATIENCE: Duration = Duration::from_secs(20);

impl Visitor {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", Vec::new()).await
    }

    /// Sends a form as a browser does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).expect("fields are text");
        self.send(Method::POST, path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Sends JSON, as a linked app does.
    pub async fn json(&mut self, method: Method, path: &str, body: &serde_json::Value) -> Answer {
        self.send(method, path, "application/json", body.to_string().into_bytes()).await
    }

    /// Sends anything.
    pub async fn send(&mut self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        self.send_with(method, path, &[("content-type", kind)], body).await
    }

    /// Sends anything, with headers.
    pub async fn send_with(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let request = self.request(method, path, headers, body);
        let sent = tokio::time::timeout(PATIENCE, self.router.clone().oneshot(request)).await;
        let response = sent.expect("an answer in time").expect("the router never fails");
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, usize::MAX)).await;
        let bytes = bytes.expect("a whole answer in time").expect("a whole answer").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    fn request(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, usual) in [("host", "tasuki.test"), ("origin", "http://tasuki.test")] {
            if !headers.iter().any(|(said, _)| *said == name) {
                request = request.header(name, usual);
            }
        }
        if !headers.iter().any(|(name, _)| *name == "accept") {
            request = request.header(header::ACCEPT, "text/html");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request.body(Body::from(body)).expect("a well-formed request")
    }

    /// Opens a stream and answers its body, unread.
    pub async fn stream(&mut self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, Body) {
        let mut request = self.request(Method::GET, path, headers, Vec::new());
        let kind = "text/event-stream".parse().expect("a header");
        request.headers_mut().insert(header::ACCEPT, kind);
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        (response.status(), response.into_body())
    }

    /// The status and the headers of an answer that may never end.
    pub async fn headers(&mut self, path: &str) -> (StatusCode, HeaderMap) {
        let request = self.request(Method::GET, path, &[], Vec::new());
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        (response.status(), response.headers().clone())
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut pieces = line.split(';');
            let Some((name, value)) = pieces.next().and_then(|pair| pair.split_once('=')) else { continue };
            let gone = value.is_empty() || pieces.any(|piece| piece.trim() == "Max-Age=0");
            self.cookies.retain(|(kept, _)| kept != name);
            if !gone {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// Every cookie the browser holds.
    #[must_use]
    pub fn cookies(&self) -> Vec<(String, String)> {
        self.cookies.clone()
    }

    /// Puts cookies into the browser, as a thief would.
    pub fn set_cookies(&mut self, cookies: Vec<(String, String)>) {
        self.cookies = cookies;
    }

    /// Whether the browser holds a session cookie.
    #[must_use]
    pub fn has_session(&self) -> bool {
        let name = cookie::full_name(&self.house, COOKIE);
        self.cookies.iter().any(|(kept, _)| *kept == name)
    }
}

impl Answer {
    /// The answer as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[must_use]
    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Where it sends the browser.
    #[must_use]
    pub fn location(&self) -> String {
        let to = self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        to.unwrap_or_default().to_owned()
    }

    /// The answer as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// Asserts the status and hands the answer on, so that a failure shows what came instead.
    ///
    /// # Panics
    /// When the status is another.
    #[expect(clippy::must_use_candidate, reason = "asserting is all that many tests want of it")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "to {}: {}", self.location(), self.text());
        self
    }

    /// What stands between two marks; for codes and links that a person would read off the page.
    #[must_use]
    pub fn between(&self, before: &str, after: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(before)?;
        rest.split_once(after).map(|(found, _)| found.to_owned())
    }
}
