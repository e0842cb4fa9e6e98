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
mod tests;
