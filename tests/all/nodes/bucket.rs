//! An S3 bucket that can fall ill.

#[path = "../../../examples/bucket/service.rs"]
mod service;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tasuki_base::blobs::{Blobs, S3Settings};
use tempfile::TempDir;

/// How the bucket is.
#[derive(Clone, Copy)]
pub enum Mood {
    Well,
    /// Every answer is 500.
    Ill,
    /// No answer comes.
    Silent,
}

pub struct Bucket {
    pub blobs: Blobs,
    pub endpoint: String,
    mood: Arc<AtomicU8>,
    folder: TempDir,
}

/// So long one request to it may take.
pub const PATIENCE: Duration = Duration::from_secs(2);

impl Bucket {
    pub async fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let mood = Arc::<AtomicU8>::default();
        let bucket = service::bucket(folder.path(), "sealed", "key", "secret");
        let bucket = bucket.layer(from_fn_with_state(Arc::clone(&mood), falls_ill));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, bucket).await });
        let blobs = Blobs::s3(&settings(endpoint.clone(), "secret")).expect("settings that make sense");
        Self { blobs, endpoint, mood, folder }
    }

    /// The settings of a program that keeps its keyring here, under `ring`.
    pub fn of_keys(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TASUKI_KEYRING", "s3://sealed/ring".to_owned()),
            ("TASUKI_KEYRING_S3_ENDPOINT", self.endpoint.clone()),
            ("TASUKI_KEYRING_S3_KEY", "key".to_owned()),
            ("TASUKI_KEYRING_S3_SECRET", "secret".to_owned()),
        ]
    }

    /// What lies under `ring`.
    pub fn ring(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("sealed/ring")).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    pub fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::Relaxed);
    }
}

fn settings(endpoint: String, secret: &str) -> S3Settings {
    S3Settings {
        endpoint: Some(endpoint),
        bucket: "sealed".to_owned(),
        region: "ap-northeast-1".to_owned(),
        key: "key".to_owned(),
        secret: secret.to_owned(),
        allow_http: true,
        patience: PATIENCE,
    }
}

async fn falls_ill(State(mood): State<Arc<AtomicU8>>, request: Request, next: Next) -> Response {
    match mood.load(Ordering::Relaxed) {
        0 => next.run(request).await,
        1 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => std::future::pending().await,
    }
}

#[tokio::test]
async fn a_real_s3_api_keeps_what_it_is_given() {
    use tasuki_base::blobs::{BlobError, Name};
    let bucket = Bucket::open().await;
    let (blobs, id) = (&bucket.blobs, uuid::Uuid::from_u128(0x0192_f000_7000_7000_8000_0000_0000_0abc));
    let (whole, part) = (Name::of(id), Name::part(id, 1));
    assert!(matches!(blobs.get(&whole).await, Err(BlobError::Missing)));
    let large: bytes::Bytes =
        (0..6 * 1024 * 1024_u32).map(|at| at.to_le_bytes()[1]).collect::<Vec<_>>().into();
    blobs.put(&whole, large.clone()).await.expect("put");
    blobs.put(&part, bytes::Bytes::from_static(b"0123456789")).await.expect("put");
    assert_eq!(blobs.get(&whole).await.expect("get"), large);
    assert_eq!(blobs.range(&part, 3..7).await.expect("a range"), "3456");
    assert_eq!(
        blobs.range(&whole, 5_000_000..6_000_000).await.expect("a range"),
        large[5_000_000..6_000_000]
    );
    assert!(matches!(blobs.range(&part, 8..11).await, Err(BlobError::OutOfRange)));
    assert_eq!(blobs.len(&part).await.expect("head"), Some(10));
    let mut listed: Vec<_> = blobs.list().await.expect("a list").into_iter().map(|(_, size)| size).collect();
    listed.sort_unstable();
    assert_eq!(listed, [10, large.len() as u64]);
    blobs.put(&part, bytes::Bytes::from_static(b"second")).await.expect("put over it");
    assert_eq!(blobs.get(&part).await.expect("get"), "second");
    blobs.delete(&part).await.expect("delete");
    blobs.delete(&part).await.expect("deleting what is gone is fine");
    assert!(!blobs.exists(&part).await.expect("head"));
    blobs.check().await.expect("the start-up check");
}
