//! The floor: a bare axum route that answers the same bytes.

use axum::Router;
use axum::routing::any;

pub struct Floor {
    pub address: String,
    server: tokio::task::JoinHandle<()>,
}

impl Floor {
    pub async fn serve(body: Vec<u8>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let router = Router::new().fallback(any(move || {
            let body = body.clone();
            async move { body }
        }));
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { address, server }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        self.server.abort();
    }
}
