use crate::events::Event;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::db::{self, list};
use tasuki_law::nouns::{AccountId, EventId, EventKind, FacilityId, GroupId, PatientId};
use uuid::Uuid;

const UNCHAINED: &str =
    "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note
  FROM events WHERE block IS NULL ORDER BY id LIMIT $1";
const LAST_BLOCK: &str =
    "SELECT number, first, last, size, hash FROM event_blocks ORDER BY number DESC LIMIT 1";
const INSERT_BLOCK: &str = "INSERT INTO event_blocks (number, first, last, size, hash, made_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const CHAIN: &str = "UPDATE events SET block = $1
  WHERE block IS NULL AND id IN (SELECT unhex(value) FROM json_each($2))";
const BLOCK_FROM: &str =
    "SELECT number, first, last, size, hash FROM event_blocks WHERE number >= $1 ORDER BY number LIMIT 1";
const IN_BLOCK: &str = "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note
  FROM events WHERE id >= $1 AND id <= $2 AND block = $3 ORDER BY id";
const FOREIGN: &str = "SELECT (SELECT count(*) FROM events WHERE block IS NOT NULL)
  - (SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM event_blocks)";

/// What a reader of the record asks of every event.
macro_rules! asked {
    () => {
        "e.id < $2 AND e.id >= $3
      AND (CAST($4 AS TEXT) IS NULL OR e.account IN (SELECT unhex(value) FROM json_each(CAST($4 AS TEXT))))
      AND (CAST($5 AS TEXT) IS NULL OR e.kind IN (SELECT value FROM json_each(CAST($5 AS TEXT))))
      AND (CAST($6 AS TEXT) IS NULL OR e.patient IN (SELECT unhex(value) FROM json_each(CAST($6 AS TEXT))))
    ORDER BY e.id DESC LIMIT $7"
    };
}

/// Somebody of the staff did it, while they worked there.
macro_rules! by_staff {
    () => {
        "EXISTS (SELECT 1 FROM seats s WHERE s.facility = $1 AND s.account = e.account AND s.joined_at <= e.at
        AND (s.ended_at IS NULL OR s.ended_at >= e.at)
        AND (e.seat = s.id OR (e.seat IS NULL AND e.facility IS NULL AND e.group_id IS NULL)))"
    };
}

macro_rules! events {
    ($($which:tt)+) => {
        concat!(
            "SELECT * FROM (
    SELECT e.id, e.at, e.kind, e.account, e.seat, e.facility, e.group_id, e.patient, e.subject, e.other, e.note
    FROM events e WHERE ",
            $($which)+
        )
    };
}

// A facility reads what concerns it, and what its staff did while they worked there: in other facilities'
// places through their seat, or anywhere as themselves (signing in). The indexes hold what has its block; the rest is
// of the last minute.
const RECORD: &str = concat!(
    "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note FROM (
  ",
    events!("e.facility = $1 AND e.block IS NOT NULL AND ", asked!()),
    ") at_facility
  UNION
  ",
    events!(
        "e.account IN (SELECT s.account FROM seats s WHERE s.facility = $1) AND e.block IS NOT NULL AND ",
        by_staff!(),
        " AND ",
        asked!()
    ),
    ") by_staff
  UNION
  ",
    events!("e.block IS NULL AND (e.facility = $1 OR ", by_staff!(), ") AND ", asked!()),
    ") without_block
  ) all_kinds ORDER BY id DESC LIMIT $7"
);
const STAFF_EVER: &str = "SELECT DISTINCT a.id, a.family, a.given, a.family_kana, a.given_kana
  FROM seats s JOIN accounts a ON a.id = s.account WHERE s.facility = $1
  ORDER BY a.family_kana, a.given_kana, a.id";
const PATIENTS: &str =
    "SELECT patient, id FROM groups WHERE facility = $1 AND patient IS NOT NULL ORDER BY id";

pub const STATEMENTS: &[&str] = &[
    UNCHAINED,
    LAST_BLOCK,
    INSERT_BLOCK,
    CHAIN,
    BLOCK_FROM,
    IN_BLOCK,
    FOREIGN,
    RECORD,
    STAFF_EVER,
    PATIENTS,
];

/// One link of the chain.
#[derive(Clone, Debug)]
pub struct Block {
    pub number: i64,
    pub first: EventId,
    pub last: EventId,
    pub size: i64,
    pub hash: Vec<u8>,
}
columns!(Block: number, first, last, size, hash);

pub fn unchained(tx: &mut Tx, most: i64) -> Outcome<Vec<Event>> {
    Ok(tx.all(UNCHAINED, &[&most])?)
}

pub fn last_block(tx: &mut Tx) -> Outcome<Option<Block>> {
    Ok(tx.opt(LAST_BLOCK, &[])?)
}

pub fn insert_block(tx: &mut Tx, block: &Block) -> Outcome<()> {
    let now = tx.now();
    tx.exec(INSERT_BLOCK, &[&block.number, &block.first, &block.last, &block.size, &block.hash, &now])?;
    Ok(())
}

pub fn chain(tx: &mut Tx, block: i64, events: &[Event]) -> Outcome<()> {
    let ids = list::ids(events.iter().map(|event| event.id.0));
    tx.exec(CHAIN, &[&block, &ids])?;
    Ok(())
}

/// The block of this number, or the next one there is. Read without a house: `tasuki doctor` opens none.
pub fn block_from(tx: &mut db::Tx<'_>, number: i64) -> db::Result<Option<Block>> {
    tx.opt(BLOCK_FROM, &[&number])
}

pub fn in_block(tx: &mut db::Tx<'_>, block: &Block) -> db::Result<Vec<Event>> {
    tx.all(IN_BLOCK, &[&block.first, &block.last, &block.number])
}

/// How many events claim a place in the chain that no block gives them.
pub fn foreign(tx: &mut db::Tx<'_>) -> db::Result<i64> {
    Ok(tx.one::<(i64,)>(FOREIGN, &[])?.0)
}

/// What a reader of the record asks for.
pub struct Asked {
    pub facility: FacilityId,
    /// Only what is older than this.
    pub before: Uuid,
    /// Nothing older than this.
    pub from: Uuid,
    pub account: Option<AccountId>,
    pub kinds: Option<&'static [EventKind]>,
    pub patient: Option<PatientId>,
    pub most: i64,
}

pub fn record(tx: &mut Tx, asked: &Asked) -> Outcome<Vec<Event>> {
    let account = asked.account.map(|account| list::ids([account.0]));
    let kinds = asked.kinds.map(|kinds| list::texts(kinds.iter().map(|kind| kind.code())));
    let patient = asked.patient.map(|patient| list::ids([patient.0]));
    let args: [&dyn tasuki_value::Bind; 7] =
        [&asked.facility, &asked.before, &asked.from, &account, &kinds, &patient, &asked.most];
    Ok(tx.all(RECORD, &args)?)
}

/// Everyone who works or worked at a facility.
pub fn staff_ever(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<(AccountId, String)>> {
    type Person = (AccountId, String, String, String, String);
    let people = tx.all::<Person>(STAFF_EVER, &[&facility])?;
    let named = |(id, family, given, _, _): Person| (id, format!("{family} {given}").trim().to_owned());
    Ok(people.into_iter().map(named).collect())
}

/// The patients whose originating facility this is, and their groups.
pub fn patients(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<(PatientId, GroupId)>> {
    Ok(tx.all(PATIENTS, &[&facility])?)
}
