//! A facility's record of use, as its administrators read it.

use super::kinds::covered;
use super::store::{self, Asked};
use crate::events::Event;
use crate::phrases::audit as words;
use crate::web::Form;
use crate::{Outcome, Tx, accounts, facilities, groups};
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::HashMap;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, EventId, EventKind, FacilityId, PatientId, UseKind};
use tasuki_value::Ts;
use uuid::Uuid;

/// What a page of the record is narrowed by.
#[derive(Clone, Debug)]
pub struct Filter {
    pub person: Option<AccountId>,
    pub kind: Option<UseKind>,
    pub patient: Option<PatientId>,
    pub from: Date,
    pub to: Date,
    /// Only what is older than this event: the next page.
    pub before: Option<EventId>,
}

const A_PAGE: usize = 50;
/// How far back the record is shown when no day is asked for.
const DAYS: i64 = 30;

impl Filter {
    /// Days that cannot be read are answered with the usual ones.
    #[must_use]
    pub fn read(form: &Form, today: Date) -> Self {
        let to = text::date(form.code("to")).unwrap_or(today);
        let usual = to.checked_sub(DAYS.days()).unwrap_or(to);
        Self {
            person: form.pick("person"),
            kind: form.pick("kind"),
            patient: form.pick("patient"),
            from: text::date(form.code("from")).unwrap_or(usual),
            to,
            before: form.pick("before"),
        }
    }
}

/// One line of the record.
pub struct Line {
    pub when: String,
    pub who: String,
    /// Where they work, when it is not here.
    pub whence: String,
    pub what: EventKind,
    /// Which of several things it was, by the moment it came to be: its name is for its readers.
    pub which: String,
    /// The patient, where this is the originating facility.
    pub patient: String,
    /// The other person it concerns.
    pub other: String,
    pub further: String,
}

/// One page of the record, and where it goes on.
pub fn page(tx: &mut Tx, facility: FacilityId, filter: &Filter) -> Outcome<(Vec<Line>, Option<EventId>)> {
    let most = i64::try_from(A_PAGE + 1).unwrap_or(i64::MAX);
    let day_after = filter.to.checked_add(1.day()).unwrap_or(filter.to);
    let end = first_id(day_after);
    let asked = Asked {
        facility,
        before: filter.before.map_or(end, |event| event.0.min(end)),
        from: first_id(filter.from),
        account: filter.person,
        kinds: filter.kind.map(covered),
        patient: filter.patient,
        most,
    };
    let mut events = store::record(tx, &asked)?;
    let more = events.len() > A_PAGE;
    events.truncate(A_PAGE);
    let next = events.last().filter(|_| more).map(|event| event.id);
    let mut names = Names { facility, people: HashMap::new(), patients: HashMap::new() };
    let lines = events.iter().map(|event| names.line(tx, event)).collect::<Outcome<Vec<_>>>()?;
    Ok((lines, next))
}

/// The smallest id an event of a day can have: ids begin with their millisecond.
fn first_id(day: Date) -> Uuid {
    let start = text::midnight(day).unwrap_or(Ts(0));
    let millis = u128::try_from(start.0 / 1_000).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

fn which(kind: EventKind, subject: Uuid) -> Option<String> {
    use EventKind as K;
    let words = match kind {
        K::FileOpened | K::FileGlanced => words::FILE,
        K::PostOpened | K::PostHistorySeen | K::ReadersSeen => words::POST,
        K::ConsentSeen | K::ConsentScanOpened => words::CONSENT,
        _ => return None,
    };
    Some(words::of_moment(made_at(subject)?, words))
}

/// Ids begin with the millisecond in which they were drawn.
fn made_at(id: Uuid) -> Option<Ts> {
    let millis = i64::try_from(id.as_u128() >> 80).ok()?;
    (id.get_version_num() == 7).then_some(Ts(millis * 1_000))
}

/// Names looked up once a page.
struct Names {
    facility: FacilityId,
    people: HashMap<AccountId, (String, String)>,
    patients: HashMap<PatientId, String>,
}

impl Names {
    fn line(&mut self, tx: &mut Tx, event: &Event) -> Outcome<Line> {
        let (who, whence) = match event.account {
            Some(account) => self.person(tx, account)?,
            None => (nobody(event.kind).to_owned(), String::new()),
        };
        let other = match event.other.filter(|other| Some(*other) != event.account) {
            Some(other) => self.person(tx, other)?.0,
            None => String::new(),
        };
        let further = event.note.as_deref().filter(|_| event.kind.is_look());
        Ok(Line {
            when: words::moment(event.at),
            who,
            whence,
            what: event.kind,
            which: event.subject.and_then(|subject| which(event.kind, subject)).unwrap_or_default(),
            patient: self.patient(tx, event)?,
            other,
            further: further.map(words::further).unwrap_or_default(),
        })
    }

    fn person(&mut self, tx: &mut Tx, account: AccountId) -> Outcome<(String, String)> {
        if let Some(known) = self.people.get(&account) {
            return Ok(known.clone());
        }
        let name = accounts::card(tx, account)?.name();
        let seats = facilities::seats_of(tx, account)?;
        let here = seats.iter().any(|seat| seat.facility == self.facility);
        let whence = seats.first().filter(|_| !here).map(|seat| seat.facility_name.clone());
        let person = (name, whence.unwrap_or_default());
        self.people.insert(account, person.clone());
        Ok(person)
    }

    /// Patients of other facilities are nobody's here to name.
    fn patient(&mut self, tx: &mut Tx, event: &Event) -> Outcome<String> {
        let (Some(patient), Some(group)) = (event.patient, event.group) else { return Ok(String::new()) };
        if event.facility != Some(self.facility) {
            return Ok(words::ELSEWHERE.to_owned());
        }
        if let Some(known) = self.patients.get(&patient) {
            return Ok(known.clone());
        }
        let name = name(tx, group)?;
        self.patients.insert(patient, name.clone());
        Ok(name)
    }
}

/// Who it was when it was no person of the house.
pub(super) fn nobody(kind: EventKind) -> &'static str {
    match kind {
        EventKind::SignInFailed | EventKind::SignInHeld | EventKind::PasswordResetAsked => words::SOMEBODY,
        kind if covered(UseKind::Operations).contains(&kind) => words::OPERATOR,
        _ => words::HOUSE,
    }
}

/// A patient whose key was destroyed has no name any more.
fn name(tx: &mut Tx, group: tasuki_law::nouns::GroupId) -> Outcome<String> {
    match groups::place(tx, group) {
        Ok(place) => Ok(place.title.name),
        Err(crate::Trouble::Refused(_)) => Ok(words::ERASED.to_owned()),
        Err(trouble) => Err(trouble),
    }
}

/// The people and the patients to narrow by.
pub type Choices = (Vec<(String, String)>, Vec<(String, String)>);

pub fn choices(tx: &mut Tx, facility: FacilityId) -> Outcome<Choices> {
    let people = store::staff_ever(tx, facility)?.into_iter();
    let people = people.map(|(account, name)| (account.to_string(), name)).collect();
    let mut patients = Vec::new();
    for (patient, group) in store::patients(tx, facility)? {
        patients.push((patient.to_string(), name(tx, group)?));
    }
    Ok((people, patients))
}
