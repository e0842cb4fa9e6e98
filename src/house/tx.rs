//! One transaction of the house: the database's, with the keys, the moment and the ids that go with it.

use super::shelf::{Label, What};
use super::{House, Rooms};
use crate::config::Config;
use crate::events::{Event, Topic};
use crate::trouble::Outcome;
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tasuki_base::Chance;
use tasuki_base::db;
use tasuki_base::seal::{self, DataKey, KeyId, Place};
use tasuki_base::text;
use tasuki_law::nouns::EventKind;
use tasuki_value::Ts;
use uuid::Uuid;

/// What is drawn before a transaction, so that every run of its closure gets the same.
#[derive(Clone, Copy)]
pub(super) struct Draw {
    now: Ts,
    seed: u128,
}

impl From<&House> for Draw {
    fn from(house: &House) -> Self {
        let now = house.clock.now();
        Self { now, seed: house.chance.uuid(now).as_u128() }
    }
}

/// One transaction, with the keys, the moment and the ids that go with it.
pub struct Tx<'a, 'c> {
    db: &'a mut db::Tx<'c>,
    pub(super) house: &'a Rooms,
    draw: Draw,
    drawn: u128,
    unlocked: HashMap<KeyId, DataKey>,
    /// The keys of errands that wait, at least until it ends.
    held: HashSet<String>,
    /// Only looks: what it opens may be shared. A change may yet be taken back.
    looks: bool,
    /// Whether what happens in it is heard in it, where that is little work.
    hears: bool,
    announced: Announced,
}

/// What was written down in a transaction.
#[derive(Default)]
pub(super) struct Announced {
    pub events: Vec<Event>,
    /// What open pages are to look at once it is durable, beside what was written down.
    pub hints: Vec<Topic>,
    /// Not all of it was heard at once: the relay is to come.
    pub wait: bool,
}

impl Drop for Tx<'_, '_> {
    fn drop(&mut self) {
        self.house.meter.add(self.db.spent());
    }
}

impl<'c> Deref for Tx<'_, 'c> {
    type Target = db::Tx<'c>;

    fn deref(&self) -> &db::Tx<'c> {
        self.db
    }
}

impl DerefMut for Tx<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.db
    }
}

impl<'a, 'c> Tx<'a, 'c> {
    pub(super) fn new(db: &'a mut db::Tx<'c>, house: &'a Rooms, draw: Draw) -> Self {
        let (unlocked, held, announced) = (HashMap::new(), HashSet::new(), Announced::default());
        Self { db, house, draw, drawn: 0, unlocked, held, looks: false, hears: false, announced }
    }

    /// One in which what happens is heard, where that is little work.
    pub(super) fn hearing(db: &'a mut db::Tx<'c>, house: &'a Rooms, draw: Draw) -> Self {
        let mut tx = Self::new(db, house, draw);
        tx.hears = true;
        tx
    }

    pub(super) fn looking(db: &'a mut db::Tx<'c>, house: &'a Rooms, draw: Draw) -> Self {
        let mut tx = Self::new(db, house, draw);
        tx.looks = true;
        tx
    }

    /// What was written down in it, for whoever is to hear of it once it is durable.
    pub(super) fn take_announced(&mut self) -> Announced {
        std::mem::take(&mut self.announced)
    }

    /// Whether the listeners hear of such an event before this transaction ends.
    #[must_use]
    pub fn is_heard_at_once(&self, kind: EventKind) -> bool {
        self.hears && self.house.relay.hears_at_once(kind)
    }

    /// Rings the open pages of this node once it is durable, for a change that nobody writes down.
    pub fn hint(&mut self, topic: Topic) {
        self.announced.hints.push(topic);
    }

    /// Keeps what was written down, for whoever is to hear of it once it is durable.
    pub fn announced(&mut self, event: Event) {
        self.announced.wait |= !self.is_heard_at_once(event.kind);
        self.announced.events.push(event);
    }

    /// Lets the listeners hear what is heard at once, and what that brings about in turn.
    pub(super) fn hear(&mut self) -> Outcome<()> {
        let (house, mut next) = (self.house, 0);
        while let Some(event) = self.announced.events.get(next).cloned() {
            if self.is_heard_at_once(event.kind) {
                house.relay.hear_at_once(self, &event)?;
            }
            next += 1;
        }
        Ok(())
    }

    /// What stands on the shelf under a label, or what is made now and may stand there from here on. The law and the
    /// key of what is asked for are to be asked before, in this transaction.
    ///
    /// # Errors
    /// Those of the making.
    pub fn shared<T: Send + Sync + 'static>(
        &mut self,
        label: Label,
        weight: impl Fn(&T) -> usize,
        make: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<Arc<T>> {
        if self.looks
            && let Some(thing) = self.house.shelf.find(&label)
        {
            return Ok(thing);
        }
        let thing = Arc::new(make(self)?);
        if self.looks {
            self.house.shelf.put(label, &thing, weight(&thing));
        }
        Ok(thing)
    }

    /// Whether this transaction has seen to it already that an errand of this key waits; from here on it has.
    pub fn holds_errand(&mut self, dedupe: &str) -> bool {
        !self.held.insert(dedupe.to_owned())
    }

    /// The settings of the house.
    #[must_use]
    pub const fn config(&self) -> &'a Config {
        &self.house.config
    }

    /// The installation's own data key.
    #[must_use]
    pub const fn own_key(&self) -> KeyId {
        self.house.own_key
    }

    /// The clock reading of this transaction: the same in every run of its closure.
    #[must_use]
    pub const fn now(&self) -> Ts {
        self.draw.now
    }

    /// A new id, the same in every run of the closure; wrap it: `PostId(tx.draw())`.
    pub fn draw(&mut self) -> Uuid {
        self.drawn += 1;
        // The low 62 bits of a version 7 UUID are chance: counting there keeps version, time and order.
        let low = (1_u128 << 62) - 1;
        let id = (self.draw.seed & !low) | ((self.draw.seed + self.drawn) & low);
        Uuid::from_u128(id)
    }

    /// Randomness, for codes and nonces.
    #[must_use]
    pub const fn chance(&self) -> &'a Chance {
        &self.house.chance
    }

    /// As [`Tx::shared`], for what is made of one sealed cell alone.
    ///
    /// # Errors
    /// Those of the making.
    pub fn shared_cell<T: Send + Sync + 'static>(
        &mut self,
        (what, id, cell): (What, Uuid, &[u8]),
        make: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<Arc<T>> {
        match Label::of_cell(what, id, cell) {
            Some(label) => self.shared(label, |_| 256 + cell.len(), make),
            None => make(self).map(Arc::new),
        }
    }

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

/// The place of a cell: what it is bound to, so that it opens nowhere else.
#[must_use]
pub const fn cell<'a>(table: &'a str, column: &'a str, row: Uuid) -> Place<'a> {
    Place { table, column, row }
}
