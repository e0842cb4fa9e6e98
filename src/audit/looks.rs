//! Looking is an act too: it is written down before the answer, once per session, place and kind in a while.

use crate::events::{Event, announce};
use crate::{House, Outcome, Tx, facilities, groups};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_law::nouns::{EventKind, FacilityId, GroupId, PatientId, SeatId, SessionId, Who};
use tasuki_value::{MINUTE, Ts};

/// Further looks within this are counted, not written.
const WINDOW: i64 = 15 * MINUTE;
/// Beyond this many entries the old ones are swept out.
const MOST: usize = 20_000;

/// What was looked at lately; in this node's memory only.
#[derive(Clone, Default)]
pub struct Looks(Arc<Mutex<HashMap<Look, Seen>>>);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    session: SessionId,
    group: GroupId,
    kind: EventKind,
}

#[derive(Clone, Copy)]
struct Seen {
    since: Ts,
    /// Looks inside the window after the one that was written down.
    further: u32,
}

impl Looks {
    /// `None`: counted, nothing to write. Else how many looks the last window counted.
    fn due(&self, look: Look, now: Ts) -> Option<u32> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get_mut(&look) {
            Some(seen) if now.since(seen.since) < WINDOW => {
                seen.further += 1;
                None
            }
            Some(seen) => Some(seen.further),
            None => Some(0),
        }
    }

    /// The look is durable: its window begins.
    fn written(&self, look: Look, now: Ts) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            seen.retain(|_, seen| now.since(seen.since) < WINDOW);
        }
        seen.insert(look, Seen { since: now, further: 0 });
    }
}

/// Writes down that somebody looks; to be awaited before the answer leaves. The law was asked already.
///
/// # Errors
/// When it cannot be written: then nothing is to be shown.
pub async fn looked(
    house: &House,
    who: &Who,
    patient: Option<PatientId>,
    group: GroupId,
    kind: EventKind,
) -> Outcome<()> {
    let Some(person) = who.person().copied() else { return Ok(()) };
    let look = Look { session: person.session, group, kind };
    let now = house.now();
    let Some(further) = house.looks.due(look, now) else { return Ok(()) };
    let who = who.clone();
    let write = move |tx: &mut Tx<'_, '_>| {
        let mut event = Event::new(kind).by(person.account).in_group(group);
        event.facility = groups::facility(tx, group)?;
        event.seat = seat(tx, &who, group, event.facility)?;
        event.patient = match patient {
            Some(patient) => Some(patient),
            None => groups::patient(tx, group)?,
        };
        event.note = (further > 0).then(|| further.to_string());
        announce(tx, &event)
    };
    house.write(write).await?;
    house.looks.written(look, now);
    Ok(())
}

/// The seat one looks from: that of the membership, or that of an administrator who is no member.
fn seat(tx: &mut Tx, who: &Who, group: GroupId, facility: Option<FacilityId>) -> Outcome<Option<SeatId>> {
    if let Some(mine) = groups::access::my_membership(tx, who, group)? {
        return Ok(Some(mine.seat));
    }
    match (who.account(), facility) {
        (Some(account), Some(facility)) => {
            Ok(facilities::seat_at(tx, account, facility)?.map(|seat| seat.seat))
        }
        _ => Ok(None),
    }
}
