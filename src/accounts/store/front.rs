//! What the front page and its streams ask of an account.

use super::SessionRow;
use crate::{Outcome, Tx};
use tasuki_base::db::list;
use tasuki_law::nouns::{AccountId, SessionId};

const SESSION_BY_ID: &str = living_sessions!("s.id = $1");
const SESSIONS_BY_ID: &str = living_sessions!("s.id IN (SELECT unhex(value) FROM json_each($1))");
const CLOSE_HINT: &str = "UPDATE accounts SET hint_closed_at = $2 WHERE id = $1 AND hint_closed_at IS NULL";

const HOLD: &str = "SELECT id FROM accounts WHERE id = $1";

pub const FRONT: &[&str] = &[SESSION_BY_ID, SESSIONS_BY_ID, CLOSE_HINT, HOLD];

/// Locks the account: what it makes is made one after the other.
pub fn hold(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    Ok(tx.lock(HOLD, &[&account])?)
}

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
