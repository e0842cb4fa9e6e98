//! 了解: one's own name under a post, and never another's. It tells nobody by mail.

pub mod actions;
pub mod api;
pub(crate) mod pages;
mod store;
#[cfg(test)]
mod tests;

pub use store::Acknowledger;
pub(crate) use store::STATEMENTS;

use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::PostId;
use tasuki_law::rules::timeline::ReadTimeline;

/// Who acknowledged a post, the first one first. The key is to the timeline in which it stands.
pub fn of_post(tx: &mut Tx, key: &Key<'_, ReadTimeline>, post: PostId) -> Outcome<Vec<Acknowledger>> {
    store::of_post(tx, key.timeline, post)
}
