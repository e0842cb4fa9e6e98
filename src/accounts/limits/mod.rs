//! How often somebody may try something: counted in the database, so that every node counts alike.

mod store;

pub(crate) use store::STATEMENTS;

use crate::{Outcome, Tx};

/// Whether `who` (an address, an account, a mail address: kept as a keyed hash) may try once more, and counts
/// the try: at most `limit` of them in a window of `window` microseconds.
///
/// Ask in a transaction of its own and refuse after it: a refusal inside would take the count back.
pub fn allow(tx: &mut Tx, bucket: &str, who: &str, limit: i64, window: i64) -> Outcome<bool> {
    let key = hashed(tx, who)?;
    let count = store::count_attempt(tx, bucket, &key, window)?;
    if count == 1 {
        store::sweep_attempts(tx, bucket, window)?;
    }
    Ok(count <= limit)
}

/// Forgets the tries of `who`: the right password was given.
pub fn forget(tx: &mut Tx, bucket: &str, who: &str) -> Outcome<()> {
    let key = hashed(tx, who)?;
    store::forget_attempts(tx, bucket, &key)
}

fn hashed(tx: &mut Tx, who: &str) -> Outcome<[u8; 32]> {
    let own = tx.own_key();
    Ok(tx.key(own)?.mac(who.as_bytes()))
}
