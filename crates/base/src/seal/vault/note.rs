//! The note in the keyring: a few bytes beside the keys, for what must not go back when the database does.

use super::hold::again;
use super::{Vault, VaultError};
use crate::seal::ring::NOTE;
use std::sync::{MutexGuard, PoisonError};

impl Vault {
    /// What was noted last, by whichever node.
    ///
    /// # Errors
    /// When the keyring cannot be read.
    pub fn note(&self) -> Result<Option<Vec<u8>>, VaultError> {
        match &self.0.home {
            Some(home) => Ok(home.keyring.read()?.note().map(<[u8]>::to_vec)),
            None => Ok(self.in_mind().clone()),
        }
    }

    /// Puts in the note's place what `next` makes of the one that lies there; `None` leaves it. Durable when this returns,
    /// and no other process comes between the look and the change: `next` may be asked again. Answers what lies there then.
    ///
    /// # Errors
    /// When the keyring cannot be read or changed, or was moved.
    pub fn write_note(
        &self,
        next: impl Fn(Option<&[u8]>) -> Option<Vec<u8>>,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        again(|| {
            let Some(mut hands) = self.hold_keyring()? else {
                let mut note = self.in_mind();
                if let Some(next) = next(note.as_deref()) {
                    *note = Some(next);
                }
                return Ok(note.clone());
            };
            if let Some(bytes) = next(hands.held.ring().note()) {
                hands.held.put_one(NOTE.to_owned(), bytes)?;
            }
            Ok(hands.held.ring().note().map(<[u8]>::to_vec))
        })
    }

    pub(super) fn remember(&self, note: Option<Vec<u8>>) {
        *self.in_mind() = note;
    }

    fn in_mind(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.0.note.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
