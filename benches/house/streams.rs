//! Many open streams with nothing to tell: what they hold, what they cost, and how soon they are back.

use crate::client::{Client, request};
use crate::memory;
use crate::table::at_most;
use crate::world::World;
use std::time::{Duration, Instant};

const MANY: usize = 10_000;
const IDLE: Duration = Duration::from_secs(35);

pub async fn measure(world: &mut World) {
    let (_, most) = rlimit::Resource::NOFILE.get().expect("a limit");
    rlimit::Resource::NOFILE.set(most, most).expect("raised");
    let many = MANY.min(usize::try_from(most).unwrap_or(MANY) - 1_000);
    let before = memory::of(&world.program).total();
    let mut open = lines(world, many).await;
    let held = (memory::of(&world.program).total() - before) * 1024.0 / many as f64;
    let cpu = world.program.cpu();
    // Long enough for every one of them to ask its session and its law again.
    tokio::time::sleep(IDLE).await;
    let idle = (world.program.cpu() - cpu) / IDLE.as_secs_f64() * 100.0;
    let (size, cost) = (at_most(held, 9.0, " KiB"), at_most(idle, 0.5, " %"));
    println!(
        "\n{many} open streams: {held:.1} KiB each ({size}), {idle:.1} % of a core while nothing happens ({cost})"
    );
    open.clear();
    world.program.restart().await;
    let began = Instant::now();
    open = lines(world, many).await;
    let back = began.elapsed().as_secs_f64();
    println!("after a restart all {} are back in {back:.1} s ({})", open.len(), at_most(back, 5.0, " s"));
}

async fn lines(world: &World, many: usize) -> Vec<Client> {
    let mut open = Vec::with_capacity(many);
    while open.len() < many {
        let next = open.len()..many.min(open.len() + 100);
        let opening = next.map(async |number| {
            let mut client = Client::connect(&world.program.address).await;
            let bearer = world.bearer(number % 200);
            let head = [("authorization", bearer.as_str()), ("accept", "text/event-stream")];
            client.begin(&request("GET", "/api/v1/events", &head, "")).await;
            client
        });
        open.extend(futures_util::future::join_all(opening).await);
    }
    open
}
