use crate::events::{Event, Written};
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::db::{self, list};
use tasuki_law::nouns::{AccountId, EventId, EventKind, FacilityId, GroupId, PatientId};
use tasuki_value::Ts;
use uuid::Uuid;

/// An event as it lies there, whoever put it there.
macro_rules! written {
    ($rest:literal) => {
        concat!(
            "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note, mac FROM events
  WHERE ",
            $rest
        )
    };
}
macro_rules! block {
    ($rest:literal) => {
        concat!("SELECT number, first, last, size, hash, made_at, mac FROM event_blocks ", $rest)
    };
}

const UNCHAINED: &str = written!("block IS NULL AND id > $2 ORDER BY id LIMIT $1");
const LAST_BLOCK: &str = block!("ORDER BY number DESC LIMIT 1");
const BLOCK_AT: &str = block!("WHERE number = $1");
const BLOCK_FROM: &str = block!("WHERE number >= $1 ORDER BY number LIMIT 1");
const MARKED_BLOCK: &str = block!("WHERE mac IS NOT NULL ORDER BY number LIMIT 1");
const INSERT_BLOCK: &str = "INSERT INTO event_blocks (number, first, last, size, hash, made_at, mac)
  VALUES ($1, $2, $3, $4, $5, $6, $7)";
const CHAIN: &str = "UPDATE events SET block = $1
  WHERE block IS NULL AND id IN (SELECT unhex(value) FROM json_each($2))";
const IN_BLOCK: &str = written!("id >= $1 AND id <= $2 AND block = $3 ORDER BY id");
const CLAIMED: &str = "SELECT (SELECT count(*) FROM events WHERE block <= $1)
  + (SELECT count(*) FROM events WHERE block > (SELECT coalesce(max(number), 0) FROM event_blocks))";
const THERE: &str = "SELECT count(*) FROM events WHERE id IN (SELECT unhex(value) FROM json_each($1))";
const WITHOUT_BLOCK: &str =
    "SELECT id FROM events WHERE id IN (SELECT unhex(value) FROM json_each($1)) AND block IS NULL";
const ACCEPTED: &str = "SELECT count(*) FROM events WHERE kind IN ('record_accepted', 'restored')";

/// What a reader of the record asks of every event.
macro_rules! asked {
    () => {
        "e.id < $2 AND e.id >= $3
      AND (CAST($4 AS TEXT) IS NULL OR coalesce(e.account, e.other) IN
        (SELECT unhex(value) FROM json_each(CAST($4 AS TEXT))))
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

/// Somebody who was not signed in tried something with an account of the staff.
macro_rules! about_staff {
    () => {
        "e.account IS NULL AND e.facility IS NULL AND e.group_id IS NULL
        AND e.kind IN ('sign_in_failed', 'sign_in_held', 'password_reset_asked')
        AND EXISTS (SELECT 1 FROM seats s WHERE s.facility = $1 AND s.account = e.other AND s.joined_at <= e.at
        AND (s.ended_at IS NULL OR s.ended_at >= e.at))"
    };
}

/// The operator did it, with all that the house keeps.
macro_rules! by_operator {
    () => {
        "e.account IS NULL AND e.facility IS NULL AND e.kind IN ('house_started', 'database_migrated', 'backup_made',
        'backup_pruned', 'backup_verified', 'restored', 'house_examined', 'keys_seen', 'master_rotated', 'epoch_turned',
        'keyring_moved', 'key_sheet_written', 'key_sheet_checked', 'master_recovered', 'record_sealed',
        'record_accepted', 'record_seen', 'events_missing')"
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
    events!(
        "e.other IN (SELECT s.account FROM seats s WHERE s.facility = $1) AND e.block IS NOT NULL AND ",
        about_staff!(),
        " AND ",
        asked!()
    ),
    ") about_staff
  UNION
  ",
    events!("e.block IS NOT NULL AND ", by_operator!(), " AND ", asked!()),
    ") by_operator
  UNION
  ",
    events!(
        "e.block IS NULL AND (e.facility = $1 OR (",
        by_staff!(),
        ") OR (",
        about_staff!(),
        ") OR (",
        by_operator!(),
        ")) AND ",
        asked!()
    ),
    ") without_block
  ) all_kinds ORDER BY id DESC LIMIT $7"
);
// What a person did, and what was tried with their account. The indexes hold what has its block.
const OWN: &str = "SELECT id, at, kind, account, seat, facility, group_id, patient, subject, other, note FROM (
  SELECT * FROM (SELECT e.* FROM events e WHERE e.account = $1 AND e.block IS NOT NULL AND e.id < $2
    ORDER BY e.id DESC LIMIT $3) did
  UNION ALL
  SELECT * FROM (SELECT e.* FROM events e WHERE e.other = $1 AND e.account IS NULL AND e.block IS NOT NULL AND e.id < $2
    AND e.kind IN ('sign_in_failed', 'sign_in_held', 'password_reset_asked') ORDER BY e.id DESC LIMIT $3) tried
  UNION ALL
  SELECT * FROM (SELECT e.* FROM events e WHERE e.block IS NULL AND e.id < $2 AND (e.account = $1
    OR (e.other = $1 AND e.account IS NULL AND e.kind IN ('sign_in_failed', 'sign_in_held', 'password_reset_asked')))
    ORDER BY e.id DESC LIMIT $3) without_block
  ) both_kinds ORDER BY id DESC LIMIT $3";
const STAFF_EVER: &str = "SELECT DISTINCT a.id, a.family, a.given, a.family_kana, a.given_kana
  FROM seats s JOIN accounts a ON a.id = s.account WHERE s.facility = $1
  ORDER BY a.family_kana, a.given_kana, a.id";
const PATIENTS: &str =
    "SELECT patient, id FROM groups WHERE facility = $1 AND patient IS NOT NULL ORDER BY id";

pub const STATEMENTS: &[&str] = &[
    UNCHAINED,
    LAST_BLOCK,
    BLOCK_AT,
    BLOCK_FROM,
    MARKED_BLOCK,
    INSERT_BLOCK,
    CHAIN,
    IN_BLOCK,
    CLAIMED,
    THERE,
    WITHOUT_BLOCK,
    ACCEPTED,
    RECORD,
    OWN,
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
    pub made_at: Ts,
    /// The house's mark on all of it; none on blocks from before there were marks.
    pub mac: Option<Vec<u8>>,
}
columns!(Block: number, first, last, size, hash, made_at, mac);

/// What has no block, after one of these, so many at most. Read without a house: `tasuki doctor` opens none.
pub fn unchained(tx: &mut db::Tx<'_>, after: EventId, most: i64) -> db::Result<Vec<Written>> {
    tx.all(UNCHAINED, &[&most, &after])
}

pub fn last_block(tx: &mut db::Tx<'_>) -> db::Result<Option<Block>> {
    tx.opt(LAST_BLOCK, &[])
}

pub fn block_at(tx: &mut db::Tx<'_>, number: i64) -> db::Result<Option<Block>> {
    tx.opt(BLOCK_AT, &[&number])
}

/// The first that bears a mark.
pub fn marked_block(tx: &mut db::Tx<'_>) -> db::Result<Option<Block>> {
    tx.opt(MARKED_BLOCK, &[])
}

pub fn insert_block(tx: &mut db::Tx<'_>, block: &Block) -> db::Result<()> {
    let Block { number, first, last, size, hash, made_at, mac } = block;
    tx.exec(INSERT_BLOCK, &[number, first, last, size, hash, made_at, mac]).map(drop)
}

/// Gives events their block; answers how many got it.
pub fn chain(tx: &mut db::Tx<'_>, block: i64, events: &[Written]) -> db::Result<u64> {
    let ids = list::ids(events.iter().map(|event| event.id.0));
    tx.exec(CHAIN, &[&block, &ids])
}

/// The block of this number, or the next one there is.
pub fn block_from(tx: &mut db::Tx<'_>, number: i64) -> db::Result<Option<Block>> {
    tx.opt(BLOCK_FROM, &[&number])
}

pub fn in_block(tx: &mut db::Tx<'_>, block: &Block) -> db::Result<Vec<Written>> {
    tx.all(IN_BLOCK, &[&block.first, &block.last, &block.number])
}

/// How many events claim a place in the chain up to this block, or in one that there is not.
pub fn claimed(tx: &mut db::Tx<'_>, until: i64) -> db::Result<i64> {
    Ok(tx.one::<(i64,)>(CLAIMED, &[&until])?.0)
}

/// How many of these stand in the chronicle.
pub fn there(tx: &mut db::Tx<'_>, ids: &[Uuid]) -> db::Result<i64> {
    Ok(tx.one::<(i64,)>(THERE, &[&list::ids(ids.iter().copied())])?.0)
}

/// Which of these wait for their block.
pub fn without_block(tx: &mut db::Tx<'_>, ids: &[Uuid]) -> db::Result<Vec<Uuid>> {
    let rows = tx.all::<(Uuid,)>(WITHOUT_BLOCK, &[&list::ids(ids.iter().copied())])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How often the operator has said that the record goes on from where it is.
pub fn accepted(tx: &mut db::Tx<'_>) -> db::Result<i64> {
    Ok(tx.one::<(i64,)>(ACCEPTED, &[])?.0)
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

/// What a person did, older than an event, so many at most.
pub fn own(tx: &mut Tx, account: AccountId, before: Uuid, most: i64) -> Outcome<Vec<Event>> {
    Ok(tx.all(OWN, &[&account, &before, &most])?)
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
