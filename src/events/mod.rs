//! The chronicle: what happened. It is the outbox from which listeners hear, and the record of use.
//!
//! A room announces inside its own transaction, so the state and the event stand or fall together.

mod event;
mod hub;
mod marks;
mod relay;
mod store;
mod tail;
mod wire;

pub use event::Event;
pub use hub::{Bell, Cord, Ear, Hub, Topic};
pub use marks::{Marks, Written};
pub use relay::{Listener, Relay, run};
pub(crate) use store::STATEMENTS;
pub use wire::follow as hear_other_nodes;

use crate::{Outcome, Tx};

/// Writes down what happened, in the transaction in which it happens.
pub fn announce(tx: &mut Tx, event: &Event) -> Outcome<()> {
    let id = tasuki_law::nouns::EventId(tx.draw());
    let event = Event { id, at: tx.now(), ..event.clone() };
    let at_once = tx.is_heard_at_once(event.kind);
    let marks = tx.marks();
    store::insert(tx, marks, &event, at_once)?;
    tx.announced(event);
    Ok(())
}

/// Writes down what the operator does beside the house: its listeners hear of it when it is next open.
pub fn announce_beside(
    tx: &mut tasuki_base::db::Tx<'_>,
    marks: &Marks,
    event: &Event,
) -> tasuki_base::db::Result<()> {
    store::insert(tx, marks, event, false)
}

/// Hands every event not yet heard to the listeners; answers how many there were.
pub async fn deliver(house: &crate::House, listeners: &[Listener]) -> Outcome<usize> {
    relay::deliver(house, listeners).await
}

/// Nobody is told of what has not been heard yet: for made-up days that never were.
pub fn hush(tx: &mut Tx) -> Outcome<()> {
    store::hush(tx)
}

/// How many events no listener has heard yet.
pub fn unheard(tx: &mut Tx) -> Outcome<i64> {
    store::waiting(tx)
}
