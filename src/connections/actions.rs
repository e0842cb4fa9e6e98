//! What happens between two people.

use super::store;
use crate::{Outcome, Tx};
use tasuki_law::nouns::AccountId;

/// Connects two people who both said so: one invited, the other answered. Saying it twice changes nothing.
pub fn connect(tx: &mut Tx, one: AccountId, other: AccountId) -> Outcome<()> {
    if one == other { Ok(()) } else { store::connect(tx, one.min(other), one.max(other)) }
}
