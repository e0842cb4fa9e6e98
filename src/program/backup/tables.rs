//! Rows in sealed chunks, all tables one after the other in one file.

use super::manifest::{Manifest, Sum};
use super::{LEFT_OUT, Said, keys, no_database, said, table_names};
use crate::phrases::backup as words;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tasuki_base::Chance;
use tasuki_base::db::copy::{Owned, Table, from_bytes, to_bytes};
use tasuki_base::db::{Db, Error, Tx};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::Vault;

/// So many bytes of rows are sealed together.
const CHUNK: usize = 1024 * 1024;

/// The list of the keys there were, without the keys.
pub const KEY_IDS: &str = "data_key_ids";

/// Copies every table as it stood at one moment.
pub async fn write(db: &Db, vault: &Vault, chance: &Chance, name: &str, path: PathBuf) -> Said<Vec<Sum>> {
    let (vault, chance, name) = (vault.clone(), chance.clone(), name.to_owned());
    let done = db.snapshot(move |tx| {
        let open = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        let file = BufWriter::new(open.map_err(disk)?);
        let mut pen = Pen { file, vault: &vault, chance: &chance, name: &name };
        let mut sums = vec![pen.table(tx, keys::TABLE, KEY_IDS)?];
        for table in table_names().iter().filter(|table| !LEFT_OUT.contains(&table.as_str())) {
            sums.push(pen.table(tx, table, table)?);
        }
        let file = pen.file.into_inner().map_err(|error| disk(error.into_error()))?;
        file.sync_all().map_err(disk)?;
        Ok::<_, Error>(sums)
    });
    done.await.map_err(|error| no_database(&error))
}

fn disk(error: std::io::Error) -> Error {
    Error::Settings(error.to_string())
}

struct Pen<'p> {
    file: BufWriter<File>,
    vault: &'p Vault,
    chance: &'p Chance,
    name: &'p str,
}

impl Pen<'_> {
    fn table(&mut self, tx: &mut Tx<'_>, table: &str, called: &str) -> Result<Sum, Error> {
        let table = Table::find(tx, table)?;
        let whole = called != KEY_IDS;
        let kept = |column: &String| whole || keys::NAMED.contains(&column.as_str());
        let columns: Vec<String> = table.columns.iter().filter(|column| kept(column)).cloned().collect();
        let mut sum = Sum { name: called.to_owned(), columns, rows: 0, chunks: 0, hash: [0; 32] };
        let mut chunk = Vec::new();
        table.pour(tx, &mut |row| {
            let mut values = row.into_iter().zip(&table.columns);
            let row: Vec<Owned> =
                values.by_ref().filter(|(_, column)| kept(column)).map(|(value, _)| value).collect();
            chunk.extend(to_bytes(&row));
            sum.rows += 1;
            if chunk.len() >= CHUNK { self.chunk(&mut sum, &mut chunk) } else { Ok(()) }
        })?;
        if !chunk.is_empty() {
            self.chunk(&mut sum, &mut chunk)?;
        }
        Ok(sum)
    }

    fn chunk(&mut self, sum: &mut Sum, plain: &mut Vec<u8>) -> Result<(), Error> {
        let sealed =
            self.vault.seal_copy(self.chance, &place(self.name, sum, &sum.chunks.to_be_bytes()), plain);
        let length = u32::try_from(sealed.len()).map_err(|_| Error::Settings(words::damaged(self.name)))?;
        self.file.write_all(&length.to_be_bytes()).map_err(disk)?;
        self.file.write_all(&sealed).map_err(disk)?;
        sum.hash = fingerprint([sum.hash.as_slice(), plain]);
        sum.chunks += 1;
        plain.clear();
        Ok(())
    }
}

fn place<'p>(name: &'p str, sum: &'p Sum, chunk: &'p [u8]) -> [&'p [u8]; 4] {
    [b"table", name.as_bytes(), sum.name.as_bytes(), chunk]
}

/// How far a table was read.
#[derive(Default)]
pub struct SoFar {
    chunks: u64,
    rows: u64,
    hash: [u8; 32],
}

/// Reads a generation's rows, chunk by chunk, and holds them against the manifest.
pub struct Eye<'e> {
    file: BufReader<File>,
    vault: &'e Vault,
    name: &'e str,
}

impl<'e> Eye<'e> {
    pub fn open(folder: &Path, vault: &'e Vault, name: &'e str) -> Said<Self> {
        let file = File::open(folder.join("tables")).map_err(said)?;
        Ok(Self { file: BufReader::new(file), vault, name })
    }

    /// The next piece of a table's rows; `None` after the last, once all of it was as the manifest says.
    pub fn piece(&mut self, sum: &Sum, so_far: &mut SoFar) -> Said<Option<Vec<Vec<Owned>>>> {
        if so_far.chunks == sum.chunks {
            let whole = so_far.rows == sum.rows && so_far.hash == sum.hash;
            return if whole { Ok(None) } else { Err(self.damaged()) };
        }
        let plain = self.chunk(sum, so_far.chunks)?;
        let rows = from_bytes(&plain, sum.columns.len()).ok_or_else(|| self.damaged())?;
        so_far.chunks += 1;
        so_far.rows += rows.len() as u64;
        so_far.hash = fingerprint([so_far.hash.as_slice(), &plain]);
        Ok(Some(rows))
    }

    fn chunk(&mut self, sum: &Sum, number: u64) -> Said<Vec<u8>> {
        let mut length = [0; 4];
        self.file.read_exact(&mut length).map_err(|_| self.damaged())?;
        let mut sealed = vec![0; u32::from_be_bytes(length) as usize];
        self.file.read_exact(&mut sealed).map_err(|_| self.damaged())?;
        let opened = self.vault.open_copy(&place(self.name, sum, &number.to_be_bytes()), &sealed);
        opened.map_err(|_| self.damaged())
    }

    fn damaged(&self) -> Vec<String> {
        vec![words::damaged(self.name)]
    }

    /// The ids of the keys there were, with when they were made: the first thing in the file.
    pub fn key_ids(&mut self, manifest: &Manifest) -> Said<Vec<Vec<Owned>>> {
        let sum = manifest.tables.first().filter(|sum| sum.name == KEY_IDS).ok_or_else(|| self.damaged())?;
        let (mut so_far, mut rows) = (SoFar::default(), Vec::new());
        while let Some(piece) = self.piece(sum, &mut so_far)? {
            rows.extend(piece);
        }
        Ok(rows)
    }
}
