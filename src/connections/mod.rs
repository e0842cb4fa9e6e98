//! The people one shares a place with, or said one wants to stay in touch with. Never with a mail address.

pub mod actions;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;
mod view;

pub use store::Acquaintance;
pub(crate) use store::STATEMENTS;
pub use view::{Section, View, sections};

use crate::{Outcome, Tx};
use tasuki_law::nouns::AccountId;

/// Everyone an account knows, by kana, each with one workplace: a shared one before any other.
pub fn people(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Acquaintance>> {
    store::people(tx, account)
}

/// Whether one is in a place where the other is or was, or the two are connected. Who left stays known to
/// those who still read their posts.
pub fn knows(tx: &mut Tx, account: AccountId, other: AccountId) -> Outcome<bool> {
    store::knows(tx, account, other)
}
