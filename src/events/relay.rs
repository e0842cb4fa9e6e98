//! Carries what happened from the chronicle to the listeners.

use super::hub::Topic;
use super::{Event, Hub, store, tail, wire};
use crate::{House, Outcome, Tx};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tasuki_base::bus::Bus;
use tasuki_law::nouns::{EventId, EventKind};
use tokio::sync::Notify;

/// Somebody who hears events.
#[derive(Clone, Copy)]
pub struct Listener {
    pub name: &'static str,
    /// Inside the transaction that marks the event delivered: what is written here happens exactly once.
    pub hear: fn(&mut Tx<'_, '_>, &Event) -> Outcome<()>,
    /// What open streams are to look at again, as soon as it is durable on the node where it happened; on another,
    /// once it is heard of there. Losing one loses nothing.
    pub hints: fn(&Event) -> Vec<Topic>,
    /// Whether what it does about such an event is small enough to be done in the transaction in which it happens:
    /// nothing, or an errand put down.
    pub at_once: fn(EventKind) -> bool,
}

/// The bell that a commit rings, and the ears that listeners ring in turn.
#[derive(Clone, Default)]
pub struct Relay(Arc<Bells>);

#[derive(Default)]
struct Bells {
    committed: Notify,
    hub: Hub,
    /// The line to the other nodes.
    bus: Bus,
    listeners: OnceLock<Vec<Listener>>,
    /// What was hinted at on this node lately.
    hinted: Mutex<BTreeSet<EventId>>,
    /// What another node told before the chronicle did.
    told: Mutex<BTreeSet<(EventId, Topic)>>,
}

/// So many hints are remembered; one too many does no harm.
const REMEMBERED: usize = 20_000;

impl Relay {
    /// One that tells other nodes, too.
    #[must_use]
    pub fn over(bus: Bus) -> Self {
        Self(Arc::new(Bells { bus, ..Bells::default() }))
    }

    /// The line to the other nodes.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    /// Something may have happened.
    pub fn nudge(&self) {
        self.0.committed.notify_one();
    }

    /// Who hears what happens on this node; whoever is named first stays.
    pub fn is_heard_by(&self, listeners: Vec<Listener>) {
        let _ = self.0.listeners.set(listeners);
    }

    /// Whether there is nothing about such an event that had better be done later.
    #[must_use]
    pub fn hears_at_once(&self, kind: EventKind) -> bool {
        self.0.listeners.get().is_some_and(|all| all.iter().all(|listener| (listener.at_once)(kind)))
    }

    /// Hands an event to the listeners, in the transaction in which it happens.
    pub fn hear_at_once(&self, tx: &mut Tx, event: &Event) -> Outcome<()> {
        self.0.listeners.get().into_iter().flatten().try_for_each(|listener| (listener.hear)(tx, event))
    }

    /// This happened here, and is durable: open pages need not wait until it is heard.
    pub fn happened(&self, house: &House, events: &[Event]) {
        if let Some(listeners) = self.0.listeners.get() {
            hint_once(house, listeners, events);
            events.iter().for_each(|event| self.tell(event.id, &topics(listeners, event)));
        }
    }

    fn tell(&self, event: EventId, topics: &[Topic]) {
        if self.0.bus.is_set() && !topics.is_empty() {
            let sent = self.0.bus.say(wire::written(event, topics).into());
            wire::count(if sent { "sent" } else { "let go" });
        }
    }

    /// Another node says that this can have changed. Whether it is true, each stream finds out for itself; and the
    /// chronicle still tells what was not named here.
    pub(super) fn told(&self, event: EventId, topics: &[Topic]) {
        if hold(&self.0.hinted).contains(&event) {
            return;
        }
        let mut told = hold(&self.0.told);
        for topic in topics {
            remember(&mut told, (event, *topic));
            self.0.hub.ring(*topic);
        }
    }

    /// Whether it is the first time on this node.
    fn is_new(&self, event: EventId) -> bool {
        remember(&mut hold(&self.0.hinted), event)
    }

    /// An event is told after it is durable, so who was told its topic has seen it: rung once is enough.
    fn ring_untold(&self, event: EventId, topics: &[Topic]) {
        let told = hold(&self.0.told);
        topics
            .iter()
            .filter(|topic| !told.contains(&(event, **topic)))
            .for_each(|topic| self.0.hub.ring(*topic));
    }

    /// The open streams of this node.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn remember<T: Ord>(known: &mut BTreeSet<T>, new: T) -> bool {
    if known.len() >= REMEMBERED {
        known.pop_first();
    }
    known.insert(new)
}

const BATCH: usize = 200;
/// Another node's event, or one whose bell was lost, waits no longer than this.
const LOOK_ANYWAY: Duration = Duration::from_secs(2);

/// What happens within so long is heard in one go: nobody waits for it.
const GATHER: Duration = Duration::from_millis(20);

/// Carries events until the house closes.
pub async fn run(house: House, listeners: Vec<Listener>) {
    house.relay.is_heard_by(listeners.clone());
    let other_nodes =
        async { tokio::join!(tail::follow(house.clone(), listeners.clone()), wire::follow(house.clone())) };
    tokio::join!(other_nodes, carry(house.clone(), listeners.clone()));
}

async fn carry(house: House, listeners: Vec<Listener>) {
    loop {
        let _ = tokio::time::timeout(LOOK_ANYWAY, house.relay.0.committed.notified()).await;
        tokio::time::sleep(GATHER).await;
        house.pulse.relay(house.now());
        loop {
            match deliver(&house, &listeners).await {
                Ok(heard) if heard < BATCH => break,
                Ok(_) => {}
                Err(trouble) => {
                    tracing::error!(?trouble, "events could not be delivered");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    break;
                }
            }
        }
    }
}

pub async fn deliver(house: &House, listeners: &[Listener]) -> Outcome<usize> {
    // A look first: most rounds find nothing, and a read costs no commit.
    if !house.read(store::waits).await? {
        return Ok(0);
    }
    let hearers = listeners.to_vec();
    let heard = house.write(move |tx| hear(tx, &hearers)).await?;
    hint_once(house, listeners, &heard);
    Ok(heard.len())
}

/// Hints at what was not hinted at on this node before; answers how many that were.
pub(super) fn hint_once(house: &House, listeners: &[Listener], events: &[Event]) -> usize {
    let fresh = events.iter().filter(|event| house.relay.is_new(event.id));
    fresh.inspect(|event| house.relay.ring_untold(event.id, &topics(listeners, event))).count()
}

fn topics(listeners: &[Listener], event: &Event) -> Vec<Topic> {
    listeners.iter().flat_map(|listener| (listener.hints)(event)).collect()
}

fn hear(tx: &mut Tx, listeners: &[Listener]) -> Outcome<Vec<Event>> {
    let (now, events) = (tx.now(), store::undelivered(tx, BATCH as i64)?);
    if !events.is_empty() {
        store::mark_delivered(tx, &events, now)?;
    }
    for event in &events {
        listeners.iter().try_for_each(|listener| (listener.hear)(tx, event))?;
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
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
}
