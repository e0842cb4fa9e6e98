//! What happens to a post afterwards.

use super::{NOTHING, bump, open_body};
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, PostId, RemovalKind, TimelineId};
use tasuki_value::Ts;
use uuid::Uuid;

const BODY: &str = "SELECT body FROM posts WHERE id = $1";
const KEEP_VERSION: &str = "INSERT INTO post_versions (id, post, body, until) VALUES ($1, $2, $3, $4)";
const EDIT: &str = "UPDATE posts SET body = $2, edited_at = $3, rev = $4 WHERE id = $1";
const VERSIONS: &str = "SELECT id, body, until FROM post_versions WHERE post = $1 ORDER BY id";
const REMOVE: &str = "UPDATE posts SET removed_at = $2, removed_by = $3, removal = $4, reason = $5, rev = $6
  WHERE id = $1";
const FORGET: &str = "UPDATE posts SET body = $2, digest = $3, files = 0 WHERE id = $1";
const FORGET_VERSIONS: &str = "DELETE FROM post_versions WHERE post = $1";

pub const STATEMENTS: &[&str] = &[BODY, KEEP_VERSION, EDIT, VERSIONS, REMOVE, FORGET, FORGET_VERSIONS];

pub fn body(tx: &mut Tx, post: PostId) -> Outcome<String> {
    let (sealed,) = tx.one::<(Vec<u8>,)>(BODY, &[&post])?;
    open_body(tx, post, &sealed)
}

/// Keeps what the post said and writes what it says now.
pub fn edit(
    tx: &mut Tx,
    key: KeyId,
    timeline: TimelineId,
    post: PostId,
    before: &str,
    after: &str,
) -> Outcome<()> {
    let now = tx.now();
    let version = tx.draw();
    let kept = tx.seal_packed(key, cell("post_versions", "body", version), before)?;
    tx.exec(KEEP_VERSION, &[&version, &post, &kept, &now])?;
    let rev = bump(tx, timeline)?;
    let body = tx.seal_packed(key, cell("posts", "body", post.0), after)?;
    tx.exec(EDIT, &[&post, &body, &now, &rev])?;
    Ok(())
}

/// What a post said before, oldest first, each with the moment until which it did.
pub fn versions(tx: &mut Tx, post: PostId) -> Outcome<Vec<(String, Ts)>> {
    let kept = tx.all::<(Uuid, Vec<u8>, Ts)>(VERSIONS, &[&post])?;
    let open = |(id, sealed, until): (Uuid, Vec<u8>, Ts)| {
        Ok((tx.open_text(cell("post_versions", "body", id), &sealed)?, until))
    };
    kept.into_iter().map(open).collect()
}

pub struct Removal<'a> {
    pub post: PostId,
    pub timeline: TimelineId,
    pub by: AccountId,
    pub kind: RemovalKind,
    pub reason: &'a str,
}

pub fn remove(tx: &mut Tx, key: KeyId, removal: &Removal<'_>) -> Outcome<()> {
    let now = tx.now();
    let rev = bump(tx, removal.timeline)?;
    let reason = tx.seal_text(key, cell("posts", "reason", removal.post.0), removal.reason)?;
    tx.exec(REMOVE, &[&removal.post, &now, &removal.by, &removal.kind, &reason, &rev])?;
    Ok(())
}

/// Leaves nothing of the words but their place.
pub fn forget(tx: &mut Tx, key: KeyId, post: PostId) -> Outcome<()> {
    let body = tx.seal_text(key, cell("posts", "body", post.0), "")?;
    // No words have an empty code.
    tx.exec(FORGET, &[&post, &body, &NOTHING])?;
    tx.exec(FORGET_VERSIONS, &[&post])?;
    Ok(())
}
