//! What the house does in a second, beside a bare route that serves the same bytes, in one run.
//!
//! `cargo bench --bench house -- [SCALE|team] [PART]` fills a folder with `tasuki sample --scale SCALE` (10 when not
//! given) or `--team` (it is kept in `target/bench` for the next run), serves a copy of it, and prints tables: the
//! parts reads, writes, memory, listeners and streams, or one of them. Program, floor and clients share this machine's
//! cores, so the shares are what counts, not the absolute figures.
//!
//! `growth [SCALE]` holds a house of that scale (100 when not given) against one of scale 1. With `DATABASE_URL`
//! (`bin/postgres --durable`) the parts run on PostgreSQL, `engines` holds PostgreSQL against SQLite, and `nodes` three
//! nodes against one.

mod client;
mod disk;
mod engine;
mod engines;
mod floor;
mod growth;
mod listeners;
mod memory;
mod nodes;
mod ops;
mod program;
mod reads;
mod streams;
mod table;
mod timelines;
mod world;
mod writes;

use std::time::Duration;
use world::World;

/// How long one measurement lasts; each is taken [`ROUNDS`] times, in turn with its floor, and the median counts.
const SPAN: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
const CLIENTS: usize = 16;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if words.first().is_some_and(|word| word == "floor") {
        return runtime.block_on(floor::serve(&words[1]));
    }
    let parts = ["reads", "writes", "memory", "listeners", "streams", "growth", "engines", "nodes"];
    let crowd = words.iter().find(|word| *word == "team" || word.parse::<u32>().is_ok());
    let part = words.iter().find(|word| parts.contains(&word.as_str()));
    let database = std::env::var("DATABASE_URL").ok();
    let needed = |url: Option<String>| url.expect("DATABASE_URL, which bin/postgres --durable sets");
    let town = crowd.map_or("10", String::as_str);
    let team = crowd.map_or("team", String::as_str);
    runtime.block_on(async {
        match part.map(String::as_str) {
            Some("growth") => {
                growth::measure(crowd.map_or(100, |scale| scale.parse().expect("a scale"))).await
            }
            Some("engines") => engines::measure(team, needed(database)).await,
            Some("nodes") => nodes::measure(team, needed(database)).await,
            part => measure(town, part, database).await,
        }
    });
}

async fn measure(crowd: &str, only: Option<&str>, database: Option<String>) {
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    let mut world = World::open(crowd, database).await;
    println!("{}", world.words(crowd));
    if world.database.is_none() {
        disk::measure(&world.file());
    }
    // What was asked of it is a part of what it holds.
    let loaded = wanted("memory");
    if loaded || wanted("reads") {
        table::head();
        reads::measure(&world).await;
    }
    if loaded || wanted("writes") {
        table::head();
        writes::measure(&world).await;
    }
    if loaded {
        println!();
        world.idle.line("right after the start", 30.0);
        memory::of(&world.program).line("after reads and writes", 120.0);
    }
    if wanted("listeners") {
        listeners::measure(&world).await;
    }
    if wanted("streams") {
        streams::measure(&mut world).await;
    }
    world.close();
}
