//! What happens to consents.

use super::store::{self, NewConsent};
use super::{Consent, Details};
use crate::events::{Event, announce};
use crate::media::{self, Purpose};
use crate::patients;
use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{ConsentId, ConsentMethod, EventKind, UploadId};
use tasuki_law::rules::patient::RecordConsent;
use tasuki_law::{Key, Why};
use tasuki_value::{MINUTE, Ts};

/// A consent as it was taken down.
pub struct Taken<'a> {
    pub method: ConsentMethod,
    pub details: &'a Details,
    /// What was sent for it, by whom and under which key.
    pub scan: Option<(UploadId, Purpose)>,
}

/// Records a consent: from here on it is the one that counts. The same one sent again is recorded once.
pub fn record(tx: &mut Tx, key: &Key<'_, RecordConsent>, taken: &Taken<'_>) -> Outcome<ConsentId> {
    let patient = patients::patient(tx, key.patient)?;
    let (now, newest) = (tx.now(), store::of_patient(tx, key.patient)?.into_iter().next());
    if let Some(repeat) = newest.filter(|newest| is_repeat(newest, taken, now)) {
        return Ok(repeat.id);
    }
    let scan = taken.scan.map(|(scan, _)| scan);
    if let Some((scan, purpose)) = &taken.scan {
        media::keep(tx, purpose, *scan)?;
    }
    let id = ConsentId(tx.draw());
    let new = NewConsent {
        id,
        patient: key.patient,
        data_key: patient.data_key,
        method: taken.method,
        details: taken.details,
        scan,
        recorded_by: key.account,
    };
    store::insert(tx, &new)?;
    announce(tx, &event(EventKind::ConsentRecorded, key, id).noting(taken.method.code()))?;
    Ok(id)
}

/// Sent twice in a while: a scan then comes twice too, under two ids.
const A_WHILE: i64 = 10 * MINUTE;

fn is_repeat(newest: &Consent, taken: &Taken<'_>, now: Ts) -> bool {
    let same_scan = newest.scan == taken.scan.map(|(scan, _)| scan);
    let sent_again = newest.scan.is_some() == taken.scan.is_some() && now.since(newest.recorded_at) < A_WHILE;
    newest.withdrawn_at.is_none()
        && newest.method == taken.method
        && newest.details == *taken.details
        && (same_scan || sent_again)
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
