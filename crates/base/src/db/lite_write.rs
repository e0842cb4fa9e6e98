//! SQLite's one writer: it commits once for many, and answers each after that.

use super::error::{Error, Result};
use super::lite::{clear, run, step};
use super::queue::{Job, Kind, Queue};
use rusqlite::{Connection, ErrorCode};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many closures share one COMMIT at most …
const BATCH: usize = 128;
/// … and so long: whoever is first in a batch waits for the last.
const BATCH_TIME: Duration = Duration::from_millis(20);
const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) fn write_on(conn: &Connection, queue: &Queue) {
    queue.serve(BATCH, |mut waiting| {
        while !waiting.is_empty() {
            settle(conn, &mut waiting, Some(queue));
        }
    });
}

/// One transaction for as many of the waiting as it can take, and who comes meanwhile; each is answered after COMMIT.
fn settle(conn: &Connection, waiting: &mut VecDeque<Box<dyn Job>>, queue: Option<&Queue>) {
    if let Some(mut job) = waiting.pop_front_if(|job| job.kind() == Kind::Between) {
        let fate = clear(conn);
        if fate.is_ok() {
            run(conn, &mut *job);
        }
        return job.answer(fate);
    }
    if let Err(error) = clear(conn).and_then(|()| step(conn, BEGIN)) {
        return tell(waiting.drain(..), &error);
    }
    let (ran, lost) = run_batch(conn, waiting, queue);
    let settled = lost.map_or_else(|| step(conn, "COMMIT"), Err);
    let Err(error) = settled else {
        return ran.into_iter().for_each(|job| job.answer(Ok(())));
    };
    // Whatever is left of the transaction; BEGIN would complain about it.
    let _ = clear(conn);
    match error {
        // A deferred rule broke: who broke it shows when each runs alone.
        Error::Broken(..) if ran.len() > 1 => {
            for job in ran {
                settle(conn, &mut VecDeque::from([job]), None);
            }
        }
        error => tell(ran, &error),
    }
}

/// Runs jobs until none waits, time is up, or SQLite has given the whole transaction up.
fn run_batch(
    conn: &Connection,
    waiting: &mut VecDeque<Box<dyn Job>>,
    queue: Option<&Queue>,
) -> (Vec<Box<dyn Job>>, Option<Error>) {
    let begun = Instant::now();
    let (mut ran, mut first) = (Vec::with_capacity(waiting.len()), true);
    loop {
        if let Some(queue) = queue.filter(|_| waiting.is_empty()) {
            // Who came while the others ran need not wait for a commit of their own.
            waiting.extend(queue.at_hand(BATCH.saturating_sub(ran.len())));
        }
        let Some(mut job) = waiting.pop_front_if(|job| job.kind() != Kind::Between) else { break };
        if job.gone() {
            continue;
        }
        let kept = run_one(conn, &mut *job, first);
        ran.push(job);
        match kept {
            Ok(good) => first &= !good,
            Err(error) => return (ran, Some(error)),
        }
        if begun.elapsed() > BATCH_TIME {
            break;
        }
    }
    (ran, None)
}

/// A job that fails takes back only what it did itself: all of the transaction, where nobody did anything before it.
fn run_one(conn: &Connection, job: &mut dyn Job, first: bool) -> Result<bool> {
    if !first {
        step(conn, "SAVEPOINT job")?;
    }
    let good = run(conn, job);
    // On a full disk SQLite rolls the whole transaction back by itself.
    if conn.is_autocommit() {
        let why = "the database gave the transaction up: is the disk full?";
        return Err(Error::NotCommitted(why.to_owned()));
    }
    match (good, first) {
        (true, true) => {}
        (false, true) => step(conn, "ROLLBACK").and_then(|()| step(conn, BEGIN))?,
        (true, false) => step(conn, "RELEASE job")?,
        (false, false) => step(conn, "ROLLBACK TO job").and_then(|()| step(conn, "RELEASE job"))?,
    }
    Ok(good)
}

/// Tells all of them the same: also those that failed by themselves, for what they saw is not there any more.
fn tell(jobs: impl IntoIterator<Item = Box<dyn Job>>, error: &Error) {
    for job in jobs {
        job.answer(Err(match error {
            Error::Broken(rule, name) => Error::Broken(*rule, name.clone()),
            Error::Busy => Error::Busy,
            // The frames may already be in the log: the next start could find them whole.
            Error::Lite(error) if error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure) => {
                Error::Uncertain
            }
            Error::NotCommitted(why) => Error::NotCommitted(why.clone()),
            other => Error::NotCommitted(other.to_string()),
        }));
    }
}
