//! What a mail will be about: the payload of its errand, ids and codes only.

use crate::accounts::limits::{self, Limit, table};
use crate::errands;
use crate::{Outcome, Tx, invitations};
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
    /// Puts the mail down; its text is made when it is sent. None goes to a person who got enough of its kind today:
    /// what it tells of stands on their front page.
    pub fn put_down(&self, tx: &mut Tx) -> Outcome<()> {
        let lines = self.limits(tx)?;
        if !limits::allow_all(tx, &lines)? {
            return Ok(());
        }
        let now = tx.now();
        errands::send(tx, MAIL, self, None, now)
    }

    /// What it is counted in here. Mails that somebody asks to be sent to an address are counted where they ask, by the
    /// address, and are refused in words.
    fn limits(&self, tx: &mut Tx) -> Outcome<Vec<(&'static Limit, String)>> {
        Ok(match *self {
            // `registration::pages`, `accounts::proof::may_reset`, `invitations::mails`.
            Self::Registration { .. } | Self::AlreadyRegistered { .. } => Vec::new(),
            Self::PasswordReset { .. } | Self::Invitation { .. } => Vec::new(),
            // Once until it was read (`posts`).
            Self::NewPosts { .. } => Vec::new(),
            Self::Registered { account } | Self::PasswordChanged { account } => {
                vec![(&table::OWN_ACTS, account.to_string())]
            }
            Self::Approval { invitation, approver } => {
                let row = invitations::find(tx, invitation)?;
                let by = row.asked_by.unwrap_or(row.inviter);
                vec![
                    (&table::APPROVALS_BY_ONE, format!("{approver} {by}")),
                    (&table::APPROVALS, approver.to_string()),
                ]
            }
        })
    }
}
