//! One-time links sent by mail. The token is made when the mail is, and only its hash is kept.

mod store;

pub(crate) use store::STATEMENTS;

use crate::{Outcome, Tx};
use tasuki_base::chance::Token;
use tasuki_base::columns;
use tasuki_law::nouns::LinkId;
use tasuki_value::{HOUR, Ts};
use uuid::Uuid;

tasuki_value::words! {
    /// What a link is for; each kind leads to its own page.
    pub LinkKind {
        Registration = "registration", "register/completion";
        Invitation = "invitation", "join";
        PasswordReset = "password_reset", "password-reset";
    }
}

impl LinkKind {
    /// How long the link opens something: 72 hours, a reset one hour.
    #[must_use]
    pub const fn life(self) -> i64 {
        match self {
            Self::Registration | Self::Invitation => 72 * HOUR,
            Self::PasswordReset => HOUR,
        }
    }

    /// The link as it stands in the mail.
    #[must_use]
    pub fn url(self, house_url: &str, token: &Token) -> String {
        format!("{house_url}/{}/{}", self.word(), token.text())
    }
}

/// A link that was sent.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: LinkId,
    pub subject: Uuid,
    pub expires_at: Ts,
    pub used_at: Option<Ts>,
}
columns!(Link: id, subject, expires_at, used_at);

impl Link {
    /// Whether it still opens anything.
    #[must_use]
    pub fn is_open(&self, now: Ts) -> bool {
        self.used_at.is_none() && self.expires_at > now
    }
}

/// Keeps the hash of a token that is about to be mailed. `subject` is a registration, an invitation or an
/// account, by the kind.
pub fn issue(tx: &mut Tx, kind: LinkKind, subject: Uuid, hash: &[u8; 32]) -> Outcome<()> {
    let id = LinkId(tx.draw());
    store::insert_link(tx, id, kind, subject, hash)
}

/// The link of a token, open or not. A look uses nothing up: mail scanners look.
pub fn find(tx: &mut Tx, kind: LinkKind, token: &Token) -> Outcome<Option<Link>> {
    store::link(tx, kind, &token.hash())
}

/// Uses the link up; false when somebody was faster or the time is over.
pub fn use_up(tx: &mut Tx, link: LinkId) -> Outcome<bool> {
    store::use_link(tx, link)
}

/// Uses up every link of a kind to a thing: a newer way has been taken.
pub fn close_all(tx: &mut Tx, kind: LinkKind, subject: Uuid) -> Outcome<()> {
    store::close_links(tx, kind, subject)
}
