//! How often somebody may try something: counted in the database, so that every node counts alike.

mod store;
pub mod table;
#[cfg(test)]
mod tests;

pub(crate) use store::STATEMENTS;
pub use table::Limit;

use crate::{Outcome, Tx};

/// Whether `who` (an address, an account, a mail address: kept as a keyed hash) may try once more, and counts
/// the try.
///
/// Where a refusal must keep the count, ask in a transaction of its own and refuse after it. Where what is counted
/// is only what came about (a mail that goes out), refuse inside: the count goes back with everything else.
pub fn allow(tx: &mut Tx, limit: &Limit, who: &str) -> Outcome<bool> {
    Ok(count(tx, limit, who)? <= limit.most)
}

/// Counts a try and answers how many there were in the present window, this one among them.
pub fn count(tx: &mut Tx, limit: &Limit, who: &str) -> Outcome<i64> {
    let key = hashed(tx, who)?;
    let count = store::count_attempt(tx, limit.bucket, &key, limit.window)?;
    if count == 1 {
        store::sweep_attempts(tx, limit.bucket, limit.window)?;
    }
    Ok(count)
}

/// Counts a try against every line. Where one of them is used up nothing is counted, and the answer is no: a try that
/// was refused harmed nobody.
pub fn allow_all(tx: &mut Tx, lines: &[(&Limit, String)]) -> Outcome<bool> {
    for (number, (limit, who)) in lines.iter().enumerate() {
        if !allow(tx, limit, who)? {
            for (limit, who) in &lines[..=number] {
                give_back(tx, limit, who)?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// How many tries are left in the present window; nothing is counted.
pub fn left(tx: &mut Tx, limit: &Limit, who: &str) -> Outcome<i64> {
    let key = hashed(tx, who)?;
    let spent = store::attempts(tx, limit.bucket, &key, limit.window)?;
    Ok((limit.most - spent).max(0))
}

/// Takes one try back: it did no harm.
pub fn give_back(tx: &mut Tx, limit: &Limit, who: &str) -> Outcome<()> {
    let key = hashed(tx, who)?;
    store::take_back(tx, limit.bucket, &key)
}

/// Forgets the tries of `who`.
pub fn forget(tx: &mut Tx, limit: &Limit, who: &str) -> Outcome<()> {
    let key = hashed(tx, who)?;
    store::forget_attempts(tx, limit.bucket, &key)
}

/// What counts as one mailbox: what stands behind a plus sign leads to the same.
#[must_use]
pub fn mailbox(email_key: &str) -> String {
    match email_key.rsplit_once('@') {
        Some((local, domain)) => {
            let bare = local.split('+').next().filter(|bare| !bare.is_empty()).unwrap_or(local);
            format!("{bare}@{domain}")
        }
        None => email_key.to_owned(),
    }
}

fn hashed(tx: &mut Tx, who: &str) -> Outcome<[u8; 32]> {
    let own = tx.own_key();
    Ok(tx.key(own)?.mac(who.as_bytes()))
}
