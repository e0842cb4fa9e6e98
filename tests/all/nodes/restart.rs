//! PostgreSQL is restarted under load: plain sentences meanwhile, nothing confirmed lost, and no node needs a hand.

use super::cluster::Cluster;
use super::postgres::Postgres;
use crate::program::{all_posts, check, shared_place};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longer than a request waits for a connection: it is noticed.
const AWAY: Duration = Duration::from_secs(5);

pub type Fates = Arc<Mutex<HashMap<String, (usize, bool)>>>;

/// Whoever writes: the same again until it is confirmed; anything but success is a sentence and a 503.
pub async fn write(
    url: String,
    hand: usize,
    (token, group): (String, String),
    (fates, stop): (Fates, Arc<AtomicBool>),
) -> usize {
    let (http, mut sorry) = (Client::new(), 0);
    for number in 0.. {
        let key = format!("restart-{hand}-{number}-");
        fates.lock().expect("a lock").insert(key.clone(), (0, false));
        loop {
            let post = json!({ "body": key, "side": "professional" });
            let sent =
                http.post(format!("{url}/api/v1/groups/{group}/posts")).bearer_auth(&token).json(&post);
            let answer = sent.header("idempotency-key", &key).timeout(Duration::from_secs(40)).send().await;
            let answer = answer.expect("the node itself always answers");
            let (status, said): (StatusCode, Value) = (answer.status(), answer.json().await.expect("JSON"));
            if status.is_success() {
                break;
            }
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{said}");
            assert!(said["detail"].as_str().is_some_and(|words| !words.is_ascii()), "{said}");
            sorry += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        fates.lock().expect("a lock").insert(key, (0, true));
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    sorry
}

/// Whoever only looks, at a page.
pub async fn look(url: String, token: String, stop: Arc<AtomicBool>) {
    let http = Client::new();
    while !stop.load(Ordering::Relaxed) {
        let asked = http.get(&url).bearer_auth(&token).timeout(Duration::from_secs(40)).send().await;
        let answer = asked.expect("the node itself always answers");
        let (status, page) = (answer.status().as_u16(), answer.text().await.expect("a page"));
        assert!(status == 200 || status == 503 && page.contains("もう一度お試しください"), "{status} {page}");
    }
}

pub async fn more(fates: &Fates, count: usize) {
    let confirmed = || fates.lock().expect("a lock").values().filter(|(_, confirmed)| *confirmed).count();
    let enough = confirmed() + count;
    super::until("posts go through", async || confirmed() >= enough).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_restarted_under_load() {
    if std::env::var("TASUKI_TEST_PG").is_err() {
        return;
    }
    let postgres = tokio::task::spawn_blocking(Postgres::start).await.expect("a server");
    let cluster = Cluster::over(postgres.url()).await.peopled().await.serving(2).await;
    let node = &cluster.nodes[0];
    let tokens = [node.token("saeki").await, node.token("moriyama").await];
    let group = shared_place(node, &tokens).await;
    let before = all_posts(node, &tokens[0], &group).await;
    let (fates, stop) = (Fates::default(), Arc::<AtomicBool>::default());
    let writing: Vec<_> = (0..6)
        .map(|hand| {
            let (url, at) = (cluster.nodes[hand % 2].url.clone(), (tokens[hand % 2].clone(), group.clone()));
            tokio::spawn(write(url, hand, at, (Arc::clone(&fates), Arc::clone(&stop))))
        })
        .collect();
    let home = format!("{}/groups/{group}", cluster.nodes[1].url);
    let looking = tokio::spawn(look(home, tokens[0].clone(), Arc::clone(&stop)));

    more(&fates, 40).await;
    let postgres = Arc::new(postgres);
    for how in ["fast", "immediate"] {
        let server = Arc::clone(&postgres);
        tokio::task::spawn_blocking(move || server.restart(how, AWAY)).await.expect("a restart");
        more(&fates, 40).await;
        for node in &cluster.nodes {
            super::until("the node is ready again by itself", async || node.is_ready().await).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    let mut sorry = 0;
    for hand in writing {
        sorry += hand.await.expect("a hand");
    }
    looking.await.expect("somebody who looks");
    assert!(sorry > 0, "it was away long enough to be noticed");
    let fates = fates.lock().expect("a lock").clone();
    check(&before, &all_posts(&cluster.nodes[1], &tokens[0], &group).await, &fates);
}
