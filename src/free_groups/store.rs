use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, GroupId};
use tasuki_value::Ts;

const MINE: &str = "SELECT g.id, g.members, t.last_at, t.seq - r.seq - r.own AS unread
  FROM members m JOIN groups g ON g.id = m.group_id
  JOIN timelines t ON t.group_id = g.id AND t.kind = 'professional'
  JOIN reads r ON r.timeline = t.id AND r.account = m.account
  WHERE m.account = $1 AND m.ended_at IS NULL AND g.kind = 'free' AND g.closed_at IS NULL
  ORDER BY coalesce(t.last_at, g.made_at) DESC, g.id DESC";

pub const STATEMENTS: &[&str] = &[MINE];

/// One of my groups.
pub struct Mine {
    pub group: GroupId,
    pub members: i64,
    pub last_at: Option<Ts>,
    pub unread: i64,
}
columns!(Mine: group, members, last_at, unread);

/// The free groups of an account, the liveliest first.
pub fn mine(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Mine>> {
    Ok(tx.all(MINE, &[&account])?)
}
