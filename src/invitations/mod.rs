//! Invitations to a facility or to a group: made, approved, sent, answered.
//!
//! Approval comes before sending. Until then, and until a patient's consent is in force, the invited person
//! is told nothing. Whoever invites by mail learns nothing about whether the address has an account.

pub(crate) mod access;
pub mod actions;
pub mod answers;
pub mod api;
mod draft;
mod hear;
mod here;
mod letter;
mod mails;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub use actions::{Invitee, Made};
pub use hear::{consented_errand, errand, listener};
pub use letter::{InvitationLetter, approvers, letter};
pub use mails::UNTOLD;
pub use store::Invitation;
pub(crate) use store::STATEMENTS;
pub use view::{Shown, Whom};

use crate::{Outcome, Tx};
use tasuki_law::nouns::{GroupId, InvitationId, InvitationState, Who};
use tasuki_value::{DAY, MINUTE, Ts};

/// How long an invitation waits for each answer. The link in a mail lives shorter (see `accounts::links`).
pub const LIFE: i64 = 14 * DAY;
/// How long an approved invitation waits for a patient's consent.
pub const LIFE_BEFORE_CONSENT: i64 = 90 * DAY;
/// Between two mails of one invitation.
pub(crate) const REST_BETWEEN_MAILS: i64 = 10 * MINUTE;
/// Invitations through one seat within a day.
pub const MOST_A_DAY: i64 = 50;

/// One invitation, whoever asks: for rooms that hold its link.
pub fn find(tx: &mut Tx, id: InvitationId) -> Outcome<Invitation> {
    store::find(tx, id)
}

impl Invitation {
    /// Whether an answer of somebody is still waited for.
    #[must_use]
    pub fn is_open(&self, now: Ts) -> bool {
        use InvitationState as S;
        let waits = matches!(
            self.state,
            S::AwaitingAdminApproval | S::AwaitingConsent | S::AwaitingInvitee | S::AwaitingRegistration
        );
        waits && self.expires_at > now
    }

    /// Whether the invited person may know of it.
    #[must_use]
    pub fn is_sent(&self, now: Ts) -> bool {
        use InvitationState as S;
        matches!(self.state, S::AwaitingInvitee | S::AwaitingRegistration) && self.expires_at > now
    }

    /// Another account opened the link and waits for an approver to let it answer instead.
    #[must_use]
    pub fn asks_otherwise(&self) -> bool {
        self.state == InvitationState::AwaitingAdminApproval
            && self.asked_by.is_some()
            && self.asked_by != self.account
    }
}

/// What is open towards a group, as its page shows it: only what this person may approve or take back.
pub fn pending(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Vec<Pending>> {
    let mut pending = Vec::new();
    for row in store::of_group(tx, group)? {
        let approver = access::approves(tx, who, &row)?;
        if approver || who.account() == Some(row.inviter) {
            let decide = approver && row.state == InvitationState::AwaitingAdminApproval;
            pending.push(Pending { shown: view::show(tx, who, &row)?, decide });
        }
    }
    Ok(pending)
}

/// An open invitation on a group's page.
#[derive(Clone, Debug)]
pub struct Pending {
    pub shown: Shown,
    /// Whether the person who looks may approve it or turn it down now.
    pub decide: bool,
}

/// Locks the place an invitation leads to and the invitation itself, for rooms that answer it in another way.
pub fn hold(tx: &mut Tx, id: InvitationId) -> Outcome<Invitation> {
    access::hold(tx, id)
}
