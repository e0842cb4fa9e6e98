//! A served house full of made-up people.

use crate::client::{Client, request};
use crate::floor;
use crate::memory::{self, Memory};
use crate::program::{HOUSE, Program};
use crate::table::at_most;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A house that is served, and who lives in it.
pub struct World {
    pub folder: PathBuf,
    /// Where its rows stand, if not in the folder.
    pub database: Option<String>,
    /// Right after the start, before anybody asked anything.
    pub idle: Memory,
    pub program: Program,
    pub floor: Program,
    tokens: Vec<String>,
    cookies: Vec<String>,
    /// The group of 800, whose first members are the first people.
    pub large: String,
    /// A group of eight.
    pub small: String,
    /// The number of the first of those eight.
    pub in_small: usize,
}

/// A place as its member sees it in the list.
pub struct Place {
    pub id: String,
    pub kind: String,
    /// The number of the newest post.
    pub seq: u64,
}

impl World {
    /// `team`, a scale, or `long-N`: scale 1 and N posts in one place. SQLite's is filled once and served from a
    /// copy, so that every run finds the same; a `database` on PostgreSQL is filled anew.
    pub async fn open(crowd: &str, database: Option<String>) -> Self {
        let bench = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
        let folder = bench.join(format!("{}{crowd}.now", if database.is_some() { "pg-" } else { "" }));
        let _ = std::fs::remove_dir_all(&folder);
        if database.is_some() {
            fill(&folder, crowd, &settings(&database));
        } else {
            let kept = bench.join(crowd);
            if !kept.join("data/people.json").exists() {
                let _ = std::fs::remove_dir_all(&kept);
                fill(&kept, crowd, &[]);
            }
            copy(&kept, &folder);
        }
        let list = std::fs::read(folder.join("data/people.json")).expect("people");
        let people: Vec<Value> = serde_json::from_slice(&list).expect("a list");
        let tokens = people.iter().filter_map(|one| one["token"].as_str()).map(str::to_owned).collect();
        let program = serve(&folder, settings(&database)).await;
        let mut world = Self {
            folder,
            database,
            idle: memory::of(&program),
            program,
            floor: floor::start().await,
            tokens,
            cookies: Vec::new(),
            large: String::new(),
            small: String::new(),
            in_small: 37,
        };
        world.find().await;
        for one in people.iter().take(crate::CLIENTS) {
            let cookie = world.sign_in(one).await;
            world.cookies.push(cookie);
        }
        world
    }

    /// One line about it.
    pub fn words(&self, crowd: &str) -> String {
        let kind = if self.database.is_some() { "PostgreSQL" } else { "SQLite" };
        let size = std::fs::metadata(self.file()).map_or(0, |file| file.len() >> 20);
        let started = self.program.started_in.as_secs_f64() * 1000.0;
        let size = if size > 0 { format!("; database {size} MiB") } else { String::new() };
        format!(
            "{crowd} on {kind}: {} people; first answer after {started:.0} ms ({}){size}",
            self.people(),
            at_most(started, 50.0, " ms")
        )
    }

    /// SQLite's file.
    pub fn file(&self) -> PathBuf {
        self.folder.join("data/tasuki.sqlite")
    }

    /// One more program over the same house.
    pub async fn node(&self, mut more: Vec<(&'static str, String)>) -> Program {
        more.extend(settings(&self.database));
        serve(&self.folder, more).await
    }

    /// Two far from each other share the large group alone; the first of the small one is in both.
    async fn find(&mut self) {
        let (first, far) = (self.circles(0).await, self.circles(100).await);
        self.large = first.into_iter().find(|group| far.contains(group)).expect("a group of all");
        let both = self.circles(self.in_small).await;
        self.small = both.into_iter().find(|group| *group != self.large).expect("a small one");
    }

    async fn circles(&self, number: usize) -> Vec<String> {
        let places = self.places(number).await;
        places.into_iter().filter(|place| place.kind == "free").map(|place| place.id).collect()
    }

    /// The places of somebody, as the list begins.
    pub async fn places(&self, number: usize) -> Vec<Place> {
        let ask = request("GET", "/api/v1/home", &self.signs(number, true), "");
        let answer = Client::connect(&self.program.address).await.send(&ask).await;
        let home: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let text = |place: &Value, name: &str| place[name].as_str().unwrap_or_default().to_owned();
        let places = home["places"].as_array().expect("places").iter().map(|place| Place {
            id: text(place, "id"),
            kind: text(place, "kind"),
            seq: place["seq"].as_u64().unwrap_or_default(),
        });
        places.collect()
    }

    async fn sign_in(&self, one: &Value) -> String {
        let pairs = [("email", one["mail"].as_str()), ("password", one["password"].as_str())];
        let body = serde_urlencoded::to_string(pairs).expect("a form");
        let head = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let answer = Client::connect(&self.program.address)
            .await
            .send(&request("POST", "/sign-in", &head, &body))
            .await;
        assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
        answer.cookie.expect("a session")
    }

    /// These people have read all there is in the large group.
    pub async fn read_up(&self, people: std::ops::Range<usize>) {
        let mut client = Client::connect(&self.program.address).await;
        let path = format!("/api/v1/groups/{}/posts?limit=1", self.large);
        let answer = client.send(&request("GET", &path, &self.signs(people.start, true), "")).await;
        let page: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let body = serde_json::json!({ "side": "professional", "seq": page["seq"] }).to_string();
        for number in people {
            let mut signs = self.signs(number, true);
            signs.push(("content-type", "application/json"));
            let put = request("PUT", &format!("/api/v1/groups/{}/read", self.large), &signs, &body);
            assert_eq!(client.send(&put).await.status, 204);
        }
    }

    /// How many of the large group can listen beside the one who writes.
    pub fn listeners(&self) -> usize {
        self.tokens.len().min(701) - 1
    }

    pub fn bearer(&self, number: usize) -> String {
        format!("Bearer {}", self.tokens[number])
    }

    /// How a program, or a browser, says who it is.
    pub fn signs(&self, number: usize, api: bool) -> Vec<(&str, &str)> {
        if api {
            let bearer = Box::leak(self.bearer(number).into_boxed_str());
            vec![("authorization", bearer), ("accept", "application/json")]
        } else {
            vec![("cookie", &self.cookies[number]), ("accept", "text/html")]
        }
    }

    pub fn people(&self) -> usize {
        self.tokens.len()
    }

    /// Ends what is served and throws the copy away.
    pub fn close(self) {
        let folder = self.folder.clone();
        drop(self);
        let _ = std::fs::remove_dir_all(folder);
    }
}

fn settings(database: &Option<String>) -> Vec<(&'static str, String)> {
    database.iter().map(|url| ("DATABASE_URL", url.clone())).collect()
}

async fn serve(folder: &Path, settings: Vec<(&'static str, String)>) -> Program {
    let data = folder.join("data").display().to_string();
    Program::start(HOUSE, &["serve", "--data", &data, "--listen", "{address}"], settings).await
}

/// Has a sample made in a fresh folder.
fn fill(folder: &Path, crowd: &str, settings: &[(&'static str, String)]) {
    std::fs::create_dir_all(folder).expect("a folder");
    let began = Instant::now();
    let shape = match crowd.strip_prefix("long-") {
        Some(posts) => vec!["--long", posts],
        None if crowd == "team" => vec!["--team"],
        None => vec!["--scale", crowd],
    };
    let mut sample = Command::new(HOUSE);
    sample.arg("sample").arg("--data").arg(folder.join("data")).args(shape);
    sample.env_remove("DATABASE_URL").envs(settings.iter().map(|(name, value)| (name, value)));
    let made = sample.output().expect("the program");
    assert!(made.status.success(), "no sample: {}", String::from_utf8_lossy(&made.stderr));
    println!("the sample {crowd} was made in {:.0?}", began.elapsed());
}

/// The folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("a copied file");
        }
    }
}

/// A note of 200 letters.
pub fn words(number: u64) -> String {
    let note = "定期の訪問をしました。体温、血圧ともに落ち着いています。食事は8割ほど、水分もとれています。";
    let text: String = note.chars().cycle().take(190).collect();
    format!("{text}（{number}）")
}

/// A number that was not there before, in this run or an earlier one.
pub fn ticks() -> u64 {
    static FIRST: OnceLock<u64> = OnceLock::new();
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let first = FIRST.get_or_init(|| {
        let boot = std::fs::read_to_string("/proc/uptime").expect("the uptime");
        let boot: u64 = boot.split('.').next().and_then(|text| text.parse().ok()).expect("seconds");
        boot * 1_000_000
    });
    first + NEXT.fetch_add(1, Ordering::Relaxed)
}
