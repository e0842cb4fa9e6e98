//! What happens to consents.

use super::store::{self, NewConsent};
use super::{Consent, Details};
use crate::events::{Event, announce};
use crate::patients;
use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{ConsentId, ConsentMethod, EventKind, UploadId};
use tasuki_law::rules::patient::RecordConsent;
use tasuki_law::{Key, Why};

/// A consent as it was taken down.
pub struct Taken<'a> {
    pub method: ConsentMethod,
    pub details: &'a Details,
    pub scan: Option<UploadId>,
}

/// Records a consent: from here on it is the one that counts. The same one sent again is recorded once.
pub fn record(tx: &mut Tx, key: &Key<'_, RecordConsent>, taken: &Taken<'_>) -> Outcome<ConsentId> {
    let patient = patients::patient(tx, key.patient)?;
    let newest = store::of_patient(tx, key.patient)?.into_iter().next();
    if let Some(repeat) = newest.filter(|newest| is_repeat(newest, taken)) {
        return Ok(repeat.id);
    }
    let id = ConsentId(tx.draw());
    let new = NewConsent {
        id,
        patient: key.patient,
        data_key: patient.data_key,
        method: taken.method,
        details: taken.details,
        scan: taken.scan,
        recorded_by: key.account,
    };
    store::insert(tx, &new)?;
    announce(tx, &event(EventKind::ConsentRecorded, key, id).noting(taken.method.code()))?;
    Ok(id)
}

fn is_repeat(newest: &Consent, taken: &Taken<'_>) -> bool {
    newest.withdrawn_at.is_none()
        && newest.method == taken.method
        && newest.details == *taken.details
        && newest.scan == taken.scan
}

/// Withdraws the consent that is in force. Nobody is asked why.
pub fn withdraw(tx: &mut Tx, key: &Key<'_, RecordConsent>, consent: ConsentId) -> Outcome<()> {
    let newest = store::of_patient(tx, key.patient)?.into_iter().next().ok_or_else(Trouble::unseen)?;
    if newest.id != consent || !store::withdraw(tx, consent, key.account)? {
        return Err(Trouble::because(Why::AlreadyDecided));
    }
    announce(tx, &event(EventKind::ConsentWithdrawn, key, consent))
}

fn event(kind: EventKind, key: &Key<'_, RecordConsent>, consent: ConsentId) -> Event {
    let done = Event::new(kind).by(key.account).in_group(key.group).at_facility(key.facility);
    done.of_patient(key.patient).about(consent.0)
}
