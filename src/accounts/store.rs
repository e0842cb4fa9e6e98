//! Long because every statement stands beside the function that runs it.

use super::actions::{NewAccount, NewSession};
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, AccountKind, Profession, SessionId, SessionKind, TextSize, UploadId};
use tasuki_value::Ts;

macro_rules! living_sessions {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS session, s.account, s.kind AS session_kind, s.phone, s.made_at, s.active_at,
    a.kind, a.operator
  FROM sessions s JOIN accounts a ON a.id = s.account
  WHERE s.ended_at IS NULL AND a.suspended_at IS NULL AND a.closed_at IS NULL AND ",
            $which
        )
    };
}

mod front;
pub use front::*;

const SESSION: &str = living_sessions!("s.token = $1");
const ACTIVITY: &str = "UPDATE sessions SET active_at = $2 WHERE id = $1 AND active_at < $2";

const INSERT: &str = "INSERT INTO accounts
  (id, kind, email, email_key, family, given, family_kana, given_kana, profession, password, data_key,
   terms_version, terms_at, made_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)";
const CARD: &str = "SELECT id, kind, family, given, family_kana, given_kana, profession, photo, data_key
  FROM accounts WHERE id = $1";
const BY_EMAIL: &str = "SELECT id FROM accounts WHERE email_key = $1 AND closed_at IS NULL";
const EMAIL: &str = "SELECT email FROM accounts WHERE id = $1";
const INSERT_SESSION: &str =
    "INSERT INTO sessions (id, account, kind, token, label, device, phone, made_at, active_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";

const CREDENTIALS: &str = "SELECT id, password FROM accounts
  WHERE email_key = $1 AND suspended_at IS NULL AND closed_at IS NULL";
const PASSWORD: &str = "SELECT password FROM accounts WHERE id = $1";
const SET_PASSWORD: &str = "UPDATE accounts SET password = $2 WHERE id = $1";
const SESSIONS: &str = "SELECT id, kind, label, device, phone, made_at, active_at FROM sessions
  WHERE account = $1 AND ended_at IS NULL ORDER BY active_at DESC, id DESC";
const END_SESSION: &str =
    "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND account = $2 AND ended_at IS NULL";
const END_OTHERS: &str =
    "UPDATE sessions SET ended_at = $3 WHERE account = $1 AND id <> $2 AND ended_at IS NULL";
const END_TOKENS: &str =
    "UPDATE sessions SET ended_at = $3 WHERE account = $1 AND kind = $2 AND ended_at IS NULL";
const SETTINGS: &str = "SELECT email, text_size, terms_version, terms_at, tour_done_at IS NOT NULL
  FROM accounts WHERE id = $1";
const SET_SIZE: &str = "UPDATE accounts SET text_size = $2 WHERE id = $1";
const TOUR_DONE: &str = "UPDATE accounts SET tour_done_at = $2 WHERE id = $1 AND tour_done_at IS NULL";
const ABOUT: &str = "SELECT about FROM accounts WHERE id = $1";
const CHANGE: &str = "UPDATE accounts SET family = $2, given = $3, family_kana = $4, given_kana = $5,
    profession = $6, about = $7 WHERE id = $1";
const SET_PHOTO: &str = "UPDATE accounts SET photo = $2 WHERE id = $1";

pub const STATEMENTS: &[&str] = &[
    SESSION,
    ACTIVITY,
    INSERT,
    CARD,
    BY_EMAIL,
    EMAIL,
    INSERT_SESSION,
    CREDENTIALS,
    PASSWORD,
    SET_PASSWORD,
    SESSIONS,
    END_SESSION,
    END_OTHERS,
    END_TOKENS,
    SETTINGS,
    SET_SIZE,
    TOUR_DONE,
    ABOUT,
    CHANGE,
    SET_PHOTO,
];

/// A session that was not ended, of an account that may act.
pub struct SessionRow {
    pub session: SessionId,
    pub account: AccountId,
    pub session_kind: SessionKind,
    pub phone: bool,
    pub made_at: Ts,
    pub active_at: Ts,
    pub kind: AccountKind,
    pub operator: bool,
}
columns!(SessionRow: session, account, session_kind, phone, made_at, active_at, kind, operator);

pub fn session_by_token(tx: &mut Tx, hash: &[u8; 32]) -> Outcome<Option<SessionRow>> {
    Ok(tx.opt(SESSION, &[&hash.as_slice()])?)
}

pub fn note_activity(tx: &mut Tx, session: SessionId) -> Outcome<()> {
    let now = tx.now();
    Ok(tx.put(ACTIVITY, &[&session, &now])?)
}

/// A person as colleagues see them; never with an address.
#[derive(Clone, Debug)]
pub struct PersonCard {
    pub account: AccountId,
    pub kind: AccountKind,
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub profession: Profession,
    pub photo: Option<UploadId>,
    pub data_key: KeyId,
}
columns!(PersonCard: account, kind, family, given, family_kana, given_kana, profession, photo, data_key);

impl PersonCard {
    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }
}

pub fn insert(tx: &mut Tx, new: &NewAccount<'_>) -> Outcome<()> {
    let now = tx.now();
    tx.exec(
        INSERT,
        &[
            &new.id,
            &new.kind,
            &new.email,
            &new.email_key,
            &new.family,
            &new.given,
            &new.family_kana,
            &new.given_kana,
            &new.profession,
            &new.password,
            &new.data_key,
            &new.terms_version,
            &now,
        ],
    )?;
    Ok(())
}

pub fn card(tx: &mut Tx, account: AccountId) -> Outcome<PersonCard> {
    Ok(tx.one(CARD, &[&account])?)
}

pub fn by_email(tx: &mut Tx, email_key: &str) -> Outcome<Option<AccountId>> {
    Ok(tx.opt::<(AccountId,)>(BY_EMAIL, &[&email_key])?.map(|(id,)| id))
}

pub fn email(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    Ok(tx.one::<(String,)>(EMAIL, &[&account])?.0)
}

pub fn insert_session(tx: &mut Tx, new: &NewSession<'_>) -> Outcome<()> {
    let now = tx.now();
    tx.exec(
        INSERT_SESSION,
        &[&new.id, &new.account, &new.kind, &new.token.as_slice(), &new.label, &new.device, &new.phone, &now],
    )?;
    Ok(())
}

/// The account of an address and the hash of its password, if it may sign in.
pub fn credentials(tx: &mut Tx, email_key: &str) -> Outcome<Option<(AccountId, String)>> {
    Ok(tx.opt(CREDENTIALS, &[&email_key])?)
}

pub fn password(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    Ok(tx.one::<(String,)>(PASSWORD, &[&account])?.0)
}

pub fn set_password(tx: &mut Tx, account: AccountId, hash: &str) -> Outcome<()> {
    tx.exec(SET_PASSWORD, &[&account, &hash])?;
    Ok(())
}

/// A session as its owner sees it.
pub struct MySession {
    pub id: SessionId,
    pub kind: SessionKind,
    /// A token's name, sealed.
    pub label: Option<Vec<u8>>,
    pub device: String,
    pub phone: bool,
    pub made_at: Ts,
    pub active_at: Ts,
}
columns!(MySession: id, kind, label, device, phone, made_at, active_at);

pub fn sessions(tx: &mut Tx, account: AccountId) -> Outcome<Vec<MySession>> {
    Ok(tx.all(SESSIONS, &[&account])?)
}

/// Whether it was living until now.
pub fn end_session(tx: &mut Tx, account: AccountId, session: SessionId) -> Outcome<bool> {
    let now = tx.now();
    Ok(tx.exec(END_SESSION, &[&session, &account, &now])? == 1)
}

/// Ends every session but one, tokens too; answers how many.
pub fn end_others(tx: &mut Tx, account: AccountId, keep: SessionId) -> Outcome<u64> {
    let now = tx.now();
    Ok(tx.exec(END_OTHERS, &[&account, &keep, &now])?)
}

pub fn end_tokens(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(END_TOKENS, &[&account, &SessionKind::Token, &now])?;
    Ok(())
}

/// What a person set for themselves, and what they agreed to.
pub struct Settings {
    pub email: String,
    pub size: TextSize,
    pub terms_version: String,
    pub terms_at: Ts,
    pub tour_done: bool,
}
columns!(Settings: email, size, terms_version, terms_at, tour_done);

pub fn settings(tx: &mut Tx, account: AccountId) -> Outcome<Settings> {
    Ok(tx.one(SETTINGS, &[&account])?)
}

pub fn set_size(tx: &mut Tx, account: AccountId, size: TextSize) -> Outcome<()> {
    tx.exec(SET_SIZE, &[&account, &size])?;
    Ok(())
}

pub fn tour_done(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(TOUR_DONE, &[&account, &now])?;
    Ok(())
}

pub fn about(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    match tx.one::<(Option<Vec<u8>>,)>(ABOUT, &[&account])?.0 {
        Some(sealed) => tx.open_text(cell("accounts", "about", account.0), &sealed),
        None => Ok(String::new()),
    }
}

pub fn change(tx: &mut Tx, card: &PersonCard, about: &str) -> Outcome<()> {
    let sealed = tx.seal_text(card.data_key, cell("accounts", "about", card.account.0), about)?;
    tx.exec(
        CHANGE,
        &[
            &card.account,
            &card.family,
            &card.given,
            &card.family_kana,
            &card.given_kana,
            &card.profession,
            &sealed,
        ],
    )?;
    Ok(())
}

pub fn set_photo(tx: &mut Tx, account: AccountId, photo: Option<UploadId>) -> Outcome<()> {
    tx.exec(SET_PHOTO, &[&account, &photo])?;
    Ok(())
}
