//! What happens when somebody leaves a workplace.

use crate::{Outcome, Tx, facilities, groups, invitations};
use tasuki_law::nouns::{FacilityId, GroupId, SeatId, Who};

/// Ends a seat, every membership entered through it and every open invitation made through it. Nothing is
/// accepted from it after this. Answers the facility and the places left.
pub fn depart(tx: &mut Tx, who: &Who, seat: SeatId) -> Outcome<(FacilityId, Vec<GroupId>)> {
    let facility = facilities::seat(tx, seat)?.facility;
    // The locks first, in the order everybody takes them: the facility, the places by id, the seat.
    facilities::actions::lock(tx, facility)?;
    for group in groups::entered_through(tx, seat)? {
        groups::actions::lock(tx, group)?;
    }
    let key = facilities::access::to_end_seat(tx, who, seat)?;
    facilities::actions::end_seat(tx, &key)?;
    // Whoever was entering while we waited is in by now, or was refused: the seat has ended.
    let left = groups::actions::end_all_through(tx, seat, key.account, key.by)?;
    invitations::actions::cancel_all_through(tx, seat, key.by)?;
    Ok((key.facility, left))
}
