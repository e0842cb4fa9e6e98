//! Open pages on one node hear of what is written on another: by NATS at once, by the chronicle within seconds.

use super::nats::Nats;
use super::until;
use bytes::Bytes;
use std::time::{Duration, Instant};
use tasuki::House;
use tasuki::events::{self, Relay, Topic};
use tasuki::house::{Presence, Rooms, Shelf};
use tasuki::serve::listeners;
use tasuki::testing::World;
use tasuki_base::bus::Bus;
use tasuki_law::nouns::GroupId;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A node of the same house. What runs in it is the test's choice.
fn node(world: &World, nats: &Nats) -> World {
    let relay = Relay::over(nats.line(&name(world)));
    let (presence, shelf) = (Presence::default(), Shelf::default());
    world.moved(House::new(Rooms { relay, presence, shelf, ..Rooms::clone(&world.house) }))
}

fn name(world: &World) -> String {
    tasuki_value::encode_id(world.house.own_key.0)
}

/// All that a node does: the relay, the tail of the chronicle, NATS.
fn whole(node: &World) -> JoinHandle<()> {
    tokio::spawn(events::run(node.house.clone(), listeners()))
}

/// A node that hears by NATS and in no other way.
fn by_nats_alone(node: &World) -> JoinHandle<()> {
    tokio::spawn(events::hear_other_nodes(node.house.clone()))
}

/// A line over which anything can be said.
async fn stranger(world: &World, nats: &Nats) -> Bus {
    let bus = nats.line(&name(world));
    let line = bus.clone();
    tokio::spawn(async move { line.run(|_| {}).await });
    until("a line", async || bus.is_up() == Some(true)).await;
    bus
}

/// Until the node really hears: its subscription has reached the server.
async fn hears(stranger: &Bus, node: &World) {
    let probe = GroupId(Uuid::from_u128(99));
    let ear = node.house.relay.hub().listen([Topic::Page(probe)]);
    until("the node hears", async || {
        let event = tasuki_law::nouns::EventId(Uuid::from_u128(98));
        let _ = stranger.say(Bytes::from(format!("{event} page:{probe}")));
        !ear.heard(Duration::from_millis(25)).await.is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_is_on_another_nodes_open_page_by_nats_alone() {
    let nats = Nats::start().await;
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (here, there) = (node(&world, &nats), node(&world, &nats));
    let tasks = [whole(&here), by_nats_alone(&there)];
    let stranger = stranger(&world, &nats).await;
    hears(&stranger, &there).await;
    until("the first node's line stands", async || here.house.relay.bus().is_up() == Some(true)).await;

    let mut nurse = here.visit("moriyama").await;
    let mut heard = there.visit("saeki").await.opened(group).await.0;
    let mut list = there.visit("kiyono").await.listen("/events", &[]).await;
    while !list.is_silent().await {}
    // Nothing else than NATS can bring it there: neither relay nor tail runs on that node.
    for number in 0..5 {
        nurse.write_post(group, &format!("{number}回目の訪問")).await;
        let written = Instant::now();
        let told = heard.next().await.expect("the post");
        println!("on the other node's page {} ms after its answer", written.elapsed().as_millis());
        assert!(told.data.contains(&format!("{number}回目の訪問")));
        assert!(list.next().await.expect("its place").data.contains(&group.to_string()));
        while !list.is_silent().await {}
    }

    // Rights travel as well: who signs out here is out there.
    let mut other = there.visit("kiyono").await;
    let mut page = other.opened(group).await.0;
    let mut again = here.stranger();
    again.set_cookies(other.cookies());
    let _ = again.post("/sign-out", &[]).await.expect(303);
    assert_eq!(page.next().await.expect("a word").event, "gone");
    tasks.iter().for_each(JoinHandle::abort);
    world.settle().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_nats_the_chronicle_tells_and_once_it_is_back_nats_does() {
    // The tail of the chronicle is for several nodes, and those stand on PostgreSQL.
    if std::env::var("TASUKI_TEST_PG").is_err() {
        return;
    }
    let mut nats = Nats::start().await;
    nats.kill();
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (here, there, deaf) = (node(&world, &nats), node(&world, &nats), node(&world, &nats));
    let tasks = [whole(&here), whole(&there), by_nats_alone(&deaf)];
    let mut nurse = here.visit("moriyama").await;
    let mut heard = there.visit("saeki").await.opened(group).await.0;
    let mut unheard = deaf.visit("saeki").await.opened(group).await.0;
    for _ in 0..2 {
        // Gone from the start, and later gone again: nobody waits for it, and the house calls itself ready.
        until("the lines are down", async || {
            [&here, &there, &deaf].iter().all(|node| node.house.relay.bus().is_up() == Some(false))
        })
        .await;
        nurse.write_post(group, "NATSのない間").await;
        assert!(heard.next().await.expect("by the tail").data.contains("NATSのない間"));
        assert!(unheard.is_silent().await, "without a tail nothing comes: NATS is really gone");
        there.house.pulse.errands(there.house.now());
        let _ = there.stranger().get("/readyz").await.expect(200);

        nats.back();
        let stranger = stranger(&world, &nats).await;
        hears(&stranger, &deaf).await;
        until("the first node's line stands", async || here.house.relay.bus().is_up() == Some(true)).await;
        nurse.write_post(group, "NATSが戻った").await;
        assert!(unheard.next().await.expect("what was missed").data.contains("NATSのない間"));
        assert!(unheard.next().await.expect("by NATS").data.contains("NATSが戻った"));
        assert!(heard.next().await.expect("by either").data.contains("NATSが戻った"));
        assert!(heard.is_silent().await, "told twice, shown once");
        nats.kill();
    }
    tasks.iter().for_each(JoinHandle::abort);
    world.settle().await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_on_the_wire_tells_nobody_anything_and_hides_nothing() {
    let nats = Nats::start().await;
    let world = World::with_cast().await;
    let (group, other) = (world.workplace("aozora").await, world.workplace("momiji").await);
    let (here, there) = (node(&world, &nats), node(&world, &nats));
    let tasks = [whole(&here), by_nats_alone(&there)];
    let stranger = stranger(&world, &nats).await;
    hears(&stranger, &there).await;
    until("the first node's line stands", async || here.house.relay.bus().is_up() == Some(true)).await;
    let mut nurse = here.visit("moriyama").await;
    let mut heard = there.visit("saeki").await.opened(group).await.0;
    let mut outsider = there.visit("mori").await.listen("/events", &[]).await;
    while !outsider.is_silent().await {}

    let event = tasuki_law::nouns::EventId(Uuid::from_u128(5));
    let (doctor, mori) = (world.account("saeki"), world.account("mori"));
    let forged = [
        format!(
            "{event} page:{group} place:{group} page:{other} person:{doctor} person:{mori} place:{other}"
        ),
        format!("{event}"),
        format!("{event} page:"),
        format!("{event} page:{group} and more"),
        "SUB > 1\r\n".to_owned(),
        String::new(),
        "\u{0}".repeat(4000),
        "page".repeat(200_000),
    ];
    for _ in 0..50 {
        for word in &forged {
            let _ = stranger.say(Bytes::from(word.clone()));
        }
        let _ = stranger.say(Bytes::from_static(&[0xff; 300]));
    }
    hears(&stranger, &there).await;
    assert!(heard.is_silent().await, "nothing happened, nothing is told");
    // Told to look, the outsider's stream tells of the outsider's own place once more, and of nothing else.
    while let Ok(told) = tokio::time::timeout(Duration::from_millis(500), outsider.next()).await {
        let told = told.expect("their own");
        assert!(told.event == "count" || told.data.contains(&other.to_string()), "{told:?}");
        assert!(!told.data.contains(&group.to_string()), "{told:?}");
    }
    nurse.write_post(group, "本物の一つ").await;
    assert!(heard.next().await.expect("the post").data.contains("本物の一つ"));
    assert!(heard.is_silent().await, "once");
    assert!(outsider.is_silent().await, "an outsider is told of nothing");
    tasks.iter().for_each(JoinHandle::abort);
    world.settle().await;
    world.close().await;
}
