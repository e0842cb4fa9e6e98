//! Work for later: rows with leases, written in the transaction that calls for them. Payloads hold ids only.
//!
//! The table comes with the application's migrations; [`tests`] hold the same text. A job runs at least once: its
//! worker [`claim`]s it, and says [`done`] or [`retry`] before the lease runs out. A worker that dies says nothing,
//! and the next one claims the job again.
//!
//! A `dedupe` key lets only one such job *wait*. Claiming gives the key up, so what happens while a job runs calls
//! for another run, and a dead job is in nobody's way.

mod claim;
mod queue;
#[cfg(test)]
mod tests;

pub use claim::{Claim, claim, renew};
pub use queue::{dead, done, enqueue, next_at, retry, revive, waiting};

use crate::columns;
use tasuki_value::{HOUR, SECOND, Ts};
use uuid::Uuid;

/// So many runs, then a person must look.
pub const MOST_TRIES: i64 = 8;

/// A job to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    /// JSON; ids and codes, never words about anyone.
    pub payload: &'a str,
    /// Only one job with this key waits at a time.
    pub dedupe: Option<&'a str>,
    /// Not before.
    pub run_at: Ts,
}

/// A job in a worker's hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub payload: String,
    /// The key it waited under.
    pub dedupe: Option<String>,
    /// This run included.
    pub tries: i64,
    pub lease: Uuid,
    pub leased_until: Ts,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    pub id: Uuid,
    pub kind: String,
    pub payload: String,
    pub tries: i64,
    pub last_error: Option<String>,
    pub made_at: Ts,
    pub dead_at: Ts,
}

columns!(DeadJob: id, kind, payload, tries, last_error, made_at, dead_at);

/// How long to wait after so many tries, in microseconds: 10 s, 20 s, 40 s … an hour at most.
#[must_use]
pub fn back_off(tries: i64) -> i64 {
    let doublings = (tries - 1).clamp(0, 30);
    ((10 * SECOND) << doublings).min(HOUR)
}
