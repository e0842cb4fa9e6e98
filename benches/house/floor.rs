//! The floor: a bare axum server that answers the same bytes, serialised anew, keeps what is posted in memory, and
//! tells its listeners.

use crate::program::Program;
use axum::extract::State;
use axum::http::header;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, RwLock};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

#[derive(Clone)]
struct Floor {
    json: Arc<RwLock<Value>>,
    page: Arc<RwLock<String>>,
    posts: Arc<Mutex<Vec<Value>>>,
    news: broadcast::Sender<String>,
}

/// Starts one in a process of its own.
pub async fn start() -> Program {
    let own = std::env::current_exe().expect("this program").display().to_string();
    Program::start(Box::leak(own.into_boxed_str()), &["floor", "{address}"], Vec::new()).await
}

pub async fn serve(address: &str) {
    let floor = Floor {
        json: Arc::default(),
        page: Arc::default(),
        posts: Arc::default(),
        news: broadcast::channel(1024).0,
    };
    let router = Router::new()
        .route("/healthz", get(|| async { "" }))
        .route("/json", get(json))
        .route("/json", put(set_json))
        .route("/page", get(page))
        .route("/page", put(set_page))
        .route("/posts", post(write))
        .route("/small", put(|| async { axum::http::StatusCode::NO_CONTENT }))
        .route("/events", get(events))
        .with_state(floor);
    let listener = tokio::net::TcpListener::bind(address).await.expect("a port");
    axum::serve(listener, router).await.expect("serving");
}

async fn set_json(State(floor): State<Floor>, Json(value): Json<Value>) {
    *floor.json.write().expect("a lock") = value;
}

async fn json(State(floor): State<Floor>) -> Response {
    Json(&*floor.json.read().expect("a lock")).into_response()
}

async fn set_page(State(floor): State<Floor>, text: String) {
    *floor.page.write().expect("a lock") = text;
}

async fn page(State(floor): State<Floor>) -> Response {
    let page = floor.page.read().expect("a lock").clone();
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn write(State(floor): State<Floor>, Json(value): Json<Value>) -> Json<Value> {
    let mut posts = floor.posts.lock().expect("a lock");
    posts.push(value.clone());
    let news = serde_json::json!({ "group": "floor", "seq": posts.len() });
    let _ = floor.news.send(news.to_string());
    Json(value)
}

async fn events(State(floor): State<Floor>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = BroadcastStream::new(floor.news.subscribe());
    Sse::new(news.filter_map(|news| async move {
        news.ok().map(|data| Ok(Event::default().event("place").data(data)))
    }))
}
