//! A base to lay the log over, and what may go once there is a newer one.

use super::far::{Far, Ready, Spot, Thing};
use crate::program::{Said, said};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tasuki_base::db::tap::Tap;
use tasuki_base::hash::fingerprint;
use tokio::task::spawn_blocking;

const PIECE: usize = 8 * 1024 * 1024;
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(3);

/// Copies the database's file as it lies there, piece by piece, while the house goes on writing. Answers how many
/// pieces there are, and their hash.
pub async fn lay(far: Far, tap: Arc<Mutex<Tap>>, spot: Spot) -> Said<(u64, [u8; 32])> {
    let (mut at, mut pieces, mut hash) = (0, 0, [0; 32]);
    let end = tap.lock().unwrap_or_else(PoisonError::into_inner).file_size().map_err(said)?;
    while at < end {
        let tap = Arc::clone(&tap);
        let read = move || tap.lock().unwrap_or_else(PoisonError::into_inner).piece(at, PIECE);
        let bytes = spawn_blocking(read).await.map_err(said)?.map_err(said)?;
        if bytes.is_empty() {
            break;
        }
        at += bytes.len() as u64;
        hash = fingerprint([hash.as_slice(), &bytes]);
        let name = Thing::Base(spot, pieces).name();
        put(&far, &name, far.seal(&name, &bytes)).await?;
        pieces += 1;
    }
    Ok((pieces, hash))
}

async fn put(far: &Far, name: &str, sealed: bytes::Bytes) -> Said<()> {
    for _ in 1..TRIES {
        if far.put(name, sealed.clone()).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    far.put(name, sealed).await
}

/// Says that a base is whole.
pub async fn finish(far: &Far, spot: Spot, ready: &Ready) -> Said<()> {
    let name = Thing::Ready(spot).name();
    far.put(&name, far.seal_json(&name, ready)).await
}

/// Removes what is older than the last base but one: a base comes once a day, so nothing is older than two.
pub async fn forget(far: &Far) -> Said<()> {
    let things = far.things().await?;
    for thing in fading(&things) {
        let gone = far.place.delete(&thing.name()).await;
        gone.map_err(|error| crate::program::places::far(&far.place, &error))?;
    }
    Ok(())
}

/// What nobody needs any more; what says that a base is whole goes before the base.
pub fn fading(things: &[Thing]) -> Vec<Thing> {
    let whole = |thing: &Thing| if let Thing::Ready(spot) = thing { Some(*spot) } else { None };
    let mut bases: Vec<Spot> = things.iter().filter_map(whole).collect();
    bases.sort();
    let Some(newest) = bases.last().copied() else { return Vec::new() };
    let kept = bases.len().checked_sub(2).map_or(newest, |at| bases[at]);
    let fades = |thing: &Thing| match thing {
        Thing::Log(spot) | Thing::Ready(spot) => *spot < kept,
        // One that was never finished goes as soon as a newer one is.
        Thing::Base(spot, _) => *spot < kept || (*spot < newest && !bases.contains(spot)),
    };
    let mut fading: Vec<Thing> = things.iter().copied().filter(fades).collect();
    fading.sort_by_key(|thing| !matches!(thing, Thing::Ready(_)));
    fading
}
