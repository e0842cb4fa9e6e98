//! What the invited person does, and what follows from having an account or a workplace.

use super::access;
use super::actions::told;
use super::store::{self, Invitation};
use crate::events::announce;
use crate::{Outcome, Trouble, Tx, accounts, facilities, groups, workplaces};
use tasuki_law::nouns::{
    AccountId, ConsentState, EventKind, GroupId, InvitationState, MemberRole, SeatId, SystemJob, Who,
};
use tasuki_law::rules::invitation::AnswerInvitation;
use tasuki_law::{Key, Why};

/// Joins: a seat at the facility, or a membership in the group. Who is there already just ends the invitation.
pub fn accept(
    tx: &mut Tx,
    key: &Key<'_, AnswerInvitation>,
    row: &Invitation,
    through: Option<SeatId>,
) -> Outcome<()> {
    match row.group {
        Some(group) => enter(tx, key, row, group, through)?,
        None => sit(tx, key, row)?,
    }
    store::end(tx, row.id, InvitationState::Accepted)?;
    announce(tx, &told(EventKind::InvitationAccepted, row).by(key.account).concerning(row.inviter))
}

fn sit(tx: &mut Tx, key: &Key<'_, AnswerInvitation>, row: &Invitation) -> Outcome<()> {
    if facilities::seat_at(tx, key.account, row.facility)?.is_some() {
        return Ok(());
    }
    let profession = accounts::card(tx, key.account)?.profession;
    workplaces::actions::take_seat(tx, key.account, row.facility, profession)?;
    Ok(())
}

fn enter(
    tx: &mut Tx,
    key: &Key<'_, AnswerInvitation>,
    row: &Invitation,
    group: GroupId,
    through: Option<SeatId>,
) -> Outcome<()> {
    let facts = groups::access::facts(tx, &Who::System(SystemJob::Sweep), group)?;
    if facts.closed {
        return Err(Trouble::because(Why::GroupClosed));
    }
    let seats = facilities::seats_of(tx, key.account)?;
    let seat = seats.iter().find(|seat| through.is_none_or(|chosen| seat.seat == chosen));
    let seat = seat.ok_or(Trouble::because(Why::NeedsSeat))?;
    match facts.consent {
        ConsentState::Withdrawn => return Err(Trouble::because(Why::ConsentWithdrawn)),
        ConsentState::Missing if facts.facility != Some(seat.facility) => {
            return Err(Trouble::because(Why::NoConsent));
        }
        ConsentState::Missing | ConsentState::Valid => {}
    }
    if groups::member_of(tx, group, key.account)?.is_none() {
        groups::actions::join(tx, group, key.account, seat.seat, MemberRole::Member, Some(row.inviter))?;
    }
    Ok(())
}

/// Does not join; the inviter sees it.
pub fn decline(tx: &mut Tx, key: &Key<'_, AnswerInvitation>, row: &Invitation) -> Outcome<()> {
    store::end(tx, row.id, InvitationState::Declined)?;
    announce(tx, &told(EventKind::InvitationDeclined, row).by(key.account).concerning(row.inviter))
}

/// An account has come to be: open invitations to its address are its own from now on. Group invitations wait
/// on for a workplace.
pub fn bind(tx: &mut Tx, account: AccountId, email_key: &str) -> Outcome<()> {
    for row in store::unbound(tx, email_key)? {
        store::bind(tx, row.id, account)?;
    }
    Ok(())
}

/// The account has a workplace: group invitations that waited for one may be answered.
pub fn seated(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    for waiting in store::awaiting_workplace(tx, account)? {
        let mut row = access::hold(tx, waiting.id)?;
        if row.state == InvitationState::AwaitingRegistration {
            row.state = InvitationState::AwaitingInvitee;
            store::stand(tx, &row)?;
        }
    }
    Ok(())
}

/// Accepts as a person does on the page or a program through the API: locks, asks the law, joins.
pub fn accept_as(
    tx: &mut Tx,
    who: &Who,
    id: tasuki_law::nouns::InvitationId,
    through: Option<SeatId>,
) -> Outcome<Invitation> {
    let row = access::hold(tx, id)?;
    let key = access::to_accept(tx, who, &row, through)?;
    accept(tx, &key, &row, through)?;
    Ok(row)
}
