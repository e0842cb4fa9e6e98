//! The key of a form that makes something: drawn when the form is shown. Pressed twice, or sent again after a broken
//! line, it makes one thing.

use super::Tx;
use crate::trouble::Outcome;
use tasuki_base::hash::hex;
use tasuki_law::nouns::Person;
use uuid::Uuid;

/// Letters of an id as a form carries it.
const ID: usize = 32;

impl Tx<'_, '_> {
    /// A fresh key for a form that this person is shown.
    ///
    /// # Errors
    /// When the database fails.
    pub fn once(&mut self, person: &Person) -> Outcome<String> {
        let id = self.draw();
        let mark = self.mark_once(person, id)?;
        Ok(format!("{}{mark}", id.simple()))
    }

    /// The id that the form's key stands for; one that is new where the house gave this person no such key.
    ///
    /// # Errors
    /// When the database fails.
    pub fn id_once(&mut self, person: &Person, key: &str) -> Outcome<Uuid> {
        let id = key.get(..ID).and_then(|id| Uuid::try_parse(id).ok());
        if let Some(id) = id
            && key.get(ID..) == Some(&self.mark_once(person, id)?)
        {
            return Ok(id);
        }
        Ok(self.draw())
    }

    fn mark_once(&mut self, person: &Person, id: Uuid) -> Outcome<String> {
        let own = self.own_key();
        let words = [b"once".as_slice(), person.account.0.as_bytes(), id.as_bytes()].concat();
        Ok(hex(&self.key(own)?.mac(&words)[..16]))
    }
}
