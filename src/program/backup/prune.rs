//! Removes the generations that no rule keeps, and later the files that no generation names.

use super::files::FOLDER;
use super::manifest::Manifest;
use super::place::{GENERATIONS, Shelf, put_note, spot};
use super::retention::{Aged, Rule, kept};
use crate::phrases::backup as words;
use crate::program::Said;
use crate::program::places::far;
use std::collections::{BTreeMap, HashMap};
use tasuki_base::seal::Vault;
use tasuki_value::{DAY, Ts};

/// Where it stands which files are to go, and when.
const FADING: &str = "fading";
const CONTEXT: &[&[u8]] = &[b"fading files"];

/// What stays and what went.
#[derive(Debug, Default)]
pub struct Pruned {
    pub kept: Vec<String>,
    pub removed: Vec<String>,
    /// Generations that do not open: they stay, and all files with them.
    pub unread: Vec<String>,
    pub files: usize,
}

/// Removes what the rule does not keep.
pub async fn prune(shelf: &Shelf, vault: &Vault, rule: &Rule, now: Ts) -> Said<Pruned> {
    let (mut manifests, mut pruned) = (BTreeMap::new(), Pruned::default());
    for name in shelf.names().await? {
        match Manifest::read(vault, &name, shelf).await {
            Ok(manifest) => drop(manifests.insert(name, manifest)),
            Err(_) => pruned.unread.push(name),
        }
    }
    let aged = |(name, manifest): (&String, &Manifest)| Aged {
        name: name.clone(),
        made_at: Ts(manifest.made_at),
        locked_until: manifest.locked_until.map(Ts),
    };
    let aged: Vec<Aged> = manifests.iter().map(aged).collect();
    let stay = kept(&aged, rule, now);
    for name in manifests.keys() {
        if stay.contains(name.as_str()) {
            pruned.kept.push(name.clone());
        } else {
            remove(shelf, name).await?;
            pruned.removed.push(name.clone());
        }
    }
    sweep(shelf, now).await?;
    if pruned.unread.is_empty() {
        pruned.files = fade(shelf, vault, &manifests, &pruned, now).await?;
    }
    println!("{}", words::pruned(&pruned.kept, &pruned.removed, pruned.files, &pruned.unread));
    Ok(pruned)
}

/// The manifest first: cut off in the middle, what is left is no generation any more.
async fn remove(shelf: &Shelf, name: &str) -> Said<()> {
    shelf.delete(&spot(name, Manifest::FILE)).await?;
    let listed = shelf.store.list(&format!("{GENERATIONS}/{name}")).await;
    for (part, _) in listed.map_err(|error| far(&shelf.store, &error))? {
        shelf.delete(&part).await?;
    }
    Ok(())
}

/// What was begun more than a day ago and never got a manifest, or lost it.
async fn sweep(shelf: &Shelf, now: Ts) -> Said<()> {
    let yesterday = super::manifest::name_of(now.minus(DAY));
    for name in shelf.begun().await?.into_iter().filter(|name| *name < yesterday) {
        if !shelf.is_whole(&name).await? {
            remove(shelf, &name).await?;
        }
    }
    Ok(())
}

/// Files that no generation names go a day after that was first seen, for a backup under way may count on them, and
/// not before their lock lapses. First it is written down what goes when.
async fn fade(
    shelf: &Shelf,
    vault: &Vault,
    manifests: &BTreeMap<String, Manifest>,
    pruned: &Pruned,
    now: Ts,
) -> Said<usize> {
    let files = |names: &[String]| -> HashMap<&str, i64> {
        let files = names.iter().filter_map(|name| manifests.get(name)).flat_map(|manifest| &manifest.files);
        files.map(|file| (file.name.as_str(), file.locked_until.unwrap_or(0))).collect()
    };
    let (named, locked) = (files(&pruned.kept), files(&pruned.removed));
    let before: BTreeMap<String, i64> = match shelf.store.holds(FADING).await {
        Ok(true) => serde_json::from_slice(&shelf.note(vault, FADING, CONTEXT).await?).unwrap_or_default(),
        Ok(false) => BTreeMap::new(),
        Err(error) => return Err(far(&shelf.store, &error)),
    };
    let mut fading = BTreeMap::new();
    for (path, _) in shelf.store.list(FOLDER).await.map_err(|error| far(&shelf.store, &error))? {
        let name = path.strip_prefix(FOLDER).unwrap_or(&path).trim_start_matches('/');
        if !named.contains_key(name) {
            let lock = locked.get(name).copied().unwrap_or(0);
            let goes_at = before.get(name).copied().unwrap_or(now.plus(DAY).0).max(lock);
            fading.insert(name.to_owned(), goes_at);
        }
    }
    if fading != before {
        put_note(&shelf.store, vault, FADING, CONTEXT, &fading).await?;
    }
    let due: Vec<_> = fading.iter().filter(|(_, goes_at)| **goes_at <= now.0).map(|(name, _)| name).collect();
    for name in &due {
        shelf.delete(&format!("{FOLDER}/{name}")).await?;
    }
    Ok(due.len())
}
