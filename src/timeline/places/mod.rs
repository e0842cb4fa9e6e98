//! A person's places as lists show them: the name, what was written last, how much is unread. Rows are never
//! counted: the numbers stand with the timeline and the reading place.

mod many;
mod store;

pub use many::{groups_of_many, of_many, unread_of_many};
pub(crate) use store::STATEMENTS;

use super::access;
use crate::groups::{self, Standing};
use crate::house::{Label, Look, What};
use crate::{Outcome, Tx, phrases};
use askama::Template;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};
use store::{PlaceRow, SeatRow, Start};
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, ConsentState, EventKind, GroupId, GroupKind, PatientId, Who};
use tasuki_law::rules::MyMembership;
use tasuki_law::rules::timeline;
use tasuki_value::Ts;

/// One place of one person, as a line of a list.
#[derive(Template, Clone, Debug)]
#[template(path = "timeline/places/row.html")]
pub struct PlaceView {
    pub group: GroupId,
    pub kind: GroupKind,
    pub patient: Option<PatientId>,
    pub name: String,
    /// 一言メモ of a patient, the name of a workplace.
    pub note: String,
    /// What was written last; empty when nothing was, or it may not be read.
    pub last: String,
    /// Where the patient's consent stands; valid where none is needed.
    pub consent: ConsentState,
    /// 「同意なし」 and the like.
    pub chip: Option<&'static str>,
    pub seq: i64,
    pub rev: i64,
    pub unread: i64,
    /// Its name may not be told right now: neither is how much is written there, nor when.
    pub withheld: bool,
    pub last_at: Option<Ts>,
    now: Ts,
    drawn: Arc<Drawn>,
}

/// The line itself, once it was drawn; for all to whom it looks the same.
#[derive(Debug, Default)]
struct Drawn(OnceLock<String>);

impl PlaceView {
    /// A line is part of a list, whoever asked for it alone.
    fn of(tx: &mut Tx, who: &Who, row: &PlaceRow, seat: &SeatRow) -> Outcome<Self> {
        tx.look(who, Look::over(EventKind::PlacesListed));
        let consent = groups::consent(row.kind, row.consent_withdrawn);
        let facts = access::facts_of(
            tx.moment(),
            row.timeline,
            row.timeline_kind,
            row.group,
            &row.standing(seat, consent),
        );
        let reads = timeline::read(who, &facts).is_ok();
        let (name, note) = row.called(tx, reads, consent)?;
        Ok(Self {
            group: row.group,
            kind: row.kind,
            patient: row.patient,
            name,
            note,
            last: if reads { last(tx, row)? } else { String::new() },
            consent,
            chip: (consent != ConsentState::Valid).then_some(consent.word()),
            seq: if reads { row.seq } else { 0 },
            rev: if reads { row.rev } else { 0 },
            withheld: !reads,
            unread: if reads { row.unread } else { 0 },
            last_at: row.last_at.filter(|_| reads),
            now: tx.now(),
            drawn: drawn(tx, row, consent, reads)?,
        })
    }

    /// The place's id, as the page's script knows it.
    #[must_use]
    pub fn id(&self) -> String {
        self.group.to_string()
    }

    /// What stands in the round face.
    #[must_use]
    pub fn initial(&self) -> String {
        text::initial(&self.name)
    }

    #[must_use]
    pub const fn tint(&self) -> u8 {
        match self.kind {
            GroupKind::Patient => 1,
            GroupKind::Facility => 5,
            GroupKind::Free => 7,
        }
    }

    /// Stays on top whatever happens elsewhere.
    #[must_use]
    pub fn pinned(&self) -> bool {
        self.kind == GroupKind::Facility
    }

    #[must_use]
    pub fn kind_words(&self) -> &'static str {
        phrases::timeline::kind(self.kind)
    }

    #[must_use]
    pub fn when(&self) -> Option<(String, String)> {
        let at = self.last_at?;
        Some((super::view::machine_time(at), phrases::timeline::listed(at, self.now)))
    }

    /// The line itself.
    pub fn html(&self) -> askama::Result<&str> {
        let kept = &self.drawn.0;
        if let Some(html) = kept.get() {
            return Ok(html);
        }
        let html = self.render()?;
        Ok(kept.get_or_init(|| html))
    }
}

/// Everything that a line shows has a part in its label: the place and its revision, its name as it is sealed, how
/// much is unread, the consent, and the day it is.
fn drawn(tx: &mut Tx, row: &PlaceRow, consent: ConsentState, reads: bool) -> Outcome<Arc<Drawn>> {
    let mut hasher = DefaultHasher::new();
    (row.name(), consent.code(), text::local_date(tx.now()), row.last_at).hash(&mut hasher);
    let unread = if reads { row.unread } else { -1 };
    let part = (unread, i64::from_ne_bytes(hasher.finish().to_ne_bytes()));
    let label = Label { what: What::Row, id: row.group.0, rev: row.rev, part };
    tx.shared(label, |_| 2048, |_| Ok(Drawn::default()))
}

impl PlaceRow {
    /// What it is called, and what stands beside. Where the law opens nothing, nothing is opened.
    fn called(&self, tx: &mut Tx, reads: bool, consent: ConsentState) -> Outcome<(String, String)> {
        if !reads {
            return Ok((phrases::patients::withheld(consent).to_owned(), String::new()));
        }
        let title = self.title(tx)?;
        Ok(match self.kind {
            GroupKind::Facility => (phrases::timeline::WORKPLACE.to_owned(), title.name.clone()),
            GroupKind::Patient | GroupKind::Free => (title.name.clone(), title.note.clone()),
        })
    }

    fn standing(&self, seat: &SeatRow, consent: ConsentState) -> Standing {
        Standing {
            kind: self.kind,
            facility: self.facility,
            patient: self.patient,
            closed: self.closed,
            consent,
            mine: Some(MyMembership {
                member: self.member,
                seat: self.seat,
                facility: seat.facility,
                role: self.role,
                medical_institution: seat.facility_type.is_medical_institution(),
            }),
        }
    }
}

fn last(tx: &mut Tx, row: &PlaceRow) -> Outcome<String> {
    Ok(match row.newest(tx)?.as_deref() {
        None => String::new(),
        Some(Start::Removed) => phrases::timeline::REMOVED.to_owned(),
        Some(Start::Words { family, words }) => format!("{family}: {words}"),
        Some(Start::Files { family, files }) => format!("{family}: {}", phrases::timeline::files(*files)),
    })
}

/// A membership lives as long as its seat: a place without one is not this person's any more.
fn opened(tx: &mut Tx, who: &Who, rows: &[PlaceRow]) -> Outcome<Vec<PlaceView>> {
    let (seats, _) = store::seats(tx, account(who)?)?;
    seated(tx, who, rows, &seats)
}

fn seated(tx: &mut Tx, who: &Who, rows: &[PlaceRow], seats: &[SeatRow]) -> Outcome<Vec<PlaceView>> {
    let seated = rows.iter().filter_map(|row| Some((row, seats.iter().find(|seat| seat.seat == row.seat)?)));
    seated.map(|(row, seat)| PlaceView::of(tx, who, row, seat)).collect()
}

fn account(who: &Who) -> Outcome<AccountId> {
    who.account().ok_or(crate::Trouble::Refused(tasuki_law::Refusal::SignIn))
}

/// Where a list goes on.
pub type After = (Ts, GroupId);

/// The beginning of the list: one's workplaces, then so many others, the last changed first; and where it goes on.
pub fn first(tx: &mut Tx, who: &Who, unread: bool, limit: i64) -> Outcome<(Vec<PlaceView>, Option<After>)> {
    // Hardly anybody works at more places than these.
    const WORKPLACES: i64 = 10;
    let (account, most) = (account(who)?, limit + 1 + WORKPLACES);
    let (seats, count) = store::seats(tx, account)?;
    let mut rows = store::first(tx, account, unread, most, count > most)?;
    let others = rows.iter().filter(|row| row.kind != GroupKind::Facility).count();
    let next = cut(&mut rows, others, limit);
    Ok((withheld_last(seated(tx, who, &rows, &seats)?), next))
}

/// Where a place stands in the order tells when something was written there.
fn withheld_last(mut places: Vec<PlaceView>) -> Vec<PlaceView> {
    places.sort_by_key(|place| place.withheld);
    places
}

/// One's places other than workplaces, the last changed first, from a place in that order on; and where it goes on.
pub fn moved(
    tx: &mut Tx,
    who: &Who,
    unread: bool,
    after: After,
    limit: i64,
) -> Outcome<(Vec<PlaceView>, Option<After>)> {
    let mut rows = store::moved(tx, account(who)?, unread, after, limit + 1)?;
    let others = rows.len();
    let next = cut(&mut rows, others, limit);
    Ok((withheld_last(opened(tx, who, &rows)?), next))
}

/// Leaves so many of the others, which stand at the end, and tells where the list goes on if it does.
fn cut(rows: &mut Vec<PlaceRow>, others: usize, limit: i64) -> Option<After> {
    let surplus = others.saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
    rows.truncate(rows.len() - surplus);
    rows.last().filter(|_| surplus > 0).map(|row| (row.moved_at, row.group))
}

/// Every place of a person, for searching.
pub fn all(tx: &mut Tx, who: &Who) -> Outcome<Vec<PlaceView>> {
    let rows = store::all(tx, account(who)?)?;
    opened(tx, who, &rows)
}

/// One place, if the person is in it.
pub fn one(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Option<PlaceView>> {
    let row = store::one(tx, account(who)?, group)?;
    Ok(opened(tx, who, row.as_slice())?.pop())
}

/// The places whose lines changed since a moment, the last changed last.
pub fn changed(tx: &mut Tx, who: &Who, since: Ts) -> Outcome<Vec<PlaceView>> {
    let rows = store::changed(tx, account(who)?, since)?;
    opened(tx, who, &rows)
}

/// Where the person is a member.
pub fn groups_of(tx: &mut Tx, who: &Who) -> Outcome<Vec<GroupId>> {
    store::groups(tx, account(who)?)
}
