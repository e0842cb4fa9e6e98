use super::actions::{NewAccount, NewSession};
use super::links::{Link, LinkKind};
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, AccountKind, Profession, LinkId, SessionId, SessionKind, UploadId};
use tasuki_value::Ts;
use uuid::Uuid;

const SESSION: &str = "SELECT s.id AS session, s.account, s.kind AS session_kind, s.phone, s.made_at, s.active_at,
    a.kind, a.operator
  FROM sessions s JOIN accounts a ON a.id = s.account
  WHERE s.token = $1 AND s.ended_at IS NULL AND a.suspended_at IS NULL AND a.closed_at IS NULL";
const ACTIVITY: &str = "UPDATE sessions SET active_at = $2 WHERE id = $1 AND active_at < $2";

const INSERT: &str = "INSERT INTO accounts
  (id, kind, email, email_key, family, given, family_kana, given_kana, profession, password, data_key,
   terms_version, terms_at, made_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)";
const CARD: &str = "SELECT id, kind, family, given, family_kana, given_kana, profession, photo, data_key
  FROM accounts WHERE id = $1";
const BY_EMAIL: &str = "SELECT id FROM accounts WHERE email_key = $1 AND closed_at IS NULL";
const EMAIL: &str = "SELECT email FROM accounts WHERE id = $1";
const INSERT_SESSION: &str = "INSERT INTO sessions (id, account, kind, token, label, device, phone, made_at, active_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
const INSERT_LINK: &str = "INSERT INTO links (id, kind, subject, token, made_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const LINK: &str = "SELECT id, subject, expires_at, used_at FROM links WHERE token = $1 AND kind = $2";
const USE_LINK: &str = "UPDATE links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";

pub const STATEMENTS: &[&str] = &[
    SESSION, ACTIVITY, INSERT, CARD, BY_EMAIL, EMAIL, INSERT_SESSION, INSERT_LINK, LINK, USE_LINK,
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
    tx.exec(ACTIVITY, &[&session, &now])?;
    Ok(())
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
            &new.id, &new.kind, &new.email, &new.email_key, &new.family, &new.given, &new.family_kana,
            &new.given_kana, &new.profession, &new.password, &new.data_key, &new.terms_version, &now,
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

pub fn insert_link(tx: &mut Tx, id: LinkId, kind: LinkKind, subject: Uuid, hash: &[u8; 32]) -> Outcome<()> {
    let now = tx.now();
    let expires_at = now.plus(kind.life());
    tx.exec(INSERT_LINK, &[&id, &kind, &subject, &hash.as_slice(), &now, &expires_at])?;
    Ok(())
}

pub fn link(tx: &mut Tx, kind: LinkKind, hash: &[u8; 32]) -> Outcome<Option<Link>> {
    Ok(tx.opt(LINK, &[&hash.as_slice(), &kind])?)
}

pub fn use_link(tx: &mut Tx, link: LinkId) -> Outcome<bool> {
    let now = tx.now();
    Ok(tx.exec(USE_LINK, &[&link, &now])? == 1)
}
