//! What a mail will be about: the payload of its errand, ids and codes only.

use crate::errands;
use crate::{Outcome, Tx};
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{AccountId, InvitationId, RegistrationId, TimelineId};

/// One mail to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Notice {
    /// Finish the registration: a link.
    Registration { registration: RegistrationId },
    /// Somebody wanted to register with an address that has an account.
    AlreadyRegistered { account: AccountId },
    /// The registration is finished.
    Registered { account: AccountId },
    /// Set another password: a link.
    PasswordReset { account: AccountId },
    /// The password is another now.
    PasswordChanged { account: AccountId },
    /// Somebody is invited.
    Invitation { invitation: InvitationId },
    /// An invitation waits for an approver.
    Approval { invitation: InvitationId, approver: AccountId },
    /// There are unread posts in a timeline.
    NewPosts { timeline: TimelineId, account: AccountId },
}

/// The kind of its errands.
pub const MAIL: &str = "mail";

impl Notice {
    /// Puts the mail down; its text is made when it is sent.
    pub fn put_down(&self, tx: &mut Tx) -> Outcome<()> {
        let now = tx.now();
        errands::send(tx, MAIL, self, None, now)
    }
}
