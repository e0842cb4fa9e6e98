//! The short form of an invited person lies with the other sign-ups, under the hash of the mailed token: whoever holds
//! the link sees and changes it. Never a password.

use crate::house::cell;
use crate::registration::Sheet;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, InvitationId, RegistrationId};
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO registrations (id, token, form, email_key, invitation, made_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const BY_TOKEN: &str = "SELECT id, form, account FROM registrations
  WHERE token = $1 AND invitation IS NOT NULL";
const SAVE: &str = "UPDATE registrations SET form = $2 WHERE id = $1 AND completed_at IS NULL";
const COMPLETE: &str = "UPDATE registrations SET form = $2, completed_at = $3, account = $4
  WHERE id = $1 AND completed_at IS NULL";
const SWEEP: &str =
    "DELETE FROM registrations WHERE made_at < $1 AND completed_at IS NULL AND invitation IS NOT NULL";

pub const STATEMENTS: &[&str] = &[INSERT, BY_TOKEN, SAVE, COMPLETE, SWEEP];

struct Row {
    id: RegistrationId,
    form: Vec<u8>,
    account: Option<AccountId>,
}
columns!(Row: id, form, account);

/// What was typed so far.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: RegistrationId,
    pub sheet: Sheet,
    pub account: Option<AccountId>,
}

fn sealed(tx: &mut Tx, id: RegistrationId, sheet: &Sheet) -> Outcome<Vec<u8>> {
    let own = tx.own_key();
    tx.seal_json(own, cell("registrations", "form", id.0), sheet)
}

pub fn insert(
    tx: &mut Tx,
    token: &[u8; 32],
    entry: &Entry,
    email_key: &str,
    invitation: InvitationId,
) -> Outcome<()> {
    let now = tx.now();
    let form = sealed(tx, entry.id, &entry.sheet)?;
    let id = entry.id;
    tx.exec(INSERT, &[&id, &token.as_slice(), &form, &email_key, &invitation, &now])?;
    Ok(())
}

pub fn find(tx: &mut Tx, token: &[u8; 32]) -> Outcome<Option<Entry>> {
    let Some(row) = tx.opt::<Row>(BY_TOKEN, &[&token.as_slice()])? else { return Ok(None) };
    let Row { id, form, account } = row;
    let sheet = tx.open_json(cell("registrations", "form", id.0), &form)?;
    Ok(Some(Entry { id, sheet, account }))
}

pub fn save(tx: &mut Tx, entry: &Entry) -> Outcome<()> {
    let form = sealed(tx, entry.id, &entry.sheet)?;
    tx.exec(SAVE, &[&entry.id, &form])?;
    Ok(())
}

/// Keeps only that it was completed, and by whom.
pub fn complete(tx: &mut Tx, id: RegistrationId, account: AccountId) -> Outcome<()> {
    let now = tx.now();
    let blank = sealed(tx, id, &Sheet::default())?;
    tx.exec(COMPLETE, &[&id, &blank, &now, &account])?;
    Ok(())
}

pub fn sweep(tx: &mut Tx, before: Ts) -> Outcome<()> {
    tx.exec(SWEEP, &[&before])?;
    Ok(())
}
