//! The keys above the data keys, in memory.

use super::epoch::{EpochKey, Epochs, catch_up};
use super::key::{Secret, framed};
use super::keyring::{Held, Keyring, read_master, write_master};
use super::{DataKey, KeyId, SealError, VaultError, Wrapped};
use crate::Chance;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tasuki_value::Ts;
use uuid::Builder;
use zeroize::Zeroizing;

/// The epochs' keys, and the master key that wraps them. Cheap to clone; all clones turn together.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    /// `None` for a vault of memory only.
    keyring: Option<Keyring>,
    master: Secret,
    /// Never empty; the newest wraps.
    epochs: RwLock<Epochs>,
}

fn copy_context(place: &[&[u8]]) -> Vec<u8> {
    framed(&[b"tasuki backup 1", &framed(place)])
}

/// `None` for a vault of memory only.
type HeldKeyring<'v> = Option<(&'v Keyring, Held)>;

const VERSION: u8 = 1;

/// Whether the keys were there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// New keys were made. From now on the master key and the keyring must be kept safe:
    /// without them nothing in the database can be read again.
    Made,
    Found,
}

/// A span of time in which one key wraps the data keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    pub number: i64,
    pub made_at: Ts,
}

impl Vault {
    /// Reads the keyring, or makes one (and a master key, if that is missing too).
    ///
    /// # Errors
    /// [`VaultError::MasterMissing`] for a keyring without its master key, [`VaultError::WrongMaster`] for one
    /// made with another, [`VaultError::Damaged`] for a changed file, [`VaultError::Io`] when the disk refuses.
    pub fn open_or_make(
        keyring: &Path,
        master: &Path,
        chance: &Chance,
        now: Ts,
    ) -> Result<(Self, Opened), VaultError> {
        let keyring = Keyring::at(keyring);
        let mut opened = Opened::Found;
        if keyring.epochs()?.is_empty() {
            let held = keyring.hold()?;
            // Another node may have been quicker.
            if keyring.epochs()?.is_empty() {
                make(&keyring, master, chance, now, &held)?;
                opened = Opened::Made;
            }
        }
        let master = read_master(master)?.ok_or_else(|| VaultError::MasterMissing(master.to_owned()))?;
        let master = Secret::new(master);
        let mut epochs = Epochs::new();
        catch_up(&keyring, &master, &mut epochs)?;
        Ok((Self(Arc::new(Inner { keyring: Some(keyring), master, epochs: RwLock::new(epochs) })), opened))
    }

    /// A vault that lives and dies with the process: for tests.
    #[must_use]
    pub fn in_memory(chance: &Chance) -> Self {
        let epochs = RwLock::new(Epochs::from([(FIRST, EpochKey::draw(chance, Ts(0)))]));
        Self(Arc::new(Inner { keyring: None, master: Secret::draw(chance), epochs }))
    }

    /// A new data key, and its form to store. Only [`mint`](super::mint()) should hand it to anyone:
    /// a key that is not stored yet must not seal.
    #[must_use]
    pub fn mint(&self, chance: &Chance) -> (DataKey, Wrapped) {
        let id = KeyId(Builder::from_random_bytes(chance.bytes()).into_uuid());
        let key = DataKey::new(id, Secret::draw(chance));
        let wrapped = self.wrap(&key, chance);
        (key, wrapped)
    }

    /// The data key, wrapped under the newest epoch.
    #[must_use]
    pub fn wrap(&self, key: &DataKey, chance: &Chance) -> Wrapped {
        let epochs = self.epochs_now();
        let (&epoch, newest) = epochs.last_key_value().expect("a vault has an epoch");
        let mut bytes = vec![VERSION];
        newest.secret.seal(chance, &data_key_context(epoch, key.id()), key.secret().bytes(), &mut bytes);
        Wrapped { epoch, bytes }
    }

    /// The data key behind its stored form. An epoch that another node has begun is looked up in the keyring.
    ///
    /// # Errors
    /// [`SealError::EpochGone`] when the epoch's key is not there, [`SealError::Refused`] when the stored
    /// form was changed or is another key's.
    pub fn unwrap(&self, id: KeyId, wrapped: &Wrapped) -> Result<DataKey, SealError> {
        match self.unwrap_with_known(id, wrapped) {
            Err(SealError::EpochGone(epoch)) => {
                if let Err(error) = self.refresh() {
                    tracing::error!(epoch, %error, "the keyring cannot be read");
                }
                self.unwrap_with_known(id, wrapped)
            }
            known => known,
        }
    }

    /// Seals a piece of a backup under the master key: unlike an epoch's, that lives as long as the backup.
    #[must_use]
    pub fn seal_copy(&self, chance: &Chance, place: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plain.len() + 32);
        self.0.master.seal(chance, &copy_context(place), plain, &mut sealed);
        sealed
    }

    /// What [`Vault::seal_copy`] sealed for the same place.
    ///
    /// # Errors
    /// [`SealError::Refused`] when it was changed, is of another place, or of another master key.
    pub fn open_copy(&self, place: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.master.open(&copy_context(place), sealed)
    }

    /// Every epoch there is, oldest first.
    #[must_use]
    pub fn epochs(&self) -> Vec<Epoch> {
        let epochs = self.epochs_now();
        epochs.iter().map(|(&number, lived)| Epoch { number, made_at: lived.made_at }).collect()
    }

    /// The number of the epoch that wraps.
    #[must_use]
    pub fn newest(&self) -> i64 {
        *self.epochs_now().last_key_value().expect("a vault has an epoch").0
    }

    /// Takes over what other nodes have begun and destroyed in the keyring.
    ///
    /// # Errors
    /// When the keyring cannot be read; the keys in memory then stay as they are.
    pub fn refresh(&self) -> Result<(), VaultError> {
        let mut epochs = self.epochs_to_change();
        self.0.keyring.as_ref().map_or(Ok(()), |keyring| catch_up(keyring, &self.0.master, &mut epochs))
    }

    /// Begins an epoch: from here on new data keys are wrapped by it. Its key is on the disk when this
    /// returns its number. For [`turn`](super::turn()), which wraps the others anew.
    ///
    /// # Errors
    /// When the keyring cannot be read or written; nothing has begun then.
    pub fn begin_turn(&self, chance: &Chance, now: Ts) -> Result<i64, VaultError> {
        let (held, mut epochs) = self.hold_keyring()?;
        let number = epochs.last_key_value().map_or(FIRST, |(newest, _)| newest + 1);
        let fresh = EpochKey::draw(chance, now);
        if let Some((keyring, held)) = &held {
            keyring.write(number, &fresh.to_file(number, &self.0.master, chance), held)?;
        }
        epochs.insert(number, fresh);
        Ok(number)
    }

    /// Destroys the keys of every epoch before `to`, here and on the disk, and tells their numbers.
    /// No living data key may be wrapped by them any more: [`turn`](super::turn()) sees to that.
    ///
    /// # Errors
    /// When the keyring cannot be changed. What was not destroyed falls with the next turn.
    pub fn finish_turn(&self, to: i64) -> Result<Vec<i64>, VaultError> {
        let (held, mut epochs) = self.hold_keyring()?;
        let old: Vec<i64> = epochs.range(..to).map(|(&number, _)| number).collect();
        for number in &old {
            if let Some((keyring, held)) = &held {
                keyring.destroy(*number, held)?;
            }
            epochs.remove(number);
        }
        Ok(old)
    }

    /// Keeps the other nodes from changing the keyring, and takes over what they have changed.
    /// The keyring first: who waits for another node must not hold up those who only open.
    fn hold_keyring(&self) -> Result<(HeldKeyring<'_>, RwLockWriteGuard<'_, Epochs>), VaultError> {
        let Some(keyring) = &self.0.keyring else { return Ok((None, self.epochs_to_change())) };
        let held = keyring.hold()?;
        keyring.sweep(&held)?;
        let mut epochs = self.epochs_to_change();
        catch_up(keyring, &self.0.master, &mut epochs)?;
        Ok((Some((keyring, held)), epochs))
    }

    fn unwrap_with_known(&self, id: KeyId, wrapped: &Wrapped) -> Result<DataKey, SealError> {
        let epochs = self.epochs_now();
        let epoch = epochs.get(&wrapped.epoch).ok_or(SealError::EpochGone(wrapped.epoch))?;
        let sealed = wrapped.bytes.strip_prefix(&[VERSION]).ok_or(SealError::Malformed)?;
        let bytes = Zeroizing::new(epoch.secret.open(&data_key_context(wrapped.epoch, id), sealed)?);
        Ok(DataKey::new(id, Secret::from_slice(&bytes).ok_or(SealError::Malformed)?))
    }

    fn epochs_now(&self) -> RwLockReadGuard<'_, Epochs> {
        self.0.epochs.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn epochs_to_change(&self) -> RwLockWriteGuard<'_, Epochs> {
        self.0.epochs.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault(epochs to {})", self.newest())
    }
}

/// The first keys. The master key is on the disk before anything is wrapped by it.
fn make(keyring: &Keyring, master: &Path, chance: &Chance, now: Ts, held: &Held) -> Result<(), VaultError> {
    let key = match read_master(master)? {
        Some(given) => Secret::new(given),
        None => {
            let drawn = Secret::draw(chance);
            write_master(master, drawn.bytes())?;
            drawn
        }
    };
    let first = EpochKey::draw(chance, now);
    keyring.write(FIRST, &first.to_file(FIRST, &key, chance), held)
}

const FIRST: i64 = 1;

fn data_key_context(epoch: i64, id: KeyId) -> Vec<u8> {
    framed(&[b"tasuki data key 1", &epoch.to_be_bytes(), id.0.as_bytes()])
}

#[cfg(test)]
mod tests;
