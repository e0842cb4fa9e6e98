//! Drafts: written, not yet posted. A draft belongs to its writer alone; its id is the key that makes posting
//! twice post once.

pub mod actions;
pub(crate) mod pages;
mod store;

pub(crate) use store::STATEMENTS;

use crate::{Outcome, Trouble, Tx, phrases};
use tasuki_base::hash::fingerprint;
use tasuki_base::text;
use tasuki_law::nouns::{DraftId, GroupId, PostId, TimelineId, Who};

/// The longest post, in characters as a reader counts them.
pub const LONGEST: usize = 10_000;

/// One's own draft, opened.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: DraftId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub body: String,
    /// What it became.
    pub post: Option<PostId>,
}

impl Draft {
    /// What the writer confirms: exactly these words.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        fingerprint([&self.body])
    }
}

/// One's own draft; another's does not exist.
pub fn mine(tx: &mut Tx, who: &Who, draft: DraftId) -> Outcome<Draft> {
    let account = who.account().ok_or(Trouble::Refused(tasuki_law::Refusal::SignIn))?;
    store::mine(tx, account, draft)
}

/// Whether something is written and waits to be posted here.
pub fn is_started(tx: &mut Tx, who: &Who, timeline: TimelineId) -> Outcome<bool> {
    let Some(account) = who.account() else { return Ok(false) };
    match store::opened(tx, account, timeline)? {
        Some(draft) => Ok(!store::mine(tx, account, draft)?.body.trim().is_empty()),
        None => Ok(false),
    }
}

/// What is wrong with a text that is to be posted; empty when nothing is.
#[must_use]
pub fn mistake(body: &str) -> &'static str {
    if body.trim().is_empty() {
        phrases::timeline::EMPTY
    } else if text::has_private_use(body) {
        phrases::timeline::PRIVATE_USE
    } else if text::graphemes(body) > LONGEST {
        phrases::timeline::TOO_LONG
    } else {
        ""
    }
}
