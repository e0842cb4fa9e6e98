//! What happens to accounts and sessions.

use super::store;
use crate::events::{Event, announce};
use crate::{Outcome, Tx};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, AccountKind, EventKind, Profession, SessionId, SessionKind};

/// A person about to get an account.
pub struct NewAccount<'a> {
    pub id: AccountId,
    pub kind: AccountKind,
    pub email: &'a str,
    /// Lower-cased: what must be unique.
    pub email_key: &'a str,
    pub family: &'a str,
    pub given: &'a str,
    pub family_kana: &'a str,
    pub given_kana: &'a str,
    pub profession: Profession,
    /// argon2id as a PHC string.
    pub password: &'a str,
    /// Durable already.
    pub data_key: KeyId,
    pub terms_version: &'a str,
}

/// Makes an account; the caller has made sure that the address is free, and the database makes sure again.
pub fn create(tx: &mut Tx, new: &NewAccount<'_>) -> Outcome<()> {
    store::insert(tx, new)?;
    announce(tx, &Event::new(EventKind::AccountRegistered).by(new.id).about(new.id.0))
}

/// A session about to begin.
pub struct NewSession<'a> {
    pub id: SessionId,
    pub account: AccountId,
    pub kind: SessionKind,
    /// SHA-256 of the token.
    pub token: [u8; 32],
    /// A token's name, sealed under the account's key.
    pub label: Option<Vec<u8>>,
    pub device: &'a str,
    pub phone: bool,
}

/// Begins a session: the password was right.
pub fn begin_session(tx: &mut Tx, new: &NewSession<'_>) -> Outcome<()> {
    store::insert_session(tx, new)?;
    let kind = match new.kind {
        SessionKind::Browser => EventKind::SignedIn,
        SessionKind::Token => EventKind::TokenMade,
    };
    announce(tx, &Event::new(kind).by(new.account).about(new.id.0).noting(new.device))
}
