//! The file of the master key: one line of text, so that it can be kept in a safe or a secret store.

use super::VaultError;
use crate::disk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const PREFIX: &str = "tasuki-master-1:";

/// `None` when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
    let text = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(path)(error)),
    };
    let mut key = Zeroizing::new([0; 32]);
    let encoded = text.trim_ascii().strip_prefix(PREFIX.as_bytes());
    let length = encoded.and_then(|encoded| STANDARD.decode_slice(encoded, &mut *key).ok());
    (length == Some(32)).then_some(Some(key)).ok_or_else(|| VaultError::MasterMalformed(path.to_owned()))
}

pub(super) fn write(path: &Path, key: &[u8; 32]) -> Result<(), VaultError> {
    make_folder_of(path)?;
    let text = Zeroizing::new(format!("{PREFIX}{}\n", *Zeroizing::new(STANDARD.encode(key))));
    disk::write(path, text.as_bytes()).map_err(at(path))
}

/// Takes away what was written by a mistake.
pub(super) fn remove(path: &Path) -> Result<(), VaultError> {
    fs::remove_file(path).map_err(at(path))
}

/// Puts a key file that is on the disk in another's place, at one blow.
pub(super) fn put_in_place(fresh: &Path, path: &Path) -> Result<(), VaultError> {
    fs::rename(fresh, path).map_err(at(path))?;
    disk::sync_folder(path.parent().unwrap_or(Path::new(""))).map_err(at(path))
}

/// While it is held, no other process of this machine makes or changes the master key's file.
pub(super) struct HeldMaster(#[allow(dead_code, reason = "closing it lets go")] File);

pub(super) fn hold(path: &Path) -> Result<HeldMaster, VaultError> {
    make_folder_of(path)?;
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    lock(&PathBuf::from(name)).map(HeldMaster)
}

/// Makes the file if need be and waits until nobody else has it locked.
pub(super) fn lock(path: &Path) -> Result<File, VaultError> {
    let mut open = OpenOptions::new();
    let file = open.write(true).create(true).truncate(false).mode(0o600).open(path).map_err(at(path))?;
    file.lock().map_err(at(path))?;
    Ok(file)
}

fn make_folder_of(path: &Path) -> Result<(), VaultError> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => disk::make_folder(folder).map_err(at(folder)),
        None => Ok(()),
    }
}

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> VaultError + '_ {
    move |error| VaultError::Io(path.to_owned(), error)
}
