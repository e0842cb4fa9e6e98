//! What changes the keyring, and what follows its changes: one process at a time.

use super::{EpochKey, FIRST, Held, Home, Keys, MasterKey, Vault, VaultError};
use crate::Chance;
use crate::seal::keyring::Keyring;
use crate::seal::master::{Mark, former_file, wrapped_by};
use std::io;
use std::path::Path;
use std::sync::RwLockWriteGuard;
use tasuki_value::Ts;

/// `None` for a vault of memory only.
pub(super) type HeldHome<'v> = Option<(&'v Home, Held)>;

/// A copy of the keyring, brought up to today and opened. While it is held nobody else changes it.
pub struct KeyringCopy {
    keyring: Keyring,
    held: Held,
    vault: Vault,
    living: Vec<i64>,
}

impl Vault {
    /// Takes over what other nodes have begun and destroyed in the keyring, and a master key that was rotated.
    ///
    /// # Errors
    /// When the keyring cannot be read; the keys in memory then stay as they are.
    pub fn refresh(&self) -> Result<(), VaultError> {
        let Some(home) = &self.0.home else { return Ok(()) };
        let caught_up = self.keys_to_change().catch_up(&home.keyring);
        match caught_up {
            Err(VaultError::WrongMaster) => self.hold_keyring().map(drop),
            done => done,
        }
    }

    /// Begins an epoch: from here on new data keys are wrapped by it. Its key is on the disk when this
    /// returns its number. For [`turn`](crate::seal::turn()), which wraps the others anew.
    ///
    /// # Errors
    /// When the keyring cannot be read or written; nothing has begun then.
    pub fn begin_turn(&self, chance: &Chance, now: Ts) -> Result<i64, VaultError> {
        let (held, mut keys) = self.hold_keyring()?;
        let number = keys.epochs.last_key_value().map_or(FIRST, |(newest, _)| newest + 1);
        let fresh = EpochKey::draw(chance, now);
        if let Some((home, held)) = &held {
            home.keyring.write(number, &fresh.to_file(number, keys.masters.present(), chance), held)?;
        }
        keys.epochs.insert(number, fresh);
        Ok(number)
    }

    /// Destroys the keys of every epoch before `to`, here and on the disk, and tells their numbers.
    /// No living data key may be wrapped by them any more: [`turn`](crate::seal::turn()) sees to that.
    ///
    /// # Errors
    /// When the keyring cannot be changed. What was not destroyed falls with the next turn.
    pub fn finish_turn(&self, to: i64) -> Result<Vec<i64>, VaultError> {
        let (held, mut keys) = self.hold_keyring()?;
        let old: Vec<i64> = keys.epochs.range(..to).map(|(&number, _)| number).collect();
        for number in &old {
            if let Some((home, held)) = &held {
                home.keyring.destroy(*number, held)?;
            }
            keys.epochs.remove(number);
        }
        Ok(old)
    }

    /// Brings a copy of the keyring up to today. What it held before stays in it until
    /// [`KeyringCopy::forget_older`], and opens with this master key all the while.
    ///
    /// # Errors
    /// When the keyring cannot be read or the copy not written.
    pub fn copy_keyring(&self, to: &Path) -> Result<KeyringCopy, VaultError> {
        let copy = Keyring::at(to);
        if let Some(home) = &self.0.home
            && home.keyring.is(to)
        {
            let itself = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(VaultError::Io(to.to_owned(), itself));
        }
        let there = copy.hold()?;
        let (held, keys) = self.hold_keyring()?;
        let Some((home, _)) = &held else { return Err(VaultError::KeyringEmpty(to.to_owned())) };
        // Formers first: they open what the copy holds already.
        for mark in home.keyring.formers()? {
            let Some(file) = home.keyring.read_former(mark)? else { continue };
            copy.write_former(mark, &file, &there)?;
        }
        let living: Vec<i64> = keys.epochs.keys().copied().collect();
        for number in &living {
            let Some(file) = home.keyring.read(*number)? else { continue };
            copy.write(*number, &file, &there)?;
        }
        let vault = Self::look(to, keys.masters.present().clone())?;
        Ok(KeyringCopy { keyring: copy, held: there, vault, living })
    }

    /// Keeps the other nodes from changing the keyring, and takes over what they have changed.
    /// The keyring first: who waits for another node must not hold up those who only open.
    pub(super) fn hold_keyring(&self) -> Result<(HeldHome<'_>, RwLockWriteGuard<'_, Keys>), VaultError> {
        let Some(home) = &self.0.home else { return Ok((None, self.keys_to_change())) };
        let held = home.keyring.hold()?;
        home.keyring.sweep(&held)?;
        let mut keys = self.keys_to_change();
        keys.follow(home)?;
        Ok((Some((home, held)), keys))
    }
}

impl Keys {
    /// Makes the keys in memory what lies on the disk, under a master key that may have been rotated. A master key's
    /// file that is not there changes nothing: it may have been taken away once the house was open.
    fn follow(&mut self, home: &Home) -> Result<(), VaultError> {
        if let Some(master) = MasterKey::read(&home.master)?
            && master.mark() != self.masters.present().mark()
        {
            match Self::read(&home.keyring, master) {
                Ok(rotated) => *self = rotated,
                // Not this keyring's: what is in memory may be.
                Err(VaultError::WrongMaster) => {}
                Err(error) => return Err(error),
            }
        }
        self.catch_up(&home.keyring)?;
        // Whoever has another master key than the keyring by now must not write under the old one.
        for number in self.epochs.keys() {
            let file = home.keyring.read(*number)?.unwrap_or_default();
            let mark = wrapped_by(&file).ok_or_else(|| VaultError::Damaged(home.keyring.path(*number)))?;
            self.masters.find(mark.bytes()).ok_or(VaultError::WrongMaster)?;
        }
        Ok(())
    }

    /// Wraps anew what is still wrapped by a master key of before, one file after the other.
    pub(super) fn rewrap(
        &self,
        (home, held): (&Home, &Held),
        chance: &Chance,
        step: &mut dyn FnMut() -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let present = self.masters.present();
        let stale = |file: Option<Vec<u8>>| file.is_some_and(|f| wrapped_by(&f) != Some(present.mark()));
        for (number, key) in &self.epochs {
            if stale(home.keyring.read(*number)?) {
                step()?;
                home.keyring.write(*number, &key.to_file(*number, present, chance), held)?;
            }
        }
        for former in self.masters.former() {
            if stale(home.keyring.read_former(former.mark())?) {
                step()?;
                home.keyring.write_former(former.mark(), &former_file(former, present, chance), held)?;
            }
        }
        Ok(())
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
    pub fn forget_older(self) -> Result<(), VaultError> {
        let dead = self.keyring.epochs()?.into_iter().filter(|number| !self.living.contains(number));
        for number in dead {
            self.keyring.destroy(number, &self.held)?;
        }
        self.keyring.sweep(&self.held)
    }
}

/// The epochs of a keyring and which master key wraps each, known without any key; never none.
///
/// # Errors
/// When the keyring cannot be read; [`VaultError::KeyringEmpty`] when it holds nothing.
pub fn wrapped_epochs(folder: &Path) -> Result<Vec<(i64, Mark)>, VaultError> {
    let keyring = Keyring::at(folder);
    let mut epochs = Vec::new();
    for number in keyring.epochs()? {
        let Some(file) = keyring.read(number)? else { continue };
        let mark = wrapped_by(&file).ok_or_else(|| VaultError::Damaged(keyring.path(number)))?;
        epochs.push((number, mark));
    }
    if epochs.is_empty() { Err(VaultError::KeyringEmpty(folder.to_owned())) } else { Ok(epochs) }
}

/// Whether a keyring holds this master key as one that was in use before.
#[must_use]
pub fn was_before(folder: &Path, mark: Mark) -> bool {
    Keyring::at(folder).former_path(mark).is_file()
}
