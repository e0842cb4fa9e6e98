//! A patient: the card, the code, the consent.

use super::{MyMembership, MySeat, professional};
use crate::nouns::{AccountId, ConsentState, FacilityId, GroupId, MemberRole, PatientId, Who};
use crate::{Key, Refusal, Why};
use tasuki_value::Moment;

/// What must be known of a patient before anything is decided.
#[derive(Clone, Copy, Debug)]
pub struct PatientFacts<'tx> {
    pub moment: Moment<'tx>,
    pub patient: PatientId,
    pub group: GroupId,
    /// The originating facility.
    pub facility: FacilityId,
    pub consent: ConsentState,
    pub closed: bool,
    /// The originating facility lets members of other facilities edit the facts.
    pub members_may_edit: bool,
    /// The asker's living membership in the patient's group.
    pub mine: Option<MyMembership>,
    /// The asker's living seat at the originating facility.
    pub office: Option<MySeat>,
}

/// Open the patient's card.
#[derive(Debug)]
pub struct OpenCard {
    pub patient: PatientId,
    pub group: GroupId,
    pub facility: FacilityId,
    pub account: AccountId,
    pub may_edit: bool,
    /// An administrator of this patient: reads the identity code, opens the facts to other members.
    pub administers: bool,
    pub may_record_consent: bool,
}

/// Be told name, reading and memo, in lists.
#[derive(Debug)]
pub struct NamePatient {
    pub patient: PatientId,
    pub account: AccountId,
}

/// Change the patient's facts.
#[derive(Debug)]
pub struct EditPatient {
    pub patient: PatientId,
    pub facility: FacilityId,
    pub group: GroupId,
    pub account: AccountId,
}

/// What administrators of this patient do: read the identity code, open the facts to other members.
#[derive(Debug)]
pub struct AdministerPatient {
    pub patient: PatientId,
    pub facility: FacilityId,
    pub group: GroupId,
    pub account: AccountId,
}

/// Record a consent, or its withdrawal.
#[derive(Debug)]
pub struct RecordConsent {
    pub patient: PatientId,
    pub facility: FacilityId,
    pub group: GroupId,
    pub account: AccountId,
}

fn originating(facts: &PatientFacts<'_>) -> bool {
    facts.mine.is_some_and(|mine| mine.facility == facts.facility)
}

fn administers(facts: &PatientFacts<'_>) -> bool {
    facts.office.is_some_and(|seat| seat.admin)
        || (originating(facts) && facts.mine.is_some_and(|mine| mine.role == MemberRole::Admin))
}

fn may_edit(facts: &PatientFacts<'_>) -> Result<(), Refusal> {
    if facts.closed {
        Err(Refusal::Because(Why::GroupClosed))
    } else if originating(facts) || facts.members_may_edit {
        Ok(())
    } else {
        Err(Refusal::Because(Why::FactsNotOpened))
    }
}

/// Members open the card; those of other facilities only while consent is in force.
pub fn open_card<'tx>(who: &Who, facts: &PatientFacts<'tx>) -> Result<Key<'tx, OpenCard>, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() {
        return Err(Refusal::Unseen);
    }
    consent_reaches(facts)?;
    let act = OpenCard {
        patient: facts.patient,
        group: facts.group,
        facility: facts.facility,
        account: person.account,
        may_edit: may_edit(facts).is_ok(),
        administers: administers(facts),
        may_record_consent: originating(facts) || administers(facts),
    };
    Ok(Key::cut(facts.moment, act))
}

fn consent_reaches(facts: &PatientFacts<'_>) -> Result<(), Refusal> {
    match facts.consent {
        _ if originating(facts) => Ok(()),
        ConsentState::Valid => Ok(()),
        ConsentState::Missing => Err(Refusal::Because(Why::NoConsent)),
        ConsentState::Withdrawn => Err(Refusal::Because(Why::ConsentWithdrawn)),
    }
}

/// Members and staff of the originating facility know whom they list; members of other facilities only while consent is
/// in force.
pub fn name<'tx>(who: &Who, facts: &PatientFacts<'tx>) -> Result<Key<'tx, NamePatient>, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() && facts.office.is_none() {
        return Err(Refusal::Unseen);
    }
    if facts.office.is_none() {
        consent_reaches(facts)?;
    }
    Ok(Key::cut(facts.moment, NamePatient { patient: facts.patient, account: person.account }))
}

pub fn edit<'tx>(who: &Who, facts: &PatientFacts<'tx>) -> Result<Key<'tx, EditPatient>, Refusal> {
    let card = open_card(who, facts)?;
    may_edit(facts)?;
    let act = EditPatient {
        patient: card.patient,
        facility: card.facility,
        group: card.group,
        account: card.account,
    };
    Ok(Key::cut(facts.moment, act))
}

/// Administrators of the originating facility need no membership for this: it shows nothing of the card.
pub fn administer<'tx>(who: &Who, facts: &PatientFacts<'tx>) -> Result<Key<'tx, AdministerPatient>, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() && facts.office.is_none() {
        return Err(Refusal::Unseen);
    }
    if !administers(facts) {
        return Err(Refusal::Because(Why::NotGroupAdmin));
    }
    let act = AdministerPatient {
        patient: facts.patient,
        facility: facts.facility,
        group: facts.group,
        account: person.account,
    };
    Ok(Key::cut(facts.moment, act))
}

pub fn record_consent<'tx>(who: &Who, facts: &PatientFacts<'tx>) -> Result<Key<'tx, RecordConsent>, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() && facts.office.is_none() {
        return Err(Refusal::Unseen);
    }
    if !originating(facts) && !administers(facts) {
        return Err(Refusal::Because(Why::NotOriginating));
    }
    let act = RecordConsent {
        patient: facts.patient,
        facility: facts.facility,
        group: facts.group,
        account: person.account,
    };
    Ok(Key::cut(facts.moment, act))
}
