use crate::{Outcome, Tx};
use tasuki_base::db::list;
use tasuki_law::nouns::{AccountId, GroupId, PostId, TimelineId};
use tasuki_value::Ts;
use uuid::Uuid;

const MAILBOX: &str = "SELECT email, family, given FROM accounts
  WHERE id = $1 AND suspended_at IS NULL AND closed_at IS NULL";

const INSERT_HELD: &str = "INSERT INTO held_mails (id, letter, made_at) VALUES ($1, $2, $3)";
const DROP_HELD: &str = "DELETE FROM held_mails WHERE made_at < $1";
const HELD: &str = "SELECT id, letter, made_at FROM held_mails ORDER BY id DESC LIMIT $1";

const TIMELINE_OF: &str = "SELECT timeline FROM posts WHERE id = $1";
const NEWEST_POST: &str = "SELECT posted_at FROM posts WHERE timeline = $1 ORDER BY seq DESC LIMIT 1";
// Told once, a person is told again only after having read, or looked, since.
const UNREAD_SINCE: &str = "SELECT m.account
  FROM timelines t
  JOIN members m ON m.group_id = t.group_id AND m.ended_at IS NULL
  JOIN accounts a ON a.id = m.account AND a.suspended_at IS NULL AND a.closed_at IS NULL
  JOIN reads r ON r.timeline = t.id AND r.account = m.account
  WHERE t.id = $1
    AND (r.mailed_seq <= r.seq OR r.looked_at > $3 +
      (SELECT told.posted_at FROM posts told WHERE told.timeline = t.id AND told.seq = r.mailed_seq))
    AND EXISTS (SELECT 1 FROM posts p
      WHERE p.timeline = t.id AND p.seq > r.seq AND p.seq > r.mailed_seq
        AND p.author <> m.account AND p.removed_at IS NULL AND p.posted_at <= $2)
  ORDER BY m.account";
const NOTE_MAILED: &str = "UPDATE reads SET mailed_seq = (SELECT t.seq FROM timelines t WHERE t.id = $1)
  WHERE timeline = $1 AND account IN (SELECT unhex(value) FROM json_each($2))";
const UNREAD_PLACE: &str = "SELECT t.group_id
  FROM timelines t JOIN reads r ON r.timeline = t.id AND r.account = $2
  WHERE t.id = $1 AND t.seq - r.seq - r.own > 0";

pub const STATEMENTS: &[&str] = &[
    MAILBOX,
    INSERT_HELD,
    DROP_HELD,
    HELD,
    TIMELINE_OF,
    NEWEST_POST,
    UNREAD_SINCE,
    NOTE_MAILED,
    UNREAD_PLACE,
];

/// Address, family and given name of an account that may act.
pub fn mailbox(tx: &mut Tx, account: AccountId) -> Outcome<Option<(String, String, String)>> {
    Ok(tx.opt(MAILBOX, &[&account])?)
}

pub fn insert_held(tx: &mut Tx, id: Uuid, letter: &[u8]) -> Outcome<()> {
    let now = tx.now();
    tx.exec(INSERT_HELD, &[&id, &letter, &now])?;
    Ok(())
}

pub fn drop_held_before(tx: &mut Tx, oldest: Ts) -> Outcome<()> {
    tx.exec(DROP_HELD, &[&oldest])?;
    Ok(())
}

pub fn held(tx: &mut Tx, limit: i64) -> Outcome<Vec<(Uuid, Vec<u8>, Ts)>> {
    Ok(tx.all(HELD, &[&limit])?)
}

pub fn timeline_of(tx: &mut Tx, post: PostId) -> Outcome<Option<TimelineId>> {
    Ok(tx.opt::<(TimelineId,)>(TIMELINE_OF, &[&post])?.map(|(timeline,)| timeline))
}

pub fn newest_post_at(tx: &mut Tx, timeline: TimelineId) -> Outcome<Option<Ts>> {
    Ok(tx.opt::<(Ts,)>(NEWEST_POST, &[&timeline])?.map(|(at,)| at))
}

/// Members with a post of somebody else unread that was there at `then`, who were not told of it yet. A look counts
/// as one since the last mail when it was more than `patience` after the newest post the mail told of.
pub fn unread_since(tx: &mut Tx, timeline: TimelineId, then: Ts, patience: i64) -> Outcome<Vec<AccountId>> {
    let found = tx.all::<(AccountId,)>(UNREAD_SINCE, &[&timeline, &then, &patience])?;
    Ok(found.into_iter().map(|(account,)| account).collect())
}

pub fn note_mailed(tx: &mut Tx, timeline: TimelineId, accounts: &[AccountId]) -> Outcome<()> {
    let accounts = list::ids(accounts.iter().map(|account| account.0));
    tx.exec(NOTE_MAILED, &[&timeline, &accounts])?;
    Ok(())
}

/// The place of a timeline in which the person has something unread.
pub fn unread_place(tx: &mut Tx, timeline: TimelineId, account: AccountId) -> Outcome<Option<GroupId>> {
    Ok(tx.opt::<(GroupId,)>(UNREAD_PLACE, &[&timeline, &account])?.map(|(group,)| group))
}
