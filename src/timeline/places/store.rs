use crate::groups::{self, Title};
use crate::house::{Label, What, cell};
use crate::timeline::store::bylines;
use crate::web::unread;
use crate::{Outcome, Tx};
use std::sync::Arc;
use tasuki_base::db::list;
use tasuki_base::{columns, text};
use tasuki_law::nouns::{
    AccountId, FacilityId, FacilityType, GroupId, GroupKind, MemberId, MemberRole, PatientId, PostId, SeatId,
    TimelineId, TimelineKind,
};
use tasuki_value::Ts;
use uuid::Uuid;

macro_rules! places {
    ($join:literal, $which:literal) => {
        concat!(
            "SELECT g.id, g.kind, g.facility, g.patient, g.name, g.closed_at IS NOT NULL,
    (SELECT c.withdrawn_at IS NOT NULL FROM consents c WHERE c.patient = g.patient ORDER BY c.id DESC LIMIT 1),
    m.id, m.seat, m.role,
    t.id, t.kind, t.seq, t.rev, coalesce(t.last_at, m.joined_at) AS moved_at, t.last_at,
    coalesce(t.seq - r.seq - r.own, 0), t.last_post
  FROM members m
  JOIN groups g ON g.id = m.group_id
  JOIN data_keys d ON d.id = g.data_key
  JOIN timelines t ON t.group_id = g.id AND t.kind = 'professional'
  LEFT JOIN reads r ON r.timeline = t.id AND r.account = m.account",
            $join,
            "\n  WHERE m.account = $1 AND m.ended_at IS NULL AND ",
            $which
        )
    };
}

const FIRST: &str = places!(
    "",
    "(NOT $2 OR t.seq > r.seq + r.own)
  ORDER BY g.kind <> 'facility', moved_at DESC, g.id DESC LIMIT $3"
);
// The same for somebody in very many places: which of them stand first is asked of two rows each, and only those are
// looked up.
const FIRST_OF_MANY: &str = places!(
    "",
    "m.id IN (SELECT n.id FROM members n JOIN timelines l ON l.group_id = n.group_id AND l.kind = 'professional'
    WHERE n.account = $1 AND n.ended_at IS NULL
    ORDER BY n.group_id NOT IN (SELECT f.group_id FROM seats s JOIN facilities f ON f.id = s.facility
        WHERE s.account = $1 AND s.ended_at IS NULL),
      coalesce(l.last_at, n.joined_at) DESC, n.group_id DESC LIMIT $2)
  ORDER BY g.kind <> 'facility', moved_at DESC, g.id DESC"
);
const MOVED: &str = places!(
    "",
    "g.kind <> 'facility' AND (NOT $2 OR t.seq > r.seq + r.own)
    AND (coalesce(t.last_at, m.joined_at) < $3 OR (coalesce(t.last_at, m.joined_at) = $3 AND g.id < $4))
  ORDER BY moved_at DESC, g.id DESC LIMIT $5"
);
const ALL: &str = places!("", "TRUE ORDER BY moved_at DESC, g.id DESC");
const ONE: &str = places!("", "g.id = $2");
const CHANGED: &str = places!(
    " LEFT JOIN posts p ON p.id = t.last_post",
    "(m.joined_at >= $2 OR t.last_at >= $2 OR p.edited_at >= $2 OR p.removed_at >= $2 OR r.looked_at >= $2)
  ORDER BY moved_at, g.id"
);
const GROUPS: &str = "SELECT group_id FROM members WHERE account = $1 AND ended_at IS NULL";
// Many people in one place: what is the same for all of them is asked once, by ONE.
const OF_MANY: &str = "SELECT m.account, m.id, m.seat, m.role, m.joined_at,
    coalesce(t.seq - r.seq - r.own, 0), s.facility, f.type
  FROM members m
  JOIN timelines t ON t.group_id = m.group_id AND t.kind = 'professional'
  LEFT JOIN reads r ON r.timeline = t.id AND r.account = m.account
  JOIN seats s ON s.id = m.seat JOIN facilities f ON f.id = s.facility
  WHERE m.group_id = $2 AND m.account IN (SELECT unhex(value) FROM json_each($1))
    AND m.ended_at IS NULL AND s.ended_at IS NULL";
const UNREAD_OF_MANY: &str = concat!(
    "SELECT m.account, m.group_id, CAST(coalesce(sum(",
    unread!(),
    "), 0) AS BIGINT)
  FROM members m
  LEFT JOIN timelines t ON t.group_id = m.group_id
  LEFT JOIN reads r ON r.timeline = t.id AND r.account = m.account
  WHERE m.account IN (SELECT unhex(value) FROM json_each($1)) AND m.ended_at IS NULL
  GROUP BY m.account, m.group_id"
);
const GROUPS_OF_MANY: &str = "SELECT account, group_id FROM members
  WHERE account IN (SELECT unhex(value) FROM json_each($1)) AND ended_at IS NULL";
// A person's seats are few and their places many: asked once, not for each place.
const SEATS: &str = "SELECT s.id, s.facility, f.type,
    (SELECT count(*) FROM members m WHERE m.seat = s.id AND m.ended_at IS NULL)
  FROM seats s JOIN facilities f ON f.id = s.facility WHERE s.account = $1 AND s.ended_at IS NULL";
const NEWEST: &str = concat!(
    "SELECT p.body, b.id, coalesce(b.sealed, p.byline), p.files, p.removed_at IS NOT NULL FROM posts p ",
    bylines::named!(),
    " WHERE p.id = $1"
);

pub const STATEMENTS: &[&str] = &[
    FIRST,
    FIRST_OF_MANY,
    MOVED,
    ALL,
    ONE,
    CHANGED,
    GROUPS,
    SEATS,
    NEWEST,
    OF_MANY,
    UNREAD_OF_MANY,
    GROUPS_OF_MANY,
];

/// A place of a person, and what the law asks.
#[derive(Clone)]
pub struct PlaceRow {
    pub group: GroupId,
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    name: Option<Vec<u8>>,
    pub closed: bool,
    pub consent_withdrawn: Option<bool>,
    pub member: MemberId,
    pub seat: SeatId,
    pub role: MemberRole,
    pub timeline: TimelineId,
    pub timeline_kind: TimelineKind,
    pub seq: i64,
    pub rev: i64,
    pub moved_at: Ts,
    pub last_at: Option<Ts>,
    pub unread: i64,
    pub last_post: Option<PostId>,
}
columns!(PlaceRow: group, kind, facility, patient, name, closed, consent_withdrawn, member, seat, role, timeline,
    timeline_kind, seq, rev, moved_at, last_at, unread, last_post);

/// A living seat of the person: what the law asks of it.
pub struct SeatRow {
    pub seat: SeatId,
    pub facility: FacilityId,
    pub facility_type: FacilityType,
}

/// What of a place is one member's own.
pub struct OwnRow {
    pub account: AccountId,
    member: MemberId,
    seat: SeatId,
    role: MemberRole,
    joined_at: Ts,
    unread: i64,
    facility: FacilityId,
    facility_type: FacilityType,
}
columns!(OwnRow: account, member, seat, role, joined_at, unread, facility, facility_type);

impl OwnRow {
    /// The place as this member has it, from what another member has of it.
    pub fn of(&self, place: &PlaceRow) -> (PlaceRow, SeatRow) {
        let Self { member, seat, role, unread, .. } = *self;
        let moved_at = place.last_at.unwrap_or(self.joined_at);
        let row = PlaceRow { member, seat, role, unread, moved_at, ..place.clone() };
        (row, SeatRow { seat, facility: self.facility, facility_type: self.facility_type })
    }
}

/// The newest post of a place, still sealed.
struct NewestRow {
    body: Vec<u8>,
    byline_id: Option<Uuid>,
    byline: Vec<u8>,
    files: i64,
    removed: bool,
}
columns!(NewestRow: body, byline_id, byline, files, removed);

/// How the newest post of a place begins.
pub enum Start {
    Removed,
    Words { family: String, words: String },
    Files { family: String, files: i64 },
}

/// So much of the newest post stands in a list.
const START: usize = 60;

impl PlaceRow {
    /// What it is called, sealed.
    pub fn name(&self) -> Option<&[u8]> {
        self.name.as_deref()
    }

    pub fn title(&self, tx: &mut Tx) -> Outcome<Arc<Title>> {
        groups::title(tx, self.group, self.name.as_deref())
    }

    /// Who wrote the newest post, and how it begins. Whatever happens to it raises the timeline's `rev`.
    pub fn newest(&self, tx: &mut Tx) -> Outcome<Option<Arc<Start>>> {
        let Some(post) = self.last_post else { return Ok(None) };
        let label = Label { what: What::Start, id: self.timeline.0, rev: self.rev, part: (0, 0) };
        tx.shared(label, |_| 512, |tx| start(tx, post)).map(Some)
    }
}

fn start(tx: &mut Tx, post: PostId) -> Outcome<Start> {
    let NewestRow { body, byline_id, byline, files, removed } = tx.one(NEWEST, &[&post])?;
    if removed {
        return Ok(Start::Removed);
    }
    let family = bylines::of_post(tx, post, byline_id, &byline)?.family.clone();
    let words = text::start(&tx.open_text(cell("posts", "body", post.0), &body)?, START);
    Ok(if words.is_empty() { Start::Files { family, files } } else { Start::Words { family, words } })
}

/// The living seats of a person, and how many places were entered through them.
pub fn seats(tx: &mut Tx, account: AccountId) -> Outcome<(Vec<SeatRow>, i64)> {
    let rows: Vec<(SeatId, FacilityId, FacilityType, i64)> = tx.all(SEATS, &[&account])?;
    let places = rows.iter().map(|(.., places)| places).sum();
    let seat = |(seat, facility, facility_type, _)| SeatRow { seat, facility, facility_type };
    Ok((rows.into_iter().map(seat).collect(), places))
}

/// Workplaces, then the others, the last changed first. `many`: there are more than the limit.
pub fn first(
    tx: &mut Tx,
    account: AccountId,
    unread: bool,
    limit: i64,
    many: bool,
) -> Outcome<Vec<PlaceRow>> {
    if many && !unread {
        return Ok(tx.all(FIRST_OF_MANY, &[&account, &limit])?);
    }
    Ok(tx.all(FIRST, &[&account, &unread, &limit])?)
}

/// Places other than workplaces, the last changed first, from a place in that order on.
pub fn moved(
    tx: &mut Tx,
    account: AccountId,
    unread: bool,
    after: (Ts, GroupId),
    limit: i64,
) -> Outcome<Vec<PlaceRow>> {
    Ok(tx.all(MOVED, &[&account, &unread, &after.0, &after.1, &limit])?)
}

pub fn all(tx: &mut Tx, account: AccountId) -> Outcome<Vec<PlaceRow>> {
    Ok(tx.all(ALL, &[&account])?)
}

pub fn one(tx: &mut Tx, account: AccountId, group: GroupId) -> Outcome<Option<PlaceRow>> {
    Ok(tx.opt(ONE, &[&account, &group])?)
}

pub fn changed(tx: &mut Tx, account: AccountId, since: Ts) -> Outcome<Vec<PlaceRow>> {
    Ok(tx.all(CHANGED, &[&account, &since])?)
}

pub fn groups(tx: &mut Tx, account: AccountId) -> Outcome<Vec<GroupId>> {
    Ok(tx.all::<(GroupId,)>(GROUPS, &[&account])?.into_iter().map(|(group,)| group).collect())
}

/// What these accounts have of a place that they are in.
pub fn of_many(tx: &mut Tx, accounts: &[AccountId], group: GroupId) -> Outcome<Vec<OwnRow>> {
    let accounts = list::ids(accounts.iter().map(|account| account.0));
    Ok(tx.all(OF_MANY, &[&accounts, &group])?)
}

/// What is unread in each place of these accounts.
pub fn unread_of_many(tx: &mut Tx, accounts: &[AccountId]) -> Outcome<Vec<(AccountId, GroupId, i64)>> {
    let accounts = list::ids(accounts.iter().map(|account| account.0));
    Ok(tx.all(UNREAD_OF_MANY, &[&accounts])?)
}

/// Where these accounts are members.
pub fn groups_of_many(tx: &mut Tx, accounts: &[AccountId]) -> Outcome<Vec<(AccountId, GroupId)>> {
    let accounts = list::ids(accounts.iter().map(|account| account.0));
    Ok(tx.all(GROUPS_OF_MANY, &[&accounts])?)
}
