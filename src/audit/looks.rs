//! Looking is an act too: it is written down before the answer, once per session and thing in a while. What follows
//! within that while is counted, and the count is written down when the while is over.

use crate::events::{Event, announce};
use crate::house::Seen;
use crate::{House, Outcome, Tx, facilities, groups};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tasuki_law::nouns::{FacilityId, GroupId, Person, SeatId, Who};
use tasuki_value::{MINUTE, Ts};

/// Further looks within this are counted, not written.
const WINDOW: i64 = 15 * MINUTE;
/// More is not remembered: then looks are written that would have been counted.
const MOST: usize = 50_000;

/// What was looked at lately; in this node's memory only.
#[derive(Clone, Debug, Default)]
pub struct Looks(Arc<Mutex<HashMap<Seen, Window>>>);

#[derive(Clone, Copy, Debug)]
struct Window {
    since: Ts,
    /// Looks inside the window after the one that was written down.
    further: u32,
}

/// What is to be written down now. What is not [`Due::written`] goes on being counted.
#[derive(Debug, Default)]
pub struct Due {
    at: Option<Ts>,
    fresh: Vec<Seen>,
    /// Taken out of their windows, so that nobody else writes them as well.
    counted: Vec<(Seen, u32)>,
    from: Option<Looks>,
}

/// One line of the record: a look, or how many more followed on one.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    seen: Seen,
    further: Option<u32>,
}

impl Due {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.counted.is_empty()
    }

    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let counted =
            self.counted.iter().map(|(seen, further)| Line { seen: *seen, further: Some(*further) });
        counted.chain(self.fresh.iter().map(|seen| Line { seen: *seen, further: None })).collect()
    }
}

impl Looks {
    fn held(&self) -> MutexGuard<'_, HashMap<Seen, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn none(&self, now: Ts) -> Due {
        Due { at: Some(now), fresh: Vec::new(), counted: Vec::new(), from: Some(self.clone()) }
    }

    /// Counts what was seen a moment ago already; the rest is to be written down.
    #[must_use]
    pub fn due(&self, seen: Vec<Seen>, now: Ts) -> Due {
        if seen.is_empty() {
            return Due::default();
        }
        let mut due = self.none(now);
        let mut held = self.held();
        for seen in seen {
            match held.get_mut(&seen) {
                Some(window) if now.since(window.since) < WINDOW => window.further += 1,
                Some(window) => {
                    due.counted.extend(window.taken(seen));
                    due.fresh.push(seen);
                }
                None => due.fresh.push(seen),
            }
        }
        due
    }

    /// The windows that are over, or all.
    fn over(&self, now: Ts, all: bool) -> Due {
        let mut due = self.none(now);
        self.held().retain(|seen, window| {
            let over = all || now.since(window.since) >= WINDOW;
            let counted = if over { window.taken(*seen) } else { None };
            due.counted.extend(counted);
            !over || counted.is_some()
        });
        due
    }
}

impl Window {
    fn taken(&mut self, seen: Seen) -> Option<(Seen, u32)> {
        let further = std::mem::take(&mut self.further);
        (further > 0).then_some((seen, further))
    }
}

impl Due {
    /// It is durable: new windows begin.
    pub fn written(mut self) {
        let (Some(looks), Some(at)) = (self.from.take(), self.at) else { return };
        let mut held = looks.held();
        for seen in self.fresh.drain(..) {
            if held.len() < MOST || held.contains_key(&seen) {
                // Two may have been the first at once: what was counted since stays.
                held.entry(seen).or_insert(Window { since: at, further: 0 }).since = at;
            }
        }
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        let Some(looks) = self.from.take().filter(|_| !self.counted.is_empty()) else { return };
        let mut held = looks.held();
        for (seen, further) in self.counted.drain(..) {
            held.entry(seen).or_insert(Window { since: Ts(0), further: 0 }).further += further;
        }
    }
}

/// Writes down how often was looked within the windows that are over; within all, when the house closes.
///
/// # Errors
/// When it cannot be written: then it is tried again the next time.
pub async fn count(house: &House, all: bool) -> Outcome<()> {
    let due = house.looks.over(house.now(), all);
    if due.is_empty() {
        return Ok(());
    }
    let lines = due.lines();
    house.write(move |tx| write_down(tx, &lines)).await?;
    due.written();
    Ok(())
}

/// Puts lines on the record. The law was asked when they were noted.
///
/// # Errors
/// When they cannot be written: then nothing is to be shown.
pub fn write_down(tx: &mut Tx, lines: &[Line]) -> Outcome<()> {
    let mut seats = HashMap::new();
    for Line { seen: Seen { person, look }, further } in lines {
        let mut event = Event::new(look.kind).by(person.account);
        (event.group, event.patient, event.subject) = (look.group, look.patient, look.subject);
        if let Some(group) = look.group {
            let known = (person.account, group);
            let (facility, seat) = match seats.get(&known) {
                Some(known) => *known,
                None => *seats.entry(known).or_insert(whence(tx, person, group)?),
            };
            (event.facility, event.seat) = (facility, seat);
        }
        event.note = further.map(|count| count.to_string());
        announce(tx, &event)?;
    }
    Ok(())
}

/// Whose record shows it, and the seat one looks from: that of the membership, or that of an administrator who is no
/// member.
fn whence(tx: &mut Tx, person: &Person, group: GroupId) -> Outcome<(Option<FacilityId>, Option<SeatId>)> {
    let facility = groups::facility(tx, group)?;
    if let Some(mine) = groups::access::my_membership(tx, &Who::Person(*person), group)? {
        return Ok((facility, Some(mine.seat)));
    }
    let seat = match facility {
        Some(facility) => facilities::seat_at(tx, person.account, facility)?.map(|seat| seat.seat),
        None => None,
    };
    Ok((facility, seat))
}

#[cfg(test)]
mod tests {
    use super::{Looks, MOST, Seen, WINDOW};
    use crate::house::Look;
    use tasuki_law::nouns::{AccountId, AccountKind, EventKind, Person, SessionId};
    use tasuki_value::Ts;
    use uuid::Uuid;

    fn seen(session: u128, subject: u128) -> Seen {
        let person = Person {
            account: AccountId(Uuid::from_u128(session)),
            session: SessionId(Uuid::from_u128(session)),
            kind: AccountKind::Professional,
            operator: false,
        };
        let look = Look::over(EventKind::FileOpened).of(Uuid::from_u128(subject));
        Seen { person, look }
    }

    fn look(looks: &Looks, seen: Seen, now: i64) -> (usize, usize) {
        let due = looks.due(vec![seen], Ts(now));
        let counts = (due.fresh.len(), due.counted.len());
        due.written();
        counts
    }

    #[test]
    fn each_thing_of_each_session_has_a_window_of_its_own() {
        let looks = Looks::default();
        assert_eq!(look(&looks, seen(1, 1), 0), (1, 0));
        assert_eq!(look(&looks, seen(1, 2), 0), (1, 0), "another file");
        assert_eq!(look(&looks, seen(2, 1), 0), (1, 0), "another session");
        assert_eq!(look(&looks, seen(1, 1), WINDOW - 1), (0, 0));
        assert_eq!(look(&looks, seen(1, 1), WINDOW), (1, 1), "with how many there were meanwhile");
        assert_eq!(look(&looks, seen(1, 1), 2 * WINDOW), (1, 0));
    }

    #[test]
    fn what_was_counted_is_told_once_when_the_window_is_over() {
        let looks = Looks::default();
        for _ in 0..4 {
            look(&looks, seen(1, 1), 0);
        }
        look(&looks, seen(1, 2), 0);
        assert!(looks.over(Ts(WINDOW - 1), false).is_empty());
        let due = looks.over(Ts(WINDOW), false);
        assert_eq!(due.counted, [(seen(1, 1), 3)]);
        assert!(looks.over(Ts(WINDOW), false).is_empty(), "by one alone");
        // Not written: it is told again. Written: never.
        drop(due);
        let due = looks.over(Ts(WINDOW), false);
        assert_eq!(due.counted.len(), 1);
        due.written();
        assert!(looks.over(Ts(WINDOW), false).is_empty() && looks.held().is_empty());
        look(&looks, seen(1, 1), 2 * WINDOW);
        look(&looks, seen(1, 1), 2 * WINDOW);
        assert_eq!(looks.over(Ts(2 * WINDOW), true).counted, [(seen(1, 1), 1)], "the house closes");
    }

    #[test]
    fn it_remembers_so_many_and_no_more() {
        let looks = Looks::default();
        for number in 0..MOST as u128 + 10 {
            assert_eq!(look(&looks, seen(1, number), 0), (1, 0));
        }
        assert_eq!(looks.held().len(), MOST);
        assert_eq!(look(&looks, seen(1, MOST as u128 + 1), 0), (1, 0), "written rather than lost");
    }
}
