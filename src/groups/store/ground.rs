//! What stands under everything that is done in a place, and the lock that orders it.

use crate::groups::Ground;
use crate::{Outcome, Tx};
use tasuki_law::nouns::{GroupId, PostId};

const GROUND: &str = "SELECT id, facility, patient, data_key FROM groups WHERE id = $1";
const LOCK: &str = "SELECT id FROM timelines WHERE group_id = $1 ORDER BY id";
const LOCK_OF_POST: &str = "SELECT id FROM timelines
  WHERE group_id = (SELECT t.group_id FROM posts p JOIN timelines t ON t.id = p.timeline WHERE p.id = $1)
  ORDER BY id";

pub const STATEMENTS: &[&str] = &[GROUND, LOCK, LOCK_OF_POST];

pub fn ground(tx: &mut Tx, group: GroupId) -> Outcome<Ground> {
    Ok(tx.one(GROUND, &[&group])?)
}

/// Locks every timeline of a group, in id order, until the transaction ends.
pub fn lock(tx: &mut Tx, group: GroupId) -> Outcome<()> {
    Ok(tx.lock(LOCK, &[&group])?)
}

/// The same for the place of a post, which it never leaves.
pub fn lock_of_post(tx: &mut Tx, post: PostId) -> Outcome<()> {
    Ok(tx.lock(LOCK_OF_POST, &[&post])?)
}
