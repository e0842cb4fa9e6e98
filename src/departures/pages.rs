//! Asks once more, naming every place that is left, and does it.

use super::actions;
use crate::accounts::Known;
use crate::facilities::{self, SeatCard};
use crate::groups;
use crate::house::Look;
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{At, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use tasuki_law::nouns::{EventKind, GroupId, SeatId, Who};

#[derive(Template)]
#[template(path = "departures/confirm.html")]
struct ConfirmPage {
    hall: Hall,
    seat: SeatCard,
    oneself: bool,
    places: Vec<Place>,
    /// Places whose names are not for the one who ends the seat: counted only.
    unnamed: usize,
}

/// A place that is left.
struct Place {
    name: String,
    kind: &'static str,
}

/// `GET /staff/{seat}/departure`
pub async fn confirm(Known(who): Known, house: House, At(id): At<SeatId>) -> Page {
    let shown = house
        .read(move |tx| {
            let key = facilities::access::to_end_seat(tx, &who, id)?;
            tx.look(&who, Look::over(EventKind::PlacesListed).of(id.0));
            let seat = facilities::seat(tx, id)?;
            let (places, unnamed) = places(tx, &who, id)?;
            let oneself = key.account == key.by;
            let title = if oneself { words::END_OWN_SEAT } else { words::END_SEAT };
            let hall = hall(tx, &who, title)?.back(format!("/staff/{id}"), seat.name());
            Ok(ConfirmPage { hall, oneself, seat, places, unnamed })
        })
        .await?;
    page(&shown)
}

/// The places entered through the seat. An administrator reads the names of those they may see themselves:
/// their own facility's patients, the groups they are in.
fn places(tx: &mut Tx, who: &Who, seat: SeatId) -> Outcome<(Vec<Place>, usize)> {
    let mut places = Vec::new();
    let mut unnamed = 0;
    for group in groups::entered_through(tx, seat)? {
        if may_name(tx, who, group)? {
            let place = groups::place(tx, group)?;
            places.push(Place { name: place.title.name, kind: place.kind.word() });
        } else {
            unnamed += 1;
        }
    }
    Ok((places, unnamed))
}

fn may_name(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<bool> {
    match groups::access::may_see_members(tx, who, group) {
        Ok(_) => Ok(true),
        Err(Trouble::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// `POST /staff/{seat}/departure`
pub async fn depart(Known(who): Known, house: House, At(id): At<SeatId>) -> Page {
    let asker = who.account();
    let (facility, oneself) = house
        .write(move |tx| {
            let account = facilities::seat(tx, id)?.account;
            let (facility, _) = actions::depart(tx, &who, id)?;
            Ok((facility, asker == Some(account)))
        })
        .await?;
    if oneself {
        return see_other("/?done=own_seat_ended");
    }
    see_other(format!("/staff?facility={facility}&done=seat_ended"))
}
