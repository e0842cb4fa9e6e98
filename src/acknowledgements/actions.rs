//! Putting one's name under a post, and taking it back. The record keeps both.

use super::store;
use crate::events::{Event, announce};
use crate::groups::Ground;
use crate::{Outcome, Tx, timeline};
use tasuki_law::Key;
use tasuki_law::nouns::EventKind;
use tasuki_law::rules::timeline::Acknowledge;

/// Whether the person's name stands there now.
pub fn stands(tx: &mut Tx, key: &Key<'_, Acknowledge>) -> Outcome<bool> {
    timeline::has_name(tx, key.post, key.account)
}

/// Sees to it that the person's name stands there, or does not. What is so already changes nothing.
pub fn set(tx: &mut Tx, key: &Key<'_, Acknowledge>, ground: Ground, wanted: bool) -> Outcome<()> {
    let changed = if wanted {
        store::add(tx, key.post, key.account, key.seat)?
    } else {
        store::take_back(tx, key.post, key.account)?
    };
    if !changed {
        return Ok(());
    }
    let rev = timeline::actions::bump(tx, key.timeline)?;
    store::count(tx, key.post, if wanted { 1 } else { -1 }, rev)?;
    let kind = if wanted { EventKind::PostAcknowledged } else { EventKind::PostUnacknowledged };
    let event = Event::new(kind).by(key.account).seated(key.seat).about(key.post.0);
    announce(tx, &timeline::actions::in_place(event, ground, None))
}
