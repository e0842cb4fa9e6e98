//! Leaving a place, and entering one that one manages.

use super::Heading;
use crate::accounts::Known;
use crate::groups;
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{At, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use tasuki_law::Refusal;
use tasuki_law::nouns::{EventKind, GroupId, MemberId, Who};

#[derive(Template)]
#[template(path = "members/departure.html")]
struct DeparturePage {
    hall: Hall,
    place: Heading,
}

/// My own membership in the place.
fn mine(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<MemberId> {
    let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
    Ok(groups::member_of(tx, group, account)?.ok_or_else(Trouble::unseen)?.member)
}

/// `GET /groups/{group}/departure`: asks once more.
pub async fn confirm(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    let shown = house
        .read(move |tx| {
            mine(tx, &who, group)?;
            let ground = groups::ground(tx, group)?;
            groups::access::seen(tx, &who, &ground, EventKind::PlaceSeen);
            let hall = hall(tx, &who, words::LEAVE)?.back(format!("/groups/{group}/members"), words::MEMBERS);
            Ok(DeparturePage { hall, place: Heading::of(tx, &who, group)? })
        })
        .await?;
    page(&shown)
}

/// `POST /groups/{group}/departure`
pub async fn leave(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    house
        .write(move |tx| {
            let member = mine(tx, &who, group)?;
            let key = groups::access::to_end_membership(tx, &who, member)?;
            groups::actions::end_membership(tx, &key)
        })
        .await?;
    see_other("/?done=member_left")
}

#[derive(Template)]
#[template(path = "members/joining.html")]
struct JoiningPage {
    hall: Hall,
    place: Heading,
}

/// `GET /groups/{group}/joining`: an administrator of the originating facility who is no member is told what
/// entering means.
pub async fn confirm_joining(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    let shown = house
        .read(move |tx| {
            groups::access::may_add_oneself(tx, &who, group)?;
            let hall = hall(tx, &who, words::ADD_ONESELF)?;
            let hall = hall.back(format!("/groups/{group}/members"), words::MEMBERS);
            Ok(JoiningPage { hall, place: Heading::of(tx, &who, group)? })
        })
        .await?;
    page(&shown)
}

/// `POST /groups/{group}/joining`
pub async fn join(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    house
        .write(move |tx| {
            let key = groups::access::to_add_oneself(tx, &who, group)?;
            groups::actions::add_oneself(tx, &key)
        })
        .await?;
    see_other(format!("/groups/{group}?done=member_added"))
}
