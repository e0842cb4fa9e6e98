//! Which events call for a mail, and to whom.

use super::notice::Notice;
use super::posts;
use crate::events::Event;
use crate::{House, Outcome, Tx};
use tasuki_law::nouns::{AccountId, EventKind, PostId};

pub fn hear(tx: &mut Tx<'_, '_>, event: &Event) -> Outcome<()> {
    match event.kind {
        EventKind::RegistrationRepeated => {
            to_person(tx, event, |account| Notice::AlreadyRegistered { account })
        }
        EventKind::RegistrationCompleted => to_person(tx, event, |account| Notice::Registered { account }),
        EventKind::PasswordResetAsked => to_person(tx, event, |account| Notice::PasswordReset { account }),
        EventKind::PasswordChanged | EventKind::PasswordReset => {
            to_person(tx, event, |account| Notice::PasswordChanged { account })
        }
        EventKind::PostPublished => match event.subject {
            Some(post) => posts::published(tx, PostId(post)),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Nothing to hint at: errands are looked for every second.
pub fn after(_house: &House, _event: &Event) {}

/// The person an event concerns, or who did it.
fn to_person(tx: &mut Tx, event: &Event, notice: impl Fn(AccountId) -> Notice) -> Outcome<()> {
    match event.other.or(event.account) {
        Some(account) => notice(account).put_down(tx),
        None => Ok(()),
    }
}
