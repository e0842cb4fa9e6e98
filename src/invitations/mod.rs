//! Invitations to a facility or to a group: made, approved, sent, answered.
//!
//! Approval comes before sending. Until then, and until a patient's consent is in force, the invited person
//! is told nothing. Whoever invites by mail learns nothing about whether the address has an account.

pub(crate) mod access;
pub mod actions;
pub mod answers;
mod hear;
mod letter;
mod store;

pub use actions::{Invitee, Made};
pub use hear::{errand, listener};
pub use letter::{InvitationLetter, approvers, letter};
pub(crate) use store::STATEMENTS;
pub use store::Invitation;

use crate::{Outcome, Tx};
use tasuki_law::nouns::{InvitationId, InvitationState};
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
        let waits =
            matches!(self.state, S::AwaitingAdminApproval | S::AwaitingConsent | S::AwaitingInvitee | S::AwaitingRegistration);
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
