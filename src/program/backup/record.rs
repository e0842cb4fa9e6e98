//! The record of use within a copy: gone through as in a house, for what was altered before it was copied is altered in
//! the copy, too.

use super::manifest::{Manifest, Sum};
use super::{Said, keys, said};
use crate::audit::{self, Block, Gathered, Head, Kept, Wrong};
use crate::events::{Marks, Written};
use crate::house::store;
use crate::serve;
use tasuki_base::db::Db;
use tasuki_base::db::copy::Owned;
use tasuki_base::seal::{KeyId, Vault, Wrapped};
use tasuki_law::nouns::EventId;
use tasuki_value::Ts;
use uuid::Uuid;

/// The end of the record as the keyring knows it; `None` in a house that has none yet.
///
/// # Errors
/// When the keyring cannot be read.
pub async fn head(db: &Db, vault: &Vault) -> Said<Option<Head>> {
    let Some(own) = store::own_key(db).await.map_err(said)? else { return Ok(None) };
    // A house whose keys do not fit is copied all the same: its doctor says so.
    let Ok(marks) = serve::marks(db, vault, own).await else { return Ok(None) };
    match audit::kept(vault, &marks).await {
        Ok(Kept::Head(head)) => Ok(Some(head)),
        Ok(_) => Ok(None),
        Err(why) => Err(vec![format!("{why:?}")]),
    }
}

/// What was found.
pub enum Judged {
    /// It is whole, or from before there was anything to hold it against.
    Whole,
    Wrong(Wrong),
    /// There is nothing to hold it against, where there should be.
    NotChecked,
}

/// What a copy holds of the record.
#[derive(Default)]
pub struct Record {
    own: Option<Uuid>,
    gathered: Gathered,
}

impl Record {
    /// Takes what is of the record out of a table's rows.
    pub fn take(&mut self, sum: &Sum, rows: &[Vec<Owned>]) {
        match sum.name.as_str() {
            "events" => rows.iter().for_each(|row| self.event(sum, row)),
            "event_blocks" => rows.iter().for_each(|row| self.block(sum, row)),
            "house" => self.own = rows.first().and_then(|row| uuid(cell(sum, row, "data_key"))),
            _ => {}
        }
    }

    fn event(&mut self, sum: &Sum, row: &[Owned]) {
        let at = |column| cell(sum, row, column);
        let columns = ["account", "seat", "facility", "group_id", "patient", "subject", "other"];
        let ids = columns.map(|column| uuid(at(column)));
        let (id, when) = (uuid(at("id")).unwrap_or_default(), int(at("at")).unwrap_or_default());
        let (kind, note) = (text(at("kind")).unwrap_or_default(), text(at("note")));
        let written = Written::new(EventId(id), Ts(when), kind, &ids, note.as_deref(), bytes(at("mac")));
        self.gathered.event(int(at("block")), written);
    }

    fn block(&mut self, sum: &Sum, row: &[Owned]) {
        let at = |column| cell(sum, row, column);
        let id = |column| EventId(uuid(at(column)).unwrap_or_default());
        self.gathered.block(Block {
            number: int(at("number")).unwrap_or_default(),
            first: id("first"),
            last: id("last"),
            size: int(at("size")).unwrap_or_default(),
            hash: bytes(at("hash")).unwrap_or_default(),
            made_at: Ts(int(at("made_at")).unwrap_or_default()),
            mac: bytes(at("mac")),
        });
    }

    /// Holds it against the head of its own manifest.
    pub fn judge(self, vault: &Vault, living: &[Vec<Owned>], manifest: &Manifest) -> Judged {
        let Some(head) = &manifest.head else {
            // From before there were marks, or of a house whose keys did not open.
            return if self.gathered.is_marked() { Judged::NotChecked } else { Judged::Whole };
        };
        let own = living.iter().find(|row| self.own.is_some() && keys::id(row) == self.own);
        let own = own.and_then(|row| match row.as_slice() {
            [Owned::Uuid(id), Owned::Int(epoch), Owned::Bytes(bytes), _] => {
                vault.unwrap(KeyId(*id), &Wrapped { epoch: *epoch, bytes: bytes.clone() }).ok()
            }
            _ => None,
        });
        match own.map(|own| self.gathered.judge(&Marks::of(&own), head)) {
            None => Judged::NotChecked,
            Some(None) => Judged::Whole,
            Some(Some(wrong)) => Judged::Wrong(wrong),
        }
    }
}

fn cell<'r>(sum: &Sum, row: &'r [Owned], column: &str) -> Option<&'r Owned> {
    row.get(sum.columns.iter().position(|name| name == column)?)
}

fn uuid(cell: Option<&Owned>) -> Option<Uuid> {
    if let Some(Owned::Uuid(id)) = cell { Some(*id) } else { None }
}

fn int(cell: Option<&Owned>) -> Option<i64> {
    if let Some(Owned::Int(number)) = cell { Some(*number) } else { None }
}

fn text(cell: Option<&Owned>) -> Option<String> {
    if let Some(Owned::Text(text)) = cell { Some(text.clone()) } else { None }
}

fn bytes(cell: Option<&Owned>) -> Option<Vec<u8>> {
    if let Some(Owned::Bytes(bytes)) = cell { Some(bytes.clone()) } else { None }
}
