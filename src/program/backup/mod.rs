//! Copies of everything: made while the house is open, looked through, and moved into again on either engine.
//! How a copy is laid out, and why: docs/decisions/0006-backup-format.md.

mod files;
mod keys;
mod manifest;
mod restore;
mod tables;
#[cfg(test)]
pub(super) mod tests;
mod verify;

pub use keys::copy as copy_keys;
pub use restore::restore;
pub use verify::verify;

use super::open::{blobs, database, missing_migrations};
use super::{Said, said};
use crate::config::Plan;
use crate::phrases::backup as words;
use crate::serve;
use manifest::Manifest;
use std::fs;
use std::path::{Path, PathBuf};
use tasuki_base::db::Db;
use tasuki_base::disk::{self, holds_something};
use tasuki_base::seal::{Opened, Vault};
use tasuki_base::{Chance, Clock};

/// Where a copy lies.
#[derive(Clone, Debug)]
pub struct Place {
    /// Data: any number of generations.
    pub folder: PathBuf,
    /// Keys, in their newest state only; to be kept apart from the data.
    pub keys: PathBuf,
}

impl Place {
    /// `keys`: beside the data, with `.keys` behind its name, unless said otherwise.
    #[must_use]
    pub fn new(folder: PathBuf, keys: Option<PathBuf>) -> Self {
        let beside = || {
            let mut name = folder.as_os_str().to_owned();
            name.push(".keys");
            PathBuf::from(name)
        };
        let keys = keys.unwrap_or_else(beside);
        Self { folder, keys }
    }

    fn generations(&self) -> PathBuf {
        self.folder.join("generations")
    }

    fn files(&self) -> PathBuf {
        self.folder.join("files")
    }

    /// The names of the whole generations, oldest first.
    fn names(&self) -> Said<Vec<String>> {
        let entries =
            fs::read_dir(self.generations()).map_err(|error| vec![words::no_copy(&self.folder, &error)])?;
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
        let mut names: Vec<String> = names.filter(|name| !name.ends_with(UNFINISHED)).collect();
        names.sort();
        Ok(names)
    }
}

const UNFINISHED: &str = ".unfinished";

/// Makes a generation and brings the keys' copy up to today. The house may be open meanwhile.
///
/// # Errors
/// Says what is missing; what was begun is no generation then.
pub async fn backup(plan: Plan, place: Place) -> Said<()> {
    let (chance, clock) = (Chance::system(), Clock::system());
    if !missing_migrations(&plan).await?.is_empty() {
        return Err(vec![words::NOT_TODAYS.to_owned()]);
    }
    let (db, vault) = (database(&plan).await?, open_vault(&plan.keyring, &plan.master)?);
    let made_at = clock.now();
    let name = manifest::name_of(made_at);
    for folder in [&place.folder, &place.generations(), &place.keys] {
        make_folder(folder)?;
    }
    let folder = place.generations().join(&name);
    let begun = place.generations().join(format!("{name}{UNFINISHED}"));
    make_folder(&begun)?;
    let sums = tables::write(&db, &vault, &chance, &name, begun.join("tables")).await?;
    let files = files::copy(&blobs(&plan)?, &place, &vault).await?;
    let manifest = Manifest::new(made_at, sums, files);
    manifest.write(&vault, &chance, &name, &begun)?;
    keys::copy(&db, &vault, &chance, &place.keys).await?;
    fs::rename(&begun, &folder).map_err(said)?;
    println!("{}", words::made(&folder, &place.keys, manifest.rows(), manifest.files.len()));
    Ok(())
}

/// The vault of an installation that is there already: nothing is made.
pub(super) fn open_vault(keyring: &Path, master: &Path) -> Said<Vault> {
    if !holds_something(keyring) || !master.is_file() {
        return Err(vec![words::no_keys(keyring, master)]);
    }
    match Vault::open_or_make(keyring, master, &Chance::system(), Clock::system().now()) {
        Ok((vault, Opened::Found)) => Ok(vault),
        Ok((_, Opened::Made)) => Err(vec![words::no_keys(keyring, master)]),
        Err(error) => Err(vec![crate::phrases::program::no_vault(&error)]),
    }
}

fn make_folder(folder: &Path) -> Said<()> {
    disk::make_folder(folder).map_err(|error| vec![words::no_place(folder, &error)])
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
