//! What the house does in a second, beside a bare route that serves the same bytes, in one run.
//!
//! `cargo bench --bench house -- [SCALE]` fills a folder with `tasuki sample --scale SCALE` (10 when not given; it
//! is kept in `target/bench` for the next run), serves it, and prints a table. Program, floor and clients share
//! this machine's cores, so the shares are what counts, not the absolute figures.

mod client;
mod engine;
mod floor;
mod listeners;
mod program;
mod reads;
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
    let scale = words.iter().find_map(|word| word.parse().ok()).unwrap_or(10);
    let only = words.iter().find(|word| word.parse::<u32>().is_err() && !word.starts_with('-')).cloned();
    runtime.block_on(measure(scale, only.as_deref()));
}

async fn measure(scale: u32, only: Option<&str>) {
    let wanted = |part: &str| only.is_none_or(|only| only == part);
    let mut world = World::open(scale).await;
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
    if wanted("memory") {
        println!();
        world.program.memory("after the load");
        world.program.restart().await;
    }
    world.close();
}
