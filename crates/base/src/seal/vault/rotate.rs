//! Another master key: the epochs' keys are wrapped by it, and the old one lies in the keyring, wrapped by the new.
//!
//! Put in place at one blow, between two states that both open everything: before it, all is wrapped by the old key,
//! after it, the new one opens the old one and with it whatever is not wrapped anew yet.

use super::hold::{Hands, again};
use super::{MasterKey, Vault, VaultError};
use crate::Chance;
use crate::seal::keyring::Step;
use crate::seal::master::{Mark, Masters, former_file};
use crate::seal::master_file::put_in_place;
use crate::seal::ring::former_name;
use std::path::{Path, PathBuf};

impl Vault {
    /// Draws a new master key and wraps the keyring by it. Other processes take it over when they next look there.
    ///
    /// It may be killed at any point: what lies there opens everything, and the next rotation is a whole one.
    ///
    /// # Errors
    /// When the files cannot be written, or the master key's file is not there: the old one stays in use then. Once the
    /// new one is in its place an error means that the next turn or rotation has something left to wrap.
    pub fn rotate(&self, chance: &Chance) -> Result<Mark, VaultError> {
        self.rotate_in_steps(chance, &mut || Ok(()))
    }

    /// `step` is asked before each change of what lies there; its error is where the power goes out.
    pub(super) fn rotate_in_steps(&self, chance: &Chance, step: Step<'_>) -> Result<Mark, VaultError> {
        self.fits()?;
        let _master = match &self.0.home {
            Some(home) => home.keyring.hold_master(&home.master)?,
            None => None,
        };
        let (hands, mark) = again(|| self.blow(chance, step))?;
        let mut first = hands;
        again(|| match first.take().map_or_else(|| self.hold_keyring(), |hands| Ok(Some(hands)))? {
            Some(mut hands) => self.rewrap(chance, &mut hands, step),
            None => Ok(()),
        })?;
        Ok(mark)
    }

    /// Until the new master key is in its place.
    fn blow(&self, chance: &Chance, step: Step<'_>) -> Result<(Option<Hands<'_>>, Mark), VaultError> {
        let mut hands = self.hold_keyring()?;
        let fresh = MasterKey::draw(chance);
        let mark = fresh.mark();
        if let Some(Hands { home, held, .. }) = &mut hands {
            let old = self.keys_now().masters.present().clone();
            let on_disk = MasterKey::read(&home.master)?;
            let on_disk = on_disk.ok_or_else(|| VaultError::MasterMissing(home.master.clone()))?;
            if on_disk.mark() != old.mark() {
                return Err(VaultError::WrongMaster);
            }
            let next = next_of(&home.master);
            step()?;
            fresh.write(&next)?;
            held.put(vec![(former_name(old.mark()), former_file(&old, &fresh, chance))], step)?;
            // What is given back is what will be needed.
            let read = MasterKey::read(&next)?.ok_or_else(|| VaultError::MasterMissing(next.clone()))?;
            let opens = Masters::of(&home.keyring.read()?, read.clone())?.find(old.mark().bytes()).is_some();
            if read.mark() != mark || !opens {
                return Err(VaultError::Damaged(next.display().to_string()));
            }
            step()?;
            put_in_place(&next, &home.master)?;
        }
        self.keys_to_change().masters.rotate(fresh);
        Ok((hands, mark))
    }
}

/// Where a new master key lies until it is put in place.
#[must_use]
pub fn next_of(master: &Path) -> PathBuf {
    let mut name = master.as_os_str().to_owned();
    name.push(".next");
    PathBuf::from(name)
}
