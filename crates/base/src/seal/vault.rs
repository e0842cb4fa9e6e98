//! The keys above the data keys, in memory.

mod copy;
mod first;
mod hold;
mod note;
mod rotate;

pub use copy::KeyringCopy;
pub use hold::{was_before, wrapped_epochs};
pub use rotate::next_of;

use super::epoch::{EpochKey, Epochs, catch_up};
use super::key::{Secret, framed};
use super::master::{Mark, MasterKey, Masters};
use super::ring::Ring;
use super::{DataKey, KeyId, Keyring, SealError, VaultError, Wrapped};
use crate::Chance;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;
use tasuki_value::Ts;
use uuid::Builder;
use zeroize::Zeroizing;

/// The epochs' keys, and the master key that wraps them. Cheap to clone; all clones turn together.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    /// `None` for a vault of memory only.
    home: Option<Home>,
    /// Taken for a moment only, never while the disk or the bucket is waited for.
    keys: RwLock<Keys>,
    /// Held by whoever looks into the keyring or changes it, so that an older look never follows a newer one. Holds
    /// when the bucket was last away.
    looking: Mutex<Option<Instant>>,
    /// The note of a vault that has no keyring to keep it in.
    note: Mutex<Option<Vec<u8>>>,
}

/// Where the keys lie.
struct Home {
    keyring: Keyring,
    /// The master key's file. It may be away while the vault is in use.
    master: PathBuf,
}

struct Keys {
    masters: Masters,
    /// Never empty; the newest wraps.
    epochs: Epochs,
}

impl Keys {
    fn of(ring: &Ring, master: MasterKey) -> Result<Self, VaultError> {
        let mut keys = Self { masters: Masters::of(ring, master)?, epochs: Epochs::new() };
        keys.catch_up(ring)?;
        Ok(keys)
    }

    fn catch_up(&mut self, ring: &Ring) -> Result<(), VaultError> {
        catch_up(ring, &self.masters, &mut self.epochs)
    }

    fn newest(&self) -> i64 {
        *self.epochs.last_key_value().expect("a vault has an epoch").0
    }
}

impl Home {
    fn read(&self) -> Result<Keys, VaultError> {
        let master = MasterKey::read(&self.master)?;
        let master = master.ok_or_else(|| VaultError::MasterMissing(self.master.clone()))?;
        Keys::of(&self.keyring.read()?, master)
    }
}

fn copy_context(place: &[&[u8]]) -> Vec<u8> {
    framed(&[b"tasuki backup 1", &framed(place)])
}

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
    /// made with another, [`VaultError::Damaged`] for a changed file, [`VaultError::Moved`] for one that was left,
    /// [`VaultError::Io`] and [`VaultError::Away`] when the disk or the bucket refuses, and for a bucket that is to
    /// hold its first key those of [`Keyring::fits`].
    pub fn open_or_make(
        keyring: &Keyring,
        master: &Path,
        chance: &Chance,
        now: Ts,
    ) -> Result<(Self, Opened), VaultError> {
        let home = Home { keyring: keyring.clone(), master: master.to_owned() };
        let ring = keyring.read()?;
        if let Some(to) = ring.moved_to() {
            return Err(VaultError::Moved(keyring.to_string(), to));
        }
        let opened = if ring.epochs().is_empty() { first::make(&home, chance, now)? } else { Opened::Found };
        let keys = match home.read() {
            // The master key may be rotating at this moment: once that is over it is known.
            Err(VaultError::WrongMaster) => {
                let _held = keyring.lock().map_err(|_| VaultError::WrongMaster)?;
                home.read()?
            }
            read => read?,
        };
        Ok((Self::of(Some(home), keys), opened))
    }

    /// What a keyring opens to with a master key that may lie nowhere yet; changes nothing.
    ///
    /// # Errors
    /// As [`Vault::open_or_make`]; [`VaultError::KeyringEmpty`] for a keyring without keys.
    pub fn look(keyring: &Keyring, master: MasterKey) -> Result<Self, VaultError> {
        let ring = keyring.read()?;
        let looked = Self::of(None, Keys::of(&ring, master)?);
        looked.remember(ring.note().map(<[u8]>::to_vec));
        Ok(looked)
    }

    /// A vault on no disk, for tests.
    #[must_use]
    pub fn in_memory(chance: &Chance) -> Self {
        let epochs = Epochs::from([(first::NUMBER, EpochKey::draw(chance, Ts(0)))]);
        Self::of(None, Keys { masters: Masters::alone(MasterKey::draw(chance)), epochs })
    }

    fn of(home: Option<Home>, keys: Keys) -> Self {
        Self(Arc::new(Inner {
            home,
            keys: RwLock::new(keys),
            looking: Mutex::new(None),
            note: Mutex::new(None),
        }))
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
        let keys = self.keys_now();
        let (&epoch, newest) = keys.epochs.last_key_value().expect("a vault has an epoch");
        let mut bytes = vec![VERSION];
        newest.secret.seal(chance, &data_key_context(epoch, key.id()), key.secret().bytes(), &mut bytes);
        Wrapped { epoch, bytes }
    }

    /// The data key behind its stored form. An epoch that another node has begun is looked up in the keyring.
    ///
    /// # Errors
    /// [`SealError::EpochGone`] when the epoch's key is not there, [`SealError::EpochUnknown`] when nobody can say,
    /// [`SealError::Refused`] when the stored
    /// form was changed or is another key's.
    pub fn unwrap(&self, id: KeyId, wrapped: &Wrapped) -> Result<DataKey, SealError> {
        match self.unwrap_with_known(id, wrapped) {
            Err(SealError::EpochGone(epoch)) if self.may_hold(epoch) => {
                self.look_for(epoch)?;
                self.unwrap_with_known(id, wrapped)
            }
            known => known,
        }
    }

    /// Seals a piece of a backup under the master key: unlike an epoch's, that lives as long as the backup.
    #[must_use]
    pub fn seal_copy(&self, chance: &Chance, place: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plain.len() + 32);
        let keys = self.keys_now();
        keys.masters.present().secret().seal(chance, &copy_context(place), plain, &mut sealed);
        sealed
    }

    /// What [`Vault::seal_copy`] sealed for the same place, under this master key or one before it.
    ///
    /// # Errors
    /// [`SealError::Refused`] when it was changed, is of another place, or of another master key.
    pub fn open_copy(&self, place: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let context = copy_context(place);
        let mut refused = SealError::Refused;
        for master in self.keys_now().masters.all() {
            match master.secret().open(&context, sealed) {
                Ok(plain) => return Ok(plain),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    /// Every epoch there is, oldest first.
    #[must_use]
    pub fn epochs(&self) -> Vec<Epoch> {
        let keys = self.keys_now();
        keys.epochs.iter().map(|(&number, lived)| Epoch { number, made_at: lived.made_at }).collect()
    }

    /// The number of the epoch that wraps.
    #[must_use]
    pub fn newest(&self) -> i64 {
        *self.keys_now().epochs.last_key_value().expect("a vault has an epoch").0
    }

    /// Which master key is in use.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.keys_now().masters.present().mark()
    }

    /// Which master keys were in use before, and still open old backups.
    #[must_use]
    pub fn former_marks(&self) -> Vec<Mark> {
        self.keys_now().masters.former().iter().map(MasterKey::mark).collect()
    }

    fn unwrap_with_known(&self, id: KeyId, wrapped: &Wrapped) -> Result<DataKey, SealError> {
        let keys = self.keys_now();
        let epoch = keys.epochs.get(&wrapped.epoch).ok_or(SealError::EpochGone(wrapped.epoch))?;
        let sealed = wrapped.bytes.strip_prefix(&[VERSION]).ok_or(SealError::Malformed)?;
        let bytes = Zeroizing::new(epoch.secret.open(&data_key_context(wrapped.epoch, id), sealed)?);
        Ok(DataKey::new(id, Secret::from_slice(&bytes).ok_or(SealError::Malformed)?))
    }

    fn keys_now(&self) -> RwLockReadGuard<'_, Keys> {
        self.0.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys_to_change(&self) -> RwLockWriteGuard<'_, Keys> {
        self.0.keys.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault(epochs to {})", self.newest())
    }
}

fn data_key_context(epoch: i64, id: KeyId) -> Vec<u8> {
    framed(&[b"tasuki data key 1", &epoch.to_be_bytes(), id.0.as_bytes()])
}

#[cfg(test)]
mod tests;
