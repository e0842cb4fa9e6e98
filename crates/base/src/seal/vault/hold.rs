//! What changes the keyring, and what follows its changes: one process at a time.

use super::{EpochKey, Home, Keys, MasterKey, SealError, Vault, VaultError, first};
use crate::Chance;
use crate::seal::Keyring;
use crate::seal::keyring::{Held, Step};
use crate::seal::master::{Mark, former_file, wrapped_by};
use crate::seal::ring::{Ring, epoch_name, former_name};
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tasuki_value::Ts;

/// After a bucket has not answered nobody waits for it again for so long.
const LULL: Duration = Duration::from_secs(2);
/// A change is begun so often before others are left to theirs.
const TRIES: u32 = 20;

/// A keyring that is being changed by this thread alone.
pub(super) struct Hands<'v> {
    pub home: &'v Home,
    pub held: Held,
    _alone: MutexGuard<'v, Option<Instant>>,
}

impl Vault {
    /// Takes over what other nodes have begun and destroyed in the keyring, and a master key that was rotated; tells
    /// the newest epoch that was there when it looked.
    ///
    /// # Errors
    /// When the keyring cannot be read; the keys in memory then stay as they are.
    pub fn refresh(&self) -> Result<i64, VaultError> {
        self.look_unless(|_| false)
    }

    /// Looks into the keyring for an epoch that another node has begun.
    pub(super) fn look_for(&self, epoch: i64) -> Result<(), SealError> {
        // Another thread may have looked while this one waited.
        let looked = self.look_unless(|keys| keys.epochs.contains_key(&epoch));
        looked.map(drop).map_err(|error| {
            tracing::error!(epoch, %error, "the keyring cannot be read");
            SealError::EpochUnknown(epoch)
        })
    }

    /// Whether the keyring could hold an epoch that is not known: numbers only rise, and the oldest are destroyed.
    pub(super) fn may_hold(&self, epoch: i64) -> bool {
        self.0.home.is_some()
            && self.keys_now().epochs.first_key_value().is_none_or(|(&oldest, _)| epoch > oldest)
    }

    fn look_unless(&self, known: impl FnOnce(&Keys) -> bool) -> Result<i64, VaultError> {
        let Some(home) = &self.0.home else { return Ok(self.newest()) };
        let looked = {
            let mut away = self.alone();
            if known(&self.keys_now()) {
                return Ok(self.newest());
            }
            if away.is_some_and(|at| at.elapsed() < LULL) {
                return Err(VaultError::Away(
                    home.keyring.to_string(),
                    "it was away a moment ago".to_owned(),
                ));
            }
            let ring = home.keyring.read();
            *away = matches!(ring, Err(VaultError::Away(..))).then(Instant::now);
            ring.and_then(|ring| {
                let mut keys = self.keys_to_change();
                keys.catch_up(&ring)?;
                Ok(keys.newest())
            })
        };
        match looked {
            Err(VaultError::WrongMaster) => {
                let _hands = self.hold_keyring()?;
                Ok(self.newest())
            }
            looked => looked,
        }
    }

    /// Begins an epoch: from here on new data keys are wrapped by it. Its key is durable when this
    /// returns its number. For [`turn`](crate::seal::turn()), which wraps the others anew.
    ///
    /// # Errors
    /// When the keyring cannot be read or written, or is no place for keys that change; nothing has begun then, or an
    /// epoch that the next turn ends.
    pub fn begin_turn(&self, chance: &Chance, now: Ts) -> Result<i64, VaultError> {
        self.fits()?;
        again(|| {
            let mut hands = self.hold_keyring()?;
            let _alone = hands.is_none().then(|| self.alone());
            let fresh = EpochKey::draw(chance, now);
            let (number, file) = {
                let keys = self.keys_now();
                let number = keys.epochs.last_key_value().map_or(first::NUMBER, |(newest, _)| newest + 1);
                (number, fresh.to_file(number, keys.masters.present(), chance))
            };
            if let Some(hands) = &mut hands {
                hands.held.put_one(epoch_name(number), file)?;
            }
            self.keys_to_change().epochs.insert(number, fresh);
            Ok(number)
        })
    }

    /// Destroys the keys of every epoch before `to`, here and in the keyring, and tells their numbers.
    /// No living data key may be wrapped by them any more: [`turn`](crate::seal::turn()) sees to that.
    ///
    /// # Errors
    /// When the keyring cannot be changed. What was not destroyed falls with the next turn.
    pub fn finish_turn(&self, to: i64) -> Result<Vec<i64>, VaultError> {
        again(|| {
            let mut hands = self.hold_keyring()?;
            let old: Vec<i64> = self.keys_now().epochs.range(..to).map(|(&number, _)| number).collect();
            if let Some(hands) = &mut hands {
                hands.held.destroy(&old)?;
            }
            self.keys_to_change().epochs.retain(|number, _| !old.contains(number));
            Ok(old)
        })
    }

    /// Whether the keyring is a place for keys that change.
    pub(super) fn fits(&self) -> Result<(), VaultError> {
        self.0.home.as_ref().map_or(Ok(()), |home| home.keyring.fits())
    }

    /// Keeps the other nodes from changing the keyring, and takes over what they have changed; `None` for a vault of
    /// memory only. A folder's lock first: who waits for another process must not hold up those who only look.
    pub(super) fn hold_keyring(&self) -> Result<Option<Hands<'_>>, VaultError> {
        let Some(home) = &self.0.home else { return Ok(None) };
        let lock = home.keyring.lock()?;
        let alone = self.alone();
        let held = home.keyring.hold(lock)?;
        if let Some(to) = held.ring().moved_to() {
            return Err(VaultError::Moved(home.keyring.to_string(), to));
        }
        let master = MasterKey::read(&home.master)?;
        self.keys_to_change().follow(held.ring(), master)?;
        Ok(Some(Hands { home, held, _alone: alone }))
    }

    fn alone(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wraps anew what is still wrapped by a master key of before.
    pub(super) fn rewrap(
        &self,
        chance: &Chance,
        hands: &mut Hands<'_>,
        step: Step<'_>,
    ) -> Result<(), VaultError> {
        let stale = {
            let (keys, ring) = (self.keys_now(), hands.held.ring());
            let present = keys.masters.present();
            let is_stale = |file: Option<&[u8]>| file.is_some_and(|f| wrapped_by(f) != Some(present.mark()));
            let epochs = keys.epochs.iter().filter(|(number, _)| is_stale(ring.epoch(**number)));
            let mut stale: Vec<_> = epochs
                .map(|(number, key)| (epoch_name(*number), key.to_file(*number, present, chance)))
                .collect();
            let formers = keys.masters.former().iter().filter(|former| is_stale(ring.former(former.mark())));
            stale.extend(
                formers.map(|former| (former_name(former.mark()), former_file(former, present, chance))),
            );
            stale
        };
        hands.held.put(stale, step)
    }
}

/// Once more from the beginning as long as another process was quicker.
pub(super) fn again<T>(mut work: impl FnMut() -> Result<T, VaultError>) -> Result<T, VaultError> {
    let mut tried = work();
    for number in 1..TRIES {
        if !matches!(tried, Err(VaultError::Contended(_))) {
            break;
        }
        std::thread::sleep(Duration::from_millis(u64::from(5 * number)));
        tried = work();
    }
    tried
}

impl Keys {
    /// Makes the keys in memory what lies in the keyring, under a master key that may have been rotated. A master key's
    /// file that is not there changes nothing: it may have been taken away once the house was open.
    fn follow(&mut self, ring: &Ring, master: Option<MasterKey>) -> Result<(), VaultError> {
        if let Some(master) = master
            && master.mark() != self.masters.present().mark()
        {
            match Self::of(ring, master) {
                Ok(rotated) => *self = rotated,
                // Not this keyring's: what is in memory may be.
                Err(VaultError::WrongMaster) => {}
                Err(error) => return Err(error),
            }
        }
        self.catch_up(ring)?;
        // Whoever has another master key than the keyring by now must not write under the old one.
        for number in self.epochs.keys() {
            let mark = ring.epoch(*number).and_then(wrapped_by);
            let mark = mark.ok_or_else(|| VaultError::Damaged(ring.place_of(&epoch_name(*number))))?;
            self.masters.find(mark.bytes()).ok_or(VaultError::WrongMaster)?;
        }
        Ok(())
    }
}

/// The epochs of a keyring and which master key wraps each, known without any key; never none.
///
/// # Errors
/// When the keyring cannot be read; [`VaultError::KeyringEmpty`] when it holds nothing.
pub fn wrapped_epochs(keyring: &Keyring) -> Result<Vec<(i64, Mark)>, VaultError> {
    let ring = keyring.read()?;
    let mut epochs = Vec::new();
    for number in ring.epochs() {
        let mark = ring.epoch(number).and_then(wrapped_by);
        let mark = mark.ok_or_else(|| VaultError::Damaged(ring.place_of(&epoch_name(number))))?;
        epochs.push((number, mark));
    }
    if epochs.is_empty() { Err(VaultError::KeyringEmpty(keyring.to_string())) } else { Ok(epochs) }
}

/// Whether a keyring holds this master key as one that was in use before.
#[must_use]
pub fn was_before(keyring: &Keyring, mark: Mark) -> bool {
    keyring.read().is_ok_and(|ring| ring.former(mark).is_some())
}
