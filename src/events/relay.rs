//! Carries what happened from the chronicle to the listeners.

use super::{Event, Hub, store};
use crate::{House, Outcome, Tx};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Somebody who hears events.
#[derive(Clone, Copy)]
pub struct Listener {
    pub name: &'static str,
    /// Inside the transaction that marks the event delivered: what is written here happens exactly once.
    pub hear: fn(&mut Tx<'_, '_>, &Event) -> Outcome<()>,
    /// After that commit: hints to open streams. Losing one loses nothing.
    pub after: fn(&House, &Event),
}

/// The bell that a commit rings, and the ears that listeners ring in turn.
#[derive(Clone, Default)]
pub struct Relay(Arc<Bells>);

#[derive(Default)]
struct Bells {
    committed: Notify,
    hub: Hub,
}

impl Relay {
    /// Something may have happened.
    pub fn nudge(&self) {
        self.0.committed.notify_one();
    }

    /// The open streams of this node.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }
}

const BATCH: i64 = 200;
/// Another node's event, or one whose bell was lost, waits no longer than this.
const LOOK_ANYWAY: Duration = Duration::from_secs(2);

/// Carries events until the house closes.
pub async fn run(house: House, listeners: Vec<Listener>) {
    loop {
        let _ = tokio::time::timeout(LOOK_ANYWAY, house.relay.0.committed.notified()).await;
        house.pulse.relay(house.now());
        loop {
            match deliver(&house, &listeners).await {
                Ok(0) => break,
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
    if house.read(store::waiting).await? == 0 {
        return Ok(0);
    }
    let hearers = listeners.to_vec();
    let heard = house.write(move |tx| hear(tx, &hearers)).await?;
    for event in &heard {
        for listener in listeners {
            (listener.after)(house, event);
        }
    }
    Ok(heard.len())
}

fn hear(tx: &mut Tx, listeners: &[Listener]) -> Outcome<Vec<Event>> {
    let now = tx.now();
    let mut heard = Vec::new();
    for event in store::undelivered(tx, BATCH)? {
        if store::mark_delivered(tx, event.id, now)? {
            for listener in listeners {
                (listener.hear)(tx, &event)?;
            }
            heard.push(event);
        }
    }
    Ok(heard)
}
