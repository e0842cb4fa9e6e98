//! Gathers the facts about a facility and asks the law.

use super::store;
use crate::house::Look;
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{EventKind, FacilityId, SeatId, Who};
use tasuki_law::rules::facility::{
    self, EndSeat, FacilityFacts, InviteStaff, ManageFacility, RegisterPatient, SeeFacility, SeeRecord,
};

fn facts<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: FacilityId) -> Outcome<FacilityFacts<'c>> {
    let mine = match who.account() {
        Some(account) => store::seat_at(tx, account, id)?,
        None => None,
    };
    Ok(FacilityFacts { moment: tx.moment(), facility: id, mine, admins: store::admins(tx, id)? })
}

pub fn to_see<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: FacilityId) -> Outcome<Key<'c, SeeFacility>> {
    Ok(facility::see(who, &facts(tx, who, id)?)?)
}

pub fn to_invite<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: FacilityId) -> Outcome<Key<'c, InviteStaff>> {
    Ok(facility::invite_staff(who, &facts(tx, who, id)?)?)
}

pub fn to_manage<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: FacilityId) -> Outcome<Key<'c, ManageFacility>> {
    Ok(facility::manage(who, &facts(tx, who, id)?)?)
}

pub fn to_register_patient<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    id: FacilityId,
) -> Outcome<Key<'c, RegisterPatient>> {
    let key = facility::register_patient(who, &facts(tx, who, id)?)?;
    // Whoever registers somebody is told their code.
    tx.acts();
    Ok(key)
}

pub fn to_see_record<'c>(tx: &mut Tx<'_, 'c>, who: &Who, id: FacilityId) -> Outcome<Key<'c, SeeRecord>> {
    let key = facility::see_record(who, &facts(tx, who, id)?)?;
    tx.look(who, Look::over(EventKind::RecordOpened).of(id.0));
    Ok(key)
}

pub fn to_end_seat<'c>(tx: &mut Tx<'_, 'c>, who: &Who, seat: SeatId) -> Outcome<Key<'c, EndSeat>> {
    let (home, theirs) = store::their_seat(tx, seat)?;
    Ok(facility::end_seat(who, &facts(tx, who, home)?, &theirs)?)
}
