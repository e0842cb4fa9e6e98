//! Six hands that write and somebody who looks, while something happens to the database under two nodes.

use super::cluster::Cluster;
use crate::program::{all_posts, check, shared_place};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

type Fates = Arc<Mutex<HashMap<String, (usize, bool)>>>;

/// Whoever writes: the same again until it is confirmed; anything but success is a sentence and a 503.
async fn write(
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
async fn look(url: String, token: String, stop: Arc<AtomicBool>) {
    let http = Client::new();
    while !stop.load(Ordering::Relaxed) {
        let asked = http.get(&url).bearer_auth(&token).timeout(Duration::from_secs(40)).send().await;
        let answer = asked.expect("the node itself always answers");
        let (status, page) = (answer.status().as_u16(), answer.text().await.expect("a page"));
        assert!(status == 200 || status == 503 && page.contains("もう一度お試しください"), "{status} {page}");
    }
}

/// All of them, at work from the start.
pub struct Hands {
    group: String,
    /// Who reads at the end.
    token: String,
    before: Vec<(i64, String)>,
    fates: Fates,
    stop: Arc<AtomicBool>,
    writing: Vec<JoinHandle<usize>>,
    looking: JoinHandle<()>,
}

impl Hands {
    /// Half of them at each of the first two nodes; the one who looks is at the second.
    pub async fn at(cluster: &Cluster) -> Self {
        let node = &cluster.nodes[0];
        let tokens = [node.token("saeki").await, node.token("moriyama").await];
        let group = shared_place(node, &tokens).await;
        let before = all_posts(node, &tokens[0], &group).await;
        let (fates, stop) = (Fates::default(), Arc::<AtomicBool>::default());
        let writing = (0..6)
            .map(|hand| {
                let (url, at) =
                    (cluster.nodes[hand % 2].url.clone(), (tokens[hand % 2].clone(), group.clone()));
                tokio::spawn(write(url, hand, at, (Arc::clone(&fates), Arc::clone(&stop))))
            })
            .collect();
        let home = format!("{}/groups/{group}", cluster.nodes[1].url);
        let looking = tokio::spawn(look(home, tokens[0].clone(), Arc::clone(&stop)));
        let [token, _] = tokens;
        Self { group, token, before, fates, stop, writing, looking }
    }

    /// Waits until so many more posts are confirmed.
    pub async fn confirm(&self, count: usize) {
        let confirmed =
            || self.fates.lock().expect("a lock").values().filter(|(_, confirmed)| *confirmed).count();
        let enough = confirmed() + count;
        super::until("posts go through", async || confirmed() >= enough).await;
    }

    /// Ends their work: it was noticed, and what was confirmed is there at every node.
    pub async fn end(self, cluster: &Cluster) {
        self.stop.store(true, Ordering::Relaxed);
        let mut sorry = 0;
        for hand in self.writing {
            sorry += hand.await.expect("a hand");
        }
        self.looking.await.expect("somebody who looks");
        assert!(sorry > 0, "it was away long enough to be noticed");
        let fates = self.fates.lock().expect("a lock").clone();
        for node in &cluster.nodes {
            check(&self.before, &all_posts(node, &self.token, &self.group).await, &fates);
        }
    }
}
