//! What happens to accounts and sessions.

use super::devices;
use super::links::{self, Link, LinkKind};
use super::store::{self, PersonCard};
use crate::events::{Event, announce};
use crate::house::cell;
use crate::{Outcome, Tx, house};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{
    AccountId, AccountKind, EventKind, Person, Profession, SessionId, SessionKind, TextSize, UploadId,
};

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

/// Begins the session of a program that acts for a person: the password was right. Its name is sealed.
pub fn begin_token(
    tx: &mut Tx,
    account: AccountId,
    token: [u8; 32],
    name: &str,
    device: &str,
) -> Outcome<SessionId> {
    let id = SessionId(tx.draw());
    let key = store::card(tx, account)?.data_key;
    let label = Some(tx.seal_text(key, cell("sessions", "label", id.0), name)?);
    begin_session(
        tx,
        &NewSession { id, account, kind: SessionKind::Token, token, label, device, phone: false },
    )?;
    Ok(id)
}

/// Ends a session of the account; false when it was over already.
pub fn end_session(tx: &mut Tx, account: AccountId, session: SessionId, kind: EventKind) -> Outcome<bool> {
    let ended = store::end_session(tx, account, session)?;
    if ended {
        announce(tx, &Event::new(kind).by(account).about(session.0))?;
    }
    Ok(ended)
}

/// Ends every other session of the person, tokens too.
pub fn end_other_sessions(tx: &mut Tx, person: &Person) -> Outcome<()> {
    if store::end_others(tx, person.account, person.session)? > 0 {
        announce(tx, &Event::new(EventKind::SessionEnded).by(person.account))?;
    }
    Ok(())
}

/// Changes the password of a person who is signed in. Tokens end, and so do other sessions where asked.
pub fn change_password(tx: &mut Tx, person: &Person, hash: &str, end_others: bool) -> Outcome<()> {
    store::set_password(tx, person.account, hash)?;
    links::close_all(tx, LinkKind::PasswordReset, person.account.0)?;
    store::end_tokens(tx, person.account)?;
    if end_others {
        store::end_others(tx, person.account, person.session)?;
    }
    announce(tx, &Event::new(EventKind::PasswordChanged).by(person.account).about(person.account.0))
}

/// Sets a new password by a mailed link, and ends every session. The browser is known from now on: while strangers
/// guess at the account, its person gets in by it. False: the link is over.
pub fn reset_password(tx: &mut Tx, link: &Link, hash: &str, browser: &[u8; 32]) -> Outcome<bool> {
    if !links::use_up(tx, link.id)? {
        return Ok(false);
    }
    let account = AccountId(link.subject);
    store::set_password(tx, account, hash)?;
    links::close_all(tx, LinkKind::PasswordReset, link.subject)?;
    store::end_others(tx, account, SessionId(uuid::Uuid::nil()))?;
    devices::remember(tx, account, browser)?;
    announce(tx, &Event::new(EventKind::PasswordReset).by(account).about(account.0))?;
    Ok(true)
}

/// Sets the text size.
pub fn choose_size(tx: &mut Tx, person: &Person, size: TextSize) -> Outcome<()> {
    store::set_size(tx, person.account, size)
}

/// The tour was seen to its end, or skipped.
pub fn finish_tour(tx: &mut Tx, person: &Person) -> Outcome<()> {
    store::tour_done(tx, person.account)
}

/// The person wants to hear no more of what is missing in their profile.
pub fn close_hint(tx: &mut Tx, person: &Person) -> Outcome<()> {
    store::close_hint(tx, person.account)
}

/// Changes what colleagues see of a person; `card` is the new state.
pub fn change_profile(tx: &mut Tx, card: &PersonCard, about: &str) -> Outcome<()> {
    store::change(tx, card, about)?;
    announce(tx, &Event::new(EventKind::ProfileChanged).by(card.account).about(card.account.0))
}

/// Sets or removes the photo.
pub fn change_photo(tx: &mut Tx, account: AccountId, photo: Option<UploadId>) -> Outcome<()> {
    store::set_photo(tx, account, photo)?;
    house::store::faces_changed(tx)?;
    announce(tx, &Event::new(EventKind::ProfileChanged).by(account).about(account.0).noting("photo"))
}
