//! What makes posting twice post once: of each post is kept under which key it was written, and a code of what it said.

use crate::house::cell;
use crate::{Outcome, Trouble, Tx};
use tasuki_base::seal::{self, CODE, KeyId};
use tasuki_law::nouns::{AccountId, DraftId, PostId, TimelineId};

const POSTED: &str = "SELECT id, timeline, digest, body FROM posts WHERE author = $1 AND draft = $2";

pub const STATEMENTS: &[&str] = &[POSTED];

/// The code that is kept of a digest.
pub fn code(tx: &mut Tx, key: KeyId, post: PostId, digest: &[u8]) -> Outcome<[u8; CODE]> {
    tx.code(key, cell("posts", "digest", post.0), digest)
}

/// The post a draft became, where it stands, and whether this is the digest of what it said then.
pub fn posted(
    tx: &mut Tx,
    author: AccountId,
    draft: DraftId,
    digest: &[u8],
) -> Outcome<Option<(PostId, TimelineId, bool)>> {
    let posted = tx.opt::<(PostId, TimelineId, Vec<u8>, Vec<u8>)>(POSTED, &[&author, &draft])?;
    let Some((post, timeline, kept, body)) = posted else { return Ok(None) };
    let place = cell("posts", "digest", post.0);
    // Of posts of before the digest itself is kept, sealed.
    let same = match seal::key_of(&kept) {
        Some(_) => tx.open(place, &kept)? == digest,
        // The words themselves say under which key.
        None => {
            let key = seal::key_of(&body).ok_or_else(|| Trouble::broken("words without a key"))?;
            tx.is_code(key, place, digest, &kept)?
        }
    };
    Ok(Some((post, timeline, same)))
}
