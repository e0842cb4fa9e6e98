//! One database in two engines: SQLite in a file beside the program, or PostgreSQL for more than one node.
//!
//! A handler sends a closure to a database thread and awaits it; inside, all is synchronous. `write` answers after
//! COMMIT, never before. SQL is one text for both engines, with `$n` placeholders, kept in constants.
//!
//! Closures are `Fn` and may run more than once (a retry on PostgreSQL, a batch that breaks a rule at COMMIT on
//! SQLite): draw ids and read the clock outside. Keep them short: on SQLite everybody's writes wait for them.
//!
//! ```no_run
//! # use tasuki_base::db::{Db, Error, Tx};
//! # async fn example(db: Db, id: uuid::Uuid) -> Result<(), Error> {
//! fn rename(tx: &mut Tx, id: uuid::Uuid, name: &str) -> Result<i64, Error> {
//!     Ok(tx.one::<(i64,)>("UPDATE houses SET name = $2, rev = rev + 1 WHERE id = $1 RETURNING rev", &[&id, &name])?.0)
//! }
//! let rev = db.write::<_, Error>(move |tx| rename(tx, id, "new")).await?;
//! # Ok(()) }
//! ```

mod cell;
pub mod copy;
mod error;
pub mod list;
mod lite;
mod lite_write;
pub mod log;
mod migrate;
mod pg;
mod pg_line;
mod pg_link;
mod queue;
mod row;
pub mod tap;
#[cfg(test)]
pub(crate) mod tests;
mod tx;

pub use crate::columns;
pub use error::{Error, Result, Rule};
pub use migrate::Migration;
pub use row::{Beside, Cells, FromRow, Part, Row};
pub use tasuki_value::{Bind, Col, Value};
pub use tx::{Spent, Tx};

use queue::{Kind, Queue};
use std::path::Path;
use std::sync::Arc;

/// Which of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    Lite,
    Pg,
}

/// A handle on the database; clones share it. Its threads end when the last handle goes.
#[derive(Clone)]
pub struct Db(Arc<Doors>);

struct Doors {
    engine: Engine,
    look: Arc<Queue>,
    /// On PostgreSQL the same queue as `look`.
    change: Arc<Queue>,
    /// On SQLite alone: PostgreSQL is never near.
    near: Option<lite::Near>,
}

impl Drop for Doors {
    fn drop(&mut self) {
        self.look.close();
        self.change.close();
    }
}

impl Db {
    /// SQLite in this file, which is made if missing (its folder is not), with so many reading connections: one per
    /// core, and at least two, serve best.
    ///
    /// # Errors
    /// [`Error::Settings`] or [`Error::Lite`] when the file cannot be a database.
    pub fn lite(file: &Path, readers: usize) -> Result<Self> {
        let (look, change) = (Arc::default(), Arc::default());
        let near = Some(lite::open(file, readers, &look, &change)?);
        Ok(Self(Arc::new(Doors { engine: Engine::Lite, look, change, near })))
    }

    /// PostgreSQL at this URL, over so many connections: below eight, writes that wait for a lock starve the rest.
    /// A `schema` is the whole search path, and is made if missing. Blocks until the first connection stands.
    ///
    /// A server beyond this machine must speak TLS unless the URL says `sslmode=disable`.
    ///
    /// # Errors
    /// [`Error::Settings`] for a wrong URL, [`Error::Away`] when the server does not let us in.
    pub fn pg(url: &str, threads: usize, schema: Option<&str>) -> Result<Self> {
        let queue = Arc::<Queue>::default();
        let doors = Doors { engine: Engine::Pg, look: Arc::clone(&queue), change: queue, near: None };
        pg::open(pg_line::Line::new(url, schema)?, threads, &doors.look)?;
        Ok(Self(Arc::new(doors)))
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Looks without changing. On SQLite all statements see one moment, on PostgreSQL each its own.
    ///
    /// # Errors
    /// The closure's own, or an [`Error`] turned into its type.
    pub async fn read<T, E>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.look.ask(Kind::Read, look).await
    }

    /// As [`Db::read`], for a few point lookups: on SQLite they are taken on the caller's own thread, so nothing
    /// that searches or opens many rows belongs here.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn glance<T, E>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let look = match &self.0.near {
            Some(near) => match near.look(look) {
                Ok(answer) => return answer,
                Err(look) => look,
            },
            None => look,
        };
        self.read(look).await
    }

    /// As [`Db::read`], but all statements see one moment on both engines: for exports and whole views.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn snapshot<T, E>(
        &self,
        look: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.look.ask(Kind::Snapshot, look).await
    }

    /// Changes in one transaction: all of it durable when this returns `Ok`, none of it when it returns an error,
    /// except that [`Error::Uncertain`] means what it says. Once begun it is finished even if the future is dropped.
    ///
    /// # Errors
    /// The closure's own, or an [`Error`] turned into its type.
    pub async fn write<T, E>(
        &self,
        change: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.change.ask(Kind::Write, change).await
    }

    /// Runs on the writer while nobody of this process writes, outside any transaction: for [`tap::Tap`]. On SQLite
    /// alone.
    ///
    /// # Errors
    /// The closure's own; [`Error::Busy`] when too many wait.
    pub async fn between<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        if self.engine() != Engine::Lite {
            return Err(Error::Settings("only SQLite has a log of its own".to_owned()));
        }
        self.0.change.ask(Kind::Between, work).await
    }

    /// For filling a new house at once, until [`Db::filled`]: SQLite's writer keeps more in memory and copies its log
    /// into the file seldom. PostgreSQL stays as it is set.
    ///
    /// # Errors
    /// The engine's.
    pub async fn filling(&self) -> Result<()> {
        self.set_writer(lite::FILLING).await
    }

    /// Back to everyday, with all of the log copied into the file.
    ///
    /// # Errors
    /// The engine's.
    pub async fn filled(&self) -> Result<()> {
        self.set_writer(lite::FILLED).await
    }

    async fn set_writer(&self, settings: &'static str) -> Result<()> {
        match self.engine() {
            Engine::Lite => self.between(move |tx| tx.script(settings)).await,
            Engine::Pg => Ok(()),
        }
    }

    /// Prepares every statement without running it and tells which the engine refuses, and why: for the test that
    /// holds all stores' constants against both engines.
    ///
    /// # Errors
    /// Only when the database cannot be reached.
    pub async fn prepare_all(&self, statements: Vec<&'static str>) -> Result<Vec<(&'static str, Error)>> {
        self.read(move |tx| {
            let refused = |sql: &&'static str| tx.check(sql).err().map(|error| (*sql, error));
            Ok(statements.iter().filter_map(refused).collect())
        })
        .await
    }
}

fn thread(name: String, work: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map(drop)
        .map_err(|error| Error::Settings(format!("no thread for the database: {error}")))
}
