//! The keys' own copy: the epochs' keys, the wrapped data keys and the list of the destroyed, newest state only, so that
//! a key destroyed since is in no copy at all.

use super::{Said, no_database, off, said};
use crate::phrases::backup as words;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use tasuki_base::Chance;
use tasuki_base::db::copy::{Owned, Table, from_bytes, to_bytes};
use tasuki_base::db::{Db, Error, Tx};
use tasuki_base::disk::{self, holds_something};
use tasuki_base::seal::{KeyId, Keyring, KeyringCopy, Vault, Wrapped};
use tasuki_value::Ts;
use uuid::Uuid;

/// Where the wrapped keys stand.
pub const TABLE: &str = "data_keys";
/// What tells a key without giving it: its id, and when it was made.
pub const NAMED: &[&str] = &["id", "made_at"];
/// Where those stand that were destroyed.
pub const DESTROYED: &str = "destroyed_keys";

type Rows = Vec<Vec<Owned>>;

/// A table as it lies in the copy, under its own name: these columns, in this order.
struct Kept {
    table: &'static str,
    columns: [&'static str; 4],
    place: &'static [&'static [u8]],
}

const WRAPPED: Kept =
    Kept { table: TABLE, columns: ["id", "epoch", "wrapped", "made_at"], place: &[b"data keys"] };
const GONE: Kept = Kept {
    table: DESTROYED,
    columns: ["id", "epoch", "destroyed_at", "gone_at"],
    place: &[b"destroyed keys"],
};

/// Brings the copy up to today. What it held before falls only when every living key has opened with what it holds now.
pub async fn copy(db: &Db, vault: &Vault, chance: &Chance, to: &Path) -> Said<()> {
    super::make_folder(to)?;
    // A turn may begin an epoch between the two steps: then once more.
    for _ in 0..5 {
        let copy = copy_epochs_of(vault, to).await?;
        let (rows, destroyed) = read_tables(db).await?;
        if let Some(living) = opened(&copy, rows, to)? {
            for (kept, rows) in [(&WRAPPED, living), (&GONE, destroyed)] {
                let bytes: Vec<u8> = rows.iter().flat_map(|row| to_bytes(row)).collect();
                let sealed = copy.vault().seal_copy(chance, kept.place, &bytes);
                disk::write(&to.join(kept.table), &sealed).map_err(said)?;
            }
            return copy.forget_older().map_err(|error| vec![crate::phrases::program::no_vault(&error)]);
        }
    }
    Err(vec![words::TURNING.to_owned()])
}

async fn copy_epochs_of(vault: &Vault, to: &Path) -> Said<KeyringCopy> {
    let (vault, to) = (vault.clone(), to.to_owned());
    off(move || vault.copy_keyring(&to)).await
}

/// The rows of the living, each of them opened; `None` when one is wrapped by an epoch that is newer than the copy.
/// Rows of epochs long ended open nothing, here as there: they are left out.
fn opened(copy: &KeyringCopy, rows: Rows, folder: &Path) -> Said<Option<Rows>> {
    let oldest = copy.living().first().copied().unwrap_or(0);
    let mut living = Vec::with_capacity(rows.len());
    for row in rows {
        let [Owned::Uuid(id), Owned::Int(epoch), Owned::Bytes(bytes), _] = row.as_slice() else {
            return Err(vec![words::no_key_copy(folder)]);
        };
        if *epoch < oldest {
            continue;
        }
        if !copy.living().contains(epoch) {
            return Ok(None);
        }
        let wrapped = Wrapped { epoch: *epoch, bytes: bytes.clone() };
        copy.vault().unwrap(KeyId(*id), &wrapped).map_err(|_| vec![words::no_key_copy(folder)])?;
        living.push(row);
    }
    Ok(Some(living))
}

async fn read_tables(db: &Db) -> Said<(Rows, Rows)> {
    let read = db.snapshot(|tx| Ok::<_, Error>((read_table(tx, &WRAPPED)?, read_table(tx, &GONE)?)));
    read.await.map_err(|error| no_database(&error))
}

fn read_table(tx: &mut Tx<'_>, kept: &Kept) -> Result<Rows, Error> {
    let table = Table::find(tx, kept.table)?;
    let mut rows = Vec::new();
    table.pour(tx, &mut |row| {
        let mut row: Vec<_> = table.columns.iter().zip(row).collect();
        let mut take = |column: &str| {
            let at = row.iter().position(|(name, _)| *name == column).ok_or(Error::NotFound)?;
            Ok::<_, Error>(row.swap_remove(at).1)
        };
        rows.push(kept.columns.into_iter().map(&mut take).collect::<Result<Vec<_>, _>>()?);
        Ok(())
    })?;
    Ok(rows)
}

/// Brings a copy's keys back into a keyring that is empty.
pub async fn copy_back(from: &Path, to: &Keyring) -> Said<()> {
    let (from, to) = (Keyring::folder(from), to.clone());
    off(move || to.fill(&from)).await
}

/// The wrapped keys of the living, by id.
pub fn read(vault: &Vault, folder: &Path) -> Said<Rows> {
    if !holds_something(folder) {
        return Err(vec![words::no_key_copy(folder)]);
    }
    read_kept(vault, folder, &WRAPPED)
}

fn read_kept(vault: &Vault, folder: &Path, kept: &Kept) -> Said<Rows> {
    let sealed = fs::read(folder.join(kept.table)).map_err(said)?;
    let bytes = vault.open_copy(kept.place, &sealed).map_err(|_| vec![words::no_key_copy(folder)])?;
    from_bytes(&bytes, kept.columns.len()).ok_or_else(|| vec![words::no_key_copy(folder)])
}

/// A key that was destroyed.
pub struct Dead {
    /// The newest epoch that ever wrapped it.
    pub epoch: i64,
    /// The turn from which on no copy of it is left.
    pub gone_at: Option<Ts>,
}

/// The keys that were destroyed; none in a copy from before they were listed.
pub fn read_destroyed(vault: &Vault, folder: &Path) -> Said<Vec<Dead>> {
    let rows = read_destroyed_rows(vault, folder)?;
    let dead = |row: Vec<Owned>| match row.as_slice() {
        [_, Owned::Int(epoch), _, Owned::Int(at)] => Some(Dead { epoch: *epoch, gone_at: Some(Ts(*at)) }),
        [_, Owned::Int(epoch), _, Owned::Null] => Some(Dead { epoch: *epoch, gone_at: None }),
        _ => None,
    };
    let dead: Option<Vec<Dead>> = rows.into_iter().map(dead).collect();
    dead.ok_or_else(|| vec![words::no_key_copy(folder)])
}

pub fn read_destroyed_rows(vault: &Vault, folder: &Path) -> Said<Rows> {
    if folder.join(GONE.table).is_file() { read_kept(vault, folder, &GONE) } else { Ok(Vec::new()) }
}

/// The id of a row.
pub fn id(row: &[Owned]) -> Option<Uuid> {
    match row.first() {
        Some(Owned::Uuid(id)) => Some(*id),
        _ => None,
    }
}

/// Puts the keys of the living in, the list of the destroyed, and for every other key there was a row that opens
/// nothing: what it sealed stays closed, and nobody else is lost.
pub async fn fill(db: &Db, living: Rows, destroyed: Rows, there_were: Rows) -> Said<usize> {
    let known: HashSet<_> = living.iter().filter_map(|row| id(row)).collect();
    let dead = there_were.into_iter().filter(|row| id(row).is_some_and(|id| !known.contains(&id)));
    let dead: Rows = dead
        .filter_map(|mut row| {
            let made_at = row.pop()?;
            Some(vec![row.pop()?, Owned::Int(0), Owned::Bytes(Vec::new()), made_at])
        })
        .collect();
    let count = dead.len();
    let rows: Rows = living.into_iter().chain(dead).collect();
    let filled = db.write(move |tx| {
        for (kept, rows) in [(&WRAPPED, &rows), (&GONE, &destroyed)] {
            let mut table = Table::find(tx, kept.table)?;
            table.columns = kept.columns.map(str::to_owned).to_vec();
            table.fill(tx, rows)?;
        }
        Ok(())
    });
    filled.await.map(|()| count).map_err(|error| no_database(&error))
}
