//! What a person tells of themselves, and how colleagues see it.

mod access;
pub mod actions;
pub mod pages;
#[cfg(test)]
mod tests;

use crate::web::face;
use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{AccountId, UploadId, Who};

/// Where somebody's photo is for the person who looks; empty when there is none, or the law keeps it shut.
pub fn photo(tx: &mut Tx, who: &Who, account: AccountId, photo: Option<UploadId>) -> Outcome<String> {
    if photo.is_none() {
        return Ok(String::new());
    }
    match access::to_see(tx, who, account) {
        Ok(_) => Ok(face::photo(account, photo)),
        Err(Trouble::Refused(_)) => Ok(String::new()),
        Err(other) => Err(other),
    }
}
