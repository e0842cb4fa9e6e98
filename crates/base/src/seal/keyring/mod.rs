//! Where the wrapped keys lie: a folder, or a bucket.

mod bucket;
mod folder;

use super::VaultError;
use super::master_file::{self, HeldMaster};
use super::ring::{NOTE, Ring, epoch_name};
use crate::blobs::{Place, Tag};
use bucket::Bucket;
use folder::Folder;
use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// The place of the epochs' wrapped keys, and of the master keys that were before. Cheap to clone. Whatever it is asked
/// waits, for the disk or for the bucket: never on a worker of an async runtime.
#[derive(Clone)]
pub struct Keyring(Kind);

#[derive(Clone)]
enum Kind {
    Folder(Folder),
    Bucket(Arc<Bucket>),
}

impl Keyring {
    /// A folder, made when the first key is.
    #[must_use]
    pub fn folder(path: &Path) -> Self {
        Self(Kind::Folder(Folder(path.to_owned())))
    }

    /// A part of a bucket. Nothing is sent yet.
    #[must_use]
    pub fn bucket(place: Place) -> Self {
        Self(Kind::Bucket(Arc::new(Bucket::new(place))))
    }

    /// The folder, if it is one.
    #[must_use]
    pub fn as_folder(&self) -> Option<&Path> {
        match &self.0 {
            Kind::Folder(folder) => Some(&folder.0),
            Kind::Bucket(_) => None,
        }
    }

    /// Whether there is no key in it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn is_empty(&self) -> Result<bool, VaultError> {
        Ok(self.read()?.files().next().is_none())
    }

    /// Whether it may hold keys that change and are destroyed. A folder always may.
    ///
    /// # Errors
    /// [`VaultError::KeepsVersions`] for a bucket in which a destroyed key would live on, [`VaultError::NotExclusive`]
    /// for one in which two nodes could write over each other, [`VaultError::Away`] when it does not answer.
    pub fn fits(&self) -> Result<(), VaultError> {
        match &self.0 {
            Kind::Folder(_) => Ok(()),
            Kind::Bucket(bucket) => bucket.fits(),
        }
    }

    /// What it holds, by name, all of it wrapped; master keys of before come before the epochs.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, VaultError> {
        Ok(self.read()?.files().map(|(name, bytes)| (name.clone(), bytes.clone())).collect())
    }

    /// Puts into an empty keyring what another holds. Again over itself is fine.
    ///
    /// # Errors
    /// [`VaultError::Occupied`] for one that holds other keys, those of [`Keyring::fits`], and when one of the two
    /// cannot be read or written.
    pub fn fill(&self, from: &Self) -> Result<(), VaultError> {
        self.take(&from.read()?)
    }

    /// As [`Keyring::fill`].
    pub(super) fn take(&self, ring: &Ring) -> Result<(), VaultError> {
        self.fits()?;
        let files: Vec<_> = ring.files().map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        let lock = self.lock()?;
        let mut held = self.hold(lock)?;
        if held.ring().moved_to().is_some()
            || !held
                .ring()
                .files()
                .all(|(name, bytes)| name == NOTE || files.iter().any(|(n, b)| n == name && b == bytes))
        {
            return Err(VaultError::Occupied(self.to_string()));
        }
        held.put(files, &mut || Ok(()))
    }

    pub(super) fn read(&self) -> Result<Ring, VaultError> {
        match &self.0 {
            Kind::Folder(folder) => folder.read(),
            Kind::Bucket(bucket) => bucket.read().map(|(ring, _)| ring),
        }
    }

    /// Whether that is the same folder.
    pub(super) fn is(&self, other: &Path) -> bool {
        matches!(&self.0, Kind::Folder(folder) if folder.is(other))
    }

    /// Waits until nobody else changes a folder. A bucket is not locked: who comes second there is told.
    pub(super) fn lock(&self) -> Result<Lock, VaultError> {
        match &self.0 {
            Kind::Folder(folder) => folder.lock().map(Some).map(Lock),
            Kind::Bucket(_) => Ok(Lock(None)),
        }
    }

    /// For a change: what lies there now.
    pub(super) fn hold(&self, lock: Lock) -> Result<Held, VaultError> {
        match &self.0 {
            Kind::Folder(folder) => {
                folder.sweep()?;
                Ok(Held { ring: folder.read()?, hand: Hand::Folder(folder.clone(), lock) })
            }
            Kind::Bucket(bucket) => {
                let (ring, was) = bucket.read()?;
                Ok(Held { ring, hand: Hand::Bucket(Arc::clone(bucket), was) })
            }
        }
    }

    /// A folder's lock keeps others from the master key's file as well; beside a bucket it needs one of its own.
    pub(super) fn hold_master(&self, path: &Path) -> Result<Option<HeldMaster>, VaultError> {
        match &self.0 {
            Kind::Folder(_) => Ok(None),
            Kind::Bucket(_) => master_file::hold(path).map(Some),
        }
    }
}

impl fmt::Display for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Folder(folder) => write!(f, "{}", folder.0.display()),
            Kind::Bucket(bucket) => bucket.place().fmt(f),
        }
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({self})")
    }
}

/// While it is held, nobody else changes a folder's keys.
pub(super) struct Lock(#[allow(dead_code, reason = "closing it lets go")] Option<File>);

/// A keyring that is being changed, and what it holds.
pub(super) struct Held {
    ring: Ring,
    hand: Hand,
}

enum Hand {
    Folder(Folder, #[allow(dead_code, reason = "closing it lets go")] Lock),
    Bucket(Arc<Bucket>, Option<Tag>),
}

/// Asked before each change; its error is where the power goes out.
pub(super) type Step<'s> = &'s mut dyn FnMut() -> Result<(), VaultError>;

impl Held {
    pub(super) const fn ring(&self) -> &Ring {
        &self.ring
    }

    /// Writes wrapped keys, durable when this returns: in a folder one after the other, in a bucket at one blow.
    ///
    /// # Errors
    /// [`VaultError::Contended`] when another process has changed the bucket since it was read; nothing is written then.
    pub(super) fn put(&mut self, files: Vec<(String, Vec<u8>)>, step: Step<'_>) -> Result<(), VaultError> {
        let mut ring = self.ring.clone();
        for (name, bytes) in &files {
            if let Hand::Folder(folder, _) = &self.hand {
                step()?;
                folder.write(name, bytes)?;
            }
            ring.put(name.clone(), bytes.clone());
        }
        if !files.is_empty() {
            self.exchange(&ring, step)?;
        }
        self.ring = ring;
        Ok(())
    }

    pub(super) fn put_one(&mut self, name: String, bytes: Vec<u8>) -> Result<(), VaultError> {
        self.put(vec![(name, bytes)], &mut || Ok(()))
    }

    /// Destroys the keys of these epochs.
    ///
    /// # Errors
    /// As [`Held::put`].
    pub(super) fn destroy(&mut self, epochs: &[i64]) -> Result<(), VaultError> {
        let mut ring = self.ring.clone();
        let there = epochs.iter().filter(|number| self.ring.has(&epoch_name(**number)));
        for number in there {
            if let Hand::Folder(folder, _) = &self.hand {
                folder.destroy(*number)?;
            }
            ring.remove(*number);
        }
        if ring.epochs() != self.ring.epochs() {
            self.exchange(&ring, &mut || Ok(()))?;
        }
        self.ring = ring;
        Ok(())
    }

    fn exchange(&mut self, ring: &Ring, step: Step<'_>) -> Result<(), VaultError> {
        if let Hand::Bucket(bucket, was) = &mut self.hand {
            step()?;
            *was = Some(bucket.exchange(ring, was.as_ref())?);
        }
        Ok(())
    }
}
