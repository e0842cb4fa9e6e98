//! An account that was tried too often is held for a while: its person reads of it, once in that while.

use super::limits::{self, table};
use super::store;
use crate::events::{Event, announce};
use crate::{House, Trouble, Tx};
use tasuki_law::nouns::EventKind;

/// Writes it down, for a known address and an unknown one by the same statements, and gives the refusal back.
pub(super) async fn told(house: &House, key: String, refused: Trouble) -> Trouble {
    if !matches!(refused, Trouble::TooMany) {
        return refused;
    }
    let write = move |tx: &mut Tx<'_, '_>| {
        let known = store::credentials(tx, &key)?.map(|(account, _)| account);
        if limits::allow(tx, &table::HELD, &key)? {
            announce(tx, &Event { other: known, ..Event::new(EventKind::SignInHeld) })?;
        }
        Ok(())
    };
    if let Err(trouble) = house.write(write).await {
        trouble.log();
    }
    refused
}
