//! What answers as S3 does, over a folder. The tests of several nodes stand on it too.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Mutex;

/// One bucket of this name, opened by this key alone.
///
/// # Panics
/// When the folder cannot be made.
pub fn bucket(folder: &Path, name: &str, key: &str, secret: &str) -> Router {
    std::fs::create_dir_all(folder.join(name)).expect("a folder for the bucket");
    let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).expect("a folder"));
    builder.set_auth(SimpleAuth::from_single(key, secret));
    let service = builder.build();
    // What lies there and what is put are two steps to this store: one put at a time, or conditions would mean nothing.
    let putting = Arc::new(Mutex::new(()));
    Router::new().fallback(move |request: Request| {
        let (service, putting) = (service.clone(), Arc::clone(&putting));
        async move {
            let _alone = if request.method() == Method::PUT { Some(putting.lock().await) } else { None };
            answer(service.call(request.map(s3s::Body::http_body_unsync)).await)
        }
    })
}

fn answer(done: Result<s3s::HttpResponse, s3s::HttpError>) -> Response {
    match done {
        Ok(answer) => answer.map(Body::new),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
