use super::{Event, Marks};
use crate::{Outcome, Tx};
use tasuki_base::db::{self, FromRow, Row, list};
use tasuki_law::nouns::EventId;
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO events
  (id, at, kind, account, seat, facility, group_id, patient, subject, other, note, delivered_at, mac)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const UNDELIVERED: &str =
    "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note
  FROM events WHERE delivered_at IS NULL ORDER BY id LIMIT $1";
const AFTER: &str = "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note
  FROM events WHERE id > $1 ORDER BY id LIMIT $2";
const DELIVERED: &str = "UPDATE events SET delivered_at = $2
  WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND delivered_at IS NULL";
const HUSH: &str = "UPDATE events SET delivered_at = at WHERE delivered_at IS NULL";
const WAITING: &str = "SELECT count(*) FROM events WHERE delivered_at IS NULL";
const WAITS: &str = "SELECT id FROM events WHERE delivered_at IS NULL LIMIT 1";

pub const STATEMENTS: &[&str] = &[INSERT, UNDELIVERED, AFTER, DELIVERED, HUSH, WAITING, WAITS];

/// `heard`: nobody is left to hear it once this transaction is durable.
pub fn insert(tx: &mut db::Tx<'_>, marks: &Marks, event: &Event, heard: bool) -> db::Result<()> {
    tx.put(
        INSERT,
        &[
            &event.id,
            &event.at,
            &event.kind,
            &event.account,
            &event.seat,
            &event.facility,
            &event.group,
            &event.patient,
            &event.subject,
            &event.other,
            &event.note,
            &heard.then_some(event.at),
            &marks.event(&event.digest()),
        ],
    )
}

/// The eldest that nobody has heard and no other node is about to hear, so many at most; they are this transaction's
/// from here on.
pub fn undelivered(tx: &mut Tx, limit: i64) -> Outcome<Vec<Event>> {
    Ok(tx.lock_free_rows(UNDELIVERED, &[&limit])?)
}

/// Events after one, by id, so many at most.
pub fn after(tx: &mut Tx, event: EventId, limit: i64) -> Outcome<Vec<Event>> {
    Ok(tx.all(AFTER, &[&event, &limit])?)
}

/// Marks what [`undelivered`] answered.
pub fn mark_delivered(tx: &mut Tx, events: &[Event], at: Ts) -> Outcome<()> {
    let ids = list::ids(events.iter().map(|event| event.id.0));
    Ok(tx.put(DELIVERED, &[&ids, &at])?)
}

pub fn hush(tx: &mut Tx) -> Outcome<()> {
    tx.exec(HUSH, &[])?;
    Ok(())
}

/// Whether anything waits to be heard.
pub fn waits(tx: &mut Tx) -> Outcome<bool> {
    Ok(tx.opt::<(EventId,)>(WAITS, &[])?.is_some())
}

pub fn waiting(tx: &mut Tx) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(WAITING, &[])?.0)
}

impl FromRow for Event {
    fn from_row(row: &Row<'_>) -> Result<Self, db::Error> {
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            kind: row.get(2)?,
            account: row.get(3)?,
            seat: row.get(4)?,
            facility: row.get(5)?,
            group: row.get(6)?,
            patient: row.get(7)?,
            subject: row.get(8)?,
            timeline: None,
            other: row.get(9)?,
            note: row.get(10)?,
        })
    }
}
