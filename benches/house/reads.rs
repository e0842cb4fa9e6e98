//! Reading: by program and by page, beside a bare route that answers the same bytes.

use crate::client::{Client, load, request};
use crate::ops;
use crate::table::Aim::{Cpu, P99, Share};
use crate::table::{self, Aim, median, row};
use crate::world::World;
use crate::{CLIENTS, ROUNDS, SPAN};

pub async fn measure(world: &World) {
    let group = &world.large;
    // Held to SQLite alone: PostgreSQL is held against SQLite (`engines`).
    let aim = |aims: &'static [Aim]| if world.database.is_some() { &[] } else { aims };
    world.read_up(0..CLIENTS).await;
    let newest = format!("/api/v1/groups/{group}/posts");
    one(world, "newest 30 posts (API)", true, &newest, aim(&[Share(0.8), Cpu(0.03)])).await;
    one(world, "timeline of 30 posts (page)", false, &format!("/groups/{group}"), aim(&[Share(0.5)])).await;
    one(world, "home (API)", true, "/api/v1/home", aim(&[Share(0.65)])).await;
    one(world, "home (page)", false, "/", aim(&[Share(0.65)])).await;
    one(world, "an old page of 30 posts (API)", true, &format!("{newest}?before=60"), &[]).await;
    of_many_places(world, aim(&[P99(5.0)])).await;
}

/// Home of somebody in 300 groups: fifty at a time.
async fn of_many_places(world: &World, aims: &[Aim]) {
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
    for clients in [1, 4, CLIENTS] {
        let mut done = Vec::new();
        for _ in 0..ROUNDS {
            let ask = ask.clone();
            done.push(load(&[&world.program], clients, SPAN, move |_, _| ask.clone()).await);
        }
        let words = format!("home of a member of 300 groups (API), {}", table::clients(clients));
        row(&words, &median(done), None, aims);
    }
}

async fn one(world: &World, words: &str, api: bool, path: &str, aims: &[Aim]) {
    let make = ops::look(world, api, path);
    let answer = Client::connect(&world.program.address).await.send(&make(0, 0)).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    let at = if api { "/json" } else { "/page" };
    let kind = if api { "application/json" } else { "text/plain" };
    let body = String::from_utf8(answer.body).expect("text");
    let set = request("PUT", at, &[("content-type", kind)], &body);
    assert_eq!(Client::connect(&world.floor.address).await.send(&set).await.status, 200);
    let (mut house, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let make = make.clone();
        house.push(load(&[&world.program], CLIENTS, SPAN, move |client, turn| make(client, turn)).await);
        let ask = request("GET", at, &[], "");
        floor.push(load(&[&world.floor], CLIENTS, SPAN, move |_, _| ask.clone()).await);
    }
    let words = format!("{words}, {:.0} kB, {CLIENTS} clients", body.len() as f64 / 1024.0);
    row(&words, &median(house), Some(&median(floor)), aims);
}
