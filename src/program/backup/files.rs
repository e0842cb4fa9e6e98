//! Sealed files: each is copied once, for a name is never written again with other bytes.

use super::manifest::{File, Manifest};
use super::{Place, Said, said};
use crate::phrases::backup as words;
use std::collections::HashMap;
use tasuki_base::blobs::{BlobError, Blobs, Name};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::Vault;

fn trouble(error: &BlobError) -> Vec<String> {
    vec![crate::phrases::program::no_files(error)]
}

/// Copies what earlier generations do not hold yet, and lists all there is.
pub async fn copy(from: &Blobs, place: &Place, vault: &Vault) -> Said<Vec<File>> {
    let to = Blobs::folder(&place.files()).map_err(|error| trouble(&error))?;
    let before = known(place, vault);
    let mut files = Vec::new();
    for (name, size) in from.list().await.map_err(|error| trouble(&error))? {
        if let Some(file) = before.get(name.text()).filter(|file| file.size == size) {
            files.push(file.clone());
            continue;
        }
        let bytes = match from.get(&name).await {
            Ok(bytes) => bytes,
            // Swept away since it was listed.
            Err(BlobError::Missing) => continue,
            Err(error) => return Err(trouble(&error)),
        };
        let file = File { name: name.text().to_owned(), size, hash: fingerprint([&bytes]) };
        to.put(&name, bytes).await.map_err(|error| trouble(&error))?;
        files.push(file);
    }
    Ok(files)
}

/// What the newest whole generation lists.
fn known(place: &Place, vault: &Vault) -> HashMap<String, File> {
    let newest = place.names().ok().and_then(|names| names.last().cloned());
    let manifest =
        newest.and_then(|name| Manifest::read(vault, &name, &place.generations().join(&name)).ok());
    let files = manifest.map(|manifest| manifest.files).unwrap_or_default();
    files.into_iter().map(|file| (file.name.clone(), file)).collect()
}

/// A file out of the copy, held against its hash.
pub async fn read(from: &Blobs, file: &File) -> Said<(Name, bytes::Bytes)> {
    let damaged = || vec![words::file_damaged(&file.name)];
    let name = Name::parse(&file.name).ok_or_else(damaged)?;
    let bytes = from.get(&name).await.map_err(|_| damaged())?;
    if bytes.len() as u64 == file.size && fingerprint([&bytes]) == file.hash {
        Ok((name, bytes))
    } else {
        Err(damaged())
    }
}

/// The copy's own store.
pub fn store(place: &Place) -> Said<Blobs> {
    if !place.files().is_dir() {
        return Err(said(words::file_damaged(&place.files().display().to_string())));
    }
    Blobs::folder(&place.files()).map_err(|error| trouble(&error))
}
