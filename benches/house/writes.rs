//! Writing: each is synced to the disk before it is answered. The floor is one durable row at a time.

use crate::client::{Client, Load, load, request};
use crate::table::{median, row};
use crate::world::{World, ticks, words};
use crate::{CLIENTS, ROUNDS, SPAN, engine};
use serde_json::{Value, json};

pub async fn measure(world: &World) {
    let disk =
        async || Load { per_second: engine::commits(&world.folder).await, p50: 0.0, p99: 0.0, cpu: 0.0 };
    for clients in [1, 16, 64] {
        let bound = disk().await;
        let done = posts(world, &world.large, clients, 0).await;
        row(&format!("durable post, {clients} clients, beside single commits"), &done, &bound);
    }
    let bound = disk().await;
    row(
        &format!("acknowledge and take back, {CLIENTS} clients, beside single commits"),
        &acknowledge(world).await,
        &bound,
    );
    let bound = disk().await;
    row(&format!("read mark, {CLIENTS} clients, beside single commits"), &read_mark(world).await, &bound);
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        small.push(posts_once(world, &world.small, 8, world.in_small).await);
        large.push(posts_once(world, &world.large, 8, world.in_small).await);
    }
    row("post to a group of 800, beside a group of 8, 8 clients", &median(large), &median(small));
}

async fn posts(world: &World, group: &str, clients: usize, first: usize) -> Load {
    let mut done = Vec::new();
    for _ in 0..ROUNDS {
        done.push(posts_once(world, group, clients, first).await);
    }
    median(done)
}

async fn posts_once(world: &World, group: &str, clients: usize, first: usize) -> Load {
    let began = ticks();
    let (group, heads) =
        (group.to_owned(), (0..clients).map(|one| world.bearer(first + one)).collect::<Vec<_>>());
    let work = move |number: usize, round: u64| {
        let key = format!("{began}-{number}-{round}");
        let body = json!({ "body": words(round), "side": "professional" }).to_string();
        let head = [
            ("authorization", heads[number].as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", key.as_str()),
        ];
        request("POST", &format!("/api/v1/groups/{group}/posts"), &head, &body)
    };
    load(&world.program, clients, SPAN, work).await
}

/// The newest posts of the large group that are not this reader's own.
async fn others(world: &World, reader: usize) -> Vec<String> {
    let ask = request(
        "GET",
        &format!("/api/v1/groups/{}/posts?limit=100", world.large),
        &world.signs(reader, true),
        "",
    );
    let answer = Client::connect(&world.program.address).await.send(&ask).await;
    let page: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let posts = page["posts"].as_array().expect("posts");
    let own = |post: &&Value| post["mine"] != json!(true);
    posts.iter().filter(own).filter_map(|post| post["id"].as_str()).map(str::to_owned).collect()
}

async fn acknowledge(world: &World) -> Load {
    // Readers who wrote nothing under this load.
    const FIRST: usize = 100;
    let posts = others(world, FIRST).await;
    let heads: Vec<String> = (0..CLIENTS).map(|one| world.bearer(FIRST + one)).collect();
    let mut done = Vec::new();
    for _ in 0..ROUNDS {
        let (posts, heads) = (posts.clone(), heads.clone());
        let work = move |number: usize, round: u64| {
            let post = &posts[usize::try_from(round / 2).expect("few") % posts.len()];
            let method = if round.is_multiple_of(2) { "PUT" } else { "DELETE" };
            request(
                method,
                &format!("/api/v1/posts/{post}/acknowledgement"),
                &[("authorization", &heads[number])],
                "",
            )
        };
        done.push(load(&world.program, CLIENTS, SPAN, work).await);
    }
    median(done)
}

async fn read_mark(world: &World) -> Load {
    let ask =
        request("GET", &format!("/api/v1/groups/{}/posts?limit=1", world.large), &world.signs(0, true), "");
    let answer = Client::connect(&world.program.address).await.send(&ask).await;
    let page: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let newest = page["posts"][0]["seq"].as_i64().expect("a number");
    let heads: Vec<String> = (0..CLIENTS).map(|one| world.bearer(120 + one)).collect();
    let (mut done, mut from) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let (heads, group) = (heads.clone(), world.large.clone());
        let first = from;
        let work = move |number: usize, round: u64| {
            let seq = (first + i64::try_from(round).expect("few") + 1).min(newest);
            let body = json!({ "side": "professional", "seq": seq }).to_string();
            let head = [("authorization", heads[number].as_str()), ("content-type", "application/json")];
            request("PUT", &format!("/api/v1/groups/{group}/read"), &head, &body)
        };
        let load = load(&world.program, CLIENTS, SPAN, work).await;
        from += (load.per_second * SPAN.as_secs_f64() / CLIENTS as f64) as i64 + 1;
        done.push(load);
    }
    median(done)
}
