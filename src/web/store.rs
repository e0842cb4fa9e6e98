//! What the shell shows of the person who looks: their own name, workplace and counts.
//!
//! The one place that looks into several rooms' tables, for counts only.

use crate::{Outcome, Tx, policies};
use tasuki_base::columns;
use tasuki_base::db::list;
use tasuki_law::nouns::{AccountId, Person, TextSize};

// $3: the policies under which a group's own administrators approve.
macro_rules! approvals {
    () => {
        "(SELECT count(*) FROM (
      SELECT i.id FROM seats s JOIN invitations i ON i.facility = s.facility
        WHERE s.account = $1 AND s.ended_at IS NULL AND s.admin_since IS NOT NULL
          AND i.state = 'awaiting_admin_approval' AND i.expires_at > $2
      UNION
      SELECT i.id FROM members m JOIN groups g ON g.id = m.group_id JOIN invitations i ON i.group_id = g.id
          LEFT JOIN facilities f ON f.id = g.facility
        WHERE m.account = $1 AND m.ended_at IS NULL AND m.role = 'admin'
          AND i.state = 'awaiting_admin_approval' AND i.expires_at > $2
          AND (g.kind = 'free' OR f.policy IN (SELECT value FROM json_each($3)))) AS approvals)"
    };
}
macro_rules! received {
    () => {
        "(SELECT count(*) FROM invitations i
      WHERE i.account = $1 AND i.state = 'awaiting_invitee' AND i.expires_at > $2)"
    };
}

const PERSON: &str = concat!(
    "SELECT a.family, a.given, a.text_size,
    (SELECT f.name FROM seats s JOIN facilities f ON f.id = s.facility
      WHERE s.account = a.id AND s.ended_at IS NULL ORDER BY s.joined_at LIMIT 1),
    EXISTS (SELECT 1 FROM seats s WHERE s.account = a.id AND s.ended_at IS NULL AND s.admin_since IS NOT NULL)
      OR EXISTS (SELECT 1 FROM members m JOIN groups g ON g.id = m.group_id LEFT JOIN facilities f ON f.id = g.facility
        WHERE m.account = a.id AND m.ended_at IS NULL AND m.role = 'admin'
          AND (g.kind = 'free' OR f.policy IN (SELECT value FROM json_each($3)))),
    EXISTS (SELECT 1 FROM sessions s WHERE s.id = $4 AND s.phone), ",
    received!(),
    ", ",
    approvals!(),
    " FROM accounts a WHERE a.id = $1"
);
const WAITING: &str = concat!("SELECT ", received!(), ", ", approvals!());
const UNREAD: &str = "SELECT CAST(coalesce(sum(t.seq - r.seq - r.own), 0) AS BIGINT)
  FROM members m JOIN timelines t ON t.group_id = m.group_id
  JOIN reads r ON r.timeline = t.id AND r.account = m.account
  WHERE m.account = $1 AND m.ended_at IS NULL";

pub const STATEMENTS: &[&str] = &[PERSON, WAITING, UNREAD];

pub struct PersonFacts {
    family: String,
    given: String,
    pub size: TextSize,
    pub facility: Option<String>,
    pub admin: bool,
    /// The device of this session is held in a hand.
    pub phone: bool,
    pub received: i64,
    pub approvals: i64,
}
columns!(PersonFacts: family, given, size, facility, admin, phone, received, approvals);

impl PersonFacts {
    pub fn name(&self) -> String {
        [self.family.as_str(), self.given.as_str()].join(" ").trim().to_owned()
    }
}

pub fn person(tx: &mut Tx, person: &Person) -> Outcome<PersonFacts> {
    let (now, by_groups) = (tx.now(), list::texts(policies::approved_by_groups()));
    Ok(tx.one(PERSON, &[&person.account, &now, &by_groups, &person.session])?)
}

/// Unread posts in all places.
pub fn unread(tx: &mut Tx, account: AccountId) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(UNREAD, &[&account])?.0)
}

/// Invitations that wait for the person's answer, and those of others that wait for their approval.
pub fn waiting(tx: &mut Tx, account: AccountId) -> Outcome<(i64, i64)> {
    let (now, by_groups) = (tx.now(), list::texts(policies::approved_by_groups()));
    Ok(tx.one(WAITING, &[&account, &now, &by_groups])?)
}
