//! Gathers the facts about a patient and asks the law about the consent.

use crate::house::Look;
use crate::patients;
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{ConsentId, EventKind, PatientId, Who};
use tasuki_law::rules::patient::{self, RecordConsent};

/// Locks the place first: after a withdrawal nothing more is accepted.
pub fn to_record<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, RecordConsent>> {
    patients::access::lock(tx, id)?;
    tx.acts();
    Ok(patient::record_consent(who, &patients::access::facts(tx, who, id)?)?)
}

/// To see the form.
/// Whether the person may record a consent, only asking: nothing of it is shown.
pub fn may_record(tx: &mut Tx, who: &Who, id: PatientId) -> Outcome<bool> {
    Ok(patient::record_consent(who, &patients::access::facts(tx, who, id)?).is_ok())
}

pub fn to_see_form<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: PatientId) -> Outcome<Key<'c, RecordConsent>> {
    let facts = patients::access::facts(tx, who, id)?;
    let key = patient::record_consent(who, &facts)?;
    tx.look(who, Look::at(EventKind::ConsentFormOpened, facts.group, Some(id)));
    Ok(key)
}

/// Whoever may record one or open the card sees the consents, all or one; answers whether they may record.
pub fn to_see(tx: &mut Tx, who: &Who, id: PatientId, one: Option<ConsentId>) -> Outcome<bool> {
    sees(tx, who, id, EventKind::ConsentSeen, one)
}

/// To see the paper of a consent: a look of its own.
pub fn to_see_scan(tx: &mut Tx, who: &Who, id: PatientId, consent: ConsentId) -> Outcome<()> {
    sees(tx, who, id, EventKind::ConsentScanOpened, Some(consent)).map(drop)
}

fn sees(tx: &mut Tx, who: &Who, id: PatientId, kind: EventKind, one: Option<ConsentId>) -> Outcome<bool> {
    let facts = patients::access::facts(tx, who, id)?;
    let records = patient::record_consent(who, &facts).is_ok();
    if !records {
        patient::open_card(who, &facts)?;
    }
    let subject = one.map(|consent| consent.0);
    tx.look(who, Look { subject, ..Look::at(kind, facts.group, Some(id)) });
    Ok(records)
}
