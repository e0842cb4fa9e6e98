//! Opens a copy, and holds everything in it against what was written down when it was made.

use super::manifest::Manifest;
use super::place::Shelf;
use super::tables::{Eye, KEY_IDS, SoFar};
use super::{Place, Said, files, keys, open_vault};
use crate::config::Plan;
use crate::phrases::backup as words;
use std::collections::HashSet;
use tasuki_base::db::copy::Owned;
use tasuki_base::seal::{KeyId, Vault, Wrapped};

/// Looks through every generation.
///
/// # Errors
/// Says what is damaged, missing, or does not open.
pub async fn verify(plan: Plan, place: Place) -> Said<()> {
    let place = place.open(&plan).await?;
    let vault = open_vault(&place.keys, &plan.master)?;
    let living = living(&vault, &place)?;
    let names = place.names().await?;
    if names.is_empty() {
        return Err(vec![words::no_generation(&place.store)]);
    }
    for name in names {
        let (manifest, ids) = look_through(&vault, &place, &name).await?;
        let dead = ids.iter().filter_map(|row| keys::id(row)).filter(|id| !living.contains(id)).count();
        println!("{}", words::whole(&name, manifest.rows(), manifest.files.len(), ids.len() - dead, dead));
    }
    Ok(())
}

/// The keys that open, all of them tried.
fn living(vault: &Vault, place: &Shelf) -> Said<HashSet<uuid::Uuid>> {
    let mut living = HashSet::new();
    for row in keys::read(vault, &place.keys)? {
        if let [Owned::Uuid(id), Owned::Int(epoch), Owned::Bytes(bytes), _] = row.as_slice() {
            let wrapped = Wrapped { epoch: *epoch, bytes: bytes.clone() };
            vault.unwrap(KeyId(*id), &wrapped).map_err(|_| vec![words::no_key_copy(&place.keys)])?;
            living.insert(*id);
        }
    }
    Ok(living)
}

/// A generation, and the keys there were when it was made.
async fn look_through(vault: &Vault, place: &Shelf, name: &str) -> Said<(Manifest, Vec<Vec<Owned>>)> {
    let manifest = Manifest::read(vault, name, place).await?;
    let mut eye = Eye::open(place, &manifest, vault, name);
    let ids = eye.key_ids(&manifest).await?;
    for sum in manifest.tables.iter().filter(|sum| sum.name != KEY_IDS) {
        let mut so_far = SoFar::default();
        while eye.piece(sum, &mut so_far).await?.is_some() {}
    }
    for file in &manifest.files {
        files::read(place, file).await?;
    }
    Ok((manifest, ids))
}
