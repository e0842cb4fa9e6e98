//! What a generation holds: sealed, and the last thing written.

use super::Said;
use super::place::{Shelf, put_note, spot};
use crate::audit::Head;
use crate::phrases::backup as words;
use serde::{Deserialize, Serialize};
use tasuki_base::blobs::Place as Store;
use tasuki_base::seal::Vault;
use tasuki_base::text;
use tasuki_value::Ts;

/// The version of the layout; the first had all tables in one piece.
const VERSION: u32 = 2;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// Microseconds of UTC.
    pub made_at: i64,
    /// Write-once until then.
    #[serde(default)]
    pub locked_until: Option<i64>,
    /// So many pieces hold the tables; the first version knew one.
    #[serde(default)]
    pub pieces: u32,
    pub tables: Vec<Sum>,
    pub files: Vec<File>,
    /// The end of the record of use, as the keyring knew it; none in a copy from before it did.
    #[serde(default)]
    pub head: Option<Head>,
}

/// A table as it was copied.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sum {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: u64,
    pub chunks: u64,
    /// Over all chunks in their order.
    pub hash: [u8; 32],
}

/// A sealed file as it was copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub name: String,
    pub size: u64,
    pub hash: [u8; 32],
    #[serde(default)]
    pub locked_until: Option<i64>,
}

/// 「20261122T050000Z」: names sort as they were made.
pub fn name_of(at: Ts) -> String {
    text::local(at).with_time_zone(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Where a piece of the tables lies in its generation.
pub fn piece(number: u32) -> String {
    format!("tables-{number:05}")
}

impl Manifest {
    pub const FILE: &str = "manifest";

    pub fn new(
        made_at: Ts,
        locked_until: Option<Ts>,
        (tables, pieces): (Vec<Sum>, u32),
        files: Vec<File>,
        head: Option<Head>,
    ) -> Self {
        let locked_until = locked_until.map(|until| until.0);
        Self { version: VERSION, made_at: made_at.0, locked_until, pieces, tables, files, head }
    }

    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The names of the pieces that hold the tables.
    pub fn pieces(&self) -> Vec<String> {
        if self.version == 1 { vec!["tables".to_owned()] } else { (0..self.pieces).map(piece).collect() }
    }

    pub async fn write(&self, vault: &Vault, name: &str, store: &Store) -> Said<()> {
        put_note(store, vault, &spot(name, Self::FILE), &[b"manifest", name.as_bytes()], self).await
    }

    pub async fn read(vault: &Vault, name: &str, shelf: &Shelf) -> Said<Self> {
        let context: [&[u8]; 2] = [b"manifest", name.as_bytes()];
        let json = shelf.note(vault, &spot(name, Self::FILE), &context).await?;
        let manifest: Self = serde_json::from_slice(&json).map_err(|_| vec![words::damaged(name)])?;
        if manifest.version <= VERSION { Ok(manifest) } else { Err(vec![words::other_version(name)]) }
    }
}
