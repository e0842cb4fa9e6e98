//! Rows in sealed chunks, all tables one after the other, in pieces of some megabytes.

use super::manifest::{Manifest, Sum, piece};
use super::place::{Shelf, spot};
use super::{LEFT_OUT, Said, keys, no_database, table_names};
use crate::phrases::backup as words;
use bytes::Bytes;
use std::vec::IntoIter;
use tasuki_base::Chance;
use tasuki_base::blobs::Place as Store;
use tasuki_base::db::copy::{Owned, Table, from_bytes, to_bytes};
use tasuki_base::db::{Db, Error, Tx};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::Vault;
use tokio::runtime::Handle;

/// So many bytes of rows are sealed together.
const CHUNK: usize = 1024 * 1024;
/// And so many bytes of chunks are sent together.
const PIECE: usize = 16 * 1024 * 1024;

/// The list of the keys there were, without the keys.
pub const KEY_IDS: &str = "data_key_ids";

/// Copies every table as it stood at one moment; answers also in how many pieces.
pub async fn write(db: &Db, vault: &Vault, chance: &Chance, name: &str, to: Store) -> Said<(Vec<Sum>, u32)> {
    let (vault, chance, name, waits) = (vault.clone(), chance.clone(), name.to_owned(), Handle::current());
    let done = db.snapshot(move |tx| {
        let (to, vault, chance, name, waits) = (&to, &vault, &chance, &name, &waits);
        let mut pen = Pen { to, waits, vault, chance, name, piece: Vec::new(), pieces: 0 };
        let mut sums = vec![pen.table(tx, keys::TABLE, KEY_IDS)?];
        for table in table_names().iter().filter(|table| !LEFT_OUT.contains(&table.as_str())) {
            sums.push(pen.table(tx, table, table)?);
        }
        pen.send()?;
        Ok::<_, Error>((sums, pen.pieces))
    });
    done.await.map_err(|error| no_database(&error))
}

/// Writes on a thread of the database, which waits until a piece is over there.
struct Pen<'p> {
    to: &'p Store,
    waits: &'p Handle,
    vault: &'p Vault,
    chance: &'p Chance,
    name: &'p str,
    piece: Vec<u8>,
    pieces: u32,
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
        self.piece.extend(length.to_be_bytes());
        self.piece.extend(sealed);
        sum.hash = fingerprint([sum.hash.as_slice(), plain]);
        sum.chunks += 1;
        plain.clear();
        if self.piece.len() >= PIECE { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<(), Error> {
        let (spot, bytes) = (spot(self.name, &piece(self.pieces)), std::mem::take(&mut self.piece));
        let put = self.waits.block_on(self.to.put(&spot, bytes.into()));
        put.map_err(|error| Error::Settings(words::far_away(self.to, &error)))?;
        self.pieces += 1;
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
    shelf: &'e Shelf,
    pieces: IntoIter<String>,
    piece: Bytes,
    vault: &'e Vault,
    name: &'e str,
}

impl<'e> Eye<'e> {
    pub fn open(shelf: &'e Shelf, manifest: &Manifest, vault: &'e Vault, name: &'e str) -> Self {
        Self { shelf, pieces: manifest.pieces().into_iter(), piece: Bytes::new(), vault, name }
    }

    /// The next piece of a table's rows; `None` after the last, once all of it was as the manifest says.
    pub async fn piece(&mut self, sum: &Sum, so_far: &mut SoFar) -> Said<Option<Vec<Vec<Owned>>>> {
        if so_far.chunks == sum.chunks {
            let whole = so_far.rows == sum.rows && so_far.hash == sum.hash;
            return if whole { Ok(None) } else { Err(self.damaged()) };
        }
        let plain = self.chunk(sum, so_far.chunks).await?;
        let rows = from_bytes(&plain, sum.columns.len()).ok_or_else(|| self.damaged())?;
        so_far.chunks += 1;
        so_far.rows += rows.len() as u64;
        so_far.hash = fingerprint([so_far.hash.as_slice(), &plain]);
        Ok(Some(rows))
    }

    async fn chunk(&mut self, sum: &Sum, number: u64) -> Said<Vec<u8>> {
        if self.piece.is_empty() {
            let next = self.pieces.next().ok_or_else(|| self.damaged())?;
            let piece = self.shelf.store.get(&spot(self.name, &next)).await;
            self.piece = piece.map_err(|_| self.damaged())?;
        }
        let sealed = self.split().ok_or_else(|| self.damaged())?;
        let opened = self.vault.open_copy(&place(self.name, sum, &number.to_be_bytes()), &sealed);
        opened.map_err(|_| self.damaged())
    }

    /// The next chunk of the piece, behind its length.
    fn split(&mut self) -> Option<Bytes> {
        let length = u32::from_be_bytes(*self.piece.first_chunk::<4>()?) as usize;
        if self.piece.len() < 4 + length {
            return None;
        }
        let chunk = self.piece.split_to(4 + length);
        Some(chunk.slice(4..))
    }

    fn damaged(&self) -> Vec<String> {
        vec![words::damaged(self.name)]
    }

    /// The ids of the keys there were, with when they were made: the first thing in the file.
    pub async fn key_ids(&mut self, manifest: &Manifest) -> Said<Vec<Vec<Owned>>> {
        let sum = manifest.tables.first().filter(|sum| sum.name == KEY_IDS).ok_or_else(|| self.damaged())?;
        let (mut so_far, mut rows) = (SoFar::default(), Vec::new());
        while let Some(piece) = self.piece(sum, &mut so_far).await? {
            rows.extend(piece);
        }
        Ok(rows)
    }
}
