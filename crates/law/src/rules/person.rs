//! A person: who sees their card.

use super::person;
use crate::nouns::{AccountId, Who};
use crate::{Key, Refusal};
use tasuki_value::Moment;

/// What must be known of a person before their card is shown.
#[derive(Clone, Copy, Debug)]
pub struct PersonFacts<'tx> {
    pub moment: Moment<'tx>,
    pub account: AccountId,
    /// The asker is in a place where the person is or was, or the two are connected.
    pub acquainted: bool,
}

/// See name, photo, profession, workplaces and what a person tells of themselves; never their address.
#[derive(Debug)]
pub struct SeePerson {
    pub account: AccountId,
    /// It is the asker.
    pub oneself: bool,
}

/// # Errors
/// Nobody learns that a stranger is here.
pub fn see<'tx>(who: &Who, facts: &PersonFacts<'tx>) -> Result<Key<'tx, SeePerson>, Refusal> {
    let asker = person(who)?;
    let oneself = asker.account == facts.account;
    if !oneself && !facts.acquainted {
        return Err(Refusal::Unseen);
    }
    Ok(Key::cut(facts.moment, SeePerson { account: facts.account, oneself }))
}
