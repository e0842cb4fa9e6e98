//! From a post to the last of so many open streams, beside a bare broadcast.

use crate::client::{Client, request};
use crate::program::Program;
use crate::table::at_most;
use crate::world::{World, ticks, words};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, UnboundedReceiver};

const TIMES: usize = 9;

pub async fn measure(world: &World) {
    println!("\n| post until the last listener has it | house | floor | share | answered | aim |");
    println!("|---|--:|--:|--:|--:|---|");
    for (count, aim) in [(40, 2.0), (200, 1.7), (1000, 1.3)] {
        let house = {
            let streams = (0..count).map(|one| {
                let signs = [
                    ("authorization", world.bearer(1 + one % world.listeners())),
                    ("accept", "text/event-stream".into()),
                ];
                let signs: Vec<_> = signs.iter().map(|(name, value)| (*name, value.as_str())).collect();
                request("GET", "/api/v1/events", &signs, "")
            });
            let path = format!("/api/v1/groups/{}/posts", world.large);
            last(&world.program, streams.collect(), &world.large, &path, &world.bearer(0)).await
        };
        let streams = vec![request("GET", "/events", &[], ""); count];
        let floor = last(&world.floor, streams, "floor", "/posts", "").await;
        println!(
            "| {count} listeners | {:.1} ms | {:.1} ms | {:.1} × | {:.1} ms | {} |",
            ms(house.0),
            ms(floor.0),
            ms(house.0) / ms(floor.0),
            ms(house.1),
            at_most(ms(house.0) / ms(floor.0), aim, " ×"),
        );
    }
}

fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1000.0
}

/// The median of the time to the last listener, and of the time to the answer.
async fn last(
    program: &Program,
    streams: Vec<Vec<u8>>,
    group: &str,
    path: &str,
    bearer: &str,
) -> (Duration, Duration) {
    let (hears, mut heard) = mpsc::unbounded_channel();
    let count = streams.len();
    let mut open = Vec::new();
    for stream in streams {
        let client = Client::connect(&program.address).await;
        open.push(tokio::spawn(client.listen(stream, group.to_owned(), hears.clone())));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut writer = Client::connect(&program.address).await;
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let (key, body) =
            (ticks().to_string(), json!({ "body": words(7), "side": "professional" }).to_string());
        let head = [
            ("authorization", bearer),
            ("content-type", "application/json"),
            ("idempotency-key", key.as_str()),
        ];
        while heard.try_recv().is_ok() {}
        let sent = Instant::now();
        let answer = writer.send(&request("POST", path, &head, &body)).await;
        let answered = sent.elapsed();
        assert!(answer.status < 300, "{}", String::from_utf8_lossy(&answer.body));
        let seq = serde_json::from_slice::<Value>(&answer.body).ok().and_then(|post| post["seq"].as_i64());
        let at = by_all(&mut heard, count, seq).await;
        times.push((at - sent, answered));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    open.into_iter().for_each(|one| one.abort());
    let (mut all, mut answers): (Vec<_>, Vec<_>) = times.into_iter().unzip();
    all.sort();
    answers.sort();
    (all[all.len() / 2], answers[answers.len() / 2])
}

/// When the last of so many heard of the post with this number.
async fn by_all(heard: &mut UnboundedReceiver<(i64, Instant)>, count: usize, seq: Option<i64>) -> Instant {
    let (mut there, mut last) = (0, None);
    while there < count {
        let Some((number, when)) = heard.recv().await else { panic!("a listener ended") };
        if seq.is_none_or(|seq| number >= seq) {
            there += 1;
            last = last.max(Some(when));
        }
    }
    last.expect("somebody listens")
}
