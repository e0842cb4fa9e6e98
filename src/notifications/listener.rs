//! Which events call for a mail, and to whom.

use super::notice::Notice;
use super::posts;
use crate::events::Event;
use crate::{Outcome, Tx, invitations};
use tasuki_law::nouns::{AccountId, EventKind, InvitationId, InvitationState, PostId, RegistrationId};

/// The note of an invitation that an approver must see first.
const WAITS: &str = InvitationState::AwaitingAdminApproval.code();

/// One errand is little work; who may approve has to be looked for.
pub const fn at_once(kind: EventKind) -> bool {
    !matches!(kind, EventKind::InvitationMade | EventKind::InvitationAskedOtherwise)
}

pub fn hear(tx: &mut Tx<'_, '_>, event: &Event) -> Outcome<()> {
    match event.kind {
        EventKind::RegistrationSubmitted => registration(tx, event),
        EventKind::RegistrationRepeated => {
            to_person(tx, event, |account| Notice::AlreadyRegistered { account })
        }
        EventKind::RegistrationCompleted => to_person(tx, event, |account| Notice::Registered { account }),
        EventKind::PasswordResetAsked => to_person(tx, event, |account| Notice::PasswordReset { account }),
        EventKind::PasswordChanged | EventKind::PasswordReset => {
            to_person(tx, event, |account| Notice::PasswordChanged { account })
        }
        EventKind::InvitationOpened if event.note.as_deref() == Some(invitations::UNTOLD) => Ok(()),
        EventKind::InvitationOpened => invitation(tx, event),
        EventKind::InvitationMade if event.note.as_deref() == Some(WAITS) => approval(tx, event),
        EventKind::InvitationAskedOtherwise => approval(tx, event),
        EventKind::PostPublished => match event.subject {
            Some(post) => posts::published(tx, PostId(post), event.timeline, event.at),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

fn registration(tx: &mut Tx, event: &Event) -> Outcome<()> {
    match event.subject {
        Some(id) => Notice::Registration { registration: RegistrationId(id) }.put_down(tx),
        None => Ok(()),
    }
}

fn invitation(tx: &mut Tx, event: &Event) -> Outcome<()> {
    match event.subject {
        Some(id) => Notice::Invitation { invitation: InvitationId(id) }.put_down(tx),
        None => Ok(()),
    }
}

/// Everyone who may approve is told; who comes first decides.
fn approval(tx: &mut Tx, event: &Event) -> Outcome<()> {
    let Some(invitation) = event.subject.map(InvitationId) else { return Ok(()) };
    for approver in invitations::approvers(tx, invitation)? {
        Notice::Approval { invitation, approver }.put_down(tx)?;
    }
    Ok(())
}

/// The person an event concerns, or who did it.
fn to_person(tx: &mut Tx, event: &Event, notice: impl Fn(AccountId) -> Notice) -> Outcome<()> {
    match event.other.or(event.account) {
        Some(account) => notice(account).put_down(tx),
        None => Ok(()),
    }
}
