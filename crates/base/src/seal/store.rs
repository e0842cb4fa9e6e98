//! The data keys' rows. The table comes with the application's migrations; the tests hold the same text.

use super::{KeyId, Wrapped};
use crate::db::{Result, Tx};
use tasuki_value::Ts;

/// Every statement, for the test that prepares them on both engines.
pub const STATEMENTS: &[&str] =
    &[INSERT, FIND, DESTROY, REMEMBER, GONE, OUTSTANDING, REWRAP, BEFORE, PAGE, LATEST];

const INSERT: &str = "INSERT INTO data_keys (id, epoch, wrapped, made_at) VALUES ($1, $2, $3, $4)";
const FIND: &str = "SELECT epoch, wrapped FROM data_keys WHERE id = $1";
const DESTROY: &str = "DELETE FROM data_keys WHERE id = $1 RETURNING epoch";
const REMEMBER: &str =
    "INSERT INTO destroyed_keys (id, epoch, destroyed_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
const GONE: &str = "UPDATE destroyed_keys SET gone_at = $2 WHERE epoch < $1 AND gone_at IS NULL";
const OUTSTANDING: &str = "SELECT COUNT(*) FROM destroyed_keys WHERE gone_at IS NULL";
/// Never back to an older epoch, whoever is late.
const REWRAP: &str = "UPDATE data_keys SET epoch = $2, wrapped = $3 WHERE id = $1 AND epoch < $2";
const BEFORE: &str =
    "SELECT id, epoch, wrapped FROM data_keys WHERE epoch < $1 AND id > $2 ORDER BY id LIMIT $3";
const PAGE: &str = "SELECT id, epoch, wrapped FROM data_keys WHERE id > $1 ORDER BY id LIMIT $2";
const LATEST: &str = "SELECT COALESCE(MAX(epoch), 0) FROM data_keys";

/// A data key's stored form; `None` when it was destroyed, or never was.
///
/// # Errors
/// The database's.
pub fn find(tx: &mut Tx<'_>, id: KeyId) -> Result<Option<Wrapped>> {
    tx.opt(FIND, &[&id])
}

/// Removes a data key: from here on nothing it sealed can be opened, and after the next
/// [`turn`](super::turn()) not with any backup either. Tells whether it was there.
///
/// # Errors
/// The database's.
pub fn destroy(tx: &mut Tx<'_>, id: KeyId, now: Ts) -> Result<bool> {
    let Some((epoch,)) = tx.opt::<(i64,)>(DESTROY, &[&id])? else { return Ok(false) };
    tx.exec(REMEMBER, &[&id, &epoch, &now])?;
    Ok(true)
}

/// How many keys were destroyed since the last [`turn`](super::turn()): of these an older copy would still open.
///
/// # Errors
/// The database's.
pub fn outstanding(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one::<(i64,)>(OUTSTANDING, &[])?.0)
}

/// Every epoch before `epoch` is ended: of what was destroyed under them no copy is left.
pub(super) fn gone(tx: &mut Tx<'_>, epoch: i64, at: Ts) -> Result<()> {
    tx.exec(GONE, &[&epoch, &at]).map(drop)
}

/// Only [`mint`](super::mint()) may add a key: it makes sure that no turn has passed it by.
pub(super) fn insert(tx: &mut Tx<'_>, id: KeyId, wrapped: &Wrapped, now: Ts) -> Result<()> {
    tx.exec(INSERT, &[&id, &wrapped.epoch, &wrapped.bytes, &now]).map(drop)
}

/// Puts a newer wrapping in place of an older one; tells whether it did.
pub(super) fn rewrap(tx: &mut Tx<'_>, id: KeyId, wrapped: &Wrapped) -> Result<bool> {
    Ok(tx.exec(REWRAP, &[&id, &wrapped.epoch, &wrapped.bytes])? == 1)
}

/// Keys of epochs before `epoch`, in the order of their ids.
pub(super) fn before(tx: &mut Tx<'_>, epoch: i64, after: KeyId, most: i64) -> Result<Vec<(KeyId, Wrapped)>> {
    Ok(stored(tx.all(BEFORE, &[&epoch, &after, &most])?))
}

/// All keys, in the order of their ids.
pub(super) fn page(tx: &mut Tx<'_>, after: KeyId, most: i64) -> Result<Vec<(KeyId, Wrapped)>> {
    Ok(stored(tx.all(PAGE, &[&after, &most])?))
}

/// The newest epoch that any key is wrapped by; 0 when there are no keys.
pub(super) fn latest_epoch(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one::<(i64,)>(LATEST, &[])?.0)
}

fn stored(rows: Vec<(KeyId, i64, Vec<u8>)>) -> Vec<(KeyId, Wrapped)> {
    rows.into_iter().map(|(id, epoch, bytes)| (id, Wrapped { epoch, bytes })).collect()
}
