//! What people do, as requests.

use crate::CLIENTS;
use crate::client::{Client, request};
use crate::world::{World, ticks, words};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The request of a client, by its number and that of its turn.
pub type Make = Arc<dyn Fn(usize, u64) -> Vec<u8> + Send + Sync>;

/// A person and a place they are in.
#[derive(Clone)]
pub struct At {
    pub bearer: String,
    pub group: String,
}

impl At {
    pub fn new(world: &World, person: usize, group: &str) -> Self {
        Self { bearer: world.bearer(person), group: group.to_owned() }
    }
}

/// These requests, one after the other, the clients taking turns.
pub fn these(requests: Vec<Vec<u8>>) -> Make {
    Arc::new(move |client, turn| requests[whose(client, turn, CLIENTS, requests.len())].clone())
}

/// The same path for each of the first people: by program, or as a browser.
pub fn look(world: &World, api: bool, path: &str) -> Make {
    these((0..CLIENTS).map(|number| request("GET", path, &world.signs(number, api), "")).collect())
}

/// Notes of 200 letters by these writers, taking turns.
pub fn post(writers: Vec<At>, clients: usize) -> Make {
    Arc::new(move |client, turn| {
        let at = &writers[whose(client, turn, clients, writers.len())];
        let key = ticks().to_string();
        let body = json!({ "body": words(turn), "side": "professional" }).to_string();
        let head = [
            ("authorization", at.bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", key.as_str()),
        ];
        request("POST", &format!("/api/v1/groups/{}/posts", at.group), &head, &body)
    })
}

/// Under the newest posts of others in each reader's place: 了解, and taken back.
pub async fn acknowledge(world: &World, readers: Vec<At>) -> Make {
    let mut posts: Vec<Vec<String>> = Vec::new();
    for at in &readers {
        let page = ask(world, &at.bearer, &format!("/api/v1/groups/{}/posts?limit=100", at.group)).await;
        let all = page["posts"].as_array().expect("posts");
        let others = all.iter().filter(|post| post["mine"] != json!(true));
        posts.push(others.filter_map(|post| post["id"].as_str()).map(str::to_owned).collect());
    }
    Arc::new(move |client, turn| {
        let number = client % readers.len();
        // Not all of them under the same post at the same moment.
        let post =
            &posts[number][(client * 5 + usize::try_from(turn / 2).expect("few")) % posts[number].len()];
        let method = if turn.is_multiple_of(2) { "PUT" } else { "DELETE" };
        let head = [("authorization", readers[number].bearer.as_str())];
        request(method, &format!("/api/v1/posts/{post}/acknowledgement"), &head, "")
    })
}

/// Each reader reads one post further in their place, up to the newest.
pub async fn read_mark(world: &World, readers: Vec<At>) -> Make {
    let mut marks: Vec<(AtomicU64, u64)> = Vec::new();
    for at in &readers {
        let home = ask(world, &at.bearer, "/api/v1/home").await;
        let places = home["places"].as_array().expect("places");
        let place = places.iter().find(|place| place["id"] == at.group.as_str()).expect("the place");
        let newest = place["seq"].as_u64().expect("a number");
        marks.push((AtomicU64::new(newest - place["unread"].as_u64().expect("a number")), newest));
    }
    Arc::new(move |client, _| {
        let (at, (read, newest)) = (&readers[client % readers.len()], &marks[client % readers.len()]);
        let seq = (read.fetch_add(1, Ordering::Relaxed) + 1).min(*newest);
        let body = json!({ "side": "professional", "seq": seq }).to_string();
        let head = [("authorization", at.bearer.as_str()), ("content-type", "application/json")];
        request("PUT", &format!("/api/v1/groups/{}/read", at.group), &head, &body)
    })
}

/// What a program is answered.
pub async fn ask(world: &World, bearer: &str, path: &str) -> Value {
    let head = [("authorization", bearer), ("accept", "application/json")];
    let answer = Client::connect(&world.program.address).await.send(&request("GET", path, &head, "")).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn whose(client: usize, turn: u64, clients: usize, people: usize) -> usize {
    (usize::try_from(turn).expect("few") * clients + client) % people
}
