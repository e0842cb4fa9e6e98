use crate::{Outcome, Tx};
use tasuki_law::nouns::AccountId;
use tasuki_value::Ts;

const KNOWN: &str = "SELECT a.id FROM accounts a
  WHERE a.email_key = $1 AND a.suspended_at IS NULL AND a.closed_at IS NULL
    AND (EXISTS (SELECT 1 FROM devices d WHERE d.account = a.id AND d.token = $2)
      OR EXISTS (SELECT 1 FROM sessions s WHERE s.token = $2 AND s.account = a.id))";
const GIVEN: &str = "SELECT count(*) FROM devices WHERE token = $1";
const REMEMBER: &str = "INSERT INTO devices (account, token, made_at, used_at) VALUES ($1, $2, $3, $3)
  ON CONFLICT (account, token) DO UPDATE SET used_at = $3";
const FORGET_OLD: &str = "DELETE FROM devices WHERE account = $1 AND (used_at < $2 OR token NOT IN
    (SELECT d.token FROM devices d WHERE d.account = $1 ORDER BY d.used_at DESC, d.token LIMIT $3))";

pub const STATEMENTS: &[&str] = &[KNOWN, GIVEN, REMEMBER, FORGET_OLD];

pub fn known(tx: &mut Tx, email_key: &str, device: &[u8; 32]) -> Outcome<Option<AccountId>> {
    Ok(tx.opt::<(AccountId,)>(KNOWN, &[&email_key, &device.as_slice()])?.map(|(account,)| account))
}

/// Whether the house gave this token to any browser.
pub fn given(tx: &mut Tx, device: &[u8; 32]) -> Outcome<bool> {
    Ok(tx.one::<(i64,)>(GIVEN, &[&device.as_slice()])?.0 > 0)
}

pub fn remember(tx: &mut Tx, account: AccountId, device: &[u8; 32]) -> Outcome<()> {
    let now = tx.now();
    tx.exec(REMEMBER, &[&account, &device.as_slice(), &now])?;
    Ok(())
}

pub fn forget_old(tx: &mut Tx, account: AccountId, oldest: Ts, most: i64) -> Outcome<()> {
    tx.exec(FORGET_OLD, &[&account, &oldest, &most])?;
    Ok(())
}
