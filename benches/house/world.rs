//! A served house full of made-up people.

use crate::client::{Client, request};
use crate::floor;
use crate::program::{HOUSE, Program};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub struct World {
    pub folder: PathBuf,
    pub words: String,
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

impl World {
    /// A number is a scale.
    pub async fn open(crowd: &str) -> Self {
        let elsewhere = std::env::var_os("DATABASE_URL").is_some();
        let name = format!("{}{crowd}", if elsewhere { "pg-" } else { "" });
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench").join(name);
        let data = folder.join("data").display().to_string();
        let people = folder.join("data/people.json");
        if elsewhere || !people.exists() {
            fill(&folder, crowd);
        }
        let people: Vec<Value> =
            serde_json::from_slice(&std::fs::read(&people).expect("people")).expect("a list");
        let tokens = people.iter().filter_map(|one| one["token"].as_str()).map(str::to_owned).collect();
        let program = Program::start(HOUSE, &["serve", "--data", &data, "--listen", "{address}"]).await;
        let words = format!(
            "{crowd}: {} people; first answer after {:.0?}; database {:.0} MiB",
            people.len(),
            program.started_in,
            size(&folder.join("data/tasuki.sqlite")),
        );
        let mut world = Self {
            folder,
            words,
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

    /// Two far from each other share the large group alone; the first of the small one is in both.
    async fn find(&mut self) {
        let (first, far) = (self.circles(0).await, self.circles(100).await);
        self.large = first.into_iter().find(|group| far.contains(group)).expect("a group of all");
        let both = self.circles(self.in_small).await;
        self.small = both.into_iter().find(|group| *group != self.large).expect("a small one");
    }

    async fn circles(&self, number: usize) -> Vec<String> {
        let ask = request("GET", "/api/v1/home", &self.signs(number, true), "");
        let answer = Client::connect(&self.program.address).await.send(&ask).await;
        let home: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let places = home["places"].as_array().expect("places");
        let free = places.iter().filter(|place| place["kind"] == "free");
        free.filter_map(|place| place["id"].as_str()).map(str::to_owned).collect()
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

    pub fn close(self) {}
}

/// Has a sample made in a fresh folder.
fn fill(folder: &std::path::Path, crowd: &str) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let began = Instant::now();
    let shape = if crowd == "team" { vec!["--team"] } else { vec!["--scale", crowd] };
    let mut sample = Command::new(HOUSE);
    sample.arg("sample").arg("--data").arg(folder.join("data")).args(shape).stdout(Stdio::null());
    assert!(sample.status().is_ok_and(|made| made.success()), "the sample is made");
    println!("the sample was made in {:.0?}", began.elapsed());
}

/// MiB; none when the database stands elsewhere.
fn size(file: &std::path::Path) -> f64 {
    std::fs::metadata(file).map_or(0.0, |file| file.len() as f64 / f64::from(1 << 20))
}

/// A note of 200 letters.
pub fn words(number: u64) -> String {
    let note = "定期の訪問をしました。体温、血圧ともに落ち着いています。食事は8割ほど、水分もとれています。";
    let text: String = note.chars().cycle().take(190).collect();
    format!("{text}（{number}）")
}

/// A number that was not there before, in this run or an earlier one.
pub fn ticks() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let boot = std::fs::read_to_string("/proc/uptime").expect("the uptime");
    let boot: u64 = boot.split('.').next().and_then(|text| text.parse().ok()).expect("seconds");
    boot * 1_000_000 + NEXT.fetch_add(1000, Ordering::Relaxed)
}
