//! Places, their members and roles, as they are stored.

pub mod ground;
pub mod history;
pub mod membership;
pub mod place;

pub use ground::{ground, lock, lock_of_post};
pub use membership::{memberships, my_membership};
pub use place::PlaceRow;

use super::{NewGroup, Title};
use crate::house::{What, cell};
use crate::web::face;
use crate::{Outcome, Tx};
use std::sync::Arc;
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_base::text;
use tasuki_law::nouns::{
    AccountId, FacilityId, FacilityType, GroupId, GroupKind, MemberId, MemberRole, PatientId, Profession,
    SeatId, TimelineId, TimelineKind, UploadId,
};
use tasuki_law::rules::TheirMembership;
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO groups (id, kind, facility, patient, name, data_key, made_at, made_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const INSERT_TIMELINE: &str = "INSERT INTO timelines (id, group_id, kind, made_at) VALUES ($1, $2, $3, $4)";
const RETITLE: &str = "UPDATE groups SET name = $2 WHERE id = $1";
const PLACE: &str = "SELECT id, kind, facility, patient, name, data_key, members, closed_at
  FROM groups WHERE id = $1";
const FACTS: &str = "SELECT g.kind, g.facility, g.patient, g.closed_at IS NOT NULL AS closed, f.policy,
    (SELECT c.withdrawn_at IS NOT NULL FROM consents c WHERE c.patient = g.patient ORDER BY c.id DESC LIMIT 1)
      AS consent_withdrawn
  FROM groups g LEFT JOIN facilities f ON f.id = g.facility WHERE g.id = $1";
const TIMELINE: &str = "SELECT id FROM timelines WHERE group_id = $1 AND kind = $2";

const THEIRS: &str = "SELECT group_id, account, role FROM members WHERE id = $1 AND ended_at IS NULL";
const ADMINS: &str =
    "SELECT count(*) FROM members WHERE group_id = $1 AND ended_at IS NULL AND role = 'admin'";
const MEMBERS: &str = "SELECT m.id AS member, m.account, m.seat, m.role, m.joined_at, s.facility,
    f.name AS facility_name, f.type AS facility_type, s.profession, a.family, a.given, a.family_kana,
    a.given_kana, a.photo, f.vouched_at
  FROM members m JOIN seats s ON s.id = m.seat JOIN facilities f ON f.id = s.facility
  JOIN accounts a ON a.id = m.account
  WHERE m.group_id = $1 AND m.ended_at IS NULL
  ORDER BY f.name, f.id, a.family_kana, a.given_kana, m.id";
const ENTERED_THROUGH: &str =
    "SELECT id, group_id FROM members WHERE seat = $1 AND ended_at IS NULL ORDER BY group_id";

const INSERT_MEMBER: &str = "INSERT INTO members (id, group_id, account, seat, role, joined_at, invited_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7)";
const END_MEMBER: &str = "UPDATE members SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";
const COUNT_MEMBERS: &str = "UPDATE groups SET members = members + $2 WHERE id = $1";
const SET_ROLE: &str = "UPDATE members SET role = $2 WHERE id = $1 AND ended_at IS NULL";
const READ_UP_TO_NOW: &str = "INSERT INTO reads (timeline, account, seq, own, looked_at, mailed_seq)
  SELECT id, $2, seq, 0, $3, seq FROM timelines WHERE group_id = $1
  ON CONFLICT (timeline, account) DO UPDATE
    SET seq = excluded.seq, own = 0, looked_at = excluded.looked_at, mailed_seq = excluded.mailed_seq";
const ELDEST: &str = "SELECT id, account FROM members WHERE group_id = $1 AND ended_at IS NULL
  ORDER BY joined_at, id LIMIT 1";

pub const STATEMENTS: &[&str] = &[
    INSERT,
    INSERT_TIMELINE,
    RETITLE,
    PLACE,
    FACTS,
    TIMELINE,
    THEIRS,
    ADMINS,
    MEMBERS,
    ENTERED_THROUGH,
    INSERT_MEMBER,
    END_MEMBER,
    COUNT_MEMBERS,
    SET_ROLE,
    READ_UP_TO_NOW,
    ELDEST,
];

/// The name of a place, opened once for all who may know.
pub fn title(tx: &mut Tx, group: GroupId, sealed: &[u8]) -> Outcome<Arc<Title>> {
    tx.shared_cell((What::Title, group.0, sealed), |tx| open_title(tx, group, sealed))
}

/// Opens the name of a place.
pub fn open_title(tx: &mut Tx, group: GroupId, sealed: &[u8]) -> Outcome<Title> {
    tx.open_json(cell("groups", "name", group.0), sealed)
}

/// What the law asks of the place itself.
#[derive(Clone, Debug)]
pub struct GroupRow {
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub closed: bool,
    pub policy: Option<String>,
    /// None: no consent on record.
    pub consent_withdrawn: Option<bool>,
}
columns!(GroupRow: kind, facility, patient, closed, policy, consent_withdrawn);

/// A living member with person and workplace.
#[derive(Clone, Debug)]
pub struct MemberCard {
    pub member: MemberId,
    pub account: AccountId,
    pub seat: SeatId,
    pub role: MemberRole,
    pub joined_at: Ts,
    pub facility: FacilityId,
    pub facility_name: String,
    pub facility_type: FacilityType,
    pub profession: Profession,
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub photo: Option<UploadId>,
    pub vouched_at: Option<Ts>,
}
columns!(MemberCard: member, account, seat, role, joined_at, facility, facility_name, facility_type,
    profession, family, given, family_kana, given_kana, photo, vouched_at);

impl MemberCard {
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

    /// Administers the group.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.role == MemberRole::Admin
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

pub fn insert(tx: &mut Tx, new: &NewGroup<'_>) -> Outcome<()> {
    let now = tx.now();
    let name = seal_title(tx, new.id, new.data_key, new.name, new.note)?;
    let made = [
        &new.id as &dyn tasuki_value::Bind,
        &new.kind,
        &new.facility,
        &new.patient,
        &name,
        &new.data_key,
        &now,
        &new.made_by,
    ];
    tx.exec(INSERT, &made)?;
    let timeline = TimelineId(tx.draw());
    tx.exec(INSERT_TIMELINE, &[&timeline, &new.id, &TimelineKind::Professional, &now])?;
    Ok(())
}

fn seal_title(tx: &mut Tx, group: GroupId, key: KeyId, name: &str, note: &str) -> Outcome<Vec<u8>> {
    let title = Title { name: name.to_owned(), note: note.to_owned() };
    tx.seal_json(key, cell("groups", "name", group.0), &title)
}

pub fn retitle(tx: &mut Tx, group: GroupId, name: &str, note: &str) -> Outcome<()> {
    let key = ground(tx, group)?.data_key;
    let sealed = seal_title(tx, group, key, name, note)?;
    tx.exec(RETITLE, &[&group, &sealed])?;
    Ok(())
}

pub fn place(tx: &mut Tx, group: GroupId) -> Outcome<PlaceRow> {
    Ok(tx.one(PLACE, &[&group])?)
}

pub fn group_row(tx: &mut Tx, group: GroupId) -> Outcome<GroupRow> {
    Ok(tx.one(FACTS, &[&group])?)
}

pub fn timeline(tx: &mut Tx, group: GroupId, kind: TimelineKind) -> Outcome<Option<TimelineId>> {
    Ok(tx.opt::<(TimelineId,)>(TIMELINE, &[&group, &kind])?.map(|(id,)| id))
}

pub fn their_membership(tx: &mut Tx, member: MemberId) -> Outcome<(GroupId, TheirMembership)> {
    let (group, account, role) = tx.one(THEIRS, &[&member])?;
    Ok((group, TheirMembership { member, account, role }))
}

pub fn admins(tx: &mut Tx, group: GroupId) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(ADMINS, &[&group])?.0)
}

pub fn members(tx: &mut Tx, group: GroupId) -> Outcome<Vec<MemberCard>> {
    Ok(tx.all(MEMBERS, &[&group])?)
}

/// Every living membership entered through a seat, by group id.
pub fn entered_through(tx: &mut Tx, seat: SeatId) -> Outcome<Vec<(MemberId, GroupId)>> {
    Ok(tx.all(ENTERED_THROUGH, &[&seat])?)
}

pub struct NewMember {
    pub member: MemberId,
    pub group: GroupId,
    pub account: AccountId,
    pub seat: SeatId,
    pub role: MemberRole,
    pub invited_by: Option<AccountId>,
}

/// The member, the count, and a reading place at the newest post.
pub fn insert_member(tx: &mut Tx, new: &NewMember) -> Outcome<()> {
    let now = tx.now();
    tx.exec(
        INSERT_MEMBER,
        &[&new.member, &new.group, &new.account, &new.seat, &new.role, &now, &new.invited_by],
    )?;
    tx.exec(COUNT_MEMBERS, &[&new.group, &1_i64])?;
    tx.exec(READ_UP_TO_NOW, &[&new.group, &new.account, &now])?;
    Ok(())
}

/// Whether the membership was living until now.
pub fn end_member(tx: &mut Tx, group: GroupId, member: MemberId, by: AccountId) -> Outcome<bool> {
    let now = tx.now();
    let ended = tx.exec(END_MEMBER, &[&member, &now, &by])? == 1;
    if ended {
        tx.exec(COUNT_MEMBERS, &[&group, &-1_i64])?;
    }
    Ok(ended)
}

pub fn set_role(tx: &mut Tx, member: MemberId, role: MemberRole) -> Outcome<()> {
    tx.exec(SET_ROLE, &[&member, &role])?;
    Ok(())
}

/// The member who has been there longest.
pub fn eldest(tx: &mut Tx, group: GroupId) -> Outcome<Option<(MemberId, AccountId)>> {
    Ok(tx.opt(ELDEST, &[&group])?)
}
