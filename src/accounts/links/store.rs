use super::{Link, LinkKind};
use crate::{Outcome, Tx};
use tasuki_law::nouns::LinkId;
use uuid::Uuid;

const INSERT_LINK: &str = "INSERT INTO links (id, kind, subject, token, made_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const LINK: &str = "SELECT id, subject, expires_at, used_at FROM links WHERE token = $1 AND kind = $2";
const USE_LINK: &str = "UPDATE links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
const CLOSE_LINKS: &str =
    "UPDATE links SET used_at = $3 WHERE subject = $1 AND kind = $2 AND used_at IS NULL";

pub const STATEMENTS: &[&str] = &[INSERT_LINK, LINK, USE_LINK, CLOSE_LINKS];

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

pub fn close_links(tx: &mut Tx, kind: LinkKind, subject: Uuid) -> Outcome<()> {
    let now = tx.now();
    tx.exec(CLOSE_LINKS, &[&subject, &kind, &now])?;
    Ok(())
}
