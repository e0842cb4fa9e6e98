//! The verbs of a registration.

use super::sheet::Sheet;
use super::store::{self, Entry};
use crate::accounts::actions::NewAccount;
use crate::accounts::links::{self, Link};
use crate::accounts::{self, TERMS_VERSION};
use crate::events::{Event, announce};
use crate::facilities::Details;
use crate::workplaces::actions::Opening;
use crate::{Outcome, Trouble, Tx, workplaces};
use tasuki_base::seal::KeyId;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, AccountKind, EventKind, FacilityType, Profession, RegistrationId};
use tasuki_value::DAY;

/// What was begun and not finished is forgotten after so long.
const FORGOTTEN_AFTER: i64 = 14 * DAY;

/// Begins a registration; `token` is the hash of what the browser keeps.
pub fn begin(tx: &mut Tx, token: &[u8; 32]) -> Outcome<()> {
    let before = tx.now().minus(FORGOTTEN_AFTER);
    store::sweep(tx, before)?;
    let id = RegistrationId(tx.draw());
    store::insert(tx, token, &Entry::blank(id))
}

impl Entry {
    fn blank(id: RegistrationId) -> Self {
        let sheet = Sheet::default();
        Self {
            id,
            sheet,
            email_key: None,
            password: None,
            submitted_at: None,
            completed_at: None,
            account: None,
        }
    }

    /// Whether an account can be made of it.
    pub(super) fn is_ready(&self) -> bool {
        self.password.is_some() && self.sheet.first_gap().is_none()
    }
}

/// Keeps what was typed on one page.
pub fn keep(tx: &mut Tx, token: &[u8; 32], fill: impl Fn(&mut Sheet)) -> Outcome<()> {
    let mut entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    fill(&mut entry.sheet);
    store::save(tx, &entry)
}

/// Keeps the address and the password's hash.
///
/// Once a mail was asked for, another address begins a registration of its own: a link sent to the first
/// address must never prove the second.
pub fn keep_account(
    tx: &mut Tx,
    token: &[u8; 32],
    email: &str,
    unshared: bool,
    password: &str,
) -> Outcome<()> {
    let mut entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    let key = Some(text::email_key(email));
    let moved = entry.submitted_at.is_some() && entry.email_key != key;
    email.clone_into(&mut entry.sheet.email);
    entry.sheet.unshared = unshared;
    entry.email_key = key;
    entry.password = Some(password.to_owned());
    if moved {
        store::delete(tx, entry.id)?;
        entry.id = RegistrationId(tx.draw());
        store::insert(tx, token, &entry)
    } else {
        store::save(tx, &entry)
    }
}

/// Asks for the mail that finishes the registration: first, and again. Whoever has an account at the address
/// already gets another mail instead; the answer here is the same.
pub fn submit(tx: &mut Tx, token: &[u8; 32], agreed: bool) -> Outcome<()> {
    let mut entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    if agreed {
        TERMS_VERSION.clone_into(&mut entry.sheet.terms);
        store::save(tx, &entry)?;
    }
    if !entry.is_ready() || entry.sheet.terms.is_empty() {
        return Err(Trouble::Malformed);
    }
    announce_submission(tx, &entry)
}

/// Asks for a new link by an old one.
pub fn renew(tx: &mut Tx, id: RegistrationId) -> Outcome<()> {
    match store::locked(tx, id)? {
        Some(entry) if entry.completed_at.is_none() => announce_submission(tx, &entry),
        _ => Err(Trouble::unseen()),
    }
}

fn announce_submission(tx: &mut Tx, entry: &Entry) -> Outcome<()> {
    store::submit(tx, entry.id)?;
    let known = accounts::by_email(tx, entry.email_key.as_deref().unwrap_or_default())?;
    let event = match known {
        Some(account) => Event::new(EventKind::RegistrationRepeated).concerning(account),
        None => Event::new(EventKind::RegistrationSubmitted),
    };
    announce(tx, &event.about(entry.id.0))
}

/// What a completion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// Now, or by the same link a moment before.
    Yes,
    /// The link is over.
    Over,
    /// The address got an account in another way meanwhile.
    Taken,
}

/// The keys of the new account and the new facility, durable already.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    pub person: KeyId,
    pub facility: KeyId,
}

/// Makes account, facility and first seat, as administrator; once, however often it is asked.
pub fn complete(tx: &mut Tx, link: &Link, keys: Keys) -> Outcome<Completed> {
    let Some(entry) = store::locked(tx, RegistrationId(link.subject))? else { return Ok(Completed::Over) };
    if entry.completed_at.is_some() {
        return Ok(Completed::Yes);
    }
    let key = entry.email_key.clone().unwrap_or_default();
    if accounts::by_email(tx, &key)?.is_some() {
        return Ok(Completed::Taken);
    }
    if !links::use_up(tx, link.id)? {
        return Ok(Completed::Over);
    }
    let account = AccountId(tx.draw());
    settle(tx, &entry, account, keys)?;
    store::complete(tx, entry.id, account)?;
    announce(tx, &Event::new(EventKind::RegistrationCompleted).by(account).about(entry.id.0))?;
    Ok(Completed::Yes)
}

fn settle(tx: &mut Tx, entry: &Entry, account: AccountId, keys: Keys) -> Outcome<()> {
    let unfinished = || Trouble::broken("a registration without all its parts was submitted");
    let (profession, kind) = entry.sheet.choices().ok_or_else(unfinished)?;
    let password = entry.password.as_deref().ok_or_else(unfinished)?;
    open_account(tx, entry, account, profession, password, keys.person)?;
    open_facility(tx, &entry.sheet, account, profession, kind, keys.facility)
}

fn open_account(
    tx: &mut Tx,
    entry: &Entry,
    id: AccountId,
    profession: Profession,
    password: &str,
    data_key: KeyId,
) -> Outcome<()> {
    let sheet = &entry.sheet;
    accounts::actions::create(
        tx,
        &NewAccount {
            id,
            kind: AccountKind::Professional,
            email: &sheet.email,
            email_key: entry.email_key.as_deref().unwrap_or_default(),
            family: &sheet.family,
            given: &sheet.given,
            family_kana: &sheet.family_kana,
            given_kana: &sheet.given_kana,
            profession,
            password,
            data_key,
            terms_version: &sheet.terms,
        },
    )
}

fn open_facility(
    tx: &mut Tx,
    sheet: &Sheet,
    founder: AccountId,
    profession: Profession,
    kind: FacilityType,
    data_key: KeyId,
) -> Outcome<()> {
    let details = Details {
        prefecture: sheet.prefecture.clone(),
        address: sheet.address.clone(),
        building: sheet.building.clone(),
        phone: sheet.phone.clone(),
    };
    let opening = Opening {
        name: &sheet.facility,
        kind,
        postal_code: &sheet.postal_code,
        details: &details,
        data_key,
        founder,
        profession,
    };
    workplaces::actions::open(tx, &opening)?;
    Ok(())
}
