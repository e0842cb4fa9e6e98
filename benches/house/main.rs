//! What the house does in a second, beside a bare route that serves the same bytes, in one run.
//!
//! `cargo bench --bench house -- [SCALE|team] [reads|writes|listeners|streams|memory]` fills a folder with `tasuki
//! sample --scale SCALE` (10 when not given) or `--team` (it is kept in `target/bench` for the next run), serves it,
//! and prints a table. Program, floor and clients share this machine's cores, so the shares are what counts, not the
//! absolute figures. With `DATABASE_URL` the house stands on PostgreSQL, and is filled anew.

mod client;
mod engine;
mod floor;
mod listeners;
mod program;
mod reads;
mod streams;
mod table;
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
    let parts = ["reads", "writes", "listeners", "streams", "memory"];
    let crowd = words.iter().find(|word| *word == "team" || word.parse::<u32>().is_ok());
    let only = words.iter().find(|word| parts.contains(&word.as_str()));
    runtime.block_on(measure(crowd.map_or("10", String::as_str), only.map(String::as_str)));
}

async fn measure(crowd: &str, only: Option<&str>) {
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    let mut world = World::open(crowd).await;
    println!("{}\n", world.words);
    if wanted("memory") {
        world.program.memory("started");
    }
    table::head();
    if wanted("reads") {
        reads::measure(&world).await;
    }
    if wanted("writes") {
        writes::measure(&world).await;
    }
    if wanted("listeners") {
        println!();
        listeners::measure(&world).await;
    }
    if wanted("streams") {
        println!();
        streams::measure(&mut world).await;
    }
    if wanted("memory") {
        println!();
        world.program.memory("after the load");
        world.program.restart().await;
    }
    world.close();
}
