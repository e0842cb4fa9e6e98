use super::Sheet;
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, RegistrationId};
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO registrations (id, token, form, email_key, made_at)
  VALUES ($1, $2, $3, $4, $5)";
const BY_TOKEN: &str = "SELECT id, form, email_key, submitted_at, completed_at, account
  FROM registrations WHERE token = $1 AND invitation IS NULL";
const BY_ID: &str = "SELECT id, form, email_key, submitted_at, completed_at, account
  FROM registrations WHERE id = $1 AND invitation IS NULL";
const SAVE: &str = "UPDATE registrations SET form = $2, email_key = $3
  WHERE id = $1 AND completed_at IS NULL";
const SUBMIT: &str = "UPDATE registrations SET submitted_at = $2 WHERE id = $1 AND completed_at IS NULL";
const COMPLETE: &str = "UPDATE registrations SET form = $2, completed_at = $3, account = $4
  WHERE id = $1 AND completed_at IS NULL";
const DELETE: &str = "DELETE FROM registrations WHERE id = $1 AND completed_at IS NULL";
const SWEEP: &str =
    "DELETE FROM registrations WHERE made_at < $1 AND completed_at IS NULL AND invitation IS NULL";

pub const STATEMENTS: &[&str] = &[INSERT, BY_TOKEN, BY_ID, SAVE, SUBMIT, COMPLETE, DELETE, SWEEP];

struct Row {
    id: RegistrationId,
    form: Vec<u8>,
    email_key: Option<String>,
    submitted_at: Option<Ts>,
    completed_at: Option<Ts>,
    account: Option<AccountId>,
}
columns!(Row: id, form, email_key, submitted_at, completed_at, account);

/// A registration with its sheet opened.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: RegistrationId,
    pub sheet: Sheet,
    pub email_key: Option<String>,
    pub submitted_at: Option<Ts>,
    pub completed_at: Option<Ts>,
    pub account: Option<AccountId>,
}

impl Row {
    fn opened(self, tx: &mut Tx) -> Outcome<Entry> {
        let Self { id, form, email_key, submitted_at, completed_at, account } = self;
        let sheet = tx.open_json(cell("registrations", "form", id.0), &form)?;
        Ok(Entry { id, sheet, email_key, submitted_at, completed_at, account })
    }
}

fn sealed(tx: &mut Tx, id: RegistrationId, sheet: &Sheet) -> Outcome<Vec<u8>> {
    let own = tx.own_key();
    tx.seal_json(own, cell("registrations", "form", id.0), sheet)
}

pub fn insert(tx: &mut Tx, token: &[u8; 32], entry: &Entry) -> Outcome<()> {
    let now = tx.now();
    let form = sealed(tx, entry.id, &entry.sheet)?;
    let Entry { id, email_key, .. } = entry;
    tx.exec(INSERT, &[id, &token.as_slice(), &form, email_key, &now])?;
    Ok(())
}

pub fn by_token(tx: &mut Tx, token: &[u8; 32]) -> Outcome<Option<Entry>> {
    match tx.lock_rows::<Row>(BY_TOKEN, &[&token.as_slice()])?.pop() {
        Some(row) => row.opened(tx).map(Some),
        None => Ok(None),
    }
}

pub fn look(tx: &mut Tx, token: &[u8; 32]) -> Outcome<Option<Entry>> {
    match tx.opt::<Row>(BY_TOKEN, &[&token.as_slice()])? {
        Some(row) => row.opened(tx).map(Some),
        None => Ok(None),
    }
}

pub fn find(tx: &mut Tx, id: RegistrationId) -> Outcome<Option<Entry>> {
    match tx.opt::<Row>(BY_ID, &[&id])? {
        Some(row) => row.opened(tx).map(Some),
        None => Ok(None),
    }
}

/// As [`find`], and nobody else touches it until the transaction ends.
pub fn locked(tx: &mut Tx, id: RegistrationId) -> Outcome<Option<Entry>> {
    match tx.lock_rows::<Row>(BY_ID, &[&id])?.pop() {
        Some(row) => row.opened(tx).map(Some),
        None => Ok(None),
    }
}

pub fn save(tx: &mut Tx, entry: &Entry) -> Outcome<()> {
    let form = sealed(tx, entry.id, &entry.sheet)?;
    tx.exec(SAVE, &[&entry.id, &form, &entry.email_key])?;
    Ok(())
}

pub fn submit(tx: &mut Tx, id: RegistrationId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(SUBMIT, &[&id, &now])?;
    Ok(())
}

/// Keeps only that it was completed, and by whom: what was typed lives on in account and facility.
pub fn complete(tx: &mut Tx, id: RegistrationId, account: AccountId) -> Outcome<bool> {
    let now = tx.now();
    let blank = sealed(tx, id, &Sheet::default())?;
    Ok(tx.exec(COMPLETE, &[&id, &blank, &now, &account])? == 1)
}

pub fn delete(tx: &mut Tx, id: RegistrationId) -> Outcome<()> {
    tx.exec(DELETE, &[&id])?;
    Ok(())
}

pub fn sweep(tx: &mut Tx, before: Ts) -> Outcome<()> {
    tx.exec(SWEEP, &[&before])?;
    Ok(())
}
