//! What a generation holds: sealed, and the last thing written.

use super::{Said, said};
use crate::phrases::backup as words;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use tasuki_base::seal::Vault;
use tasuki_base::{Chance, disk, text};
use tasuki_value::Ts;

/// The version of the layout.
const VERSION: u32 = 1;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    version: u32,
    /// Microseconds of UTC.
    pub made_at: i64,
    pub tables: Vec<Sum>,
    pub files: Vec<File>,
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
}

/// 「20261122T050000Z」: names sort as they were made.
pub fn name_of(at: Ts) -> String {
    text::local(at).with_time_zone(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Manifest {
    pub const fn new(made_at: Ts, tables: Vec<Sum>, files: Vec<File>) -> Self {
        Self { version: VERSION, made_at: made_at.0, tables, files }
    }

    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    pub fn write(&self, vault: &Vault, chance: &Chance, name: &str, folder: &Path) -> Said<()> {
        let json = serde_json::to_vec(self).map_err(said)?;
        let sealed = vault.seal_copy(chance, &[b"manifest", name.as_bytes()], &json);
        disk::write(&folder.join("manifest"), &sealed).map_err(said)
    }

    pub fn read(vault: &Vault, name: &str, folder: &Path) -> Said<Self> {
        let sealed = fs::read(folder.join("manifest")).map_err(said)?;
        let json = vault.open_copy(&[b"manifest", name.as_bytes()], &sealed);
        let json = json.map_err(|_| vec![words::damaged(name)])?;
        let manifest: Self = serde_json::from_slice(&json).map_err(|_| vec![words::damaged(name)])?;
        if manifest.version == VERSION { Ok(manifest) } else { Err(vec![words::other_version(name)]) }
    }
}
