//! The whole program as a process of its own, and what a program that posts asks of it.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tasuki::testing::cast;

/// Of each process and schema its own.
fn number() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Where it was built.
pub const BINARY: &str = env!("CARGO_BIN_EXE_tasuki");

pub struct Program {
    child: Child,
    pub url: String,
    pub http: Client,
    log: PathBuf,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("{}", std::fs::read_to_string(&self.log).unwrap_or_default());
        }
    }
}

impl Program {
    /// Begins `tasuki VERB` over this folder, on a free port, and does not wait for it.
    pub fn begin(verb: &str, data: &Path, settings: &[(&str, String)]) -> Self {
        Self::begin_as(Command::new(BINARY), verb, data, 0, settings)
    }

    /// The same by a command that ends up as the program; on this port, if it is not 0.
    pub fn begin_as(
        mut command: Command,
        verb: &str,
        data: &Path,
        port: u16,
        settings: &[(&str, String)],
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let log = data.with_file_name(format!("{}.log", number()));
        let file = File::create(&log).expect("a log");
        command.arg(verb).arg("--data").arg(data).args(["--listen", &format!("127.0.0.1:{port}")]);
        command.stdout(file.try_clone().expect("a log")).stderr(file).stdin(Stdio::null());
        command.env_remove("DATABASE_URL").envs(settings.iter().cloned());
        let child = command.spawn().expect("the program");
        // What it calls itself may be a name that a proxy answers to.
        let url = if port == 0 { String::new() } else { format!("http://127.0.0.1:{port}") };
        Self { child, url, http: Client::new(), log }
    }

    /// The same, once it is ready.
    pub async fn start(verb: &str, data: &Path, settings: &[(&str, String)]) -> Self {
        let mut program = Self::begin(verb, data, settings);
        program.ready().await;
        program
    }

    /// The sample network; on PostgreSQL in this database.
    pub async fn demo(data: &Path, database: Option<&str>) -> Self {
        let settings: Vec<_> = database.iter().map(|url| ("DATABASE_URL", (*url).to_owned())).collect();
        Self::start("demo", data, &settings).await
    }

    /// Of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it says where it listens, and that it is ready.
    pub async fn ready(&mut self) {
        for _ in 0..2400 {
            let said = std::fs::read_to_string(&self.log).unwrap_or_default();
            let told = said.split_once("準備ができました: ").and_then(|(_, rest)| rest.split_once('\n'));
            if let Some((url, _)) = told
                && self.url.is_empty()
            {
                url.clone_into(&mut self.url);
            }
            if !self.url.is_empty() && self.is_ready().await {
                return;
            }
            assert!(self.child.try_wait().expect("a child").is_none(), "the program ended");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the program does not answer");
    }

    pub async fn is_ready(&self) -> bool {
        let asked = self.http.get(format!("{}/readyz", self.url)).send().await;
        asked.is_ok_and(|answer| answer.status() == 200)
    }

    /// SIGKILL: it learns nothing of it.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The same for whoever does not hold it alone.
    pub fn kill_now(&self) {
        let killed = Command::new("kill").args(["-9", &self.child.id().to_string()]).status();
        assert!(killed.is_ok_and(|killed| killed.success()));
    }

    /// Asks it to end, and waits until it has.
    pub fn end(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.is_ok_and(|asked| asked.success()));
        assert!(self.child.wait().expect("an end").success());
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
        self.try_post(token, group, key).await.is_some_and(|(status, _)| status.is_success())
    }

    /// What was answered; none: nothing was.
    pub async fn try_post(&self, token: &str, group: &str, key: &str) -> Option<(StatusCode, Value)> {
        let asked = json!({ "body": key, "side": "professional" });
        let asked = self.http.post(format!("{}/api/v1/groups/{group}/posts", self.url)).json(&asked);
        let sent = asked.bearer_auth(token).header("idempotency-key", key).send().await.ok()?;
        Some((sent.status(), sent.json().await.ok()?))
    }
}

/// On PostgreSQL a schema of its own.
pub async fn database() -> Option<String> {
    let url = std::env::var("TASUKI_TEST_PG").ok()?;
    let schema = format!("program_{}", number());
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

/// Nothing confirmed is missing, nothing is there twice, no number is missing.
pub fn check(before: &[(i64, String)], after: &[(i64, String)], fates: &HashMap<String, (usize, bool)>) {
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

/// A core file would hold what lies in memory: patients' words, keys, sessions.
#[tokio::test]
async fn nothing_of_its_memory_is_written_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut program = Program::start("demo", &data, &[]).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", program.id())).expect("its limits");
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    let numbers: Vec<_> = cores.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).collect();
    assert_eq!(numbers, ["0", "0"], "{cores}");
    program.kill();
}
