//! The first of two PostgreSQL servers is lost under load, and the second takes over: nothing confirmed is lost, and no
//! node needs a hand. One node knows both servers, the other an address that moves.

use super::cluster::Cluster;
use super::hands::Hands;
use super::postgres::Postgres;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// An address that moves, as a proxy or a virtual address in front of the servers does.
struct Address {
    port: u16,
    to: Arc<AtomicU16>,
}

impl Address {
    async fn of(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let to = Arc::new(AtomicU16::new(port));
        let now = Arc::clone(&to);
        tokio::spawn(async move {
            while let Ok((mut here, _)) = listener.accept().await {
                let port = now.load(Ordering::SeqCst);
                tokio::spawn(async move {
                    if let Ok(mut there) = TcpStream::connect(("127.0.0.1", port)).await {
                        let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
                    }
                });
            }
        });
        Self { port: own, to }
    }

    fn moves_to(&self, port: u16) {
        self.to.store(port, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_postgres_is_lost_under_load_and_the_second_takes_over() {
    if std::env::var("TASUKI_TEST_PG").is_err() {
        return;
    }
    let (first, second) = tokio::task::spawn_blocking(|| {
        let first = Postgres::start();
        let second = first.followed();
        (first, second)
    })
    .await
    .expect("two servers");
    let address = Address::of(first.port).await;
    let both = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
        first.port, second.port
    );
    let moving = format!("postgres://postgres@127.0.0.1:{}/postgres", address.port);
    let cluster = Cluster::over(first.url()).await.peopled().await.serving_over(&[both, moving]).await;
    let hands = Hands::at(&cluster).await;
    hands.confirm(60).await;
    first.die();
    // Whoever watches the servers takes some seconds to be sure.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let led = tokio::task::spawn_blocking(move || {
        second.promote();
        second
    });
    let second = led.await.expect("the second leads");
    address.moves_to(second.port);
    hands.confirm(60).await;
    for node in &cluster.nodes {
        super::until("the node is ready again by itself", async || node.is_ready().await).await;
    }
    hands.end(&cluster).await;
}
