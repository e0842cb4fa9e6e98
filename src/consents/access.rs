//! Gathers the facts about a patient and asks the law about the consent.

use crate::patients;
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{PatientId, Who};
use tasuki_law::rules::patient::{self, RecordConsent};

/// Locks the place first: after a withdrawal nothing more is accepted.
pub fn to_record<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, RecordConsent>> {
    patients::access::lock(tx, id)?;
    to_see_form(tx, who, id)
}

/// To see the form.
pub fn to_see_form<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, RecordConsent>> {
    Ok(patient::record_consent(who, &patients::access::facts(tx, who, id)?)?)
}

/// Whoever may record one or open the card sees the consents; answers whether they may record.
pub fn to_see(tx: &mut Tx, who: &Who, id: PatientId) -> Outcome<bool> {
    let facts = patients::access::facts(tx, who, id)?;
    if patient::record_consent(who, &facts).is_ok() {
        return Ok(true);
    }
    patient::open_card(who, &facts)?;
    Ok(false)
}
