//! PostgreSQL is restarted under load: plain sentences meanwhile, nothing confirmed lost, and no node needs a hand.

use super::cluster::Cluster;
use crate::program::{all_posts, check, shared_place};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than a request waits for a connection: it is noticed.
const AWAY: Duration = Duration::from_secs(5);

/// A PostgreSQL of the test's own, that keeps what it confirms.
struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            assert!(run(Command::new("chown").arg("postgres").arg(folder.path())));
        }
        let own = Self { programs: programs(), folder, port };
        let mut made =
            own.command("initdb", &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]);
        assert!(run(made.arg("-D").arg(own.data())), "initdb");
        own.run();
        own
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn run(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1", self.port);
        assert!(self.control(&["-w", "start", "-l", "/dev/null", "-o", &options]), "pg_ctl start");
    }

    /// `fast` cuts every connection; `immediate` is a crash.
    fn restart(&self, how: &str) {
        assert!(self.control(&["-w", "-m", how, "stop"]), "pg_ctl stop");
        std::thread::sleep(AWAY);
        self.run();
    }

    fn control(&self, args: &[&str]) -> bool {
        run(self.command("pg_ctl", &[]).arg("-D").arg(self.data()).args(args))
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str, args: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/").args(args);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.control(&["-m", "immediate", "stop"]);
    }
}

fn run(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|done| done.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n")
}

/// Where the newest PostgreSQL of this machine keeps its programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").is_file());
    found.sort_by_key(|folder| {
        folder.parent().and_then(Path::file_name).and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    found.pop().unwrap_or_default()
}

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

async fn more(fates: &Fates, count: usize) {
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
        tokio::task::spawn_blocking(move || server.restart(how)).await.expect("a restart");
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
