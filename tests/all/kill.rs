//! The whole program, killed with SIGKILL while people post: what was confirmed is there, and nothing twice.

use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki::testing::cast;

/// Writers, and how many posts each has on the way at once.
const WRITERS: &[&str] = &["saeki", "moriyama"];
const HANDS: usize = 25;

pub struct Program {
    pub child: Child,
    pub url: String,
    pub http: Client,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    pub async fn start(data: &Path) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        drop(listener);
        let mut command = Command::new(env!("CARGO_BIN_EXE_tasuki"));
        command.arg("demo").arg("--data").arg(data).args(["--listen", &address]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).env_remove("DATABASE_URL");
        if let Some(url) = database(data).await {
            command.env("DATABASE_URL", url);
        }
        let child = command.spawn().expect("the program");
        let program = Self { child, url: format!("http://{address}"), http: Client::new() };
        for _ in 0..1200 {
            let asked = program.http.get(format!("{}/readyz", program.url)).send().await;
            if asked.is_ok_and(|answer| answer.status() == 200) {
                return program;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the program does not answer");
    }

    pub async fn token(&self, who: &str) -> String {
        let asked = json!({ "email": cast::actor(who).email(), "password": cast::PASSWORD, "name": "kill" });
        let sent = self.http.post(format!("{}/api/v1/tokens", self.url)).json(&asked).send();
        let answer: Value = sent.await.expect("an answer").json().await.expect("JSON");
        answer["token"].as_str().expect("a token").to_owned()
    }

    pub async fn get(&self, token: &str, path: &str) -> Value {
        let asked = self.http.get(format!("{}{path}", self.url)).bearer_auth(token);
        asked.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Whether it was confirmed.
    pub async fn post(&self, token: &str, group: &str, key: &str) -> bool {
        let asked = json!({ "body": key, "side": "professional" });
        let asked = self.http.post(format!("{}/api/v1/groups/{group}/posts", self.url)).json(&asked);
        let sent = asked.bearer_auth(token).header("idempotency-key", key).send().await;
        sent.is_ok_and(|answer| answer.status().is_success())
    }
}

/// On PostgreSQL a schema of its own.
pub async fn database(data: &Path) -> Option<String> {
    let url = std::env::var("TASUKI_TEST_PG").ok()?;
    // The test's own folder above it tells it from the others.
    let own = data.parent()?.file_name()?.to_str()?.to_ascii_lowercase();
    let schema = format!("kill_{}", own.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let (known, named) = (url.clone(), schema.clone());
    let opened =
        tokio::task::spawn_blocking(move || tasuki_base::db::Db::pg(&known, 1, Some(&named)).map(drop));
    opened.await.expect("a task").expect("PostgreSQL answers");
    Some(format!("{url}?options=-csearch_path%3D{schema}"))
}

/// A place that all the writers are in.
pub async fn shared_place(program: &Program, tokens: &[String]) -> String {
    let mut shared: Option<Vec<String>> = None;
    for token in tokens {
        let home = program.get(token, "/api/v1/home").await;
        let places = home["places"].as_array().expect("places").iter();
        let open = places.filter(|place| place["kind"] == "patient" && place["consent"] == "valid");
        let here: Vec<String> = open.filter_map(|place| place["id"].as_str()).map(str::to_owned).collect();
        shared = Some(match shared {
            Some(before) => before.into_iter().filter(|place| here.contains(place)).collect(),
            None => here,
        });
    }
    shared.unwrap_or_default().first().cloned().expect("a patient they share")
}

/// Every post of the place: number and words.
pub async fn all_posts(program: &Program, token: &str, group: &str) -> Vec<(i64, String)> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = program.get(token, &format!("/api/v1/groups/{group}/posts?after={after}&limit=100")).await;
        let posts = page["posts"].as_array().unwrap_or_else(|| panic!("posts: {page}"));
        for post in posts {
            let seq = post["seq"].as_i64().expect("a number");
            all.push((seq, post["body"].as_str().unwrap_or_default().to_owned()));
            after = seq;
        }
        if page["newer"].is_null() {
            return all;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let program = Arc::new(Program::start(&data).await);
    let mut tokens = Vec::new();
    for who in WRITERS {
        tokens.push(program.token(who).await);
    }
    let group = shared_place(&program, &tokens).await;
    let before = all_posts(&program, &tokens[0], &group).await;

    let fates: Arc<Mutex<HashMap<String, (usize, bool)>>> = Arc::default();
    let mut hands = Vec::new();
    for (writer, token) in tokens.iter().enumerate() {
        for hand in 0..HANDS {
            let (program, token, group) = (Arc::clone(&program), token.clone(), group.clone());
            let fates = Arc::clone(&fates);
            hands.push(tokio::spawn(async move {
                for number in 0.. {
                    let key = format!("kill-{writer}-{hand}-{number}");
                    fates.lock().expect("a lock").insert(key.clone(), (writer, false));
                    if !program.post(&token, &group, &key).await {
                        return;
                    }
                    fates.lock().expect("a lock").insert(key, (writer, true));
                }
            }));
        }
    }
    while fates.lock().expect("a lock").values().filter(|(_, confirmed)| *confirmed).count() < 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let pid = program.child.id();
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.is_ok_and(|killed| killed.success()));
    for hand in hands {
        hand.await.expect("a hand");
    }
    drop(program);
    let fates = fates.lock().expect("a lock").clone();
    assert!(fates.values().any(|(_, confirmed)| !confirmed), "somebody was in the middle of it");

    let program = Program::start(&data).await;
    let after = all_posts(&program, &tokens[0], &group).await;
    check(&before, &after, &fates);
    // A phone that never got its answer sends again: one post.
    for (key, (writer, _)) in fates.iter().filter(|(_, (_, confirmed))| !confirmed) {
        assert!(program.post(&tokens[*writer], &group, key).await, "{key}");
    }
    let fates = fates.into_iter().map(|(key, (writer, _))| (key, (writer, true))).collect();
    check(&before, &all_posts(&program, &tokens[0], &group).await, &fates);
}

fn check(before: &[(i64, String)], after: &[(i64, String)], fates: &HashMap<String, (usize, bool)>) {
    let numbers: Vec<i64> = after.iter().map(|(seq, _)| *seq).collect();
    let expected: Vec<i64> = (1..=i64::try_from(after.len()).expect("few")).collect();
    assert_eq!(numbers, expected, "no hole, nothing twice");
    assert_eq!(&after[..before.len()], before, "what was there before");
    let count = |key: &str| after.iter().filter(|(_, body)| body == key).count();
    for (key, (_, confirmed)) in fates {
        let there = count(key);
        assert!(if *confirmed { there == 1 } else { there <= 1 }, "{key} is there {there} times");
    }
}
