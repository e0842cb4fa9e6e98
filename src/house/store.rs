//! The installation's one row.

use crate::{Outcome, Tx};
use tasuki_base::db::{Db, Result};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::AccountId;
use tasuki_value::Ts;

const OWN_KEY: &str = "SELECT data_key FROM house WHERE id = 1";
const KEEP_OWN_KEY: &str =
    "INSERT INTO house (id, data_key, made_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";

const HAS_KEYS: &str = "SELECT id FROM data_keys LIMIT 1";

const SOMEBODY: &str = "SELECT id FROM accounts LIMIT 1";
const FOR_SAMPLE: &str = "UPDATE house SET sample = TRUE WHERE id = 1";

const FACES_CHANGED: &str = "UPDATE house SET faces = faces + 1 WHERE id = 1";

pub const STATEMENTS: &[&str] = &[OWN_KEY, KEEP_OWN_KEY, HAS_KEYS, SOMEBODY, FOR_SAMPLE, FACES_CHANGED];

/// The installation's own data key, if the house was opened before.
pub async fn own_key(db: &Db) -> Result<Option<KeyId>> {
    Ok(db.read(|tx| tx.opt::<(KeyId,)>(OWN_KEY, &[])).await?.map(|(key,)| key))
}

/// Keeps the first key offered; another node may have been quicker.
pub async fn keep_own_key(db: &Db, key: KeyId, now: Ts) -> Result<()> {
    db.write(move |tx| tx.exec(KEEP_OWN_KEY, &[&key, &now])).await.map(drop)
}

/// Whether anything was ever sealed here.
pub async fn has_keys(db: &Db) -> Result<bool> {
    Ok(db.read(|tx| tx.opt::<(KeyId,)>(HAS_KEYS, &[])).await?.is_some())
}

/// Gives an empty house over to made-up people; false, and nothing changed, when anybody lives in it.
pub fn take_for_sample(tx: &mut Tx<'_, '_>) -> Outcome<bool> {
    let empty = tx.opt::<(AccountId,)>(SOMEBODY, &[])?.is_none();
    if empty {
        tx.exec(FOR_SAMPLE, &[])?;
    }
    Ok(empty)
}

/// Somebody got a photo, or has none any more: what is remembered of faces is asked anew.
pub fn faces_changed(tx: &mut Tx<'_, '_>) -> Outcome<()> {
    tx.exec(FACES_CHANGED, &[])?;
    Ok(())
}
