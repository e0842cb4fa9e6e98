//! Gathers the facts about a group and asks the law.

use super::store::{self, GroupRow};
use crate::facilities;
use crate::house::Look;
use crate::policies;
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{ConsentState, EventKind, GroupId, GroupKind, MemberId, Who};
use tasuki_law::rules::MyMembership;
use tasuki_law::rules::group::{
    self, AddOneself, Approver, CreateFreeGroup, EndMembership, GroupFacts, InviteMember, ManageGroup,
    SeeMembers,
};

/// Everything the law wants to know of a group and of who asks.
pub fn facts<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<GroupFacts<'c>> {
    let row = store::group_row(tx, group)?;
    let mine = my_membership(tx, who, group)?;
    let office = match (row.facility, who.account()) {
        (Some(facility), Some(account)) => facilities::seat_at(tx, account, facility)?,
        _ => None,
    };
    let admin_of_my_seat = match (&mine, who.account()) {
        (Some(mine), Some(account)) => {
            facilities::seat_at(tx, account, mine.facility)?.is_some_and(|seat| seat.admin)
        }
        _ => false,
    };
    Ok(GroupFacts {
        moment: tx.moment(),
        group,
        kind: row.kind,
        facility: row.facility,
        patient: row.patient,
        closed: row.closed,
        consent: consent(row.kind, row.consent_withdrawn),
        approver: approver(&row),
        mine,
        office,
        admin_of_my_seat,
        admins: store::admins(tx, group)?,
    })
}

/// The consent that counts for a place: a place without a patient needs none.
pub const fn consent(kind: GroupKind, withdrawn: Option<bool>) -> ConsentState {
    match (kind, withdrawn) {
        (GroupKind::Patient, None) => ConsentState::Missing,
        (GroupKind::Patient, Some(true)) => ConsentState::Withdrawn,
        _ => ConsentState::Valid,
    }
}

fn approver(row: &GroupRow) -> Approver {
    row.policy.as_deref().map_or(Approver::FacilityAdmin, |code| policies::of(code).approver)
}

/// The asker's living membership.
pub fn my_membership(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Option<MyMembership>> {
    match who.account() {
        Some(account) => store::my_membership(tx, account, group),
        None => Ok(None),
    }
}

pub fn to_see_members<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, SeeMembers>> {
    let facts = facts(tx, who, group)?;
    let key = group::see_members(who, &facts)?;
    tx.look(who, Look::at(EventKind::MembersSeen, group, facts.patient));
    Ok(key)
}

/// What is only asked of the members, for something else that is shown and noted.
pub fn may_see_members<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, SeeMembers>> {
    Ok(group::see_members(who, &facts(tx, who, group)?)?)
}

pub fn to_invite<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, InviteMember>> {
    let facts = facts(tx, who, group)?;
    let key = group::invite(who, &facts)?;
    tx.look(who, Look::at(EventKind::PlaceSeen, group, facts.patient));
    Ok(key)
}

/// As [`to_invite`], only asking.
pub fn may_invite(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<()> {
    group::invite(who, &facts(tx, who, group)?)?;
    Ok(())
}

pub fn to_manage<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, ManageGroup>> {
    let facts = facts(tx, who, group)?;
    let key = group::manage(who, &facts)?;
    tx.acts();
    Ok(key)
}

pub fn to_add_oneself<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, AddOneself>> {
    super::actions::lock(tx, group)?;
    tx.acts();
    Ok(group::add_oneself(who, &facts(tx, who, group)?)?)
}

/// As [`to_add_oneself`], only asking: nothing is locked.
pub fn may_add_oneself(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<()> {
    let facts = facts(tx, who, group)?;
    group::add_oneself(who, &facts)?;
    tx.look(who, Look::at(EventKind::PlaceSeen, group, facts.patient));
    Ok(())
}

/// Locks the place first: after a removal nothing more is accepted from the person.
pub fn to_end_membership<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    member: MemberId,
) -> Outcome<Key<'c, EndMembership>> {
    let (group, _) = store::their_membership(tx, member)?;
    super::actions::lock(tx, group)?;
    tx.acts();
    let (_, theirs) = store::their_membership(tx, member)?;
    let members = store::place(tx, group)?.members;
    Ok(group::end_membership(who, &facts(tx, who, group)?, &theirs, members)?)
}

/// The place as whoever asks may be told of it: what it is called only where the law names it. `invited`: it is shown
/// with an invitation that is theirs to send, to approve or to answer.
pub fn place_for(tx: &mut Tx, who: &Who, group: GroupId, invited: bool) -> Outcome<super::Place> {
    let facts = facts(tx, who, group)?;
    match group::name(who, &facts, invited) {
        Ok(key) => super::place(tx, key.group),
        Err(_) => Ok(store::place(tx, group)?.withheld(facts.consent)),
    }
}

/// Notes that somebody sees a place whose ground is known, behind a key.
pub fn seen(tx: &mut Tx, who: &Who, ground: &super::Ground, kind: EventKind) {
    tx.look(who, Look::at(kind, ground.group, ground.patient));
}

/// Through the person's first seat, or through the one they chose.
pub fn to_create_free<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    chosen: Option<tasuki_law::nouns::SeatId>,
) -> Outcome<Key<'c, CreateFreeGroup>> {
    let seats = match who.account() {
        Some(account) => facilities::seats_of(tx, account)?,
        None => Vec::new(),
    };
    let seat = seats.iter().find(|seat| chosen.is_none_or(|chosen| seat.seat == chosen));
    let seat = seat.map(|seat| tasuki_law::rules::MySeat {
        seat: seat.seat,
        facility: seat.facility,
        admin: seat.admin,
    });
    Ok(group::create_free(who, tx.moment(), seat)?)
}
