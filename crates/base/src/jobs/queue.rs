use super::{DeadJob, Job, MOST_TRIES, NewJob, back_off};
use crate::db::{Result, Tx};
use tasuki_value::Ts;
use uuid::Uuid;

const TWIN: &str = "SELECT id FROM jobs WHERE dedupe = $1";
// DO NOTHING would not lock the one that waits: claimed and done before our change is visible, it would miss it.
const ENQUEUE: &str = "INSERT INTO jobs (id, kind, payload, dedupe, run_at, tries, made_at)
    VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (dedupe) DO UPDATE SET dedupe = excluded.dedupe RETURNING id";
const DONE: &str = "DELETE FROM jobs WHERE id = $1 AND lease = $2";
const BURY: &str = "UPDATE jobs SET dead_at = $3, last_error = $4, leased_until = NULL, lease = NULL
    WHERE id = $1 AND lease = $2";
const PUT_BACK: &str =
    "UPDATE jobs SET run_at = $3, last_error = $4, dedupe = $5, leased_until = NULL, lease = NULL
    WHERE id = $1 AND lease = $2";
const HOLDS: &str = "SELECT id FROM jobs WHERE id = $1 AND lease = $2";
const MERGE: &str = "UPDATE jobs SET tries = $2, last_error = $4,
        run_at = CASE WHEN run_at < $3 THEN $3 ELSE run_at END
    WHERE dedupe = $1";
const WAITING: &str = "SELECT count(*) FROM jobs WHERE dead_at IS NULL";
const NEXT_AT: &str = "SELECT min(coalesce(leased_until, run_at)) FROM jobs WHERE dead_at IS NULL";
const DEAD: &str = "SELECT id, kind, payload, tries, last_error, made_at, dead_at FROM jobs
    WHERE dead_at IS NOT NULL ORDER BY dead_at, id";
const REVIVE: &str =
    "UPDATE jobs SET dead_at = NULL, tries = 0, run_at = $2 WHERE id = $1 AND dead_at IS NOT NULL";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[TWIN, ENQUEUE, DONE, BURY, PUT_BACK, HOLDS, MERGE, WAITING, NEXT_AT, DEAD, REVIVE];

/// Writes a job; tells whether it is new, or one with its key waits already: that one then runs after this
/// transaction, and sees it.
///
/// # Errors
/// What the database says.
pub fn enqueue(tx: &mut Tx<'_>, job: NewJob<'_>, now: Ts) -> Result<bool> {
    // Mostly one waits already: to hold it writes nothing.
    if job.dedupe.is_some() && !tx.lock_rows::<(Uuid,)>(TWIN, &[&job.dedupe])?.is_empty() {
        return Ok(false);
    }
    let args: [&dyn crate::db::Bind; 6] = [&job.id, &job.kind, &job.payload, &job.dedupe, &job.run_at, &now];
    Ok(tx.one::<(Uuid,)>(ENQUEUE, &args)?.0 == job.id)
}

/// The job is done and its row goes; tells whether it was still ours. If not, another worker runs it again.
///
/// # Errors
/// What the database says.
pub fn done(tx: &mut Tx<'_>, job: &Job) -> Result<bool> {
    Ok(tx.exec(DONE, &[&job.id, &job.lease])? == 1)
}

/// The run failed: the job comes back after [`back_off`], or is dead after [`MOST_TRIES`]; tells whether it was
/// still ours. `code` names the error without a word about anyone.
///
/// # Errors
/// What the database says; `Broken(Unique)` when a twin came this very moment: call again.
pub fn retry(tx: &mut Tx<'_>, job: &Job, now: Ts, code: &str) -> Result<bool> {
    if job.tries >= MOST_TRIES {
        return Ok(tx.exec(BURY, &[&job.id, &job.lease, &now, &code])? == 1);
    }
    let run_at = now.plus(back_off(job.tries));
    if job.dedupe.is_some() {
        if tx.lock_rows::<(Uuid,)>(HOLDS, &[&job.id, &job.lease])?.is_empty() {
            return Ok(false);
        }
        // A twin was called for meanwhile: it does this work too, and takes over how often it has failed.
        if tx.exec(MERGE, &[&job.dedupe, &job.tries, &run_at, &code])? > 0 {
            return done(tx, job);
        }
    }
    Ok(tx.exec(PUT_BACK, &[&job.id, &job.lease, &run_at, &code, &job.dedupe])? == 1)
}

/// How many wait or run, the dead not counted.
///
/// # Errors
/// What the database says.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.one::<(i64,)>(WAITING, &[])?.0)
}

/// When the next one can be claimed; a worker may sleep until then. A lease may run out first.
///
/// # Errors
/// What the database says.
pub fn next_at(tx: &mut Tx<'_>) -> Result<Option<Ts>> {
    Ok(tx.one::<(Option<Ts>,)>(NEXT_AT, &[])?.0)
}

/// Those given up, oldest first.
///
/// # Errors
/// What the database says.
pub fn dead(tx: &mut Tx<'_>) -> Result<Vec<DeadJob>> {
    tx.all(DEAD, &[])
}

/// Gives a dead job all its tries again, from now on; tells whether there was such a one.
///
/// # Errors
/// What the database says.
pub fn revive(tx: &mut Tx<'_>, id: Uuid, now: Ts) -> Result<bool> {
    Ok(tx.exec(REVIVE, &[&id, &now])? == 1)
}
