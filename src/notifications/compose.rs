//! From a notice to a letter, at the moment of sending.

use super::name::safe;
use super::notice::Notice;
use super::texts::{self, Foot};
use super::{invite, posts, store};
use crate::accounts::links::{self, LinkKind};
use crate::{House, Outcome, Tx, registration};
use askama::Template;
use tasuki_base::chance::Token;
use tasuki_base::mail::Letter;
use tasuki_law::nouns::{AccountId, RegistrationId, TimelineId};
use uuid::Uuid;

/// What a letter needs beside the transaction. The token opens something only if the letter has a one-time link.
pub struct Desk {
    foot: Foot,
    url: String,
    token: Token,
}

/// To whom a letter goes.
pub struct Addressee {
    pub email: String,
    pub name: String,
}

impl Desk {
    pub fn of(house: &House) -> Self {
        Self { foot: Foot::of(house), url: house.config.url.clone(), token: house.chance.token() }
    }

    pub fn foot(&self) -> &Foot {
        &self.foot
    }

    /// A page that asks for a sign-in.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A one-time link: its hash is kept in the transaction that makes the letter.
    pub fn link(&self, tx: &mut Tx, kind: LinkKind, subject: Uuid) -> Outcome<String> {
        links::issue(tx, kind, subject, &self.token.hash())?;
        Ok(kind.url(&self.url, &self.token))
    }
}

/// The letter, or none when there is nobody to tell any more.
pub fn letter(tx: &mut Tx, desk: &Desk, notice: &Notice) -> Outcome<Option<Letter>> {
    match *notice {
        Notice::Registration { registration } => registered_soon(tx, desk, registration),
        Notice::AlreadyRegistered { account } => already_registered(tx, desk, account),
        Notice::Registered { account } => registered(tx, desk, account),
        Notice::PasswordReset { account } => password_reset(tx, desk, account),
        Notice::PasswordChanged { account } => password_changed(tx, desk, account),
        Notice::Invitation { invitation } => invite::invitation(tx, desk, invitation),
        Notice::Approval { invitation, approver } => invite::approval(tx, desk, invitation, approver),
        Notice::NewPosts { timeline, account } => new_posts(tx, desk, timeline, account),
    }
}

fn registered_soon(tx: &mut Tx, desk: &Desk, id: RegistrationId) -> Outcome<Option<Letter>> {
    let (email, name) = registration::addressee(tx, id)?;
    let to = Addressee { email, name: safe(&name) };
    let link = &desk.link(tx, LinkKind::Registration, id.0)?;
    let until = until(tx, LinkKind::Registration);
    written(&to, &texts::Registration { foot: &desk.foot, to: &to.name, link, until })
}

fn already_registered(tx: &mut Tx, desk: &Desk, account: AccountId) -> Outcome<Option<Letter>> {
    let Some(to) = person(tx, account)? else { return Ok(None) };
    let link = &desk.page("/sign-in");
    written(&to, &texts::AlreadyRegistered { foot: &desk.foot, to: &to.name, link })
}

fn registered(tx: &mut Tx, desk: &Desk, account: AccountId) -> Outcome<Option<Letter>> {
    let Some(to) = person(tx, account)? else { return Ok(None) };
    let link = &desk.page("/sign-in");
    written(&to, &texts::Registered { foot: &desk.foot, to: &to.name, link })
}

fn password_reset(tx: &mut Tx, desk: &Desk, account: AccountId) -> Outcome<Option<Letter>> {
    let Some(to) = person(tx, account)? else { return Ok(None) };
    let link = &desk.link(tx, LinkKind::PasswordReset, account.0)?;
    let until = until(tx, LinkKind::PasswordReset);
    written(&to, &texts::PasswordReset { foot: &desk.foot, to: &to.name, link, until })
}

fn password_changed(tx: &mut Tx, desk: &Desk, account: AccountId) -> Outcome<Option<Letter>> {
    let Some(to) = person(tx, account)? else { return Ok(None) };
    let link = &desk.page("/password-reset");
    let at = texts::moment(tx.now());
    written(&to, &texts::PasswordChanged { foot: &desk.foot, to: &to.name, link, at })
}

fn new_posts(tx: &mut Tx, desk: &Desk, timeline: TimelineId, account: AccountId) -> Outcome<Option<Letter>> {
    let Some(group) = posts::waits_for(tx, timeline, account)? else { return Ok(None) };
    let Some(to) = person(tx, account)? else { return Ok(None) };
    let link = &desk.page(&format!("/groups/{group}"));
    written(&to, &texts::NewPosts { foot: &desk.foot, to: &to.name, link })
}

/// A person who may still act; nobody else is written to.
pub fn person(tx: &mut Tx, account: AccountId) -> Outcome<Option<Addressee>> {
    let found = store::mailbox(tx, account)?;
    Ok(found.map(|(email, family, given)| Addressee { email, name: safe(&format!("{family} {given}")) }))
}

pub fn until(tx: &Tx, kind: LinkKind) -> String {
    texts::moment(tx.now().plus(kind.life()))
}

pub fn written(to: &Addressee, letter: &impl Template) -> Outcome<Option<Letter>> {
    let (subject, body) = texts::parted(letter)?;
    let to_name = Some(to.name.clone()).filter(|name| !name.is_empty());
    Ok(Some(Letter { to: to.email.clone(), to_name, subject, body }))
}
