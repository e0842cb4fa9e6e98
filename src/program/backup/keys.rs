//! The keys' own copy: the epochs' keys and the wrapped data keys, newest state only, so that a key destroyed since is
//! in no copy at all.

use super::{Said, no_database, said};
use crate::phrases::backup as words;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use tasuki_base::Chance;
use tasuki_base::db::copy::{Owned, Table, from_bytes, to_bytes};
use tasuki_base::db::{Db, Error};
use tasuki_base::disk::{self, holds_something};
use tasuki_base::seal::Vault;
use uuid::Uuid;

/// Where the wrapped keys stand.
pub const TABLE: &str = "data_keys";
/// What tells a key without giving it: its id, and when it was made.
pub const NAMED: &[&str] = &["id", "made_at"];
/// In the copy, in this order.
const COLUMNS: [&str; 4] = ["id", "epoch", "wrapped", "made_at"];
const ROWS: &str = "data_keys";
const PLACE: &[&[u8]] = &[b"data keys"];

/// Brings the copy up to today.
pub async fn copy(db: &Db, vault: &Vault, chance: &Chance, keyring: &Path, to: &Path) -> Said<()> {
    // A turn may begin an epoch between the two steps: then once more.
    for _ in 0..5 {
        let epochs = copy_epochs(keyring, to)?;
        let rows = living(db).await?;
        let wrapped_by =
            |row: &Vec<Owned>| matches!(row.get(1), Some(Owned::Int(epoch)) if epochs.contains(epoch));
        if rows.iter().all(wrapped_by) {
            let bytes: Vec<u8> = rows.iter().flat_map(|row| to_bytes(row)).collect();
            disk::write(&to.join(ROWS), &vault.seal_copy(chance, PLACE, &bytes)).map_err(said)?;
            return forget_epochs(to, &epochs);
        }
    }
    Err(vec![words::TURNING.to_owned()])
}

async fn living(db: &Db) -> Said<Vec<Vec<Owned>>> {
    let read = db.snapshot(|tx| {
        let table = Table::find(tx, TABLE)?;
        let mut rows = Vec::new();
        table.pour(tx, &mut |row| {
            let mut row: Vec<_> = table.columns.iter().zip(row).collect();
            let mut take = |column: &str| {
                let at = row.iter().position(|(name, _)| *name == column).ok_or(Error::NotFound)?;
                Ok::<_, Error>(row.swap_remove(at).1)
            };
            rows.push(COLUMNS.into_iter().map(&mut take).collect::<Result<Vec<_>, _>>()?);
            Ok(())
        })?;
        Ok::<_, Error>(rows)
    });
    read.await.map_err(|error| no_database(&error))
}

fn epochs(folder: &Path) -> Said<Vec<i64>> {
    let entries = fs::read_dir(folder).map_err(said)?;
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let number = |name: String| name.strip_prefix("epoch-")?.strip_suffix(".key")?.parse().ok();
    Ok(names.filter_map(number).collect())
}

/// Copies what is not there yet; answers every epoch that lives.
pub fn copy_epochs(from: &Path, to: &Path) -> Said<HashSet<i64>> {
    super::make_folder(to)?;
    let mut copied = HashSet::new();
    for number in epochs(from)? {
        let name = format!("epoch-{number}.key");
        match fs::read(from.join(&name)) {
            Ok(bytes) => {
                disk::write(&to.join(&name), &bytes).map_err(said)?;
                copied.insert(number);
            }
            // Destroyed since it was listed.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(said(error)),
        }
    }
    Ok(copied)
}

fn forget_epochs(folder: &Path, living: &HashSet<i64>) -> Said<()> {
    for number in epochs(folder)?.into_iter().filter(|number| !living.contains(number)) {
        fs::remove_file(folder.join(format!("epoch-{number}.key"))).map_err(said)?;
    }
    Ok(())
}

/// The wrapped keys of the living, by id.
pub fn read(vault: &Vault, folder: &Path) -> Said<Vec<Vec<Owned>>> {
    if !holds_something(folder) {
        return Err(vec![words::no_key_copy(folder)]);
    }
    let sealed = fs::read(folder.join(ROWS)).map_err(said)?;
    let bytes = vault.open_copy(PLACE, &sealed).map_err(|_| vec![words::no_key_copy(folder)])?;
    from_bytes(&bytes, COLUMNS.len()).ok_or_else(|| vec![words::no_key_copy(folder)])
}

/// The id of a row.
pub fn id(row: &[Owned]) -> Option<Uuid> {
    match row.first() {
        Some(Owned::Uuid(id)) => Some(*id),
        _ => None,
    }
}

/// Puts the keys of the living in, and for every other key there was a row that opens nothing: what it sealed stays
/// closed, and nobody else is lost.
pub async fn fill(db: &Db, living: Vec<Vec<Owned>>, there_were: Vec<Vec<Owned>>) -> Said<usize> {
    let known: HashSet<_> = living.iter().filter_map(|row| id(row)).collect();
    let dead = there_were.into_iter().filter(|row| id(row).is_some_and(|id| !known.contains(&id)));
    let dead: Vec<Vec<Owned>> = dead
        .filter_map(|mut row| {
            let made_at = row.pop()?;
            Some(vec![row.pop()?, Owned::Int(0), Owned::Bytes(Vec::new()), made_at])
        })
        .collect();
    let count = dead.len();
    let rows: Vec<_> = living.into_iter().chain(dead).collect();
    let filled = db.write(move |tx| {
        let mut table = Table::find(tx, TABLE)?;
        table.columns = COLUMNS.map(str::to_owned).to_vec();
        table.fill(tx, &rows)
    });
    filled.await.map(|()| count).map_err(|error| no_database(&error))
}
