//! Who came and went, and what a group says about itself.

use super::place;
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, GroupId, GroupKind};
use tasuki_value::Ts;

const TAKEN_OUT_OF: &str = "SELECT g.kind, m.ended_at, a.family, a.given
  FROM members m JOIN groups g ON g.id = m.group_id JOIN accounts a ON a.id = m.ended_by
  WHERE m.account = $1 AND m.ended_at > $2 AND m.ended_by <> $1 ORDER BY m.ended_at DESC";
const GONE: &str = "SELECT p.family, p.given, m.ended_at, a.family, a.given, m.ended_by = m.account
  FROM members m JOIN accounts p ON p.id = m.account JOIN accounts a ON a.id = m.ended_by
  WHERE m.group_id = $1 AND m.ended_at > $2 ORDER BY m.ended_at DESC LIMIT 30";
const ABOUT: &str = "SELECT about FROM groups WHERE id = $1";
const DESCRIBE: &str = "UPDATE groups SET about = $2 WHERE id = $1";

pub const STATEMENTS: &[&str] = &[TAKEN_OUT_OF, GONE, ABOUT, DESCRIBE];

/// A place somebody was taken out of by another.
#[derive(Clone, Debug)]
pub struct TakenOut {
    pub kind: GroupKind,
    pub at: Ts,
    pub by_family: String,
    pub by_given: String,
}
columns!(TakenOut: kind, at, by_family, by_given);

impl TakenOut {
    /// Who did it.
    #[must_use]
    pub fn by_name(&self) -> String {
        format!("{} {}", self.by_family, self.by_given).trim().to_owned()
    }
}

/// Somebody who is no member any more.
#[derive(Clone, Debug)]
pub struct GoneMember {
    pub family: String,
    pub given: String,
    pub at: Ts,
    pub by_family: String,
    pub by_given: String,
    /// Left by themselves.
    pub left: bool,
}
columns!(GoneMember: family, given, at, by_family, by_given, left);

impl GoneMember {
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// Who did it.
    #[must_use]
    pub fn by_name(&self) -> String {
        format!("{} {}", self.by_family, self.by_given).trim().to_owned()
    }
}

pub fn taken_out_of(tx: &mut Tx, account: AccountId, since: Ts) -> Outcome<Vec<TakenOut>> {
    Ok(tx.all(TAKEN_OUT_OF, &[&account, &since])?)
}

pub fn gone(tx: &mut Tx, group: GroupId, since: Ts) -> Outcome<Vec<GoneMember>> {
    Ok(tx.all(GONE, &[&group, &since])?)
}

pub fn about(tx: &mut Tx, group: GroupId) -> Outcome<String> {
    match tx.one::<(Option<Vec<u8>>,)>(ABOUT, &[&group])?.0 {
        Some(sealed) => tx.open_text(cell("groups", "about", group.0), &sealed),
        None => Ok(String::new()),
    }
}

pub fn describe(tx: &mut Tx, group: GroupId, about: &str) -> Outcome<()> {
    let key = place(tx, group)?.data_key;
    let sealed = tx.seal_text(key, cell("groups", "about", group.0), about)?;
    tx.exec(DESCRIBE, &[&group, &sealed])?;
    Ok(())
}
