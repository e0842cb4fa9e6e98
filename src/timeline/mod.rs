//! Timelines: what is written in a place, in the order in which it was written.

pub(crate) mod access;
pub mod actions;
pub mod api;
mod byline;
pub(crate) mod corrections;
pub mod drafts;
pub(crate) mod files;
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
pub(crate) use store::{STATEMENTS, corrections::STATEMENTS as CORRECTIONS};
pub use view::{Foot, PostView};

use crate::{Outcome, Tx, media};
use tasuki_law::nouns::{AccountId, PostId, TimelineId, Who};
use tasuki_law::rules::timeline::TimelineFacts;

/// One post as the reader sees it whose facts these are.
pub fn post(tx: &mut Tx, who: &Who, facts: &TimelineFacts<'_>, post: PostId) -> Outcome<PostView> {
    let row = store::one(tx, viewer(who), post)?;
    let seq = row.seq;
    let mut files = media::of_posts(tx, row.timeline, seq, seq)?;
    PostView::of(tx, who, facts, &row, files.remove(&post).unwrap_or_default())
}

/// The posts from one number to another, oldest first.
pub fn posts(
    tx: &mut Tx,
    who: &Who,
    facts: &TimelineFacts<'_>,
    from: i64,
    to: i64,
) -> Outcome<Vec<PostView>> {
    let rows = store::range(tx, viewer(who), facts.timeline, from, to)?;
    let mut files = media::of_posts(tx, facts.timeline, from, to)?;
    let open = |row: store::PostRow| {
        let own = files.remove(&row.id).unwrap_or_default();
        PostView::of(tx, who, facts, &row, own)
    };
    rows.into_iter().map(open).collect()
}

/// What changed visibly after a revision, in the order of the changes, so many at most.
pub fn changes(
    tx: &mut Tx,
    who: &Who,
    facts: &TimelineFacts<'_>,
    rev: i64,
    limit: i64,
) -> Outcome<Vec<PostView>> {
    let rows = store::since(tx, viewer(who), facts.timeline, rev, limit)?;
    let mut open = Vec::new();
    for row in rows {
        let files = match row.files {
            0 => Vec::new(),
            _ => media::of_posts(tx, row.timeline, row.seq, row.seq)?.remove(&row.id).unwrap_or_default(),
        };
        open.push(PostView::of(tx, who, facts, &row, files)?);
    }
    Ok(open)
}

/// Where a timeline stands now.
pub fn state(tx: &mut Tx, timeline: TimelineId) -> Outcome<State> {
    store::state(tx, timeline)
}

/// Nobody has an account; nothing is theirs.
fn viewer(who: &Who) -> AccountId {
    who.account().unwrap_or(AccountId(uuid::Uuid::nil()))
}
