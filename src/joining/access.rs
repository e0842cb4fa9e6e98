//! Where a mailed link leads whoever holds it.

use super::store;
use crate::accounts::links::{self, Link, LinkKind};
use crate::invitations::{self, Invitation};
use crate::{Outcome, Tx, accounts};
use tasuki_base::chance::Token;
use tasuki_law::nouns::{AccountId, InvitationId, InvitationKind, InvitationState, Who};

/// A link and the invitation behind it.
#[derive(Clone, Debug)]
pub struct Behind {
    pub link: Link,
    pub row: Invitation,
}

/// What the link opens for the person who came.
#[derive(Clone, Debug)]
pub enum Way {
    /// Nothing, or nothing any more.
    Closed,
    /// The link ran out or was used; the invitation itself goes on.
    Late(InvitationId),
    /// The account is there, or was made just now by this link: sign in, and find the invitation at home.
    SignIn(InvitationId),
    /// The invited person is signed in.
    Answer(InvitationId),
    /// A group waits until the person has a workplace.
    Workplace,
    /// Somebody else is signed in: they may ask to join with their account.
    Other(Box<Behind>),
    /// Somebody else asked already, and waits for an approver.
    Asked,
    /// The short form.
    Form(Box<Behind>),
}

/// The link of a token as it stands in a URL.
pub fn behind(tx: &mut Tx, token: &str) -> Outcome<Option<Behind>> {
    let Some(token) = Token::parse(token.trim()) else { return Ok(None) };
    let Some(link) = links::find(tx, LinkKind::Invitation, &token)? else { return Ok(None) };
    let row = invitations::find(tx, InvitationId(link.subject))?;
    Ok(Some(Behind { link, row }))
}

/// Decides where it leads. A look uses nothing up.
pub fn way(tx: &mut Tx, who: &Who, token: &str) -> Outcome<Way> {
    let Some(behind) = behind(tx, token)? else { return Ok(Way::Closed) };
    let now = tx.now();
    let Behind { link, row } = &behind;
    let (id, me, invited) = (row.id, who.account(), invited(tx, row)?);
    if me.is_some() && me == invited || me.is_none() && invited.is_some() {
        return Ok(match (row.state, me) {
            (InvitationState::AwaitingRegistration, _) => Way::Workplace,
            (_, Some(_)) => Way::Answer(id),
            (_, None) => Way::SignIn(id),
        });
    }
    if row.asks_otherwise() && row.is_open(now) {
        return Ok(Way::Asked);
    }
    if !row.is_sent(now) {
        return Ok(Way::Closed);
    }
    if !link.is_open(now) {
        return Ok(Way::Late(id));
    }
    Ok(match (me, row.kind) {
        (Some(_), _) => Way::Other(Box::new(behind)),
        (None, InvitationKind::Group) => Way::Workplace,
        (None, InvitationKind::Facility) => Way::Form(Box::new(behind)),
    })
}

/// The account that was invited, or has come to be at the invited address.
fn invited(tx: &mut Tx, row: &Invitation) -> Outcome<Option<AccountId>> {
    match (row.account, &row.email_key) {
        (Some(account), _) => Ok(Some(account)),
        (None, Some(key)) => accounts::by_email(tx, key),
        (None, None) => Ok(None),
    }
}

/// What was typed behind the link so far.
pub fn typed(tx: &mut Tx, token: &str) -> Outcome<Option<store::Entry>> {
    match Token::parse(token.trim()) {
        Some(token) => store::find(tx, &token.hash()),
        None => Ok(None),
    }
}
