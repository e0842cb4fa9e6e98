//! The door of a timeline, in one statement: where it stands, what the law asks of its place and of who asks, and
//! how far they have read. With it, for who is to write or asks about one post, what they need beside.

use super::bylines::{Found, Writer};
use super::{ReadTo, State};
use crate::groups::{self, Ground, Standing};
use crate::{Outcome, Trouble, Tx};
use std::ops::Deref;
use tasuki_base::columns;
use tasuki_base::db::Beside;
use tasuki_base::seal::{KeyId, Wrapped};
use tasuki_law::Key;
use tasuki_law::nouns::{
    AccountId, FacilityId, FacilityType, GroupId, GroupKind, MemberId, MemberRole, PatientId, PostId,
    RemovalKind, SeatId, TimelineId, TimelineKind,
};
use tasuki_law::rules::MyMembership;
use tasuki_law::rules::timeline::WriteTimeline;
use tasuki_value::Ts;

// $1 is who asks. Whose key is destroyed is not there: what was opened before may be remembered, its key never is.
macro_rules! door {
    ($which:literal) => {
        door!("", "timelines t", "", $which)
    };
    ($more:literal, $from:literal, $joins:expr, $which:literal) => {
        concat!(
            "SELECT t.id, t.group_id, t.kind, t.seq, t.rev, (SELECT h.faces FROM house h WHERE h.id = 1),
    g.kind, g.facility, g.patient, g.closed_at IS NOT NULL,
    (SELECT c.withdrawn_at IS NOT NULL FROM consents c WHERE c.patient = g.patient ORDER BY c.id DESC LIMIT 1),
    g.name, g.members, g.data_key, m.id, m.seat, s.facility, m.role, f.type, r.seq, r.own, r.looked_at",
            $more,
            "
  FROM ",
            $from,
            " JOIN groups g ON g.id = t.group_id JOIN data_keys d ON d.id = g.data_key
  LEFT JOIN members m ON m.group_id = g.id AND m.account = $1 AND m.ended_at IS NULL
  LEFT JOIN seats s ON s.id = m.seat LEFT JOIN facilities f ON f.id = s.facility
  LEFT JOIN reads r ON r.timeline = t.id AND r.account = $1 ",
            $joins,
            " WHERE ",
            $which
        )
    };
}

const BY_ID: &str = door!("t.id = $2");
const OF_GROUP: &str = door!("t.group_id = $2 AND t.kind = $3");
const OF_POST: &str = door!(
    ", p.author, p.removed_at IS NOT NULL, p.removal",
    "posts p JOIN timelines t ON t.id = p.timeline",
    "",
    "p.id = $2"
);
const DESK: &str = door!(
    ", d.epoch, d.wrapped, w.family, w.given, s.profession, f.name, b.number, b.id, b.sealed",
    "timelines t",
    "LEFT JOIN accounts w ON w.id = m.account
  LEFT JOIN bylines b ON b.timeline = t.id AND b.seat = m.seat
    AND b.number = (SELECT max(n.number) FROM bylines n WHERE n.timeline = t.id AND n.seat = m.seat)",
    "t.group_id = $2 AND t.kind = $3"
);

pub const DOOR: &[&str] = &[BY_ID, OF_GROUP, OF_POST, DESK];

struct Row {
    id: TimelineId,
    group: GroupId,
    kind: TimelineKind,
    seq: i64,
    rev: i64,
    faces: i64,
    group_kind: GroupKind,
    facility: Option<FacilityId>,
    patient: Option<PatientId>,
    closed: bool,
    withdrawn: Option<bool>,
    name: Option<Vec<u8>>,
    members: i64,
    data_key: KeyId,
    member: Option<MemberId>,
    seat: Option<SeatId>,
    seat_facility: Option<FacilityId>,
    role: Option<MemberRole>,
    facility_type: Option<FacilityType>,
    read: Option<i64>,
    own: Option<i64>,
    looked_at: Option<Ts>,
}
columns!(Row: id, group, kind, seq, rev, faces, group_kind, facility, patient, closed, withdrawn, name, members,
    data_key, member, seat, seat_facility, role, facility_type, read, own, looked_at);

/// A timeline and its place, as they stand for one person. What is sealed or said of the place is for whoever the law
/// lets in.
pub struct Door {
    pub state: State,
    pub standing: Standing,
    /// What the place is called, sealed.
    pub name: Option<Vec<u8>>,
    /// Living members.
    pub members: i64,
    pub read: Option<ReadTo>,
    data_key: KeyId,
}

impl Door {
    /// What goes on the record with whatever is done behind it.
    pub fn ground(&self) -> Ground {
        Ground {
            group: self.group,
            facility: self.standing.facility,
            patient: self.standing.patient,
            data_key: self.data_key,
        }
    }
}

impl Deref for Door {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl From<Row> for Door {
    fn from(row: Row) -> Self {
        Self {
            state: State {
                id: row.id,
                group: row.group,
                kind: row.kind,
                seq: row.seq,
                rev: row.rev,
                faces: row.faces,
                members: row.members,
            },
            standing: Standing {
                kind: row.group_kind,
                facility: row.facility,
                patient: row.patient,
                closed: row.closed,
                consent: groups::consent(row.group_kind, row.withdrawn),
                mine: row.mine(),
            },
            members: row.members,
            read: row.read(),
            name: row.name,
            data_key: row.data_key,
        }
    }
}

impl Row {
    fn mine(&self) -> Option<MyMembership> {
        Some(MyMembership {
            member: self.member?,
            seat: self.seat?,
            facility: self.seat_facility?,
            role: self.role?,
            medical_institution: self.facility_type?.is_medical_institution(),
        })
    }

    fn read(&self) -> Option<ReadTo> {
        Some(ReadTo { seq: self.read?, own: self.own?, looked_at: self.looked_at? })
    }
}

pub fn by_id(tx: &mut Tx, account: Option<AccountId>, timeline: TimelineId) -> Outcome<Door> {
    Ok(tx.one::<Row>(BY_ID, &[&account, &timeline])?.into())
}

pub fn of_group(
    tx: &mut Tx,
    account: Option<AccountId>,
    group: GroupId,
    kind: TimelineKind,
) -> Outcome<Door> {
    Ok(tx.one::<Row>(OF_GROUP, &[&account, &group, &kind])?.into())
}

/// What the law asks of a post.
pub struct PostRow {
    pub author: AccountId,
    pub removed: bool,
    pub removal: Option<RemovalKind>,
}
columns!(PostRow: author, removed, removal);

/// The door behind which a post stands, and the post.
pub fn of_post(tx: &mut Tx, account: Option<AccountId>, post: PostId) -> Outcome<(Door, PostRow)> {
    let Beside(row, post) = tx.one::<Beside<Row, PostRow>>(OF_POST, &[&account, &post])?;
    Ok((row.into(), post))
}

/// The door as somebody finds it who is to write there, with what is kept for them behind it.
pub struct Desk {
    pub door: Door,
    wrapped: Wrapped,
    found: Found,
}

pub fn desk(tx: &mut Tx, account: Option<AccountId>, group: GroupId, kind: TimelineKind) -> Outcome<Desk> {
    let found = tx.one::<Beside<Row, Beside<Wrapped, Found>>>(DESK, &[&account, &group, &kind])?;
    let Beside(row, Beside(wrapped, found)) = found;
    Ok(Desk { door: row.into(), wrapped, found })
}

impl Desk {
    /// For whom the law let in. The key of the place is this transaction's from here on.
    pub fn opened(self, tx: &mut Tx, key: &Key<'_, WriteTimeline>) -> Outcome<Writer> {
        let ground = self.door.ground();
        tx.take_key(ground.data_key, &self.wrapped)?;
        let mine = self.door.standing.mine.ok_or_else(|| Trouble::broken("a writer without a seat"))?;
        let writer = self.found.writer(ground, key, mine.facility);
        writer.ok_or_else(|| Trouble::broken("a writer without a name"))
    }
}
