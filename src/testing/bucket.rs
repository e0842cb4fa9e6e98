//! A bucket that remembers how it was asked: as much of S3 as the store's client speaks.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The bucket's name.
pub const NAME: &str = "far";

/// The bucket, and the address where it answers.
#[derive(Clone)]
pub struct Bucket {
    pub url: String,
    held: Arc<Held>,
}

#[derive(Default)]
struct Held {
    objects: Mutex<BTreeMap<String, Bytes>>,
    asked: Mutex<Vec<Asked>>,
    /// Keeps what is replaced.
    versioned: AtomicBool,
    /// Answers nobody.
    away: AtomicBool,
    /// Lets nobody hear an answer.
    silent: AtomicBool,
    /// Puts over whatever lies there, whatever the request says.
    careless: AtomicBool,
    /// So many puts from now on are done and their answers lost.
    answers_lost: AtomicUsize,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub key: String,
    pub headers: HeaderMap,
}

impl Bucket {
    /// Begins to answer.
    ///
    /// # Panics
    /// When the machine gives no port.
    pub async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let held = Arc::<Held>::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&held));
        let router = router.layer(axum::extract::DefaultBodyLimit::disable());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, held }
    }

    pub fn keep_versions(&self) {
        self.held.versioned.store(true, Ordering::SeqCst);
    }

    pub fn go_away(&self, away: bool) {
        self.held.away.store(away, Ordering::SeqCst);
    }

    pub fn be_silent(&self, silent: bool) {
        self.held.silent.store(silent, Ordering::SeqCst);
    }

    /// As a service that does not know conditions.
    pub fn be_careless(&self) {
        self.held.careless.store(true, Ordering::SeqCst);
    }

    /// So many puts from now on are done, and whoever asked hears that the service failed.
    pub fn lose_answers(&self, count: usize) {
        self.held.answers_lost.store(count, Ordering::SeqCst);
    }

    /// What lies in it, by name.
    pub fn objects(&self) -> MutexGuard<'_, BTreeMap<String, Bytes>> {
        lock(&self.held.objects)
    }

    /// Every request so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.held.asked).clone()
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(held): State<Arc<Held>>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if held.silent.load(Ordering::SeqCst) {
        return std::future::pending().await;
    }
    if held.away.load(Ordering::SeqCst) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let path = uri.path().trim_start_matches('/').strip_prefix(NAME).unwrap_or_default();
    let key = path.trim_start_matches('/').to_owned();
    lock(&held.asked).push(Asked { method: method.clone(), key: key.clone(), headers: headers.clone() });
    let query: BTreeMap<String, String> =
        serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let mut objects = lock(&held.objects);
    match method {
        Method::PUT => {
            if !held.careless.load(Ordering::SeqCst) && !expected(&headers, objects.get(&key)) {
                return StatusCode::PRECONDITION_FAILED.into_response();
            }
            let mut answer = [(header::ETAG, tag(&body))].into_response();
            if held.versioned.load(Ordering::SeqCst) {
                answer.headers_mut().insert("x-amz-version-id", header::HeaderValue::from_static("v1"));
            }
            objects.insert(key, body);
            let lost = held
                .answers_lost
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if lost.is_ok() { StatusCode::INTERNAL_SERVER_ERROR.into_response() } else { answer }
        }
        Method::POST if query.contains_key("delete") => {
            let body = String::from_utf8_lossy(&body).into_owned();
            let mut gone = String::new();
            for piece in body.split("<Key>").skip(1) {
                let key = piece.split("</Key>").next().unwrap_or_default();
                objects.remove(key);
                let _ = write!(gone, "<Deleted><Key>{key}</Key></Deleted>");
            }
            xml(format!("<DeleteResult>{gone}</DeleteResult>"))
        }
        Method::DELETE => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        Method::GET if query.contains_key("list-type") => xml(list(&objects, &query)),
        Method::GET | Method::HEAD => match objects.get(&key) {
            Some(bytes) => {
                let about = [(header::ETAG, tag(bytes)), (header::LAST_MODIFIED, MODIFIED.to_owned())];
                (about, bytes.clone()).into_response()
            }
            None => (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response(),
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Whether what lies there is what the request says.
fn expected(headers: &HeaderMap, there: Option<&Bytes>) -> bool {
    let said = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let matches = said(header::IF_MATCH).is_none_or(|wanted| there.is_some_and(|bytes| tag(bytes) == wanted));
    matches && (said(header::IF_NONE_MATCH) != Some("*") || there.is_none())
}

/// As S3 does: made of the bytes.
fn tag(bytes: &Bytes) -> String {
    let hash = tasuki_base::hash::fingerprint([bytes]);
    format!("\"{:032x}\"", u128::from_be_bytes(std::array::from_fn(|at| hash[at])))
}

const MODIFIED: &str = "Sun, 22 Nov 2026 05:00:00 GMT";

fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
}

fn list(objects: &BTreeMap<String, Bytes>, query: &BTreeMap<String, String>) -> String {
    let prefix = query.get("prefix").map_or("", String::as_str);
    let (mut found, mut folders) = (String::new(), BTreeSet::new());
    for (key, bytes) in objects.iter().filter(|(key, _)| key.starts_with(prefix)) {
        match key[prefix.len()..].split_once('/').filter(|_| query.contains_key("delimiter")) {
            Some((folder, _)) => drop(folders.insert(format!("{prefix}{folder}/"))),
            None => {
                let _ = write!(
                    found,
                    "<Contents><Key>{key}</Key><Size>{}</Size><ETag>{}</ETag><LastModified>2026-11-22T05:00:00.000Z</LastModified></Contents>",
                    bytes.len(),
                    tag(bytes)
                );
            }
        }
    }
    for folder in folders {
        let _ = write!(found, "<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>");
    }
    format!("<ListBucketResult>{found}</ListBucketResult>")
}
