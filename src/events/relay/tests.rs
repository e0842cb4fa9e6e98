//! Who hears what, when, and once.

use super::{Listener, Relay, deliver};
use crate::events::{Event, announce, unheard};
use crate::house::Rooms;
use crate::testing::World;
use crate::{House, Outcome, Trouble, Tx, errands};
use tasuki_base::db::Engine;
use tasuki_base::jobs;
use tasuki_law::nouns::EventKind;
use tasuki_value::DAY;

type Hear = fn(&mut Tx<'_, '_>, &Event) -> Outcome<()>;

fn listener(hear: Hear) -> Listener {
    Listener { name: "test", hear, hints: |_| Vec::new(), at_once: |kind| kind != EventKind::GroupMade }
}

/// The same house with nobody in it who hears but this one.
fn heard_by(world: &World, hear: Hear) -> House {
    let house = House::new(Rooms { relay: Relay::default(), ..Rooms::clone(&world.house) });
    house.relay.is_heard_by(vec![listener(hear)]);
    house
}

fn errand(tx: &mut Tx<'_, '_>, event: &Event) -> Outcome<()> {
    let one_day = tx.now().plus(DAY);
    errands::send(tx, "test", &event.id, None, one_day)
}

/// How many events wait for the relay, and how many errands were put down.
async fn waiting(house: &House) -> (i64, i64) {
    house.read(|tx| Ok((unheard(tx)?, jobs::waiting(tx)?))).await.unwrap()
}

async fn happen(house: &House, kind: EventKind) -> Outcome<()> {
    house.write(move |tx| announce(tx, &Event::new(kind))).await
}

/// What is not heard at once.
fn made() -> Event {
    Event::new(EventKind::GroupMade)
}

#[tokio::test]
async fn what_is_little_work_is_heard_in_the_same_commit_and_once() {
    let world = World::empty().await;
    world.settle().await;
    let house = heard_by(&world, errand);
    let (_, before) = waiting(&house).await;
    happen(&house, EventKind::PostPublished).await.unwrap();
    happen(&house, EventKind::GroupMade).await.unwrap();
    let at_once = i64::from(house.db.engine() == Engine::Lite);
    assert_eq!(waiting(&house).await, (2 - at_once, before + at_once));
    assert_eq!(deliver(&house, &[listener(errand)]).await.unwrap(), if at_once == 1 { 1 } else { 2 });
    assert_eq!(waiting(&house).await, (0, before + 2));
    let nothing = house.write(|tx| -> Outcome<()> {
        announce(tx, &Event::new(EventKind::PostPublished))?;
        Err(Trouble::Malformed)
    });
    assert!(nothing.await.is_err());
    assert_eq!(waiting(&house).await, (0, before + 2), "what did not happen is heard by nobody");
    world.close().await;
}

#[tokio::test]
async fn nodes_that_hear_at_the_same_time_hear_nothing_twice() {
    let world = World::empty().await;
    world.settle().await;
    let nodes = [heard_by(&world, errand), heard_by(&world, errand)];
    let (_, before) = waiting(&nodes[0]).await;
    let first = nodes[0].write(|tx| (0..30).try_for_each(|_| announce(tx, &made())));
    first.await.unwrap();
    let listeners = [listener(errand)];
    let (one, two) = tokio::join!(deliver(&nodes[0], &listeners), deliver(&nodes[1], &listeners));
    assert_eq!(one.unwrap() + two.unwrap(), 30);
    assert_eq!(waiting(&nodes[0]).await, (0, before + 30));
    world.close().await;
}

#[tokio::test]
async fn an_errand_is_looked_for_once_in_a_transaction() {
    let world = World::empty().await;
    world.settle().await;
    let spent = async |times: usize| {
        let counted = world.house.write(move |tx| {
            let before = tx.spent().statements;
            let one_day = tx.now().plus(DAY);
            (0..times).try_for_each(|_| errands::send(tx, "test", &(), Some("one"), one_day))?;
            Ok(tx.spent().statements - before)
        });
        counted.await.unwrap()
    };
    assert_eq!([spent(1).await, spent(1).await, spent(9).await], [2, 1, 1], "put down, then found");
    world.close().await;
}

#[tokio::test]
async fn a_listener_that_fails_costs_nobody_a_post() {
    let world = World::empty().await;
    world.settle().await;
    let ways: [Hear; 3] = [
        |tx, event| errand(tx, event).and(Err(Trouble::Malformed)),
        |tx, event| errand(tx, event).map(|()| panic!("a listener of the test")),
        |tx, event| errand(tx, event).map(|()| drop(tx.exec("no statement", &[]))),
    ];
    for hear in ways {
        let house = heard_by(&world, hear);
        let (_, before) = waiting(&house).await;
        happen(&house, EventKind::PostPublished).await.expect("it happened");
        assert_eq!(waiting(&house).await, (1, before), "it waits, and nothing of the failure is left");
        assert_eq!(deliver(&house, &[listener(errand)]).await.unwrap(), 1);
        assert_eq!(waiting(&house).await, (0, before + 1));
    }
    world.close().await;
}
