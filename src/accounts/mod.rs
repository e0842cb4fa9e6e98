//! Accounts: a person, their sessions, their password, their profile.

pub mod actions;
pub mod api;
pub mod devices;
mod held;
pub mod kept;
pub mod limits;
pub mod links;
pub mod pages;
pub mod password_rule;
pub mod proof;
mod reset_asked;
pub mod session;
mod shared_box;
pub(crate) mod store;
mod terms;
#[cfg(test)]
mod tests;

pub use reset_asked::RESET;
pub use session::{Caller, Calling, Known, Unasked};
pub use shared_box::looks_shared;
pub(crate) use store::{FRONT, STATEMENTS};
pub use store::{PersonCard, Settings};
pub use terms::TERMS_VERSION;

use crate::{Outcome, Tx};
use tasuki_law::nouns::AccountId;

/// A person as colleagues see them.
pub fn card(tx: &mut Tx, account: AccountId) -> Outcome<PersonCard> {
    store::card(tx, account)
}

/// Locks an account: what it makes is made one after the other.
pub fn hold(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    store::hold(tx, account)
}

/// The account of an address (lower-cased), if it has one. Never to be told to anybody.
pub fn by_email(tx: &mut Tx, email_key: &str) -> Outcome<Option<AccountId>> {
    store::by_email(tx, email_key)
}

/// Where mail to a person goes. For the mail job alone; no page shows it to others.
pub fn email(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    store::email(tx, account)
}

/// The free text of a person's profile.
pub fn about(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    store::about(tx, account)
}

/// What a person set for themselves, and what they agreed to.
pub fn settings(tx: &mut Tx, account: AccountId) -> Outcome<Settings> {
    store::settings(tx, account)
}
