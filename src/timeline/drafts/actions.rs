//! What happens to drafts. Nobody else ever sees one, so nothing is announced.

use super::{Draft, mine, store};
use crate::groups::Ground;
use crate::timeline::access;
use crate::timeline::actions::{self, Publication};
use crate::{Outcome, Trouble, Tx};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, DraftId, PostId, Who};
use tasuki_law::rules::timeline::{ReadTimeline, WriteTimeline};
use tasuki_law::{Key, Why};

/// The writer's one open draft in a timeline, made if there is none.
pub fn begin(tx: &mut Tx, key: &Key<'_, WriteTimeline>, ground: Ground) -> Outcome<DraftId> {
    store::open(tx, ground.data_key, key.account, key.timeline)
}

/// Keeps what was typed so far, as long as the writer may read the place.
pub fn save(
    tx: &mut Tx,
    key: &Key<'_, ReadTimeline>,
    ground: Ground,
    draft: &Draft,
    body: &str,
) -> Outcome<()> {
    if draft.group != key.group {
        return Err(Trouble::unseen());
    }
    store::save(tx, ground.data_key, key.account, draft.id, body)
}

/// What came of posting a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// This post, now or by an earlier try.
    As(PostId),
    /// The draft says something else than what was confirmed: confirm again.
    Otherwise,
}

/// Posts one's own draft, if it still says what the writer confirmed. A repeat finds the post it became.
pub fn post(tx: &mut Tx, who: &Who, draft: DraftId, confirmed: &[u8]) -> Outcome<Posted> {
    let seen = mine(tx, who, draft)?;
    if seen.post.is_some() {
        return again(tx, who, draft, confirmed);
    }
    let (key, writer) = access::to_write(tx, who, seen.group)?;
    // Behind the lock the draft may say something else, or be a post already.
    let draft = mine(tx, who, draft)?;
    if draft.post.is_some() {
        return again(tx, who, draft.id, confirmed);
    }
    if draft.digest() != confirmed || !draft.mistake().is_empty() {
        return Ok(Posted::Otherwise);
    }
    let what = Publication { draft: draft.id, body: &draft.body, files: &draft.file_ids() };
    actions::publish(tx, &key, &writer, &what).map(Posted::As)
}

fn again(tx: &mut Tx, who: &Who, draft: DraftId, confirmed: &[u8]) -> Outcome<Posted> {
    let author = who.account().ok_or_else(Trouble::unseen)?;
    let post = actions::repeated(tx, author, draft, confirmed)?;
    post.map(|(post, _)| Posted::As(post)).ok_or_else(|| Trouble::because(Why::AlreadyDecided))
}

/// A draft became a post: its words are there, and no longer here.
pub(crate) fn become_post(
    tx: &mut Tx,
    key: KeyId,
    author: AccountId,
    draft: DraftId,
    post: PostId,
) -> Outcome<()> {
    store::posted(tx, key, author, draft, post)
}
