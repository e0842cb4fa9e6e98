//! Sealed files: each is copied once, for a name is never written again with other bytes.

use super::manifest::{File, Manifest};
use super::place::Shelf;
use super::{Lock, Said};
use crate::phrases::backup as words;
use crate::program::places::far;
use std::collections::HashMap;
use tasuki_base::blobs::{BlobError, Blobs, Name};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::Vault;

/// Where they lie in a copy.
pub const FOLDER: &str = "files";

fn trouble(error: &BlobError) -> Vec<String> {
    vec![crate::phrases::program::no_files(error)]
}

/// Copies what earlier generations do not hold yet, or not for long enough, and lists all there is.
pub async fn copy(from: &Blobs, shelf: &Shelf, vault: &Vault, lock: Option<&Lock>) -> Said<Vec<File>> {
    let store = match lock {
        Some(lock) => shelf.store.locked(lock.of_files()).map_err(|error| far(&shelf.store, &error))?,
        None => shelf.store.clone(),
    };
    let locked_until = lock.map(|lock| lock.of_files().0);
    let lasts = |file: &&File| lock.is_none_or(|lock| file.locked_until >= Some(lock.until().0));
    let before = known(shelf, vault).await;
    let mut files = Vec::new();
    for (name, size) in from.list().await.map_err(|error| trouble(&error))? {
        if let Some(file) = before.get(name.text()).filter(|file| file.size == size).filter(lasts) {
            files.push(file.clone());
            continue;
        }
        let bytes = match from.get(&name).await {
            Ok(bytes) => bytes,
            // Swept away since it was listed.
            Err(BlobError::Missing) => continue,
            Err(error) => return Err(trouble(&error)),
        };
        let file = File { name: name.text().to_owned(), size, hash: fingerprint([&bytes]), locked_until };
        store.put(&spot(&file.name), bytes).await.map_err(|error| far(&store, &error))?;
        files.push(file);
    }
    Ok(files)
}

fn spot(name: &str) -> String {
    format!("{FOLDER}/{name}")
}

/// What the newest whole generation lists.
async fn known(shelf: &Shelf, vault: &Vault) -> HashMap<String, File> {
    let newest = shelf.names().await.ok().and_then(|names| names.last().cloned());
    let manifest = match newest {
        Some(name) => Manifest::read(vault, &name, shelf).await.ok(),
        None => None,
    };
    let files = manifest.map(|manifest| manifest.files).unwrap_or_default();
    files.into_iter().map(|file| (file.name.clone(), file)).collect()
}

/// A file out of the copy, held against its hash.
pub async fn read(shelf: &Shelf, file: &File) -> Said<(Name, bytes::Bytes)> {
    let damaged = || vec![words::file_damaged(&file.name)];
    let name = Name::parse(&file.name).ok_or_else(damaged)?;
    let bytes = shelf.store.get(&spot(&file.name)).await.map_err(|_| damaged())?;
    if bytes.len() as u64 == file.size && fingerprint([&bytes]) == file.hash {
        Ok((name, bytes))
    } else {
        Err(damaged())
    }
}
