//! Timelines: what is written in a place, in the order in which it was written.

pub(crate) mod access;
pub mod actions;
pub mod api;
mod byline;
pub(crate) mod corrections;
pub mod drafts;
pub(crate) mod files;
mod opened;
mod page_view;
pub(crate) mod pages;
pub mod places;
mod store;
#[cfg(test)]
mod tests;
mod text;
pub mod view;

pub use byline::Byline;
pub use store::State;
pub(crate) use store::{STATEMENTS, corrections::STATEMENTS as CORRECTIONS, door::DOOR};
pub(crate) use store::{bylines::STATEMENTS as BYLINES, repeats::STATEMENTS as REPEATS};
pub use view::{Foot, PostView};

use crate::{Outcome, Tx};
use opened::{Opened, Sheet};
use std::sync::Arc;
use tasuki_law::nouns::{AccountId, PostId, Who};
use tasuki_law::rules::timeline::TimelineFacts;

/// One post as the reader sees it whose facts these are.
pub fn post(tx: &mut Tx, who: &Who, facts: &TimelineFacts<'_>, post: PostId) -> Outcome<PostView> {
    let post = opened::one(tx, post)?;
    let acked = match who.account() {
        Some(account) => store::has_name(tx, post.id, account)?,
        None => false,
    };
    let photo = store::has_photo(tx, post.author)?;
    // Of the others the writer alone is told.
    let own = who.account() == Some(post.author);
    let members = if own { store::members(tx, facts.timeline)? } else { 0 };
    Ok(PostView::of(who, facts, &post, acked, (photo, members)))
}

/// The posts from one number to another, oldest first.
pub fn posts(
    tx: &mut Tx,
    who: &Who,
    facts: &TimelineFacts<'_>,
    state: &State,
    from: i64,
    to: i64,
) -> Outcome<Vec<PostView>> {
    let sheet = opened::range(tx, state, from, to)?;
    views(tx, who, facts, &sheet, state)
}

/// What changed visibly after a revision, in the order of the changes, so many at most.
pub fn changes(
    tx: &mut Tx,
    who: &Who,
    facts: &TimelineFacts<'_>,
    state: &State,
    (rev, limit): (i64, i64),
) -> Outcome<Vec<PostView>> {
    let sheet = opened::since(tx, state, rev, limit)?;
    views(tx, who, facts, &sheet, state)
}

fn views(
    tx: &mut Tx,
    who: &Who,
    facts: &TimelineFacts<'_>,
    sheet: &Sheet,
    state: &State,
) -> Outcome<Vec<PostView>> {
    let view = |(post, acked): (&Arc<Opened>, bool)| {
        let photo = opened::has_photo(tx, post.author, state.faces)?;
        Ok(PostView::of(who, facts, post, acked, (photo, state.members)))
    };
    sheet.read_by(who.account()).map(view).collect()
}

/// Whether a person's name stands under a post.
pub fn has_name(tx: &mut Tx, post: PostId, account: AccountId) -> Outcome<bool> {
    store::has_name(tx, post, account)
}
