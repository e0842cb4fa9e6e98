//! The keyring in a second place: a copy that follows it, or the place where it lies from now on.

use super::hold::again;
use super::{Vault, VaultError};
use crate::seal::Keyring;
use crate::seal::keyring::Held;
use crate::seal::ring::Ring;
use std::io;
use std::path::Path;

/// A copy of the keyring, brought up to today and opened. While it is held nobody else changes it.
pub struct KeyringCopy {
    held: Held,
    vault: Vault,
    living: Vec<i64>,
}

impl Vault {
    /// Brings a copy of the keyring, in a folder, up to today. What it held before stays in it until
    /// [`KeyringCopy::forget_older`], and opens with this master key all the while.
    ///
    /// # Errors
    /// When the keyring cannot be read or the copy not written.
    pub fn copy_keyring(&self, to: &Path) -> Result<KeyringCopy, VaultError> {
        let copy = Keyring::folder(to);
        if let Some(home) = &self.0.home
            && home.keyring.is(to)
        {
            let itself = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(VaultError::Io(to.to_owned(), itself));
        }
        let lock = copy.lock()?;
        let mut there = copy.hold(lock)?;
        let Some(hands) = self.hold_keyring()? else {
            return Err(VaultError::KeyringEmpty(to.display().to_string()));
        };
        // Formers first: they open what the copy holds already.
        let ring = hands.held.ring();
        let files = ring.files().map(|(name, bytes)| (name.clone(), bytes.clone())).collect();
        there.put(files, &mut || Ok(()))?;
        let present = self.keys_now().masters.present().clone();
        let vault = Self::look(&copy, present)?;
        Ok(KeyringCopy { living: ring.epochs(), held: there, vault })
    }

    /// Brings the keyring to another place, opens it there, and leaves word here; answers what opens there. This vault
    /// stays with the old place.
    ///
    /// # Errors
    /// Those of [`Keyring::fill`]; the old place is in use then.
    pub fn move_keyring(&self, to: &Keyring) -> Result<Self, VaultError> {
        again(|| {
            let Some(mut hands) = self.hold_keyring()? else {
                return Err(VaultError::KeyringEmpty(to.to_string()));
            };
            to.take(hands.held.ring())?;
            let present = self.keys_now().masters.present().clone();
            let moved = Self::look(to, present)?;
            if moved.epochs() != self.epochs() {
                return Err(VaultError::Damaged(to.to_string()));
            }
            let (name, place) = Ring::moved(&to.to_string());
            hands.held.put_one(name, place)?;
            Ok(moved)
        })
    }
}

impl KeyringCopy {
    /// What the copy opens to.
    #[must_use]
    pub const fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The epochs that live in the keyring itself, oldest first.
    #[must_use]
    pub fn living(&self) -> &[i64] {
        &self.living
    }

    /// Destroys in the copy what lives in the keyring no more.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn forget_older(mut self) -> Result<(), VaultError> {
        let mut dead = self.held.ring().epochs();
        dead.retain(|number| !self.living.contains(number));
        self.held.destroy(&dead)
    }
}
