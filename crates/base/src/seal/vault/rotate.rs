//! Another master key: the epochs' keys are wrapped by it, and the old one lies in the keyring, wrapped by the new.
//!
//! Put in place at one blow, between two states that both open everything: before it, all is wrapped by the old key,
//! after it, the new one opens the old one and with it whatever is not wrapped anew yet.

use super::{MasterKey, Vault, VaultError};
use crate::Chance;
use crate::seal::keyring::put_in_place;
use crate::seal::master::{Mark, Masters, former_file};
use std::path::{Path, PathBuf};

impl Vault {
    /// Draws a new master key and wraps the keyring by it. Other processes take it over when they next look there.
    ///
    /// It may be killed at any point: what lies on the disk opens everything, and the next rotation is a whole one.
    ///
    /// # Errors
    /// When the files cannot be written, or the master key's file is not there: the old one stays in use then.
    pub fn rotate(&self, chance: &Chance) -> Result<Mark, VaultError> {
        self.rotate_in_steps(chance, &mut || Ok(()))
    }

    /// `step` is asked before each change on the disk; its error is where the power goes out.
    pub(super) fn rotate_in_steps(
        &self,
        chance: &Chance,
        step: &mut dyn FnMut() -> Result<(), VaultError>,
    ) -> Result<Mark, VaultError> {
        let (held, mut keys) = self.hold_keyring()?;
        let fresh = MasterKey::draw(chance);
        let mark = fresh.mark();
        let Some((home, held)) = held else {
            keys.masters.rotate(fresh);
            return Ok(mark);
        };
        let old = keys.masters.present();
        let on_disk = MasterKey::read(&home.master)?;
        let on_disk = on_disk.ok_or_else(|| VaultError::MasterMissing(home.master.clone()))?;
        if on_disk.mark() != old.mark() {
            return Err(VaultError::WrongMaster);
        }
        let next = next_of(&home.master);
        step()?;
        fresh.write(&next)?;
        step()?;
        home.keyring.write_former(old.mark(), &former_file(old, &fresh, chance), &held)?;
        // What the disk gives back is what will be needed.
        let read = MasterKey::read(&next)?.ok_or_else(|| VaultError::MasterMissing(next.clone()))?;
        if read.mark() != mark || Masters::of(&home.keyring, read)?.find(old.mark().bytes()).is_none() {
            return Err(VaultError::Damaged(next));
        }
        step()?;
        put_in_place(&next, &home.master)?;
        keys.masters.rotate(fresh);
        keys.rewrap((home, &held), chance, step)?;
        Ok(mark)
    }
}

/// Where a new master key lies until it is put in place.
#[must_use]
pub fn next_of(master: &Path) -> PathBuf {
    let mut name = master.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}
