//! One transaction, as a room sees it: plain synchronous statements.

use super::cell::Cell;
use super::error::{Error, Result};
use super::lite;
use super::pg;
use super::pg_link::Link;
use super::row::{FromRow, Row};
use super::{Bind, Engine};
use tasuki_value::{Moment, Value};

/// One transaction; `'c` is its life, and what is tied to it ([`Tx::moment`]) dies with it.
///
/// Placeholders are `$1`, `$2` … in any order and as often as wanted, each used at least once. Texts are constants,
/// prepared once per connection. A statement that fails spoils the whole transaction: whatever the closure then
/// claims, it is rolled back, and every further statement is refused.
pub struct Tx<'c> {
    conn: Conn<'c>,
    spoiled: Option<Spoiled>,
    moment: Moment<'c>,
    spent: Spent,
}

/// What a transaction has asked of the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub statements: u64,
    /// Rows that were answered or touched.
    pub rows: u64,
}

pub(super) enum Conn<'c> {
    Lite(&'c rusqlite::Connection),
    Pg(&'c mut Link),
}

/// What a failed statement means for the transaction; the worst stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Spoiled {
    /// It will fail again.
    Failed,
    /// Another transaction stood in the way: run it once more.
    Again,
    /// The connection is gone: run it once more on another.
    Dead,
}

/// What a SELECT does to the rows it finds, where an engine has row locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lock {
    No,
    Wait,
    Skip,
}

impl<'c> Tx<'c> {
    /// `anchor` lives as long as the transaction does and gives it its moment.
    pub(super) fn new(conn: Conn<'c>, anchor: &'c Anchor) -> Self {
        Self { conn, spoiled: None, moment: Moment::of(anchor), spent: Spent::default() }
    }

    /// All rows, in the order of the statement.
    ///
    /// # Errors
    /// Whatever stopped the statement; [`Error::Column`] when a row does not fit `T`.
    pub fn all<T: FromRow>(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<Vec<T>> {
        self.query(sql, Lock::No, args, usize::MAX)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub fn opt<T: FromRow>(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<Option<T>> {
        Ok(self.query(sql, Lock::No, args, 1)?.pop())
    }

    /// The first row, which is there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not (this does not spoil the transaction); else as [`Tx::all`].
    pub fn one<T: FromRow>(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<T> {
        self.opt(sql, args)?.ok_or(Error::NotFound)
    }

    /// Runs a statement that answers no rows, and tells how many it touched.
    ///
    /// # Errors
    /// Whatever stopped the statement. With `RETURNING`, ask [`Tx::all`] and its kin instead: SQLite refuses it here.
    pub fn exec(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<u64> {
        let touched = self.run(args, |conn, args| match conn {
            Conn::Lite(conn) => lite::exec(conn, sql, args),
            Conn::Pg(link) => link.exec(sql, args),
        })?;
        self.spent.rows += touched;
        Ok(touched)
    }

    /// Does this before the transaction ends, and before whatever is asked next: for a change whose count nobody needs
    /// ([`Spent`] takes it for one row on PostgreSQL). There nobody waits for it alone; should it fail, what is asked
    /// next fails, or the end.
    ///
    /// # Errors
    /// As [`Tx::exec`].
    pub fn put(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<()> {
        self.spent.rows += self.run(args, |conn, args| match conn {
            Conn::Lite(conn) => lite::exec(conn, sql, args),
            Conn::Pg(link) => link.put(sql, args).map(|()| 1),
        })?;
        Ok(())
    }

    /// The rows of a SELECT, locked until the transaction ends: `FOR UPDATE` on PostgreSQL; on SQLite a write
    /// transaction is alone anyway. Order the rows by id, or two transactions may wait for each other.
    ///
    /// # Errors
    /// As [`Tx::all`]; [`Error::Busy`] when a row stays locked too long.
    pub fn lock_rows<T: FromRow>(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<Vec<T>> {
        self.query(sql, Lock::Wait, args, usize::MAX)
    }

    /// As [`Tx::lock_rows`], where the rows themselves are not wanted: on SQLite nothing is asked at all.
    ///
    /// # Errors
    /// As [`Tx::lock_rows`].
    pub fn lock(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<()> {
        match self.engine() {
            Engine::Lite => Ok(()),
            Engine::Pg => self.query::<Locked>(sql, Lock::Wait, args, 0).map(drop),
        }
    }

    /// As [`Tx::lock_rows`], but passes over rows that another transaction holds: for queues.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub fn lock_free_rows<T: FromRow>(&mut self, sql: &'static str, args: &[&dyn Bind]) -> Result<Vec<T>> {
        self.query(sql, Lock::Skip, args, usize::MAX)
    }

    /// The life of this transaction, to tie keys to: what holds it cannot leave the closure.
    ///
    /// ```compile_fail,E0308
    /// # async fn escape(db: tasuki_base::db::Db) {
    /// let kept = db.write::<_, tasuki_base::db::Error>(|tx| Ok(tx.moment())).await;
    /// # }
    /// ```
    #[must_use]
    pub fn moment(&self) -> Moment<'c> {
        self.moment
    }

    /// Which engine runs it.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Lite(_) => Engine::Lite,
            Conn::Pg(_) => Engine::Pg,
        }
    }

    /// Every row of a SELECT without arguments, one at a time: for what does not fit into memory. Not kept prepared.
    ///
    /// # Errors
    /// As [`Tx::all`], and those of `each`.
    pub(super) fn stream(&mut self, sql: &str, each: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        self.run(&[], |conn, _| match conn {
            Conn::Lite(conn) => lite::stream(conn, sql, each),
            Conn::Pg(link) => link.stream(sql, each),
        })
    }

    /// Several statements at once, without arguments: migrations only.
    pub(super) fn script(&mut self, sql: &str) -> Result<()> {
        self.run(&[], |conn, _| match conn {
            Conn::Lite(conn) => Ok(conn.execute_batch(sql)?),
            Conn::Pg(link) => link.script(sql),
        })
    }

    /// Whether the statement can be prepared; a failure does not spoil the (reading) transaction.
    pub(super) fn check(&mut self, sql: &'static str) -> Result<()> {
        match &mut self.conn {
            Conn::Lite(conn) => lite::check(conn, sql),
            Conn::Pg(link) => link.check(sql),
        }
    }

    /// What it has asked of the engine so far.
    #[must_use]
    pub fn spent(&self) -> Spent {
        self.spent
    }

    pub(super) fn spoiled(&self) -> Option<Spoiled> {
        self.spoiled
    }

    fn query<T: FromRow>(
        &mut self,
        sql: &'static str,
        lock: Lock,
        args: &[&dyn Bind],
        most: usize,
    ) -> Result<Vec<T>> {
        let rows: Vec<T> = self.run(args, |conn, args| match conn {
            Conn::Lite(conn) => lite::query(conn, sql, args, most),
            Conn::Pg(link) => {
                let rows = link.query(sql, lock, args)?;
                rows.iter().take(most).map(|row| T::from_row(&Row::pg(row))).collect()
            }
        })?;
        self.spent.rows += rows.len() as u64;
        Ok(rows)
    }

    fn run<T>(
        &mut self,
        args: &[&dyn Bind],
        statement: impl FnOnce(&mut Conn<'c>, &[Cell<'_>]) -> Result<T>,
    ) -> Result<T> {
        if self.spoiled.is_some() {
            return Err(Error::Spoiled);
        }
        self.spent.statements += 1;
        let outcome = cells(args).and_then(|cells| statement(&mut self.conn, &cells));
        if let Err(error) = &outcome {
            self.spoiled = Some(match error {
                Error::Away(error) | Error::Pg(error) => pg::verdict(error),
                _ => Spoiled::Failed,
            });
        }
        outcome
    }
}

/// A row nobody looks at.
struct Locked;

impl FromRow for Locked {
    fn from_row(_: &Row<'_>) -> Result<Self> {
        Ok(Self)
    }
}

/// A place on the stack of whoever runs the transaction. See [`Tx::new`].
pub(super) struct Anchor;

/// What one engine takes and the other refuses, or both keep differently, is refused on both.
fn cells<'a>(args: &'a [&dyn Bind]) -> Result<Vec<Cell<'a>>> {
    let kept = |arg: &'a &dyn Bind| match arg.value() {
        Value::Text(text) if text.contains('\0') => Err(Error::Arguments),
        Value::Real(number) if number.is_nan() => Err(Error::Arguments),
        other => Ok(Cell(other)),
    };
    args.iter().map(kept).collect()
}
