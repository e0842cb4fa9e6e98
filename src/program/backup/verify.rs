//! Opens a copy, and holds everything in it against what was written down when it was made.

use super::manifest::Manifest;
use super::place::Shelf;
use super::record::{Judged, Record};
use super::tables::{Eye, KEY_IDS, SoFar};
use super::{Place, Said, files, keys, open_vault};
use crate::audit::Head;
use crate::config::Plan;
use crate::phrases::{backup as words, record as record_words};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use tasuki_base::db::copy::Owned;
use tasuki_base::seal::{KeyId, Keyring, Vault, Wrapped};
use tasuki_base::text;

/// Looks through every generation.
///
/// # Errors
/// Says what is damaged, missing, or does not open.
pub async fn verify(plan: Plan, place: Place) -> Said<()> {
    let place = place.open(&plan).await?;
    let vault = open_vault(&Keyring::folder(&place.keys), &plan.master).await?;
    let living_rows = keys::read(&vault, &place.keys)?;
    let living = living(&vault, &place, &living_rows)?;
    let mut furthest = None;
    let names = place.names().await?;
    if names.is_empty() {
        return Err(vec![words::no_generation(&place.store)]);
    }
    for name in names {
        let (manifest, ids) = look_through(&vault, &place, &name, &living_rows).await?;
        never_back(&name, &mut furthest, manifest.head.as_ref())?;
        let dead = ids.iter().filter_map(|row| keys::id(row)).filter(|id| !living.contains(id)).count();
        println!("{}", words::whole(&name, manifest.rows(), manifest.files.len(), ids.len() - dead, dead));
    }
    gone_in_words(&vault, &place.keys)?.iter().for_each(|words| println!("{words}"));
    Ok(())
}

/// From which day on no copy of a destroyed key is left, as far as this copy of the keys goes: its epochs are known, and
/// every living key has opened with them.
pub fn gone_in_words(vault: &Vault, copy: &Path) -> Said<Vec<String>> {
    let oldest = vault.epochs().first().map_or(0, |epoch| epoch.number);
    let (mut days, mut lingering) = (BTreeMap::<_, usize>::new(), 0);
    for dead in keys::read_destroyed(vault, copy)? {
        match dead.gone_at.filter(|_| dead.epoch < oldest) {
            Some(at) => *days.entry(text::local_date(at)).or_default() += 1,
            None => lingering += 1,
        }
    }
    let mut said: Vec<String> = days.iter().map(|(day, count)| words::gone_since(*day, *count)).collect();
    if !said.is_empty() {
        said.push(words::ONE_COPY_ONLY.to_owned());
    }
    if lingering > 0 {
        said.push(words::lingering(lingering));
    }
    Ok(said)
}

/// The keys that open, all of them tried.
fn living(vault: &Vault, place: &Shelf, rows: &[Vec<Owned>]) -> Said<HashSet<uuid::Uuid>> {
    let mut living = HashSet::new();
    for row in rows {
        if let [Owned::Uuid(id), Owned::Int(epoch), Owned::Bytes(bytes), _] = row.as_slice() {
            let wrapped = Wrapped { epoch: *epoch, bytes: bytes.clone() };
            vault.unwrap(KeyId(*id), &wrapped).map_err(|_| vec![words::no_key_copy(&place.keys)])?;
            living.insert(*id);
        }
    }
    Ok(living)
}

/// A generation, and the keys there were when it was made.
async fn look_through(
    vault: &Vault,
    place: &Shelf,
    name: &str,
    living: &[Vec<Owned>],
) -> Said<(Manifest, Vec<Vec<Owned>>)> {
    let manifest = Manifest::read(vault, name, place).await?;
    let mut eye = Eye::open(place, &manifest, vault, name);
    let ids = eye.key_ids(&manifest).await?;
    let mut record = Record::default();
    for sum in manifest.tables.iter().filter(|sum| sum.name != KEY_IDS) {
        let mut so_far = SoFar::default();
        while let Some(rows) = eye.piece(sum, &mut so_far).await? {
            record.take(sum, &rows);
        }
    }
    match record.judge(vault, living, &manifest) {
        Judged::Whole => {}
        Judged::Wrong(wrong) => return Err(vec![words::record_of(name), record_words::wrong(&wrong)]),
        Judged::NotChecked => return Err(vec![record_words::not_checked(name)]),
    }
    for file in &manifest.files {
        files::read(place, file).await?;
    }
    Ok((manifest, ids))
}

/// The record's head never falls back from one generation to the next.
fn never_back(name: &str, furthest: &mut Option<Head>, head: Option<&Head>) -> Said<()> {
    let Some(head) = head else {
        return if furthest.is_none() { Ok(()) } else { Err(vec![record_words::fell_back(name)]) };
    };
    let back = furthest.as_ref().is_some_and(|before| {
        (head.era, head.number) < (before.era, before.number)
            || ((head.era, head.number) == (before.era, before.number) && head.hash != before.hash)
    });
    if back {
        return Err(vec![record_words::fell_back(name)]);
    }
    *furthest = Some(head.clone());
    Ok(())
}
