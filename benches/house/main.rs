//! What the house does in a second, beside a bare route that serves the same bytes, in one run.
//!
//! `cargo bench --bench house -- [SCALE]` fills a temporary folder with `sample --scale SCALE` (10 when not
//! given), serves it on loopback, and prints a table. Server, floor and clients share this machine's cores, so
//! the shares are what counts, not the absolute figures.

mod client;
mod floor;
mod world;

use client::{Load, load, request};
use floor::Floor;
use std::time::{Duration, Instant};
use world::World;

const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
const CLIENTS: usize = 16;

fn main() {
    let scale = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(10);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(scale));
}

async fn measure(scale: u32) {
    let world = World::open(scale).await;
    println!("scale {scale}: {} people", world.people.len());
    println!("{:<34} {:>9} {:>9} {:>7} {:>9} {:>9}", "operation, 16 clients", "house/s", "floor/s", "share", "p50", "p99");
    let group = world.group.clone();
    read(&world, "API: newest 30 posts", "application/json", &format!("/api/v1/groups/{group}/posts")).await;
    read(&world, "page: timeline of 30 posts", "text/html", &format!("/groups/{group}")).await;
    read(&world, "API: home", "application/json", "/api/v1/home").await;
    read(&world, "page: home", "text/html", "/").await;
    write(&world).await;
    listeners(&world, 200).await;
    size(&world).await;
    world.close().await;
}

/// A read beside the same bytes from a bare route; medians of three, the two in turn.
async fn read(world: &World, words: &str, accept: &str, path: &str) {
    let ask = {
        let (tokens, path, accept) = (world.tokens(), path.to_owned(), accept.to_owned());
        move |number: usize, _| {
            let bearer = format!("Bearer {}", tokens[number % tokens.len()]);
            request("GET", &path, &[("authorization", &bearer), ("accept", &accept)], "")
        }
    };
    let body = client::Client::connect(&world.address).await.send(&ask(0, 0)).await;
    assert_eq!(body.status, 200, "{path}: {}", String::from_utf8_lossy(&body.body));
    let floor = Floor::serve(body.body.clone()).await;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(load(&world.address, CLIENTS, SPAN, ask.clone()).await);
        bare.push(load(&floor.address, CLIENTS, SPAN, |_, _| request("GET", "/", &[], "")).await);
    }
    row(&format!("{words} ({} kB)", body.body.len() / 1024), &median(ours), Some(&median(bare)));
}

async fn write(world: &World) {
    let (tokens, group) = (world.tokens(), world.group.clone());
    let floor = Floor::serve(b"{}".to_vec()).await;
    let bare = load(&floor.address, CLIENTS, SPAN, |_, _| request("POST", "/", &[], "{}")).await;
    for clients in [1, 16, 64] {
        let (tokens, group) = (tokens.clone(), group.clone());
        let began = world::ticks();
        let done = load(&world.address, clients, SPAN, move |number, round| {
            let bearer = format!("Bearer {}", tokens[number % tokens.len()]);
            let key = format!("{began}-{clients}-{number}-{round}");
            let body = serde_json::json!({ "body": world::words(round), "side": "professional" }).to_string();
            let head = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/json"),
                ("idempotency-key", key.as_str()),
            ];
            request("POST", &format!("/api/v1/groups/{group}/posts"), &head, &body)
        });
        row(&format!("API: durable post, {clients} clients"), &done.await, Some(&bare));
    }
    let posts = world.posts().await;
    let done = load(&world.address, CLIENTS, SPAN, move |number, round| {
        let bearer = format!("Bearer {}", tokens[number % tokens.len()]);
        let post = &posts[(round as usize / 2) % posts.len()];
        let method = if round % 2 == 0 { "PUT" } else { "DELETE" };
        request(method, &format!("/api/v1/posts/{post}/acknowledgement"), &[("authorization", &bearer)], "")
    });
    row("API: acknowledge and take back", &done.await, Some(&bare));
}

/// From a post to the last of so many open streams.
async fn listeners(world: &World, count: usize) {
    let tokens = world.listeners(count);
    let mut times = Vec::new();
    for round in 0..5 {
        let mark = format!("mark{}x{round}", world::ticks());
        let mut waiting = Vec::new();
        for token in &tokens {
            let bearer = format!("Bearer {token}");
            let head = [("authorization", bearer.as_str()), ("accept", "text/event-stream")];
            let ask = request("GET", "/api/v1/events", &head, "");
            let (ready, is_ready) = tokio::sync::oneshot::channel();
            let client = client::Client::connect(&world.address).await;
            let mark = world.group.clone();
            waiting.push(tokio::spawn(async move { client.listen(&ask, ready, &mark).await }));
            is_ready.await.expect("an open stream");
        }
        let bearer = format!("Bearer {}", world.tokens()[0]);
        let body = serde_json::json!({ "body": mark, "side": "professional" }).to_string();
        let head = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", mark.as_str()),
        ];
        let sent = Instant::now();
        let path = format!("/api/v1/groups/{}/posts", world.group);
        let answer = client::Client::connect(&world.address).await.send(&request("POST", &path, &head, &body)).await;
        assert!(answer.status < 300, "{}", String::from_utf8_lossy(&answer.body));
        let answered = sent.elapsed();
        let mut last = sent;
        for one in waiting {
            last = last.max(one.await.expect("a listener"));
        }
        times.push((last - sent, answered));
    }
    times.sort();
    let (all, answered) = times[times.len() / 2];
    println!("post until the last of {} listeners: {all:.1?} (answered after {answered:.1?})", tokens.len());
}

/// A post into a group of eight and into one of eight hundred.
async fn size(world: &World) {
    for (words, group, token) in world.small_and_large() {
        let began = world::ticks();
        let done = load(&world.address, 4, SPAN, move |number, round| {
            let bearer = format!("Bearer {token}");
            let key = format!("s{began}-{number}-{round}");
            let body = serde_json::json!({ "body": world::words(round), "side": "professional" }).to_string();
            let head = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/json"),
                ("idempotency-key", key.as_str()),
            ];
            request("POST", &format!("/api/v1/groups/{group}/posts"), &head, &body)
        });
        row(words, &done.await, None);
    }
}

fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    loads[loads.len() / 2].clone()
}

fn row(words: &str, ours: &Load, bare: Option<&Load>) {
    let (floor, share) = bare.map_or((String::new(), String::new()), |bare| {
        (format!("{:.0}", bare.per_second), format!("{:.2}", ours.per_second / bare.per_second))
    });
    println!("{words:<34} {:>9.0} {floor:>9} {share:>7} {:>9.1?} {:>9.1?}", ours.per_second, ours.p50, ours.p99);
}
