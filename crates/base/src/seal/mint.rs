//! From a data key's row to the key, and the other way.

use super::{DataKey, Error, KeyId, SealError, Vault, VaultError, store};
use crate::Chance;
use crate::db::{Db, Tx};
use tasuki_value::Ts;

/// A new data key, durable when this returns: only then may it seal.
///
/// # Errors
/// The database's or the keyring's. A row may then be left that no one uses.
pub async fn mint(db: &Db, vault: &Vault, chance: &Chance, now: Ts) -> Result<DataKey, Error> {
    let (key, wrapped) = vault.mint(chance);
    let id = key.id();
    let mut epoch = wrapped.epoch;
    db.write(move |tx| store::insert(tx, id, &wrapped, now)).await?;
    // A turn that began before the row was there may not have seen it. Its epoch is in the keyring, though:
    // the turn writes that before it looks for rows, and this looks there after writing the row.
    loop {
        if on_disk(vault, Vault::refresh).await? == epoch {
            return Ok(key);
        }
        let wrapped = vault.wrap(&key, chance);
        epoch = wrapped.epoch;
        db.write(move |tx| store::rewrap(tx, id, &wrapped)).await?;
    }
}

/// The data key of this id. The row is asked each time, so that a destroyed key opens nothing from that
/// moment on.
///
/// # Errors
/// [`SealError::Destroyed`] when there is no row, the others of [`Vault::unwrap`], and the database's.
pub fn unlock(tx: &mut Tx<'_>, vault: &Vault, id: KeyId) -> Result<DataKey, Error> {
    let wrapped = store::find(tx, id)?.ok_or(SealError::Destroyed)?;
    Ok(vault.unwrap(id, &wrapped)?)
}

/// Lets a vault touch its files, away from the threads that others wait for.
pub(super) async fn on_disk<T: Send + 'static>(
    vault: &Vault,
    work: impl FnOnce(&Vault) -> Result<T, VaultError> + Send + 'static,
) -> Result<T, Error> {
    let vault = vault.clone();
    match tokio::task::spawn_blocking(move || work(&vault)).await {
        Ok(outcome) => outcome.map_err(Error::Vault),
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}
