//! One run of a change, and of what is heard of it at once.

use super::tx::{Announced, Draw};
use super::{House, Tx};
use crate::trouble::{Outcome, Trouble};
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_base::db;

/// Why nothing came of it.
pub(super) struct Stopped {
    pub trouble: Trouble,
    /// A listener may have been it: without them it may well succeed.
    pub by_listener: bool,
}

impl From<Trouble> for Stopped {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, by_listener: false }
    }
}

impl From<db::Error> for Stopped {
    fn from(error: db::Error) -> Self {
        // Who panicked, or went on after a statement failed, is not known.
        let by_listener = matches!(error, db::Error::Panicked | db::Error::Spoiled);
        Self { trouble: error.into(), by_listener }
    }
}

/// Durable when it answers `Ok`; the lock is only there for a second run. `hearing`: what is little work is heard in the
/// same transaction.
pub(super) async fn run<T: Send + 'static>(
    house: &House,
    change: Arc<Mutex<impl Fn(&mut Tx<'_, '_>) -> Outcome<T> + Send + 'static>>,
    hearing: bool,
) -> Result<(T, Announced), Stopped> {
    let (draw, own) = (Draw::from(house), house.clone());
    let run = move |tx: &mut db::Tx<'_>| {
        let mut tx = if hearing { Tx::hearing(tx, &own, draw) } else { Tx::new(tx, &own, draw) };
        let done = change.lock().unwrap_or_else(PoisonError::into_inner)(&mut tx)?;
        tx.write_down()?;
        tx.hear().map_err(|trouble| Stopped { trouble, by_listener: true })?;
        Ok((done, tx.take_announced()))
    };
    house.db.write(run).await
}
