//! PostgreSQL is restarted under load: plain sentences meanwhile, nothing confirmed lost, and no node needs a hand.

use super::cluster::Cluster;
use super::hands::Hands;
use super::postgres::Postgres;
use std::sync::Arc;
use std::time::Duration;

/// Longer than a request waits for a connection: it is noticed.
const AWAY: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_restarted_under_load() {
    if std::env::var("TASUKI_TEST_PG").is_err() {
        return;
    }
    let postgres = tokio::task::spawn_blocking(Postgres::start).await.expect("a server");
    let cluster = Cluster::over(postgres.url()).await.peopled().await.serving(2).await;
    let hands = Hands::at(&cluster).await;
    hands.confirm(40).await;
    let postgres = Arc::new(postgres);
    for how in ["fast", "immediate"] {
        let server = Arc::clone(&postgres);
        tokio::task::spawn_blocking(move || server.restart(how, AWAY)).await.expect("a restart");
        hands.confirm(40).await;
        for node in &cluster.nodes {
            super::until("the node is ready again by itself", async || node.is_ready().await).await;
        }
    }
    hands.end(&cluster).await;
}
