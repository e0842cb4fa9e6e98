//! The installation's master key, and those it had before.
//!
//! A former master key lies in the keyring, wrapped by the one after it: version ‖ which master key wraps it (8) ‖
//! nonce (12) ‖ sealed key (32) ‖ tag (16). It opens what was sealed under it and not wrapped anew: backups.

use super::VaultError;
use super::key::{Secret, framed};
use super::master_file;
use super::ring::{Ring, former_name};
use crate::Chance;
use ring::hmac;
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// Tells master keys apart without telling anything of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark([u8; 8]);

impl Mark {
    pub(super) const fn bytes(&self) -> &[u8; 8] {
        &self.0
    }

    /// As part of a file's name.
    pub(super) fn name(self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.0))
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        let number = u64::from_str_radix(name, 16).ok().filter(|_| name.len() == 16)?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g, h, i] = self.0;
        write!(f, "{a:02X}{b:02X}-{c:02X}{d:02X}-{e:02X}{g:02X}-{h:02X}{i:02X}")
    }
}

/// The key that wraps the epochs' keys: one file, kept apart from all else, and a sheet of paper.
pub struct MasterKey {
    secret: Secret,
    mark: Mark,
}

impl Clone for MasterKey {
    fn clone(&self) -> Self {
        Self { secret: Secret::new(Zeroizing::new(*self.secret.bytes())), mark: self.mark }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.mark)
    }
}

impl MasterKey {
    pub(super) fn new(secret: Secret) -> Self {
        let key: hmac::Key = secret.derive(&[b"tasuki master mark 1"], hmac::HMAC_SHA256);
        let tag = hmac::sign(&key, b"mark");
        let mut mark = [0; 8];
        mark.copy_from_slice(&tag.as_ref()[..8]);
        Self { secret, mark: Mark(mark) }
    }

    pub(super) fn draw(chance: &Chance) -> Self {
        Self::new(Secret::draw(chance))
    }

    /// `None` when the bytes are not 32.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Secret::from_slice(bytes).map(Self::new)
    }

    /// What its file holds; `None` when there is no such file.
    ///
    /// # Errors
    /// [`VaultError::MasterMalformed`] for a file of something else, [`VaultError::Io`] when the disk refuses.
    pub fn read(path: &Path) -> Result<Option<Self>, VaultError> {
        Ok(master_file::read(path)?.map(|bytes| Self::new(Secret::new(bytes))))
    }

    /// Writes its file, for its owner alone, over whatever lies there.
    ///
    /// # Errors
    /// [`VaultError::Io`] when the disk refuses.
    pub fn write(&self, path: &Path) -> Result<(), VaultError> {
        master_file::write(path, self.secret.bytes())
    }

    /// Which master key this is, for the eye.
    #[must_use]
    pub const fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) const fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// The master key in use, and those that were before.
pub(super) struct Masters {
    present: MasterKey,
    former: Vec<MasterKey>,
}

const VERSION: u8 = 1;

impl Masters {
    pub(super) const fn alone(present: MasterKey) -> Self {
        Self { present, former: Vec::new() }
    }

    /// With those of the keyring that this one opens, straight or through another.
    pub(super) fn of(ring: &Ring, present: MasterKey) -> Result<Self, VaultError> {
        let mut masters = Self::alone(present);
        let mut shut = ring.formers();
        loop {
            let count = shut.len();
            let mut still = Vec::new();
            for mark in shut {
                match ring.former(mark).map(|file| masters.open(mark, file)) {
                    Some(Ok(key)) => masters.former.push(key),
                    // Of a rotation that never came to its end, or of another installation.
                    Some(Err(Unreadable::OtherMaster)) => still.push(mark),
                    Some(Err(Unreadable::Damaged)) => {
                        return Err(VaultError::Damaged(ring.place_of(&former_name(mark))));
                    }
                    None => {}
                }
            }
            if still.len() == count {
                return Ok(masters);
            }
            shut = still;
        }
    }

    pub(super) const fn present(&self) -> &MasterKey {
        &self.present
    }

    /// Those that were before, in no order.
    pub(super) fn former(&self) -> &[MasterKey] {
        &self.former
    }

    pub(super) fn find(&self, mark: &[u8]) -> Option<&MasterKey> {
        self.all().find(|key| key.mark.0 == mark)
    }

    /// The present one first.
    pub(super) fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.present).chain(&self.former)
    }

    /// From here on `fresh` is the one in use.
    pub(super) fn rotate(&mut self, fresh: MasterKey) {
        self.former.push(std::mem::replace(&mut self.present, fresh));
    }

    fn open(&self, mark: Mark, file: &[u8]) -> Result<MasterKey, Unreadable> {
        let body = file.strip_prefix(&[VERSION]).ok_or(Unreadable::Damaged)?;
        let (by, sealed) = body.split_first_chunk::<8>().ok_or(Unreadable::Damaged)?;
        let by = self.find(by).ok_or(Unreadable::OtherMaster)?;
        let bytes = by.secret.open(&context(mark), sealed).map_err(|_| Unreadable::Damaged)?;
        let key = MasterKey::from_slice(&Zeroizing::new(bytes)).ok_or(Unreadable::Damaged)?;
        if key.mark == mark { Ok(key) } else { Err(Unreadable::Damaged) }
    }
}

/// The bytes of a former master key's file.
pub(super) fn former_file(former: &MasterKey, by: &MasterKey, chance: &Chance) -> Vec<u8> {
    let mut file = vec![VERSION];
    file.extend_from_slice(&by.mark.0);
    by.secret.seal(chance, &context(former.mark), former.secret.bytes(), &mut file);
    file
}

/// Which master key wraps a file of the keyring.
pub(super) fn wrapped_by(file: &[u8]) -> Option<Mark> {
    file.get(1..9)?.try_into().ok().map(Mark)
}

/// Why a file of the keyring does not open.
pub(super) enum Unreadable {
    OtherMaster,
    Damaged,
}

fn context(mark: Mark) -> Vec<u8> {
    framed(&[b"tasuki former master 1", &mark.0])
}
