//! What the shell shows of the person who looks: their own name, workplace and counts.
//!
//! The one place that looks into several rooms' tables, for counts only.

use super::unread;
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

macro_rules! all_unread {
    () => {
        concat!(
            "(SELECT CAST(coalesce(sum(",
            unread!(),
            "), 0) AS BIGINT)
    FROM members m JOIN timelines t ON t.group_id = m.group_id
    JOIN reads r ON r.timeline = t.id AND r.account = m.account
    WHERE m.account = $1 AND m.ended_at IS NULL)"
        )
    };
}
macro_rules! person {
    ($unread:expr) => {
        concat!(
            "SELECT a.family, a.given, a.text_size,
    (SELECT f.name FROM seats s JOIN facilities f ON f.id = s.facility
      WHERE s.account = a.id AND s.ended_at IS NULL ORDER BY s.joined_at LIMIT 1),
    EXISTS (SELECT 1 FROM seats s WHERE s.account = a.id AND s.ended_at IS NULL AND s.admin_since IS NOT NULL),
    EXISTS (SELECT 1 FROM members m JOIN groups g ON g.id = m.group_id LEFT JOIN facilities f ON f.id = g.facility
        WHERE m.account = a.id AND m.ended_at IS NULL AND m.role = 'admin'
          AND (g.kind = 'free' OR f.policy IN (SELECT value FROM json_each($3)))),
    EXISTS (SELECT 1 FROM sessions s WHERE s.id = $4 AND s.phone),
    a.photo IS NOT NULL, a.family_kana <> '', a.hint_closed_at IS NOT NULL, ",
            received!(),
            ", ",
            approvals!(),
            ", ",
            $unread,
            " FROM accounts a WHERE a.id = $1"
        )
    };
}

const PERSON: &str = person!(all_unread!());
/// For a page that has summed up already what is unread.
const PERSON_ALONE: &str = person!("CAST(0 AS BIGINT)");
const WAITING: &str = concat!("SELECT ", received!(), ", ", approvals!());
const UNREAD: &str = concat!("SELECT ", all_unread!());

pub const STATEMENTS: &[&str] = &[PERSON, PERSON_ALONE, WAITING, UNREAD];

pub struct PersonFacts {
    family: String,
    given: String,
    pub size: TextSize,
    pub facility: Option<String>,
    /// Administers a workplace.
    pub office: bool,
    /// Administers a group whose invitations its own administrators approve.
    pub groups: bool,
    /// The device of this session is held in a hand.
    pub phone: bool,
    pub has_photo: bool,
    pub has_kana: bool,
    /// Wants to hear no more of what a profile lacks.
    pub hint_closed: bool,
    pub received: i64,
    pub approvals: i64,
    /// Posts, in all places; 0 where it was not asked.
    pub unread: i64,
}
columns!(PersonFacts: family, given, size, facility, office, groups, phone, has_photo, has_kana, hint_closed, received, approvals, unread);

impl PersonFacts {
    pub fn name(&self) -> String {
        [self.family.as_str(), self.given.as_str()].join(" ").trim().to_owned()
    }
}

/// `unread`: with the sum of what is unread.
pub fn person(tx: &mut Tx, person: &Person, unread: bool) -> Outcome<PersonFacts> {
    let (now, by_groups) = (tx.now(), list::texts(policies::approved_by_groups()));
    let text = if unread { PERSON } else { PERSON_ALONE };
    Ok(tx.one(text, &[&person.account, &now, &by_groups, &person.session])?)
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
