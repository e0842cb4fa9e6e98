//! Self-registration: a newcomer becomes an account, a facility and its first seat, in one story.
//!
//! What is typed is kept sealed on the server until the end; the browser holds only a token. The mailed link
//! proves the address; until then nothing exists. Anybody may have typed it: only behind the link is it looked over,
//! agreed to, and given a password, or refused.

pub mod actions;
pub mod pages;
mod sheet;
mod store;
#[cfg(test)]
mod tests;

pub use actions::SUBMITTED;
pub use sheet::Sheet;
pub(crate) use store::STATEMENTS;

use crate::{Outcome, Trouble, Tx, accounts};
use tasuki_law::nouns::RegistrationId;

/// Address and name of the person behind a registration, for the mails about it.
///
/// # Errors
/// Not there: the registration was given up, or begun anew with another address. Nothing is to be sent then.
pub fn addressee(tx: &mut Tx, id: RegistrationId) -> Outcome<(String, String)> {
    let entry = store::find(tx, id)?.ok_or_else(Trouble::unseen)?;
    match entry.account {
        Some(account) => Ok((accounts::email(tx, account)?, accounts::card(tx, account)?.name())),
        None => Ok((entry.sheet.email.clone(), entry.sheet.name())),
    }
}
