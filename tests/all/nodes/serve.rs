//! Three nodes as processes: they start at once on nothing, and one is killed while everybody listens.

use super::cluster::Cluster;
use super::until;
use crate::program::shared_place;
use reqwest::Client;
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_nodes_start_at_once_on_an_empty_database() {
    let Some(cluster) = Cluster::empty().await else { return };
    let cluster = cluster.serving(3).await;
    for node in &cluster.nodes {
        assert!(node.is_ready().await);
    }
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_tasuki"));
    doctor.arg("doctor").arg("--data").arg(cluster.data()).envs(cluster.settings());
    let said = doctor.output().expect("the doctor");
    let words = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success(), "{words}{}", String::from_utf8_lossy(&said.stderr));
    assert!(words.contains("NATS に接続できます") && words.contains("鍵は開けます"), "{words}");
}

/// Everything a listener heard, and how often it went on at another node.
#[derive(Default)]
struct Heard {
    text: Mutex<String>,
    moves: AtomicUsize,
}

/// Listens as a browser does: goes on at the next node, and says what it heard last.
async fn listen(
    urls: Vec<String>,
    first: usize,
    (token, path, rev): (String, String, String),
    heard: Arc<Heard>,
) {
    let http = Client::new();
    let mut last: Option<String> = None;
    for turn in first.. {
        // What the page was drawn with is said once; from then on only what was heard last.
        let asked = match &last {
            None => http.get(format!("{}{path}?rev={rev}", urls[turn % urls.len()])),
            Some(id) => {
                heard.moves.fetch_add(1, Ordering::Relaxed);
                http.get(format!("{}{path}", urls[turn % urls.len()])).header("last-event-id", id)
            }
        };
        if let Ok(mut answer) = asked.bearer_auth(&token).send().await {
            while let Ok(Some(chunk)) = answer.chunk().await {
                let text = String::from_utf8_lossy(&chunk).into_owned();
                last = text
                    .lines()
                    .filter_map(|line| line.strip_prefix("id: "))
                    .next_back()
                    .map(str::to_owned)
                    .or(last);
                heard.text.lock().expect("a lock").push_str(&text);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Posts until it is confirmed, at whichever node answers.
async fn write(
    urls: Vec<String>,
    hand: usize,
    (token, group): (String, String),
    confirmed: Arc<Mutex<BTreeSet<String>>>,
) {
    let http = Client::new();
    for number in 0..20 {
        let key = format!("nodes-{hand}-{number}-");
        for turn in hand.. {
            let url = format!("{}/api/v1/groups/{group}/posts", urls[turn % urls.len()]);
            let post = serde_json::json!({ "body": key, "side": "professional" });
            let sent = http.post(url).bearer_auth(&token).header("idempotency-key", &key).json(&post);
            if sent.send().await.is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        confirmed.lock().expect("a lock").insert(key);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_listened_at_a_killed_node_goes_on_at_another_and_misses_nothing() {
    const HANDS: usize = 4;
    let Some(cluster) = Cluster::empty().await else { return };
    let mut cluster = cluster.peopled().await.serving(3).await;
    let urls: Vec<String> = cluster.nodes.iter().map(|node| node.url.clone()).collect();
    let node = &cluster.nodes[1];
    let tokens = [node.token("saeki").await, node.token("moriyama").await];
    let group = shared_place(node, &tokens).await;
    let page = node.http.get(format!("{}/groups/{group}", node.url)).bearer_auth(&tokens[0]).send().await;
    let page = page.expect("an answer").text().await.expect("a page");
    let between = |mark: &str| {
        let rest = page.split_once(mark).unwrap_or_else(|| panic!("{mark}: {page}")).1;
        rest.split('"').next().expect("a value").to_owned()
    };
    let stream = (tokens[0].clone(), between("data-stream=\""), between("data-rev=\""));

    let listeners: Vec<(Arc<Heard>, _)> = (0..6)
        .map(|first| {
            let heard = Arc::<Heard>::default();
            (Arc::clone(&heard), tokio::spawn(listen(urls.clone(), first, stream.clone(), heard)))
        })
        .collect();
    let confirmed: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let hands: Vec<_> = (0..HANDS)
        .map(|hand| {
            let at = (tokens[1].clone(), group.clone());
            tokio::spawn(write(urls.clone(), hand, at, Arc::clone(&confirmed)))
        })
        .collect();
    until("everybody has heard something", async || {
        listeners.iter().all(|(heard, _)| !heard.text.lock().expect("a lock").is_empty())
    })
    .await;
    cluster.nodes[0].kill();
    assert!(confirmed.lock().expect("a lock").len() < HANDS * 20, "it is killed in the middle of it");
    for hand in hands {
        hand.await.expect("a hand");
    }
    let confirmed = confirmed.lock().expect("a lock").clone();
    for (number, (heard, _)) in listeners.iter().enumerate() {
        let missed = || {
            let text = heard.text.lock().expect("a lock").clone();
            confirmed.iter().filter(|key| !text.contains(*key)).cloned().collect::<Vec<_>>()
        };
        for _ in 0..1200 {
            if missed().is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(missed().is_empty(), "listener {number} missed {:?}", missed());
        let text = heard.text.lock().expect("a lock").clone();
        assert!(!text.contains("event: reload"), "piece by piece, not anew");
        // Who was at the killed node went on elsewhere; nobody else moved.
        assert_eq!(heard.moves.load(Ordering::Relaxed) > 0, number % 3 == 0, "listener {number}");
    }
    listeners.iter().for_each(|(_, task)| task.abort());
}
