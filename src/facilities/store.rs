use super::Details;
use crate::house::cell;
use crate::policies;
use crate::web::face;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, FacilityId, FacilityType, GroupId, Profession, SeatId, UploadId};
use tasuki_law::rules::MySeat;
use tasuki_law::rules::facility::TheirSeat;
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO facilities
  (id, name, type, postal_code, data_key, details, policy, group_id, made_at, made_by, vouched_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const CARD: &str = "SELECT id, name, type, postal_code, data_key, policy, group_id, vouched_at
  FROM facilities WHERE id = $1";
const DETAILS: &str = "SELECT details FROM facilities WHERE id = $1";
const CHANGE: &str =
    "UPDATE facilities SET name = $2, type = $3, postal_code = $4, details = $5 WHERE id = $1";
const AT_POSTAL_CODE: &str = "SELECT id, name, type, postal_code, data_key, policy, group_id, vouched_at
  FROM facilities WHERE postal_code = $1 ORDER BY name LIMIT 50";

const INSERT_SEAT: &str = "INSERT INTO seats (id, account, facility, profession, admin_since, joined_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const SEAT_AT: &str = "SELECT id, facility, admin_since IS NOT NULL FROM seats
  WHERE account = $1 AND facility = $2 AND ended_at IS NULL";
const THEIR_SEAT: &str =
    "SELECT facility, account, admin_since IS NOT NULL, ended_at IS NOT NULL FROM seats WHERE id = $1";
const ADMINS: &str =
    "SELECT count(*) FROM seats WHERE facility = $1 AND ended_at IS NULL AND admin_since IS NOT NULL";
const SEAT: &str =
    "SELECT s.id AS seat, s.account, s.facility, f.name AS facility_name, f.type AS facility_type,
    a.family, a.given, a.family_kana, a.given_kana, s.profession, a.photo,
    s.admin_since IS NOT NULL AS admin, s.joined_at, f.vouched_at
  FROM seats s JOIN facilities f ON f.id = s.facility JOIN accounts a ON a.id = s.account WHERE s.id = $1";
const SEATS_OF: &str =
    "SELECT s.id AS seat, s.account, s.facility, f.name AS facility_name, f.type AS facility_type,
    a.family, a.given, a.family_kana, a.given_kana, s.profession, a.photo,
    s.admin_since IS NOT NULL AS admin, s.joined_at, f.vouched_at
  FROM seats s JOIN facilities f ON f.id = s.facility JOIN accounts a ON a.id = s.account
  WHERE s.account = $1 AND s.ended_at IS NULL ORDER BY s.joined_at, s.id";
const STAFF: &str =
    "SELECT s.id AS seat, s.account, s.facility, f.name AS facility_name, f.type AS facility_type,
    a.family, a.given, a.family_kana, a.given_kana, s.profession, a.photo,
    s.admin_since IS NOT NULL AS admin, s.joined_at, f.vouched_at
  FROM seats s JOIN facilities f ON f.id = s.facility JOIN accounts a ON a.id = s.account
  WHERE s.facility = $1 AND s.ended_at IS NULL
  ORDER BY s.admin_since IS NULL, a.family_kana, a.given_kana, s.id";
const END_SEAT: &str =
    "UPDATE seats SET ended_at = $2, ended_by = $3, admin_since = NULL WHERE id = $1 AND ended_at IS NULL";
const LOCK: &str = "SELECT id FROM facilities WHERE id = $1";
const HOLD_SEAT: &str = "SELECT ended_at IS NULL FROM seats WHERE id = $1";
const SET_ADMIN: &str = "UPDATE seats SET admin_since = $2 WHERE id = $1 AND ended_at IS NULL";

const SET_PROFESSION: &str = "UPDATE seats SET profession = $3
  WHERE account = $1 AND profession = $2 AND ended_at IS NULL";

pub const STATEMENTS: &[&str] = &[
    INSERT,
    CARD,
    DETAILS,
    CHANGE,
    AT_POSTAL_CODE,
    INSERT_SEAT,
    SEAT_AT,
    THEIR_SEAT,
    ADMINS,
    SEAT,
    SEATS_OF,
    STAFF,
    END_SEAT,
    LOCK,
    HOLD_SEAT,
    SET_ADMIN,
    SET_PROFESSION,
];

/// What every page may show of a facility.
#[derive(Clone, Debug)]
pub struct FacilityCard {
    pub id: FacilityId,
    pub name: String,
    pub kind: FacilityType,
    pub postal_code: String,
    pub data_key: KeyId,
    /// Whose rules it follows: a code of `policies/`.
    pub policy: String,
    /// Its workplace group.
    pub group: GroupId,
    /// None: 未確認.
    pub vouched_at: Option<Ts>,
}
columns!(FacilityCard: id, name, kind, postal_code, data_key, policy, group, vouched_at);

/// A seat with the person and the place it joins.
#[derive(Clone, Debug)]
pub struct SeatCard {
    pub seat: SeatId,
    pub account: AccountId,
    pub facility: FacilityId,
    pub facility_name: String,
    pub facility_type: FacilityType,
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub profession: Profession,
    pub photo: Option<UploadId>,
    pub admin: bool,
    pub joined_at: Ts,
    pub vouched_at: Option<Ts>,
}
columns!(SeatCard: seat, account, facility, facility_name, facility_type, family, given, family_kana,
    given_kana, profession, photo, admin, joined_at, vouched_at);

impl SeatCard {
    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// 「もりやま みどり」, empty when it was not given.
    #[must_use]
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana).trim().to_owned()
    }

    /// What stands in the round face where there is no photo.
    #[must_use]
    pub fn initial(&self) -> String {
        text::initial(&self.family)
    }

    /// The colour of the round face.
    #[must_use]
    pub fn tint(&self) -> u8 {
        face::tint(self.profession)
    }

    /// Where the photo is; empty when there is none.
    #[must_use]
    pub fn photo_url(&self) -> String {
        face::photo(self.account, self.photo)
    }
}

pub struct NewFacility<'a> {
    pub id: FacilityId,
    pub name: &'a str,
    pub kind: FacilityType,
    pub postal_code: &'a str,
    pub data_key: KeyId,
    pub details: &'a Details,
    pub policy: &'a str,
    pub group: GroupId,
    pub made_by: AccountId,
}

pub fn insert(tx: &mut Tx, new: &NewFacility<'_>) -> Outcome<()> {
    let now = tx.now();
    // Where no office confirms facilities none is unconfirmed.
    let vouched = (!policies::of(new.policy).office).then_some(now);
    let details = tx.seal_json(new.data_key, cell("facilities", "details", new.id.0), new.details)?;
    tx.exec(
        INSERT,
        &[
            &new.id,
            &new.name,
            &new.kind,
            &new.postal_code,
            &new.data_key,
            &details,
            &new.policy,
            &new.group,
            &now,
            &new.made_by,
            &vouched,
        ],
    )?;
    Ok(())
}

pub fn card(tx: &mut Tx, facility: FacilityId) -> Outcome<FacilityCard> {
    Ok(tx.one(CARD, &[&facility])?)
}

pub fn details(tx: &mut Tx, facility: FacilityId) -> Outcome<Details> {
    let (sealed,) = tx.one::<(Vec<u8>,)>(DETAILS, &[&facility])?;
    tx.open_json(cell("facilities", "details", facility.0), &sealed)
}

pub fn change(tx: &mut Tx, card: &FacilityCard, details: &Details) -> Outcome<()> {
    let sealed = tx.seal_json(card.data_key, cell("facilities", "details", card.id.0), details)?;
    tx.exec(CHANGE, &[&card.id, &card.name, &card.kind, &card.postal_code, &sealed])?;
    Ok(())
}

/// The one thing the public may look up.
pub fn at_postal_code(tx: &mut Tx, code: &str) -> Outcome<Vec<FacilityCard>> {
    Ok(tx.all(AT_POSTAL_CODE, &[&code])?)
}

pub fn insert_seat(
    tx: &mut Tx,
    seat: SeatId,
    account: AccountId,
    facility: FacilityId,
    profession: Profession,
    admin: bool,
) -> Outcome<()> {
    let now = tx.now();
    let admin_since = admin.then_some(now);
    tx.exec(INSERT_SEAT, &[&seat, &account, &facility, &profession, &admin_since, &now])?;
    Ok(())
}

pub fn seat_at(tx: &mut Tx, account: AccountId, facility: FacilityId) -> Outcome<Option<MySeat>> {
    let found = tx.opt::<(SeatId, FacilityId, bool)>(SEAT_AT, &[&account, &facility])?;
    Ok(found.map(|(seat, facility, admin)| MySeat { seat, facility, admin }))
}

pub fn their_seat(tx: &mut Tx, seat: SeatId) -> Outcome<(FacilityId, TheirSeat)> {
    let (facility, account, admin, ended) = tx.one(THEIR_SEAT, &[&seat])?;
    Ok((facility, TheirSeat { seat, account, admin, ended }))
}

pub fn admins(tx: &mut Tx, facility: FacilityId) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(ADMINS, &[&facility])?.0)
}

pub fn seat(tx: &mut Tx, seat: SeatId) -> Outcome<SeatCard> {
    Ok(tx.one(SEAT, &[&seat])?)
}

pub fn seats_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<SeatCard>> {
    Ok(tx.all(SEATS_OF, &[&account])?)
}

pub fn staff(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<SeatCard>> {
    Ok(tx.all(STAFF, &[&facility])?)
}

/// Whether the seat was living until now.
pub fn end_seat(tx: &mut Tx, seat: SeatId, by: AccountId) -> Outcome<bool> {
    let now = tx.now();
    Ok(tx.exec(END_SEAT, &[&seat, &now, &by])? == 1)
}

/// Locks the facility until the transaction ends.
pub fn lock(tx: &mut Tx, facility: FacilityId) -> Outcome<()> {
    tx.lock_rows::<(FacilityId,)>(LOCK, &[&facility])?;
    Ok(())
}

/// Locks the seat until the transaction ends; whether it is living.
pub fn hold_seat(tx: &mut Tx, seat: SeatId) -> Outcome<bool> {
    Ok(tx.lock_rows::<(bool,)>(HOLD_SEAT, &[&seat])?.pop().is_some_and(|(living,)| living))
}

pub fn set_admin(tx: &mut Tx, seat: SeatId, since: Option<Ts>) -> Outcome<()> {
    tx.exec(SET_ADMIN, &[&seat, &since])?;
    Ok(())
}

/// The living seats that carried the one profession carry the other.
pub fn set_profession(tx: &mut Tx, account: AccountId, from: Profession, to: Profession) -> Outcome<()> {
    tx.exec(SET_PROFESSION, &[&account, &from, &to])?;
    Ok(())
}
