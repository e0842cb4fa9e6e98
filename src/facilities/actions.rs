//! What happens to facilities and seats.

pub use super::store::NewFacility;
use super::{Details, FacilityCard, store};
use crate::events::{Event, announce};
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{AccountId, EventKind, FacilityId, Profession, SeatId};
use tasuki_law::rules::facility::{EndSeat, ManageFacility};

/// Writes a facility down; `workplaces` opens it together with its group.
pub fn register(tx: &mut Tx, new: &NewFacility<'_>) -> Outcome<()> {
    store::insert(tx, new)?;
    let registered = Event::new(EventKind::FacilityRegistered).by(new.made_by).at_facility(new.id);
    announce(tx, &registered.about(new.id.0))
}

/// Joins an account and a facility; the founder is an administrator.
pub fn sit(
    tx: &mut Tx,
    account: AccountId,
    facility: FacilityId,
    profession: Profession,
    admin: bool,
) -> Outcome<SeatId> {
    let seat = SeatId(tx.draw());
    store::insert_seat(tx, seat, account, facility, profession, admin)?;
    let taken = Event::new(EventKind::SeatTaken).by(account).seated(seat).at_facility(facility);
    announce(tx, &taken.about(seat.0))?;
    Ok(seat)
}

/// Changes the facility's own facts.
pub fn change(
    tx: &mut Tx,
    key: &Key<'_, ManageFacility>,
    card: &FacilityCard,
    details: &Details,
) -> Outcome<()> {
    store::change(tx, card, details)?;
    let changed = Event::new(EventKind::FacilityChanged).by(key.account).at_facility(key.facility);
    announce(tx, &changed.about(key.facility.0))
}

/// Locks the facility: whatever changes seats or rights does so first, and only then reads the facts.
pub fn lock(tx: &mut Tx, facility: FacilityId) -> Outcome<()> {
    store::lock(tx, facility)
}

/// Keeps a seat from ending until this transaction does; an ended one opens nothing.
pub fn hold_seat(tx: &mut Tx, seat: SeatId) -> Outcome<()> {
    if store::hold_seat(tx, seat)? {
        Ok(())
    } else {
        Err(crate::Trouble::because(tasuki_law::Why::NeedsSeat))
    }
}

/// Gives administrator rights.
pub fn appoint(tx: &mut Tx, key: &Key<'_, ManageFacility>, seat: SeatId) -> Outcome<()> {
    let now = tx.now();
    let (facility, theirs) = store::their_seat(tx, seat)?;
    if facility != key.facility || theirs.ended {
        return Err(crate::Trouble::unseen());
    }
    store::set_admin(tx, seat, Some(now))?;
    let given = Event::new(EventKind::SeatAdminGiven).by(key.account).at_facility(facility);
    announce(tx, &given.about(seat.0).concerning(theirs.account))
}

/// Takes administrator rights away; needs the key that would end the seat, so the last one keeps them.
pub fn dismiss(tx: &mut Tx, key: &Key<'_, EndSeat>) -> Outcome<()> {
    store::set_admin(tx, key.seat, None)?;
    let taken = Event::new(EventKind::SeatAdminTaken).by(key.by).at_facility(key.facility);
    announce(tx, &taken.about(key.seat.0).concerning(key.account))
}

/// Ends the seat itself; the memberships entered through it are `departures`' business.
pub fn end_seat(tx: &mut Tx, key: &Key<'_, EndSeat>) -> Outcome<()> {
    if !store::end_seat(tx, key.seat, key.by)? {
        return Err(crate::Trouble::because(tasuki_law::Why::AlreadyDecided));
    }
    let ended = Event::new(EventKind::SeatEnded).by(key.by).at_facility(key.facility);
    announce(tx, &ended.about(key.seat.0).concerning(key.account))
}

/// A person's profession changed: the seats that carried it follow.
pub fn follow_profession(tx: &mut Tx, account: AccountId, from: Profession, to: Profession) -> Outcome<()> {
    store::set_profession(tx, account, from, to)
}
