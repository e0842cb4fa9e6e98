//! Gathers the facts about a person and asks the law.

use crate::{Outcome, Tx, connections};
use tasuki_law::Key;
use tasuki_law::nouns::{AccountId, Who};
use tasuki_law::rules::person::{self, PersonFacts, SeePerson};

pub fn to_see<'c>(tx: &mut Tx<'_, 'c>, who: &Who, account: AccountId) -> Outcome<Key<'c, SeePerson>> {
    let acquainted = match who.account() {
        Some(asker) => connections::knows(tx, asker, account)?,
        None => false,
    };
    Ok(person::see(who, &PersonFacts { moment: tx.moment(), account, acquainted })?)
}
