//! Reading: by program and by page, beside a bare route that answers the same bytes.

use crate::client::{Client, load, request};
use crate::table::{median, row};
use crate::world::World;
use crate::{CLIENTS, ROUNDS, SPAN};

pub async fn measure(world: &World) {
    let group = &world.large;
    world.read_up(0..CLIENTS).await;
    one(world, "newest 30 posts (API)", true, &format!("/api/v1/groups/{group}/posts")).await;
    one(world, "timeline of 30 posts (page)", false, &format!("/groups/{group}")).await;
    one(world, "home (API)", true, "/api/v1/home").await;
    one(world, "home (page)", false, "/").await;
    one(world, "an old page of 30 posts (API)", true, &format!("/api/v1/groups/{group}/posts?before=60"))
        .await;
    of_many_places(world).await;
}

/// Home of somebody in 300 groups: fifty at a time.
async fn of_many_places(world: &World) {
    const BUSY: usize = 150;
    let mut client = Client::connect(&world.program.address).await;
    let mut head = world.signs(BUSY, true);
    head.push(("content-type", "application/json"));
    for number in 0..290 {
        let made = request("POST", "/api/v1/groups", &head, &format!("{{\"name\":\"集まり{number}\"}}"));
        let made = client.send(&made).await;
        assert!(made.status < 300, "{}", String::from_utf8_lossy(&made.body));
    }
    let ask = request("GET", "/api/v1/home", &world.signs(BUSY, true), "");
    let done = load(&world.program, CLIENTS, SPAN, move |_, _| ask.clone()).await;
    println!(
        "| home of a member of 300 groups (API) | {:.0} | | | {:.2} | {:.2} | {:.3} | |",
        done.per_second, done.p50, done.p99, done.cpu
    );
}

async fn one(world: &World, words: &str, api: bool, path: &str) {
    let requests: Vec<Vec<u8>> =
        (0..CLIENTS).map(|number| request("GET", path, &world.signs(number, api), "")).collect();
    let answer = Client::connect(&world.program.address).await.send(&requests[0]).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    let at = if api { "/json" } else { "/page" };
    let kind = if api { "application/json" } else { "text/plain" };
    let body = String::from_utf8(answer.body).expect("text");
    let set = request("PUT", at, &[("content-type", kind)], &body);
    assert_eq!(Client::connect(&world.floor.address).await.send(&set).await.status, 200);
    let (mut house, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ask = requests.clone();
        house.push(load(&world.program, CLIENTS, SPAN, move |number, _| ask[number].clone()).await);
        let at = at.to_owned();
        floor.push(load(&world.floor, CLIENTS, SPAN, move |_, _| request("GET", &at, &[], "")).await);
    }
    row(
        &format!("{words}, {:.0} kB, {CLIENTS} clients", body.len() as f64 / 1024.0),
        &median(house),
        &median(floor),
    );
}
