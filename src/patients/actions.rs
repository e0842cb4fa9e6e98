//! What happens to patients.

use super::items::differences;
use super::store::{self, Change};
use super::{Facts, Patient};
use crate::events::{Event, announce};
use crate::facilities;
use crate::groups::{self, NewGroup};
use crate::media;
use crate::phrases::patients as words;
use crate::{Outcome, Trouble, Tx, policies};
use tasuki_base::seal::KeyId;
use tasuki_law::Key;
use tasuki_law::nouns::{
    EventKind, FacilityId, GroupId, GroupKind, MemberRole, PatientField, PatientId, SeatId, UploadId,
};
use tasuki_law::rules::facility::RegisterPatient;
use tasuki_law::rules::patient::{AdministerPatient, EditPatient};

/// A patient about to be registered.
pub struct Registration<'a> {
    pub facts: &'a Facts,
    /// Durable already; serves the patient and the group.
    pub data_key: KeyId,
    /// Seats at the facility, besides the registrar's own.
    pub staff: &'a [SeatId],
}

/// Letters and digits of the identity code: none that is easily taken for another.
const CODE_LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUWXY34679";
const CODE_LENGTH: usize = 16;

/// Registers a patient with a group of their own: the registrar administers it, the chosen staff are in it.
pub fn register(tx: &mut Tx, key: &Key<'_, RegisterPatient>, new: &Registration<'_>) -> Outcome<PatientId> {
    let patient = PatientId(tx.draw());
    let group = GroupId(tx.draw());
    let name = group_name(tx, key.facility, new.facts)?;
    let place = NewGroup {
        id: group,
        kind: GroupKind::Patient,
        facility: Some(key.facility),
        patient: Some(patient),
        name: &name,
        note: &new.facts.memo,
        data_key: new.data_key,
        made_by: key.account,
    };
    groups::actions::open(tx, &place)?;
    let code = tx.chance().letters(CODE_LENGTH, CODE_LETTERS);
    let row = store::NewPatient {
        id: patient,
        facility: key.facility,
        group,
        data_key: new.data_key,
        facts: new.facts,
        code: &code,
        made_by: key.account,
    };
    store::insert(tx, &row)?;
    gather(tx, key, group, new.staff)?;
    let registered = Event::new(EventKind::PatientRegistered).by(key.account).seated(key.seat);
    let registered = registered.in_group(group).at_facility(key.facility).of_patient(patient);
    announce(tx, &registered.about(patient.0))?;
    Ok(patient)
}

/// What the region calls a patient's group.
fn group_name(tx: &mut Tx, facility: FacilityId, facts: &Facts) -> Outcome<String> {
    let policy = facilities::card(tx, facility)?.policy;
    Ok(policies::of(&policy).patient_group_name.replace("{name}", &facts.name()))
}

fn gather(tx: &mut Tx, key: &Key<'_, RegisterPatient>, group: GroupId, chosen: &[SeatId]) -> Outcome<()> {
    groups::actions::lock(tx, group)?;
    groups::actions::join(tx, group, key.account, key.seat, MemberRole::Admin, None)?;
    // Only who works there now; the registrar is in already.
    let staff = facilities::staff(tx, key.facility)?;
    let chosen = staff.iter().filter(|seat| seat.seat != key.seat && chosen.contains(&seat.seat));
    for seat in chosen {
        let by = Some(key.account);
        groups::actions::join(tx, group, seat.account, seat.seat, MemberRole::Member, by)?;
    }
    Ok(())
}

/// Changes the facts; what they were before stays in the history. Answers whether anything was different.
pub fn change(tx: &mut Tx, key: &Key<'_, EditPatient>, facts: &Facts) -> Outcome<bool> {
    let patient = store::patient(tx, key.patient)?;
    let changes = differences(&patient.facts, facts);
    if changes.is_empty() {
        return Ok(false);
    }
    store::change(tx, &patient, facts)?;
    write_history(tx, key, &patient, &changes)?;
    let name = group_name(tx, key.facility, facts)?;
    groups::actions::retitle(tx, key.group, &name, &facts.memo)?;
    Ok(true)
}

fn write_history(
    tx: &mut Tx,
    key: &Key<'_, EditPatient>,
    patient: &Patient,
    changes: &[Change],
) -> Outcome<()> {
    let seat = seat_in(tx, key)?;
    for change in changes {
        store::insert_change(tx, patient, key.account, seat, change)?;
    }
    let fields: Vec<_> = changes.iter().map(|change| change.field.code()).collect();
    let changed = Event::new(EventKind::PatientChanged).by(key.account).seated(seat).in_group(key.group);
    let changed = changed.at_facility(key.facility).of_patient(key.patient).about(key.patient.0);
    announce(tx, &changed.noting(fields.join(",")))
}

fn seat_in(tx: &mut Tx, key: &Key<'_, EditPatient>) -> Outcome<SeatId> {
    let members = groups::members(tx, key.group)?;
    let mine = members.iter().find(|member| member.account == key.account);
    mine.map(|member| member.seat).ok_or_else(Trouble::unseen)
}

/// Lets members of other facilities change the facts, or stops it.
pub fn open_editing(tx: &mut Tx, key: &Key<'_, AdministerPatient>, open: bool) -> Outcome<()> {
    if !store::open_editing(tx, key.patient, open)? {
        return Ok(());
    }
    let kind = if open { EventKind::PatientFactsOpened } else { EventKind::PatientFactsShut };
    let done = Event::new(kind).by(key.account).in_group(key.group).at_facility(key.facility);
    announce(tx, &done.of_patient(key.patient).about(key.patient.0))
}

/// Gives the patient a picture, or takes it away; the one before is erased.
pub fn set_photo(tx: &mut Tx, key: &Key<'_, EditPatient>, photo: Option<UploadId>) -> Outcome<()> {
    let patient = store::patient(tx, key.patient)?;
    store::set_photo(tx, key.patient, photo)?;
    if let Some(before) = patient.photo {
        media::erase_one(tx, before)?;
    }
    let set = |photo: Option<UploadId>| photo.map_or("", |_| words::PICTURE_SET).to_owned();
    let change = Change { field: PatientField::Picture, before: set(patient.photo), after: set(photo) };
    write_history(tx, key, &patient, &[change])
}
