//! SQLite: readers on connections of their own, and one writer ([`lite_write`]).

use super::cell::Cell;
use super::error::{Error, Result};
use super::lite_write;
use super::queue::{self, Job, Queue};
use super::row::{FromRow, Row};
use super::tx::{Anchor, Conn, Tx};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Statement};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -16000;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
";

/// The log is moved into the database after so many pages. What is written again and again (ends of tables, the row of
/// a busy place) is then moved once instead of four times, and a reader still finds a page by one look into the index.
pub(super) const MOVED: &str = "PRAGMA wal_autocheckpoint = 4000";
/// Each page is then written once for many rows, not again and again. What takes a statement back is kept in a file:
/// in memory it is walked from its beginning after every statement, and here a transaction has thousands.
pub(super) const FILLING: &str =
    "PRAGMA cache_size = -400000; PRAGMA wal_autocheckpoint = 100000; PRAGMA temp_store = FILE";
pub(super) const FILLED: &str = "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;
    PRAGMA temp_store = MEMORY; PRAGMA wal_checkpoint(TRUNCATE)";

/// Opens the file (made if missing, for its owner only) and starts the threads.
pub(super) fn open(file: &Path, readers: usize, look: &Arc<Queue>, change: &Arc<Queue>) -> Result<Near> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(file)
        .map_err(|error| Error::Settings(format!("{}: {error}", file.display())))?;
    // One that was made by another hand, or another version; the engine gives its log the same mode.
    crate::disk::tighten(file).map_err(|error| Error::Settings(format!("{}: {error}", file.display())))?;
    let writer = connect(file)?;
    writer.execute_batch(MOVED)?;
    let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Settings(format!(
            "{}: write-ahead logging is not possible there",
            file.display()
        )));
    }
    let near = Near::default();
    for number in 0..readers.max(1) {
        near.put(reader(file)?);
        let reader = reader(file)?;
        let queue = Arc::clone(look);
        super::thread(format!("db-read-{number}"), move || read_on(&reader, &queue))?;
    }
    let queue = Arc::clone(change);
    super::thread("db-write".to_owned(), move || lite_write::write_on(&writer, &queue))?;
    Ok(near)
}

fn reader(file: &Path) -> Result<Connection> {
    let conn = connect(file)?;
    conn.execute_batch("PRAGMA query_only = ON")?;
    Ok(conn)
}

/// Reading connections without a thread of their own: a look that is short is taken where the caller stands, for
/// the way to another thread and back costs more than the look.
#[derive(Default)]
pub(super) struct Near(Mutex<Vec<Connection>>);

impl Near {
    /// Looks here and now; hands the closure back when every connection is in use.
    pub fn look<F, T, E>(&self, closure: F) -> Result<Result<T, E>, F>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let Some(conn) = self.free().pop() else { return Err(closure) };
        let answer = queue::at_once(closure, |job| look(&conn, job));
        self.put(conn);
        Ok(answer)
    }

    fn put(&self, conn: Connection) {
        self.free().push(conn);
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn connect(file: &Path) -> Result<Connection> {
    let conn = Connection::open(file)?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.set_prepared_statement_cache_capacity(1024);
    // "zzz" is never a string, as on PostgreSQL.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // Otherwise most statements are compiled anew for every new argument: a quarter of a page's work.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(SETTINGS)?;
    Ok(conn)
}

fn read_on(conn: &Connection, queue: &Queue) {
    queue.serve(1, |jobs| {
        for job in jobs {
            look(conn, job);
        }
    });
}

/// Inside a transaction, so that all the closure's statements see one moment.
fn look(conn: &Connection, mut job: Box<dyn Job>) {
    if job.gone() {
        return;
    }
    let fate = clear(conn).and_then(|()| step(conn, "BEGIN")).and_then(|()| {
        run(conn, &mut *job);
        step(conn, "COMMIT")
    });
    job.answer(fate);
}

pub(super) fn run(conn: &Connection, job: &mut dyn Job) -> bool {
    let anchor = Anchor;
    job.run(&mut Tx::new(Conn::Lite(conn), &anchor))
}

/// Ends a transaction that a failure left open.
pub(super) fn clear(conn: &Connection) -> Result<()> {
    if conn.is_autocommit() { Ok(()) } else { step(conn, "ROLLBACK") }
}

pub(super) fn step(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

pub(super) fn query<T: FromRow>(
    conn: &Connection,
    sql: &str,
    args: &[Cell<'_>],
    most: usize,
) -> Result<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    bind(&mut statement, args)?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while found.len() < most
        && let Some(row) = rows.next()?
    {
        found.push(T::from_row(&Row::lite(row))?);
    }
    Ok(found)
}

pub(super) fn stream(
    conn: &Connection,
    sql: &str,
    each: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        each(&Row::lite(row))?;
    }
    Ok(())
}

pub(super) fn exec(conn: &Connection, sql: &str, args: &[Cell<'_>]) -> Result<u64> {
    let mut statement = conn.prepare_cached(sql)?;
    bind(&mut statement, args)?;
    Ok(statement.raw_execute()? as u64)
}

pub(super) fn check(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?;
    Ok(())
}

/// To SQLite `$2` is a name, numbered by its first use in the text: the number in the name decides, not the place.
fn bind(statement: &mut Statement<'_>, args: &[Cell<'_>]) -> Result<()> {
    if statement.parameter_count() != args.len() {
        return Err(Error::Arguments);
    }
    for place in 1..=args.len() {
        let name = statement.parameter_name(place).and_then(|name| name.strip_prefix('$'));
        let number = name.and_then(|name| name.parse::<usize>().ok()).unwrap_or(0);
        let arg = number.checked_sub(1).and_then(|index| args.get(index)).ok_or(Error::Arguments)?;
        statement.raw_bind_parameter(place, arg)?;
    }
    Ok(())
}
