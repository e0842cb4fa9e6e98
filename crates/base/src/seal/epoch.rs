//! The epochs' keys, as they stand in memory and in the keyring's files.
//!
//! A file: version ‖ which master key (8) ‖ made at (8) ‖ nonce (12) ‖ sealed key (32) ‖ tag (16).

use super::VaultError;
use super::key::{Secret, framed};
use super::master::{MasterKey, Masters, Unreadable};
use super::ring::{Ring, epoch_name};
use crate::Chance;
use std::collections::BTreeMap;
use tasuki_value::Ts;
use zeroize::Zeroizing;

/// By number. The newest wraps.
pub(super) type Epochs = BTreeMap<i64, EpochKey>;

pub(super) struct EpochKey {
    pub(super) secret: Secret,
    pub(super) made_at: Ts,
}

const VERSION: u8 = 1;

impl EpochKey {
    pub(super) fn draw(chance: &Chance, made_at: Ts) -> Self {
        Self { secret: Secret::draw(chance), made_at }
    }

    /// The bytes of its file.
    pub(super) fn to_file(&self, number: i64, master: &MasterKey, chance: &Chance) -> Vec<u8> {
        let mut file = vec![VERSION];
        file.extend_from_slice(master.mark().bytes());
        file.extend_from_slice(&self.made_at.0.to_be_bytes());
        master.secret().seal(chance, &context(number, self.made_at), self.secret.bytes(), &mut file);
        file
    }

    fn from_file(number: i64, masters: &Masters, file: &[u8]) -> Result<Self, Unreadable> {
        let body = file.strip_prefix(&[VERSION]).ok_or(Unreadable::Damaged)?;
        let (mark, body) = body.split_first_chunk::<8>().ok_or(Unreadable::Damaged)?;
        let master = masters.find(mark).ok_or(Unreadable::OtherMaster)?;
        let (made_at, sealed) = body.split_first_chunk::<8>().ok_or(Unreadable::Damaged)?;
        let made_at = Ts(i64::from_be_bytes(*made_at));
        let opened = master.secret().open(&context(number, made_at), sealed);
        let bytes = opened.map_err(|_| Unreadable::Damaged)?;
        let secret = Secret::from_slice(&Zeroizing::new(bytes)).ok_or(Unreadable::Damaged)?;
        Ok(Self { secret, made_at })
    }
}

/// Makes `epochs` what the keyring holds; leaves them alone when it cannot be read as a whole.
pub(super) fn catch_up(ring: &Ring, masters: &Masters, epochs: &mut Epochs) -> Result<(), VaultError> {
    let numbers = ring.epochs();
    let mut fresh = Epochs::new();
    for &number in numbers.iter().filter(|number| !epochs.contains_key(number)) {
        let Some(file) = ring.epoch(number) else { continue };
        let key = EpochKey::from_file(number, masters, file).map_err(|unreadable| match unreadable {
            Unreadable::OtherMaster => VaultError::WrongMaster,
            Unreadable::Damaged => VaultError::Damaged(ring.place_of(&epoch_name(number))),
        })?;
        fresh.insert(number, key);
    }
    // An unmounted folder looks like this. Destroying always leaves the newest.
    if fresh.is_empty() && !epochs.keys().any(|number| numbers.contains(number)) {
        return Err(VaultError::KeyringEmpty(ring.place().to_owned()));
    }
    epochs.retain(|number, _| numbers.contains(number));
    epochs.append(&mut fresh);
    Ok(())
}

fn context(number: i64, made_at: Ts) -> Vec<u8> {
    framed(&[b"tasuki epoch 1", &number.to_be_bytes(), &made_at.0.to_be_bytes()])
}
