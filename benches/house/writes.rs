//! Writing: each is synced to the disk before it is answered. The bound is one durable row at a time.

use crate::client::{Load, load};
use crate::ops::{self, At, Make};
use crate::table::Aim::{Cpu, Share};
use crate::table::{self, Aim, median, row};
use crate::world::World;
use crate::{CLIENTS, ROUNDS, SPAN, engine};

/// Readers who wrote nothing under this load.
const READERS: usize = 100;

pub async fn measure(world: &World) {
    // Held to SQLite alone: PostgreSQL is held against SQLite (`engines`).
    let aim = |aims: &'static [Aim]| if world.database.is_some() { &[] } else { aims };
    let posts: [(usize, &[Aim]); 3] =
        [(1, &[Share(0.6)]), (16, &[Share(1.6), Cpu(0.1)]), (64, &[Share(2.0), Cpu(0.1)])];
    for (clients, aims) in posts {
        let writers = (0..clients).map(|one| At::new(world, one, &world.large)).collect();
        let words = format!("durable post, {}, beside single commits", table::clients(clients));
        beside(world, &words, clients, ops::post(writers, clients), aim(aims)).await;
    }
    let readers =
        |first: usize| (0..CLIENTS).map(|one| At::new(world, first + one, &world.large)).collect::<Vec<_>>();
    let words = format!("acknowledge and take back, {CLIENTS} clients, beside single commits");
    let make = ops::acknowledge(world, readers(READERS)).await;
    beside(world, &words, CLIENTS, make, aim(&[Share(1.6)])).await;
    let words = format!("read mark, {CLIENTS} clients, beside single commits");
    let make = ops::read_mark(world, readers(READERS + CLIENTS)).await;
    beside(world, &words, CLIENTS, make, aim(&[Share(2.5)])).await;
    small_and_large(world).await;
}

/// In turn with single-row commits.
async fn beside(world: &World, words: &str, clients: usize, make: Make, aims: &[Aim]) {
    let (mut bounds, mut done) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let per_second = engine::commits(world).await;
        bounds.push(Load { per_second, p50: 0.0, p99: 0.0, cpu: 0.0 });
        let make = make.clone();
        done.push(load(&[&world.program], clients, SPAN, move |client, turn| make(client, turn)).await);
    }
    row(words, &median(done), Some(&median(bounds)), aims);
}

/// Nothing is written for each member.
async fn small_and_large(world: &World) {
    let all = async |group: &str| {
        let writers = (0..8).map(|one| At::new(world, world.in_small + one, group)).collect();
        let make = ops::post(writers, 8);
        load(&[&world.program], 8, SPAN, move |client, turn| make(client, turn)).await
    };
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        small.push(all(&world.small).await);
        large.push(all(&world.large).await);
    }
    let words = "post to a group of all, beside a group of 8 (team: of 40), 8 clients";
    row(words, &median(large), Some(&median(small)), &[]);
}
