//! Moves into an empty place what a copy holds, on either engine.

use super::manifest::{Manifest, Sum};
use super::tables::{Eye, KEY_IDS, SoFar};
use super::{Place, Said, files, keys, migrated, no_database, open_vault};
use crate::config::Plan;
use crate::phrases::backup as words;
use crate::program::open::{blobs, keyring_is_empty, private_folder};
use crate::program::record;
use std::sync::Arc;
use tasuki_base::db::Db;
use tasuki_base::db::copy::{Owned, Table};
use tasuki_base::disk::holds_something;
use tasuki_base::seal::Keyring;

/// So many rows share a commit.
const BATCH: usize = 500;

/// Fills the plan's empty data folder (or database), keyring and store from a copy. The master key's file is to lie
/// where the plan says, from where the operator keeps it.
///
/// # Errors
/// Says what is missing, or in the way.
pub async fn restore(plan: Plan, place: Place, generation: Option<String>) -> Said<()> {
    if holds_something(&plan.config.data) || !keyring_is_empty(&plan).await? {
        return Err(vec![words::NOT_EMPTY.to_owned()]);
    }
    let place = place.open(&plan).await?;
    let name = match generation {
        Some(name) => name,
        None => place.names().await?.pop().ok_or_else(|| vec![words::no_generation(&place.store)])?,
    };
    // Whether everything opens is known before anything is made.
    let vault = open_vault(&Keyring::folder(&place.keys), &plan.master).await?;
    let manifest = Manifest::read(&vault, &name, &place).await?;
    let living = keys::read(&vault, &place.keys)?;
    let destroyed = keys::read_destroyed_rows(&vault, &place.keys)?;
    let mut eye = Eye::open(&place, &manifest, &vault, &name);
    let there_were = eye.key_ids(&manifest).await?;

    private_folder(&plan.config.data)?;
    let db = migrated(&plan).await?;
    keys::copy_back(&place.keys, &plan.keyring).await?;
    let dead = keys::fill(&db, living, destroyed, there_were).await?;
    for sum in manifest.tables.iter().filter(|sum| sum.name != KEY_IDS) {
        let mut so_far = SoFar::default();
        while let Some(piece) = eye.piece(sum, &mut so_far).await? {
            fill(&db, sum, piece).await?;
        }
    }
    let to = blobs(&plan)?;
    for file in &manifest.files {
        let (name, bytes) = files::read(&place, file).await?;
        let put = to.put(&name, bytes).await;
        put.map_err(|error| vec![crate::phrases::program::no_files(&error)])?;
    }
    drop(db);
    record::restored(&plan, &name).await?;
    println!("{}", words::restored(&name, manifest.rows(), manifest.files.len(), dead));
    Ok(())
}

async fn fill(db: &Db, sum: &Sum, piece: Vec<Vec<Owned>>) -> Said<()> {
    for rows in piece.chunks(BATCH) {
        let (name, columns, rows) = (sum.name.clone(), sum.columns.clone(), Arc::new(rows.to_vec()));
        let filled = db.write(move |tx| {
            let mut table = Table::find(tx, &name)?;
            table.columns.clone_from(&columns);
            table.fill(tx, &rows)
        });
        filled.await.map_err(|error| no_database(&error))?;
    }
    Ok(())
}
