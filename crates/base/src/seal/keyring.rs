//! The keyring's folder and the master key's file: bytes in, bytes out, nothing half-written.

use super::VaultError;
use super::master::Mark;
use crate::disk;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The folder of the epochs' wrapped keys, `epoch-<number>.key`, one file each, and of the master keys that were
/// before, `former-<mark>.key`.
#[derive(Debug)]
pub(super) struct Keyring {
    folder: PathBuf,
}

/// While it is held, no other process and no other thread adds or destroys epochs.
pub(super) struct Held(#[allow(dead_code, reason = "closing it lets go")] File);

/// What an epoch's file is called while it is being destroyed.
const DYING: &str = "dying-";

impl Keyring {
    pub(super) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether that is the same folder.
    pub(super) fn is(&self, other: &Path) -> bool {
        let other = fs::canonicalize(other);
        fs::canonicalize(&self.folder).is_ok_and(|own| other.is_ok_and(|other| own == other))
    }

    pub(super) fn path(&self, epoch: i64) -> PathBuf {
        self.folder.join(format!("epoch-{epoch}.key"))
    }

    pub(super) fn former_path(&self, mark: Mark) -> PathBuf {
        self.folder.join(format!("former-{}.key", mark.name()))
    }

    /// Waits for the others and holds the keyring; makes the folder if need be.
    pub(super) fn hold(&self) -> Result<Held, VaultError> {
        disk::make_folder(&self.folder).map_err(at(&self.folder))?;
        let path = self.folder.join(".lock");
        let mut open = OpenOptions::new();
        let file =
            open.write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        Ok(Held(file))
    }

    /// The epochs there are, oldest first; none when the folder is missing.
    pub(super) fn epochs(&self) -> Result<Vec<i64>, VaultError> {
        let named = self.named("epoch-")?;
        let mut epochs: Vec<i64> = named.iter().filter_map(|number| number.parse().ok()).collect();
        epochs.sort_unstable();
        Ok(epochs)
    }

    /// The master keys that were before.
    pub(super) fn formers(&self) -> Result<Vec<Mark>, VaultError> {
        Ok(self.named("former-")?.iter().filter_map(|mark| Mark::parse(mark)).collect())
    }

    /// What stands in the names of the keys of one kind.
    fn named(&self, kind: &str) -> Result<Vec<String>, VaultError> {
        let inside = |name: String| Some(name.strip_prefix(kind)?.strip_suffix(".key")?.to_owned());
        Ok(self.names()?.into_iter().filter_map(inside).collect())
    }

    /// `None` when the epoch has been destroyed.
    pub(super) fn read(&self, epoch: i64) -> Result<Option<Vec<u8>>, VaultError> {
        read(&self.path(epoch))
    }

    pub(super) fn write(&self, epoch: i64, bytes: &[u8], _held: &Held) -> Result<(), VaultError> {
        let path = self.path(epoch);
        disk::write(&path, bytes).map_err(at(&path))
    }

    pub(super) fn read_former(&self, mark: Mark) -> Result<Option<Vec<u8>>, VaultError> {
        read(&self.former_path(mark))
    }

    pub(super) fn write_former(&self, mark: Mark, bytes: &[u8], _held: &Held) -> Result<(), VaultError> {
        let path = self.former_path(mark);
        disk::write(&path, bytes).map_err(at(&path))
    }

    /// Out of the way first, so that nobody reads half of it; then overwritten and removed. What a disk
    /// keeps of overwritten blocks is beyond a program: the epoch's key is also wrapped by the master key.
    pub(super) fn destroy(&self, epoch: i64, held: &Held) -> Result<(), VaultError> {
        let path = self.path(epoch);
        fs::rename(&path, self.folder.join(format!("{DYING}{epoch}"))).map_err(at(&path))?;
        disk::sync_folder(&self.folder).map_err(at(&self.folder))?;
        self.sweep(held)
    }

    /// Ends destructions that were cut short.
    pub(super) fn sweep(&self, _held: &Held) -> Result<(), VaultError> {
        for name in self.names()?.into_iter().filter(|name| name.starts_with(DYING)) {
            let path = self.folder.join(name);
            overwrite(&path).and_then(|()| fs::remove_file(&path)).map_err(at(&path))?;
        }
        disk::sync_folder(&self.folder).map_err(at(&self.folder))
    }

    fn names(&self) -> Result<Vec<String>, VaultError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(at(&self.folder))?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect::<io::Result<_>>().map_err(at(&self.folder))
    }
}

/// The file of the master key: one line of text, so that it can be kept in a safe or a secret store.
const MASTER_PREFIX: &str = "tasuki-master-1:";

/// `None` when there is no such file.
pub(super) fn read_master(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
    let Some(text) = read(path)?.map(Zeroizing::new) else { return Ok(None) };
    let mut key = Zeroizing::new([0; 32]);
    let encoded = text.trim_ascii().strip_prefix(MASTER_PREFIX.as_bytes());
    let length = encoded.and_then(|encoded| STANDARD.decode_slice(encoded, &mut *key).ok());
    (length == Some(32)).then_some(Some(key)).ok_or_else(|| VaultError::MasterMalformed(path.to_owned()))
}

pub(super) fn write_master(path: &Path, key: &[u8; 32]) -> Result<(), VaultError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        disk::make_folder(folder).map_err(at(folder))?;
    }
    let text = Zeroizing::new(format!("{MASTER_PREFIX}{}\n", *Zeroizing::new(STANDARD.encode(key))));
    disk::write(path, text.as_bytes()).map_err(at(path))
}

/// Puts a key file that is on the disk in another's place, at one blow.
pub(super) fn put_in_place(fresh: &Path, path: &Path) -> Result<(), VaultError> {
    fs::rename(fresh, path).map_err(at(path))?;
    disk::sync_folder(path.parent().unwrap_or(Path::new(""))).map_err(at(path))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(VaultError::Io(path.to_owned(), error)),
    }
}

fn overwrite(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> VaultError + '_ {
    move |error| VaultError::Io(path.to_owned(), error)
}
