//! One member: appointing and taking out.

use super::Heading;
use crate::accounts::Known;
use crate::groups::{self, MemberCard};
use crate::phrases::{self, staff as words};
use crate::web::hall::hall;
use crate::web::{At, Form, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx, facilities};
use askama::Template;
use tasuki_law::Key;
use tasuki_law::nouns::{GroupId, MemberId, Who};
use tasuki_law::rules::group::SeeMembers;

#[derive(Template)]
#[template(path = "members/one.html")]
struct OnePage {
    hall: Hall,
    place: Heading,
    member: MemberCard,
    admin: bool,
    /// Nobody vouched for their facility, and it is not one's own.
    unvouched: bool,
    joined_on: String,
    oneself: bool,
    may: May,
}

/// What the person who looks may do about the member.
struct May {
    manage: bool,
}

/// The member as the place's list has them.
fn find(tx: &mut Tx, group: GroupId, member: MemberId) -> Outcome<MemberCard> {
    let members = groups::members(tx, group)?;
    members.into_iter().find(|card| card.member == member).ok_or_else(Trouble::unseen)
}

fn look<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    group: GroupId,
    member: MemberId,
) -> Outcome<(Key<'c, SeeMembers>, MemberCard)> {
    let key = groups::access::to_see_members(tx, who, group)?;
    Ok((key, find(tx, group, member)?))
}

/// `GET /groups/{group}/members/{member}`
pub async fn show(Known(who): Known, house: House, At((group, member)): At<(GroupId, MemberId)>) -> Page {
    let shown = house
        .read(move |tx| {
            let (key, member) = look(tx, &who, group, member)?;
            let hall = hall(tx, &who, member.name())?;
            Ok(OnePage {
                hall: hall.back(format!("/groups/{group}/members"), words::MEMBERS),
                place: Heading::of(tx, &who, group)?,
                admin: member.is_admin(),
                unvouched: member.vouched_at.is_none()
                    && !facilities::own(tx, &who)?.contains(&member.facility),
                joined_on: phrases::day(member.joined_at),
                oneself: member.account == key.account,
                may: May { manage: key.manages },
                member,
            })
        })
        .await?;
    page(&shown)
}

/// `POST /groups/{group}/members/{member}/administrator`: `on` gives the right, anything else takes it.
pub async fn administrator(
    Known(who): Known,
    house: House,
    At((group, member)): At<(GroupId, MemberId)>,
    form: Form,
) -> Page {
    let give = form.code("right") == "on";
    house
        .write(move |tx| {
            groups::actions::lock(tx, group)?;
            let key = groups::access::to_manage(tx, &who, group)?;
            let admin = find(tx, group, member)?.is_admin();
            match (give, admin) {
                (true, false) => groups::actions::appoint(tx, &key, member),
                (false, true) => groups::actions::dismiss(tx, &key, member),
                _ => Ok(()),
            }
        })
        .await?;
    let done = if give { "member_appointed" } else { "member_dismissed" };
    see_other(format!("/groups/{group}/members?done={done}"))
}

#[derive(Template)]
#[template(path = "members/removal.html")]
struct RemovalPage {
    hall: Hall,
    place: Heading,
    member: MemberCard,
}

/// `GET /groups/{group}/members/{member}/removal`: asks once more.
pub async fn confirm_removal(
    Known(who): Known,
    house: House,
    At((group, member)): At<(GroupId, MemberId)>,
) -> Page {
    let shown = house
        .read(move |tx| {
            let (_, member) = look(tx, &who, group, member)?;
            groups::access::to_manage(tx, &who, group)?;
            let back = format!("/groups/{group}/members/{}", member.member);
            let hall = hall(tx, &who, words::REMOVE_MEMBER)?.back(back, member.name());
            Ok(RemovalPage { hall, place: Heading::of(tx, &who, group)?, member })
        })
        .await?;
    page(&shown)
}

/// `POST /groups/{group}/members/{member}/removal`
pub async fn remove(Known(who): Known, house: House, At((group, member)): At<(GroupId, MemberId)>) -> Page {
    house
        .write(move |tx| {
            let key = groups::access::to_end_membership(tx, &who, member)?;
            if key.group != group {
                return Err(Trouble::unseen());
            }
            groups::actions::end_membership(tx, &key)
        })
        .await?;
    see_other(format!("/groups/{group}/members?done=member_removed"))
}
