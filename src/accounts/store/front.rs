//! What the front page and its streams ask of an account.

use super::SessionRow;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, SessionId};

const SESSION_BY_ID: &str =
    "SELECT s.id AS session, s.account, s.kind AS session_kind, s.phone, s.made_at, s.active_at,
    a.kind, a.operator
  FROM sessions s JOIN accounts a ON a.id = s.account
  WHERE s.id = $1 AND s.ended_at IS NULL AND a.suspended_at IS NULL AND a.closed_at IS NULL";
const HINT: &str = "SELECT photo IS NOT NULL, family_kana <> '' FROM accounts WHERE id = $1";
const CLOSE_HINT: &str = "UPDATE accounts SET hint_closed_at = $2 WHERE id = $1 AND hint_closed_at IS NULL";

pub const FRONT: &[&str] = &[SESSION_BY_ID, HINT, CLOSE_HINT];

pub fn session(tx: &mut Tx, session: SessionId) -> Outcome<Option<SessionRow>> {
    Ok(tx.opt(SESSION_BY_ID, &[&session])?)
}

/// What a profile holds already.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    pub has_photo: bool,
    pub has_kana: bool,
}
columns!(Hint: has_photo, has_kana);

pub fn hint(tx: &mut Tx, account: AccountId) -> Outcome<Hint> {
    Ok(tx.one(HINT, &[&account])?)
}

pub fn close_hint(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(CLOSE_HINT, &[&account, &now])?;
    Ok(())
}
