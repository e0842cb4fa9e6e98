//! What the front page and its streams ask of an account.

use super::SessionRow;
use crate::{Outcome, Tx};
use tasuki_base::db::list;
use tasuki_law::nouns::{AccountId, SessionId};

const SESSION_BY_ID: &str =
    "SELECT s.id AS session, s.account, s.kind AS session_kind, s.phone, s.made_at, s.active_at,
    a.kind, a.operator
  FROM sessions s JOIN accounts a ON a.id = s.account
  WHERE s.id = $1 AND s.ended_at IS NULL AND a.suspended_at IS NULL AND a.closed_at IS NULL";
const SESSIONS_BY_ID: &str =
    "SELECT s.id AS session, s.account, s.kind AS session_kind, s.phone, s.made_at, s.active_at,
    a.kind, a.operator
  FROM sessions s JOIN accounts a ON a.id = s.account
  WHERE s.id IN (SELECT unhex(value) FROM json_each($1))
    AND s.ended_at IS NULL AND a.suspended_at IS NULL AND a.closed_at IS NULL";
const CLOSE_HINT: &str = "UPDATE accounts SET hint_closed_at = $2 WHERE id = $1 AND hint_closed_at IS NULL";

pub const FRONT: &[&str] = &[SESSION_BY_ID, SESSIONS_BY_ID, CLOSE_HINT];

pub fn session(tx: &mut Tx, session: SessionId) -> Outcome<Option<SessionRow>> {
    Ok(tx.opt(SESSION_BY_ID, &[&session])?)
}

/// Those of these sessions that were not ended.
pub fn sessions_by_id(tx: &mut Tx, sessions: impl Iterator<Item = SessionId>) -> Outcome<Vec<SessionRow>> {
    let sessions = list::ids(sessions.map(|session| session.0));
    Ok(tx.all(SESSIONS_BY_ID, &[&sessions])?)
}

pub fn close_hint(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(CLOSE_HINT, &[&account, &now])?;
    Ok(())
}
