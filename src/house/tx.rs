//! One transaction of the house: the database's, with the keys, the moment and the ids that go with it.

use super::shelf::{Label, What};
use super::sight::Sight;
use super::{House, Rooms};
use crate::audit::Due;
use crate::config::Config;
use crate::events::{Event, Topic};
use crate::trouble::Outcome;
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tasuki_base::Chance;
use tasuki_base::db;
use tasuki_base::seal::{DataKey, KeyId, Place};
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
    pub(super) db: &'a mut db::Tx<'c>,
    pub(super) house: &'a Rooms,
    pub(super) sight: Sight,
    draw: Draw,
    drawn: u128,
    pub(super) unlocked: HashMap<KeyId, DataKey>,
    /// The keys of errands that wait, at least until it ends.
    held: HashSet<String>,
    /// Only looks: what it opens may be shared. A change may yet be taken back.
    looks: bool,
    /// Whether what happens in it is heard in it, where that is little work.
    hears: bool,
    pub(super) announced: Announced,
}

/// What was written down in a transaction.
#[derive(Default)]
pub(super) struct Announced {
    pub events: Vec<Event>,
    /// What was seen in it, as far as it was due.
    pub due: Due,
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
    pub(super) fn new(db: &'a mut db::Tx<'c>, house: &'a House, draw: Draw) -> Self {
        let (unlocked, held, announced) = (HashMap::new(), HashSet::new(), Announced::default());
        let sight = Sight::new(house.for_people);
        Self { db, house, sight, draw, drawn: 0, unlocked, held, looks: false, hears: false, announced }
    }

    /// One in which what happens is heard, where that is little work.
    pub(super) fn hearing(db: &'a mut db::Tx<'c>, house: &'a House, draw: Draw) -> Self {
        let mut tx = Self::new(db, house, draw);
        tx.hears = true;
        tx
    }

    pub(super) fn looking(db: &'a mut db::Tx<'c>, house: &'a House, draw: Draw) -> Self {
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
        self.acts();
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
        self.sees(label.what.table())?;
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
}

/// The place of a cell: what it is bound to, so that it opens nowhere else.
#[must_use]
pub const fn cell<'a>(table: &'a str, column: &'a str, row: Uuid) -> Place<'a> {
    Place { table, column, row }
}
