//! The house: what every handler holds, and the transaction every room's function works in.

mod change;
mod closing;
mod meter;
mod once;
mod presence;
mod pulse;
mod sealing;
mod shelf;
mod sight;
pub mod store;
mod tx;

pub use closing::Closing;
pub use meter::Meter;
pub use presence::{Listening, Presence};
pub use pulse::Pulse;
pub use shelf::{Label, Shelf, What};
pub use sight::{FILES, Look, Seen};
use tx::Draw;
pub use tx::{Tx, cell};

use crate::audit::{self, Looks, Recent};
use crate::config::Config;
use crate::events::{Marks, Relay};
use crate::trouble::Outcome;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use tasuki_base::blobs::Blobs;
use tasuki_base::db::{Db, Engine};
use tasuki_base::mail::Mailer;
use tasuki_base::password::Hasher;
use tasuki_base::seal::{self, KeyId, Vault};
use tasuki_base::{Chance, Clock};
use tasuki_value::Ts;

/// A handle on everything; cheap to clone.
#[derive(Clone)]
pub struct House {
    rooms: Arc<Rooms>,
    /// What is opened here is opened for somebody: see [`House::for_people`].
    for_people: bool,
}

/// What the house is made of.
#[derive(Clone)]
pub struct Rooms {
    pub config: Config,
    pub db: Db,
    pub vault: Vault,
    pub blobs: Blobs,
    pub mailer: Mailer,
    pub hasher: Hasher,
    pub clock: Clock,
    pub chance: Chance,
    pub relay: Relay,
    /// What was looked at lately.
    pub looks: Looks,
    /// What this node wrote down lately.
    pub recent: Recent,
    /// What was opened lately.
    pub shelf: Shelf,
    /// Who listens to a stream right now.
    pub presence: Presence,
    pub pulse: Pulse,
    pub meter: Meter,
    pub closing: Closing,
    /// The installation's own data key: sign-ups under way, held mails.
    pub own_key: KeyId,
    /// What it signs its record with.
    pub marks: Marks,
}

impl Deref for House {
    type Target = Rooms;

    fn deref(&self) -> &Rooms {
        &self.rooms
    }
}

impl<'a> Tx<'a, '_> {
    /// What the house signs its record with.
    #[must_use]
    pub const fn marks(&self) -> &'a Marks {
        &self.house.marks
    }
}

impl House {
    #[must_use]
    pub fn new(rooms: Rooms) -> Self {
        Self { rooms: Arc::new(rooms), for_people: false }
    }

    /// The house as requests find it: no transaction of theirs opens a word of a place unless it is noted who sees
    /// what, or that it is an act which stands in the chronicle by itself ([`Tx::look`], [`Tx::acts`]).
    #[must_use]
    pub fn for_people(mut self) -> Self {
        self.for_people = true;
        self
    }

    #[must_use]
    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// Looks things up. May run more than once. What was noted as seen is on the record before this answers.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let draw = Draw::from(self);
        let house = self.clone();
        let found = self.db.read(move |tx| sight::seen(&mut Tx::looking(tx, &house, draw), &look)).await?;
        self.recorded(found).await
    }

    /// What was found, once it is written down that somebody sees it.
    async fn recorded<T>(&self, (found, seen): (T, Vec<Seen>)) -> Outcome<T> {
        let due = self.looks.due(seen, self.now());
        if !due.is_empty() {
            let lines = due.lines();
            self.write(move |tx| audit::write_down(tx, &lines)).await?;
            due.written();
        }
        Ok(found)
    }

    /// As [`House::read`], for a few point lookups: see [`Db::glance`].
    pub async fn glance<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Tx<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let draw = Draw::from(self);
        let house = self.clone();
        let found = self.db.glance(move |tx| sight::seen(&mut Tx::looking(tx, &house, draw), &look)).await?;
        self.recorded(found).await
    }

    /// Changes things, in one transaction that is durable once this answers. May run more than once.
    ///
    /// On SQLite the listeners hear in it what is little work, which saves it a second commit. On PostgreSQL each of
    /// their statements is a way to another process and back, and all posts would wait for the same errand's row:
    /// there the relay hears for many at once.
    pub async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&mut Tx<'_, '_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let change = Arc::new(Mutex::new(change));
        let mut done = change::run(self, Arc::clone(&change), self.db.engine() == Engine::Lite).await;
        if let Err(stopped) = &done
            && stopped.by_listener
        {
            // No listener's failure is to cost anybody a post: it hears again later, by itself.
            stopped.trouble.log();
            done = change::run(self, change, false).await;
        }
        match done {
            Ok((done, announced)) => {
                self.recent.wrote(&announced.events, self.now());
                announced.due.written();
                self.relay.happened(self, &announced.events);
                announced.hints.into_iter().for_each(|topic| self.relay.hub().ring(topic));
                if announced.wait {
                    self.relay.nudge();
                }
                Ok(done)
            }
            // It may have happened all the same.
            Err(stopped) => {
                self.relay.nudge();
                Err(stopped.trouble)
            }
        }
    }

    /// A new data key, durable before the transaction that first uses it.
    pub async fn mint_key(&self) -> Outcome<KeyId> {
        let key = seal::mint(&self.db, &self.vault, &self.chance, self.now()).await?;
        Ok(key.id())
    }
}
