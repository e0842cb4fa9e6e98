//! What this node wrote down lately: an event that vanishes before it is in a block leaves no gap in the chain, so it is
//! looked for by name once it should be in one.

use super::store;
use crate::events::{Event, announce};
use crate::{House, Outcome};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tasuki_law::nouns::EventKind;
use tasuki_value::{MINUTE, SECOND, Ts};
use uuid::Uuid;

/// Looked for when this old: by then the chain holds it.
const AGE: i64 = 2 * MINUTE + 30 * SECOND;
const EVERY: Duration = Duration::from_secs(10);
/// More are not remembered: the eldest are let go, unlooked for.
const MOST: usize = 200_000;
const PAGE: usize = 1_000;

/// Ids, and when they were durable; in this node's memory only. Cheap to clone.
#[derive(Clone, Default)]
pub struct Recent(Arc<Mutex<VecDeque<(Ts, Uuid)>>>);

impl Recent {
    /// These are durable.
    pub fn wrote(&self, events: &[Event], now: Ts) {
        let mut ids = self.ids();
        ids.extend(events.iter().map(|event| (now, event.id.0)));
        let over = ids.len().saturating_sub(MOST);
        ids.drain(..over);
    }

    /// What is old enough to be looked for, so many at most.
    fn due(&self, now: Ts) -> Vec<Uuid> {
        let ids = self.ids();
        ids.iter().take_while(|(at, _)| now.since(*at) >= AGE).take(PAGE).map(|(_, id)| *id).collect()
    }

    /// These were looked for; what has no place in the chain yet is looked for again.
    fn looked_for(&self, count: usize, waiting: Vec<Uuid>, now: Ts) {
        let mut ids = self.ids();
        let count = count.min(ids.len());
        ids.drain(..count);
        ids.extend(waiting.into_iter().map(|id| (now, id)));
    }

    fn ids(&self) -> MutexGuard<'_, VecDeque<(Ts, Uuid)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks from time to time until the house closes.
pub async fn watch(house: House) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(trouble) = look(&house).await {
            trouble.log();
        }
    }
}

/// Looks for what is due; whatever is gone is said aloud and on the record. Answers how much that was.
///
/// # Errors
/// When the database fails; it is looked for again then.
pub async fn look(house: &House) -> Outcome<i64> {
    let mut gone = 0;
    loop {
        let due = house.recent.due(house.now());
        if due.is_empty() {
            return Ok(gone);
        }
        let (count, asked) = (due.len(), due.clone());
        let (there, waiting) =
            house.read(move |tx| Ok((store::there(tx, &asked)?, store::without_block(tx, &asked)?))).await?;
        let missing = i64::try_from(count).unwrap_or(i64::MAX) - there;
        if missing > 0 {
            tracing::error!(missing, "{}", crate::phrases::record::EVENTS_GONE);
            metrics::counter!("tasuki_record_events_missing_total").increment(missing.unsigned_abs());
            let said = Event::new(EventKind::EventsMissing).noting(missing.to_string());
            house.write(move |tx| announce(tx, &said)).await?;
        }
        house.recent.looked_for(count, waiting, house.now());
        gone += missing;
    }
}
