//! Copies of everything: made while the house is open, looked through, and moved into again on either engine.
//! How a copy is laid out, and why: docs/decisions/0006-backup-format.md.

mod files;
mod keys;
mod manifest;
mod place;
mod prune;
mod record;
mod restore;
mod retention;
mod tables;
#[cfg(test)]
pub(super) mod tests;
pub mod typed;
mod verify;

pub use keys::{copy as copy_keys, copy_back};
pub use place::Place;
pub use restore::restore;
pub use retention::Rule;
pub use verify::verify;

use super::open::{blobs, database, missing_migrations};
use super::places::far;
use super::{Said, off, said};
use crate::config::Plan;
use crate::phrases::backup as words;
use crate::serve;
use manifest::Manifest;
use place::Shelf;
use std::path::Path;
use tasuki_base::db::Db;
use tasuki_base::disk;
use tasuki_base::seal::{Keyring, Opened, Vault};
use tasuki_base::{Chance, Clock};
use tasuki_value::{DAY, Ts};

/// What a backup is to do beside copying.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Which generations stay; `None`: all.
    pub keep: Option<Rule>,
    /// So many days nobody can change or remove what is copied now.
    pub lock_days: Option<u16>,
    /// Only removes what the rule does not keep.
    pub only_prune: bool,
}

/// Makes a generation, brings the keys' copy up to today, and removes the generations that no rule keeps. The house
/// may be open meanwhile.
///
/// # Errors
/// Says what is missing; what was begun is no generation then.
pub async fn backup(plan: Plan, place: Place, wish: Wish) -> Said<()> {
    let (vault, shelf) = (open_vault(&plan.keyring, &plan.master).await?, place.make(&plan).await?);
    let now = Clock::system().now();
    if !wish.only_prune {
        copy(&plan, &place, &shelf, &vault, wish.lock_days, now).await?;
    }
    match wish.keep {
        Some(rule) => prune::prune(&shelf, &vault, &rule, now).await.map(drop),
        None => Ok(()),
    }
}

async fn copy(
    plan: &Plan,
    place: &Place,
    shelf: &Shelf,
    vault: &Vault,
    lock_days: Option<u16>,
    now: Ts,
) -> Said<()> {
    if !missing_migrations(plan).await?.is_empty() {
        return Err(vec![words::NOT_TODAYS.to_owned()]);
    }
    let (db, chance) = (database(plan).await?, Chance::system());
    make_folder(&shelf.keys)?;
    let name = manifest::name_of(now);
    if shelf.is_whole(&name).await? {
        return Err(vec![words::SAME_SECOND.to_owned()]);
    }
    let lock = lock_days.map(|days| Lock { days: i64::from(days), now });
    let store = match &lock {
        Some(lock) => shelf.store.locked(lock.until()).map_err(|error| far(&shelf.store, &error))?,
        None => shelf.store.clone(),
    };
    // Before the tables: they may only be further by then.
    let head = record::head(&db, vault).await?;
    let (tables, pieces) = tables::write(&db, vault, &chance, &name, store.clone()).await?;
    let files = files::copy(&blobs(plan)?, shelf, vault, lock.as_ref()).await?;
    keys::copy(&db, vault, &chance, &shelf.keys).await?;
    shelf.afar.send().await?;
    let manifest = Manifest::new(now, lock.map(|lock| lock.until()), (tables, pieces), files, head);
    manifest.write(vault, &name, &store).await?;
    println!("{}", words::made(&place.to, &name, &place.keys, manifest.rows(), manifest.files.len()));
    if let Some(until) = manifest.locked_until {
        println!("{}", words::locked_until(&super::copy::clock(Ts(until)), shelf.store.is_bucket()));
    }
    Ok(())
}

/// Write-once from now on.
pub struct Lock {
    days: i64,
    now: Ts,
}

impl Lock {
    /// What a generation needs.
    pub const fn until(&self) -> Ts {
        self.now.plus(self.days * DAY)
    }

    /// What a file gets: later generations name it too, and need not send it again as long as this covers them.
    pub const fn of_files(&self) -> Ts {
        self.now.plus(2 * self.days * DAY)
    }
}

/// The vault of an installation that is there already: nothing is made.
pub async fn open_vault(keyring: &Keyring, master: &Path) -> Said<Vault> {
    let (ring, file) = (keyring.clone(), master.to_owned());
    let opened = off(move || {
        if ring.is_empty()? || !file.is_file() {
            return Ok(None);
        }
        Vault::open_or_make(&ring, &file, &Chance::system(), Clock::system().now()).map(Some)
    });
    match opened.await? {
        Some((vault, Opened::Found)) => Ok(vault),
        Some((_, Opened::Made)) | None => Err(vec![words::no_keys(keyring, master)]),
    }
}

fn make_folder(folder: &Path) -> Said<()> {
    disk::make_folder(folder).map_err(|error| vec![words::no_place(&folder.display(), &error)])
}

/// The tables in the order in which they were made, so that what is referred to stands before what refers.
fn table_names() -> Vec<String> {
    let mut names = Vec::new();
    for migration in serve::migrations() {
        for rest in migration.sql.split("CREATE TABLE ").skip(1) {
            names.extend(rest.split_whitespace().next().map(str::to_owned));
        }
    }
    names
}

/// Not copied as they are: keys go their own way, and everybody signs in anew.
const LEFT_OUT: &[&str] = &[keys::TABLE, keys::DESTROYED, "sessions", "attempts"];

/// What a database says, in words.
fn no_database(error: &tasuki_base::db::Error) -> Vec<String> {
    vec![crate::phrases::program::no_database(error)]
}

/// An empty database of today, for moving in.
async fn migrated(plan: &Plan) -> Said<Db> {
    let db = database(plan).await?;
    let all = serve::migrations();
    let missing = db.migrations_missing(&all).await.map_err(|error| no_database(&error))?;
    if missing.len() < all.len() {
        return Err(vec![words::NOT_EMPTY.to_owned()]);
    }
    db.migrate(&all).await.map_err(|error| vec![crate::phrases::program::no_migration(&error)])?;
    Ok(db)
}
