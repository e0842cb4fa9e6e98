//! Sealing and opening in a transaction: the keys it has unlocked die with it.

use super::Tx;
use crate::trouble::Outcome;
use tasuki_base::seal::{self, DataKey, KeyId, Place};
use tasuki_base::text;

impl Tx<'_, '_> {
    /// Seals one cell under a data key.
    ///
    /// # Errors
    /// Fails when the key was destroyed or the database does.
    pub fn seal(&mut self, key: KeyId, place: Place<'_>, plain: &[u8]) -> Outcome<Vec<u8>> {
        let chance = &self.house.chance;
        Ok(self.key(key)?.seal(chance, place, plain))
    }

    /// Opens one cell; the cell itself names its key.
    ///
    /// # Errors
    /// A destroyed key answers as "not there".
    pub fn open(&mut self, place: Place<'_>, cell: &[u8]) -> Outcome<Vec<u8>> {
        self.sees(place.table)?;
        let id = seal::key_of(cell).ok_or_else(|| crate::Trouble::broken("a cell without a key"))?;
        Ok(self.key(id)?.open(place, cell)?)
    }

    /// Seals text.
    pub fn seal_text(&mut self, key: KeyId, place: Place<'_>, plain: &str) -> Outcome<Vec<u8>> {
        self.seal(key, place, plain.as_bytes())
    }

    /// Seals text in as few bytes as may be, for what there is very much of.
    pub fn seal_packed(&mut self, key: KeyId, place: Place<'_>, plain: &str) -> Outcome<Vec<u8>> {
        self.seal(key, place, &text::pack(plain))
    }

    /// Opens text, packed or not.
    pub fn open_text(&mut self, place: Place<'_>, cell: &[u8]) -> Outcome<String> {
        text::unpack(self.open(place, cell)?).ok_or_else(|| crate::Trouble::broken("not a text"))
    }

    /// A short code of these words in this place, under a data key: see [`DataKey::code`].
    ///
    /// # Errors
    /// As [`Tx::seal`].
    pub fn code(&mut self, key: KeyId, place: Place<'_>, words: &[u8]) -> Outcome<[u8; seal::CODE]> {
        Ok(self.key(key)?.code(place, words))
    }

    /// Whether this is the code of these words in this place.
    ///
    /// # Errors
    /// A destroyed key answers as "not there".
    pub fn is_code(&mut self, key: KeyId, place: Place<'_>, words: &[u8], code: &[u8]) -> Outcome<bool> {
        Ok(self.key(key)?.is_code(place, words, code))
    }

    /// Seals anything with a shape, as JSON.
    pub fn seal_json<T: serde::Serialize>(
        &mut self,
        key: KeyId,
        place: Place<'_>,
        plain: &T,
    ) -> Outcome<Vec<u8>> {
        let json = serde_json::to_vec(plain).map_err(crate::Trouble::broken)?;
        self.seal(key, place, &json)
    }

    /// Opens what [`Tx::seal_json`] sealed.
    pub fn open_json<T: serde::de::DeserializeOwned>(&mut self, place: Place<'_>, cell: &[u8]) -> Outcome<T> {
        let json = self.open(place, cell)?;
        serde_json::from_slice(&json).map_err(crate::Trouble::broken)
    }

    /// Takes a data key that was found beside what it is for, in this transaction.
    ///
    /// # Errors
    /// Fails when the keyring lacks the key's epoch.
    pub fn take_key(&mut self, id: KeyId, wrapped: &seal::Wrapped) -> Outcome<()> {
        let key = self.house.vault.unwrap(id, wrapped).map_err(seal::Error::from)?;
        self.unlocked.insert(id, key);
        Ok(())
    }

    /// The data key itself, asked of the database once in a transaction and never kept beyond it.
    pub fn key(&mut self, id: KeyId) -> Outcome<&DataKey> {
        if !self.unlocked.contains_key(&id) {
            let key = seal::unlock(self.db, &self.house.vault, id)?;
            self.unlocked.insert(id, key);
        }
        self.unlocked.get(&id).ok_or_else(|| crate::Trouble::broken("a key vanished"))
    }
}
