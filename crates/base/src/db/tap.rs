//! Draws what is committed in SQLite out of its log, all of it and in order, for a copy elsewhere.
//!
//! A log must not begin anew before it was read. A connection of its own holds a read transaction open, which keeps
//! everybody, other processes too, from that (as Litestream does). When the log has grown, [`Tap::turn_over`] lets go
//! of it for as long as a checkpoint takes, while nobody can write: docs/decisions/0008-continuous-copy.md.

use super::error::{Error, Result};
use super::lite::{self, connect};
use super::log::{Found, Mark, Pages, Reader};
use super::tx::Tx;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Frames in the log after which it is worth a checkpoint: SQLite's own measure.
const LONG: u32 = 1000;
/// Further frames after which a checkpoint that readers stood in the way of is tried again.
const AGAIN: u32 = 500;

/// While the log is held, a commit would try in vain to move it, and the longer it is the longer that takes. Beyond
/// this it does all the same: 600 MiB, more than anybody should hold.
const RARELY: &str = "PRAGMA wal_autocheckpoint = 150000";

/// A hand on a database's log.
pub struct Tap {
    /// In a read transaction, except inside [`Tap::turn_over`].
    holder: Connection,
    /// Keeps writers of other processes out inside [`Tap::turn_over`].
    guard: Connection,
    reader: Reader,
    /// Never closed: closing it would drop the locks that SQLite holds on the same file in this process.
    file: ManuallyDrop<File>,
    log: PathBuf,
    /// When a checkpoint was tried last.
    tried: Option<Mark>,
    /// The log was let go and could not be taken again.
    slipped: bool,
}

impl Tap {
    /// Begins where the log ends, or goes on at a mark if the log still has it. Nothing committed from here on is
    /// missed, until [`Found::Lost`] says so.
    ///
    /// To be called where nobody of this process writes: see [`Db::between`](super::Db::between).
    ///
    /// # Errors
    /// When the file or its log cannot be read.
    pub fn open(tx: &mut Tx<'_>, path: &Path, mark: Option<Mark>) -> Result<Self> {
        tx.one::<(i64,)>(RARELY, &[])?;
        let holder = connect(path)?;
        // What is not copied yet is to be in the log when the house opens again.
        holder.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let guard = connect(path)?;
        guard.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        guard.busy_timeout(Duration::from_secs(2))?;
        hold(&holder)?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let log = PathBuf::from(log);
        let reader = Reader::new(File::open(&log).map_err(disk)?, None);
        let file = ManuallyDrop::new(File::open(path).map_err(disk)?);
        let mut tap = Self { holder, guard, reader, file, log, tried: None, slipped: false };
        match mark {
            Some(mark) if tap.reader.mark_at(mark.frames).map_err(disk)? == Some(mark) => {
                tap.reader.mark = Some(mark);
            }
            _ => tap.begin()?,
        }
        Ok(tap)
    }

    /// What to do when there is no tap any more: the log is moved as ever.
    ///
    /// # Errors
    /// The database's.
    pub fn let_go(tx: &mut Tx<'_>) -> Result<()> {
        tx.one::<(i64,)>(lite::MOVED, &[]).map(drop)
    }

    /// Whether it went on where the mark was.
    #[must_use]
    pub fn goes_on(&self, mark: Option<Mark>) -> bool {
        mark.is_some() && self.reader.mark == mark
    }

    /// How far it has drawn.
    #[must_use]
    pub const fn mark(&self) -> Option<Mark> {
        self.reader.mark
    }

    /// What was committed since the last look.
    ///
    /// # Errors
    /// The disk's.
    pub fn take(&mut self) -> Result<Found> {
        if self.slipped {
            return Ok(Found::Lost);
        }
        self.reader.take().map_err(disk)
    }

    /// Whether the log has grown so long that it is to be moved into the database.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.reader.mark.is_some_and(|mark| {
            let tried = self.tried.filter(|tried| tried.same_log(&mark));
            mark.frames >= tried.map_or(LONG, |tried| tried.frames + AGAIN)
        })
    }

    /// Whether the database's file alone is the database as far as it was drawn.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.reader.whole
    }

    /// Bytes in the log's file: what an unreachable place makes grow.
    #[must_use]
    pub fn log_size(&self) -> u64 {
        std::fs::metadata(&self.log).map_or(0, |about| about.len())
    }

    /// Draws the rest and moves the log into the database, so that it begins anew with the next commit; whether all
    /// of it got there tells [`Tap::is_whole`].
    ///
    /// To be called where nobody of this process writes: see [`Db::between`](super::Db::between).
    ///
    /// # Errors
    /// When another process writes for long, or the disk refuses. What was drawn is lost if the mark has moved.
    pub fn turn_over(&mut self) -> Result<Found> {
        self.guard.execute_batch("BEGIN IMMEDIATE")?;
        let turned = self.draw_and_move();
        self.hold_again()?;
        turned
    }

    /// Before anybody else may write again.
    fn hold_again(&mut self) -> Result<()> {
        let held = if self.holder.is_autocommit() { hold(&self.holder) } else { Ok(()) };
        self.slipped |= held.is_err();
        self.guard.execute_batch("ROLLBACK")?;
        held
    }

    fn draw_and_move(&mut self) -> Result<Found> {
        let mut all = Pages::default();
        loop {
            match self.take()? {
                Found::Nothing => break,
                Found::Lost => return Ok(Found::Lost),
                Found::Pages(more) => {
                    all.size = more.size;
                    all.pages.extend(more.pages);
                }
            }
        }
        let frames = self.reader.mark.map_or(0, |mark| mark.frames);
        self.tried = self.reader.mark;
        let (logged, moved) = self.checkpoint()?;
        self.reader.whole = logged == moved && (logged == frames || logged == 0);
        Ok(if all.pages.is_empty() { Found::Nothing } else { Found::Pages(all) })
    }

    /// From the end of the log as it is.
    fn begin(&mut self) -> Result<()> {
        self.guard.execute_batch("BEGIN IMMEDIATE")?;
        let begun = self.checkpoint().and_then(|(logged, moved)| {
            self.reader.mark = self.reader.mark_at(logged).map_err(disk)?;
            self.reader.whole = logged == moved;
            Ok(())
        });
        self.hold_again()?;
        begun
    }

    /// Lets go of the log: answers how many frames it has, and how many of them are in the database.
    fn checkpoint(&self) -> Result<(u32, u32)> {
        self.holder.execute_batch("COMMIT")?;
        let count = |row: &rusqlite::Row<'_>| Ok((row.get(1)?, row.get(2)?));
        Ok(self.holder.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], count)?)
    }

    /// The length of the database's file.
    ///
    /// # Errors
    /// The disk's.
    pub fn file_size(&self) -> Result<u64> {
        self.file.metadata().map(|about| about.len()).map_err(disk)
    }

    /// A piece of the database's file as it lies there. Pages may be newer than others and even torn; the log of
    /// that time, laid over them, makes them whole.
    ///
    /// # Errors
    /// The disk's.
    pub fn piece(&self, at: u64, length: usize) -> Result<Vec<u8>> {
        let (mut bytes, mut read) = (vec![0; length], 0);
        while read < length {
            match self.file.read_at(&mut bytes[read..], at + read as u64).map_err(disk)? {
                0 => break,
                more => read += more,
            }
        }
        bytes.truncate(read);
        Ok(bytes)
    }
}

/// Opens a read transaction: from here on the log is kept.
fn hold(conn: &Connection) -> Result<()> {
    conn.execute_batch("BEGIN")?;
    conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(())
}

fn disk(error: std::io::Error) -> Error {
    Error::Settings(format!("the log of the database: {error}"))
}

/// Whether SQLite finds the database in this file whole. Nobody may have it open.
///
/// # Errors
/// When it is none.
pub fn is_whole(path: &Path) -> Result<bool> {
    let conn = connect(path)?;
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok(said == "ok")
}
