//! A keyring in a folder: one file a key, nothing half-written, and a file that is locked while it changes.

use super::VaultError;
use crate::disk;
use crate::seal::master_file::{at, lock};
use crate::seal::ring::{Ring, belongs, epoch_name};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub(super) struct Folder(pub PathBuf);

/// What an epoch's file is called while it is being destroyed.
const DYING: &str = "dying-";

impl Folder {
    /// Whether that is the same folder.
    pub fn is(&self, other: &Path) -> bool {
        let other = fs::canonicalize(other);
        fs::canonicalize(&self.0).is_ok_and(|own| other.is_ok_and(|other| own == other))
    }

    /// Waits for the others; makes the folder if need be. While it is held, no other process and no other thread
    /// adds or destroys epochs.
    pub fn lock(&self) -> Result<File, VaultError> {
        disk::make_folder(&self.0).map_err(at(&self.0))?;
        lock(&self.0.join(".lock"))
    }

    /// What lies there; nothing when the folder is missing. The epochs are read before the master keys of before: a
    /// rotation writes them the other way round, so for every epoch that was wrapped anew there is the former.
    pub fn read(&self) -> Result<Ring, VaultError> {
        let mut ring = Ring::empty(self.0.display().to_string());
        let mut names: Vec<String> = self.names()?.into_iter().filter(|name| belongs(name)).collect();
        names.sort();
        for name in names {
            let path = self.0.join(&name);
            match fs::read(&path) {
                Ok(bytes) => ring.put(name, bytes),
                // Destroyed since it was listed.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(at(&path)(error)),
            }
        }
        // A rotation that came between listing and reading has left a master key that was not listed.
        for name in self.names()?.into_iter().filter(|name| belongs(name)) {
            if !ring.has(&name)
                && let Ok(bytes) = fs::read(self.0.join(&name))
            {
                ring.put(name, bytes);
            }
        }
        Ok(ring)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let path = self.0.join(name);
        disk::write(&path, bytes).map_err(at(&path))
    }

    /// Out of the way first, so that nobody reads half of it; then overwritten and removed. What a disk
    /// keeps of overwritten blocks is beyond a program: the epoch's key is also wrapped by the master key.
    pub fn destroy(&self, epoch: i64) -> Result<(), VaultError> {
        let path = self.0.join(epoch_name(epoch));
        fs::rename(&path, self.0.join(format!("{DYING}{epoch}"))).map_err(at(&path))?;
        disk::sync_folder(&self.0).map_err(at(&self.0))?;
        self.sweep()
    }

    /// Ends destructions that were cut short.
    pub fn sweep(&self) -> Result<(), VaultError> {
        for name in self.names()?.into_iter().filter(|name| name.starts_with(DYING)) {
            let path = self.0.join(name);
            overwrite(&path).and_then(|()| fs::remove_file(&path)).map_err(at(&path))?;
        }
        disk::sync_folder(&self.0).map_err(at(&self.0))
    }

    fn names(&self) -> Result<Vec<String>, VaultError> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(at(&self.0))?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect::<io::Result<_>>().map_err(at(&self.0))
    }
}

fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}
