use crate::{Outcome, Tx};
use tasuki_law::nouns::{AccountId, KeptId};

const INSERT: &str =
    "INSERT INTO kept_forms (id, account, device, body, made_at) VALUES ($1, $2, $3, $4, $5)";
const FORGET_OLD: &str = "DELETE FROM kept_forms WHERE account = $1 AND id NOT IN
    (SELECT k.id FROM kept_forms k WHERE k.account = $1 ORDER BY k.id DESC LIMIT $2)";
const ONE: &str = "SELECT body FROM kept_forms WHERE id = $1 AND account = $2 AND device = $3";
const FORGET: &str = "DELETE FROM kept_forms WHERE id = $1";
const FORGET_OWN: &str = "DELETE FROM kept_forms WHERE id = $1 AND account = $2";

pub const STATEMENTS: &[&str] = &[INSERT, FORGET_OLD, ONE, FORGET, FORGET_OWN];

pub fn insert(tx: &mut Tx, id: KeptId, account: AccountId, device: &[u8; 32], body: &[u8]) -> Outcome<()> {
    let now = tx.now();
    tx.exec(INSERT, &[&id, &account, &device.as_slice(), &body, &now])?;
    Ok(())
}

pub fn forget_old(tx: &mut Tx, account: AccountId, most: i64) -> Outcome<()> {
    tx.exec(FORGET_OLD, &[&account, &most])?;
    Ok(())
}

pub fn one(tx: &mut Tx, id: KeptId, account: AccountId, device: &[u8; 32]) -> Outcome<Option<Vec<u8>>> {
    Ok(tx.opt::<(Vec<u8>,)>(ONE, &[&id, &account, &device.as_slice()])?.map(|(body,)| body))
}

pub fn forget(tx: &mut Tx, id: KeptId) -> Outcome<()> {
    tx.exec(FORGET, &[&id])?;
    Ok(())
}

/// Whether there was one of this account.
pub fn forget_own(tx: &mut Tx, id: KeptId, account: AccountId) -> Outcome<bool> {
    Ok(tx.exec(FORGET_OWN, &[&id, &account])? > 0)
}
