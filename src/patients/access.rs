//! Gathers the facts about a patient and asks the law.

use super::store;
use crate::facilities;
use crate::groups;
use crate::house::Look;
use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{AccountId, AccountKind, ConsentState, EventKind, PatientId, Who};
use tasuki_law::rules::group::SeeMembers;
use tasuki_law::rules::patient::{self, AdministerPatient, EditPatient, OpenCard, PatientFacts};
use tasuki_law::{Key, Refusal};

/// Everything the law wants to know of a patient and of who asks.
pub fn facts<'c>(tx: &mut Tx<'_, 'c>, who: &Who, patient: PatientId) -> Outcome<PatientFacts<'c>> {
    let row = store::law(tx, patient)?;
    let mine = groups::access::my_membership(tx, who, row.group)?;
    let office = match who.account() {
        Some(account) => facilities::seat_at(tx, account, row.facility)?,
        None => None,
    };
    Ok(PatientFacts {
        moment: tx.moment(),
        patient,
        group: row.group,
        facility: row.facility,
        consent: consent_state(row.consent_withdrawn),
        closed: row.closed,
        members_may_edit: row.members_may_edit,
        mine,
        office,
    })
}

/// From whether the newest consent was withdrawn.
pub const fn consent_state(withdrawn: Option<bool>) -> ConsentState {
    match withdrawn {
        None => ConsentState::Missing,
        Some(false) => ConsentState::Valid,
        Some(true) => ConsentState::Withdrawn,
    }
}

/// To see the card, or one of the pages behind it: `sight` is which.
pub fn to_open_card<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    id: PatientId,
    sight: EventKind,
) -> Outcome<Key<'c, OpenCard>> {
    let facts = facts(tx, who, id)?;
    let key = patient::open_card(who, &facts)?;
    tx.look(who, Look::at(sight, facts.group, Some(id)));
    Ok(key)
}

/// To see the form; to change anything, [`to_edit`].
pub fn to_see_edit<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, EditPatient>> {
    let facts = facts(tx, who, id)?;
    let key = patient::edit(who, &facts)?;
    tx.look(who, Look::at(EventKind::PatientFormOpened, facts.group, Some(id)));
    Ok(key)
}

/// To see whom to call: every member and whoever manages them; the patient's own contacts only where the card opens,
/// which is told beside.
pub fn to_phone<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    id: PatientId,
) -> Outcome<(Key<'c, SeeMembers>, PatientFacts<'c>, bool)> {
    let facts = facts(tx, who, id)?;
    let key = groups::access::may_see_members(tx, who, facts.group)?;
    tx.look(who, Look::at(EventKind::PatientPhoneSeen, facts.group, Some(id)));
    let opens = patient::open_card(who, &facts).is_ok();
    Ok((key, facts, opens))
}

/// To read the code by which the patient is known to be the right one.
pub fn to_see_code<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    id: PatientId,
) -> Outcome<(Key<'c, AdministerPatient>, PatientFacts<'c>)> {
    let facts = facts(tx, who, id)?;
    let key = patient::administer(who, &facts)?;
    tx.look(who, Look::at(EventKind::PatientCodeSeen, facts.group, Some(id)));
    Ok((key, facts))
}

/// Locks the place first.
pub fn to_edit<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, EditPatient>> {
    lock(tx, id)?;
    tx.acts();
    Ok(patient::edit(who, &facts(tx, who, id)?)?)
}

pub fn to_administer<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    id: PatientId,
) -> Outcome<Key<'c, AdministerPatient>> {
    tx.acts();
    Ok(patient::administer(who, &facts(tx, who, id)?)?)
}

/// Locks the place of a patient: every write to it does so first, and only then reads the facts.
pub fn lock(tx: &mut Tx, patient: PatientId) -> Outcome<()> {
    let group = store::law(tx, patient)?.group;
    groups::actions::lock(tx, group)
}

/// A professional, asking for what is theirs.
pub fn professional(who: &Who) -> Outcome<AccountId> {
    match who {
        Who::Nobody => Err(Refusal::SignIn.into()),
        Who::Person(person) if person.kind == AccountKind::Professional => Ok(person.account),
        _ => Err(Trouble::unseen()),
    }
}
