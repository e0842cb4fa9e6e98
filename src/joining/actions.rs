//! From an invitation to an account.

use super::access::Behind;
use super::store::{self, Entry};
use crate::accounts::actions::NewAccount;
use crate::accounts::{self, TERMS_VERSION, devices, links};
use crate::events::{Event, announce};
use crate::invitations;
use crate::registration::Sheet;
use crate::{Outcome, Trouble, Tx, facilities, groups};
use tasuki_base::chance::Token;
use tasuki_base::seal::KeyId;
use tasuki_law::Why;
use tasuki_law::nouns::{AccountId, AccountKind, EventKind, Person, RegistrationId};
use tasuki_value::DAY;

/// What was typed and not finished is forgotten after so long.
const FORGOTTEN_AFTER: i64 = 14 * DAY;

/// Keeps what was typed.
pub fn keep(tx: &mut Tx, behind: &Behind, token: &Token, sheet: &Sheet) -> Outcome<RegistrationId> {
    let before = tx.now().minus(FORGOTTEN_AFTER);
    store::sweep(tx, before)?;
    if let Some(entry) = store::find(tx, &token.hash())? {
        let id = entry.id;
        store::save(tx, &Entry { sheet: sheet.clone(), ..entry })?;
        return Ok(id);
    }
    let id = RegistrationId(tx.draw());
    let entry = Entry { id, sheet: sheet.clone(), account: None };
    let email_key = behind.row.email_key.clone().unwrap_or_default();
    store::insert(tx, &token.hash(), &entry, &email_key, behind.row.id)?;
    Ok(id)
}

/// What came with the request that makes the account. What others who held the link typed before counts for nothing.
pub struct Decided<'a> {
    pub sheet: &'a Sheet,
    /// argon2id as a PHC string.
    pub password: &'a str,
    pub data_key: KeyId,
    /// The browser, known to the account from now on.
    pub browser: [u8; 32],
}

/// Makes the account: once, however often it is asked. The invitation waits for it at home.
pub fn complete(tx: &mut Tx, behind: &Behind, token: &Token, decided: &Decided<'_>) -> Outcome<()> {
    let (Some(email), Some(email_key)) = (&behind.row.email, &behind.row.email_key) else {
        return Err(Trouble::unseen());
    };
    let Ok(profession) = decided.sheet.profession.parse() else { return Err(Trouble::Malformed) };
    let entry = keep(tx, behind, token, decided.sheet)?;
    if !links::use_up(tx, behind.link.id)? {
        return Err(Trouble::because(Why::AlreadyDecided));
    }
    let account = AccountId(tx.draw());
    let Sheet { family, given, family_kana, given_kana, .. } = decided.sheet;
    let new = NewAccount {
        id: account,
        kind: AccountKind::Professional,
        email,
        email_key,
        family,
        given,
        family_kana,
        given_kana,
        profession,
        password: decided.password,
        data_key: decided.data_key,
        terms_version: TERMS_VERSION,
    };
    accounts::actions::create(tx, &new)?;
    devices::remember(tx, account, &decided.browser)?;
    store::complete(tx, entry, account)?;
    invitations::answers::bind(tx, account, email_key)?;
    announce(tx, &Event::new(EventKind::RegistrationCompleted).by(account).about(entry.0))
}

/// Somebody else who holds the link asks to join with their own account.
pub fn ask(tx: &mut Tx, behind: &Behind, person: &Person) -> Outcome<()> {
    if person.kind != AccountKind::Professional {
        return Err(Trouble::because(Why::ProfessionalsOnly));
    }
    let row = &behind.row;
    let there = match row.group {
        Some(group) => groups::member_of(tx, group, person.account)?.is_some(),
        None => facilities::seat_at(tx, person.account, row.facility)?.is_some(),
    };
    if there {
        return Err(Trouble::because(Why::AlreadyMember));
    }
    invitations::actions::ask_otherwise(tx, row.id, person.account)
}
