//! The turn of the epoch: the living keys go on, and every older copy of a destroyed one dies.

use super::mint::on_disk;
use super::{Error, KeyId, SealError, Vault, store};
use crate::Chance;
use crate::db::Db;
use std::time::{Duration, Instant};
use tasuki_value::Ts;
use uuid::Uuid;

/// What a turn has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// The epoch that now wraps every living key.
    pub epoch: i64,
    /// The epochs whose keys were destroyed: no copy of a data key wrapped by them can be opened again.
    pub destroyed: Vec<i64>,
    /// How many data keys were wrapped anew.
    pub rewrapped: u64,
    /// How many rows hold a key that was dead before: see [`Verified::lost`].
    pub lost: u64,
}

/// What [`verify`] has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Data keys that open.
    pub living: u64,
    /// Rows whose epoch is no longer in the keyring: left by a [`mint`](super::mint()) that was killed before
    /// its key was used, or come back with an old backup. What they sealed is gone.
    pub lost: u64,
    /// The oldest epoch that still wraps a living key; `None` when no key lives.
    pub oldest: Option<i64>,
}

/// Between the last row and the end of the old epochs: whoever had read a row before it was wrapped anew
/// has opened it by then.
const GRACE: Duration = Duration::from_secs(2);
const CHUNK: i64 = 200;

/// Begins a new epoch, wraps every living data key by it, opens each of them, and destroys the older epochs'
/// keys. Destructions by [`store::destroy`] that were committed before are final when this returns, and dated from then.
///
/// It may be killed at any point; the next turn begins an epoch of its own and ends all older ones.
///
/// # Errors
/// Nothing is destroyed then, and every key still opens. [`Error::KeyringBehind`] when the database is ahead
/// of the keyring, [`Error::Damaged`] for a row that its living epoch does not open, and what the database or
/// the disk say.
pub async fn turn(db: &Db, vault: &Vault, chance: &Chance, now: Ts) -> Result<Turned, Error> {
    turn_with(db, vault, chance, now, GRACE).await
}

/// Opens every data key there is.
///
/// # Errors
/// [`Error::Damaged`] for the first row that its living epoch does not open, [`SealError::EpochUnknown`] when the
/// keyring cannot be asked, and the database's.
pub async fn verify(db: &Db, vault: &Vault) -> Result<Verified, Error> {
    let mut found = Verified::default();
    let mut after = BEGINNING;
    loop {
        let rows = db.read(move |tx| store::page(tx, after, CHUNK)).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = *last;
        for (id, wrapped) in &rows {
            match vault.unwrap(*id, wrapped) {
                Ok(_) => {
                    found.living += 1;
                    found.oldest =
                        Some(found.oldest.map_or(wrapped.epoch, |oldest| oldest.min(wrapped.epoch)));
                }
                Err(SealError::EpochGone(_)) => found.lost += 1,
                Err(unknown @ SealError::EpochUnknown(_)) => return Err(unknown.into()),
                Err(_) => return Err(Error::Damaged(*id)),
            }
        }
    }
}

pub(super) async fn turn_with(
    db: &Db,
    vault: &Vault,
    chance: &Chance,
    now: Ts,
    grace: Duration,
) -> Result<Turned, Error> {
    let begun = Instant::now();
    refuse_old_keyring(db, vault).await?;
    let random = chance.clone();
    let epoch = on_disk(vault, move |vault| vault.begin_turn(&random, now)).await?;
    let mut rewrapped = 0;
    let lost = loop {
        rewrapped += rewrap_all(db, vault, chance, epoch).await?;
        let found = verify(db, vault).await?;
        // A key that was minted behind the walk by a node that had not heard yet: once more.
        if found.oldest.is_none_or(|oldest| oldest >= epoch) {
            break found.lost;
        }
    };
    tokio::time::sleep(grace).await;
    let destroyed = on_disk(vault, move |vault| vault.finish_turn(epoch)).await?;
    let ended = now.plus(i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX));
    db.write::<_, Error>(move |tx| Ok(store::gone(tx, epoch, ended)?)).await?;
    Ok(Turned { epoch, destroyed, rewrapped, lost })
}

/// With an older copy of the keyring an epoch's number would be given twice.
async fn refuse_old_keyring(db: &Db, vault: &Vault) -> Result<(), Error> {
    let database = db.read(store::latest_epoch).await?;
    let keyring = on_disk(vault, Vault::refresh).await?;
    if database > keyring { Err(Error::KeyringBehind { database, keyring }) } else { Ok(()) }
}

async fn rewrap_all(db: &Db, vault: &Vault, chance: &Chance, epoch: i64) -> Result<u64, Error> {
    let mut rewrapped = 0;
    let mut after = BEGINNING;
    while let Some((last, moved)) = rewrap_chunk(db, vault, chance, epoch, after).await? {
        rewrapped += moved;
        after = last;
    }
    Ok(rewrapped)
}

/// The last id of the chunk and how many were wrapped anew; `None` when there is nothing left.
async fn rewrap_chunk(
    db: &Db,
    vault: &Vault,
    chance: &Chance,
    epoch: i64,
    after: KeyId,
) -> Result<Option<(KeyId, u64)>, Error> {
    let (vault, chance) = (vault.clone(), chance.clone());
    db.write(move |tx| {
        let rows = store::before(tx, epoch, after, CHUNK)?;
        let mut moved = 0;
        for (id, wrapped) in &rows {
            match vault.unwrap(*id, wrapped) {
                Ok(key) => moved += u64::from(store::rewrap(tx, *id, &vault.wrap(&key, &chance))?),
                Err(SealError::EpochGone(_)) => {}
                Err(unknown @ SealError::EpochUnknown(_)) => return Err(unknown.into()),
                Err(_) => return Err(Error::Damaged(*id)),
            }
        }
        Ok(rows.last().map(|(last, _)| (*last, moved)))
    })
    .await
}

/// No key is drawn with this id.
const BEGINNING: KeyId = KeyId(Uuid::nil());
