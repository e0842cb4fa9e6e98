use super::{Job, MOST_TRIES};
use crate::db::{Result, Tx, list};
use tasuki_value::Ts;
use uuid::Uuid;

/// How a claim is made.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// A fresh id: whoever shows it holds the jobs.
    pub lease: Uuid,
    pub now: Ts,
    /// Microseconds.
    pub lease_for: i64,
    pub limit: i64,
    /// Only these kinds; `None`: any.
    pub kinds: Option<&'a [&'a str]>,
}

const FREE: &str = "SELECT id, dedupe, tries FROM jobs
    WHERE dead_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
      AND (CAST($2 AS TEXT) IS NULL OR kind IN (SELECT value FROM json_each(CAST($2 AS TEXT))))
    ORDER BY run_at, id LIMIT $3";
const BURY: &str =
    "UPDATE jobs SET dead_at = $2, last_error = 'lease_ran_out', leased_until = NULL, lease = NULL
    WHERE id = $1";
const TAKE: &str = "UPDATE jobs SET lease = $2, leased_until = $3, tries = tries + 1, dedupe = NULL
    WHERE id = $1 AND dead_at IS NULL AND (leased_until IS NULL OR leased_until <= $4)
    RETURNING kind, payload, tries";
const RENEW: &str = "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND lease = $2";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FREE, BURY, TAKE, RENEW];

/// Takes jobs that are due, oldest first. Nobody else gets them before the lease ends.
///
/// # Errors
/// What the database says.
pub fn claim(tx: &mut Tx<'_>, claim: &Claim<'_>) -> Result<Vec<Job>> {
    let kinds = claim.kinds.map(list::texts);
    let free: Vec<(Uuid, Option<String>, i64)> =
        tx.lock_free_rows(FREE, &[&claim.now, &kinds, &claim.limit])?;
    let leased_until = claim.now.plus(claim.lease_for);
    let mut taken = Vec::with_capacity(free.len());
    for (id, dedupe, tries) in free {
        // Whoever held it died with it, every time: it must not take the next worker down too.
        if tries >= MOST_TRIES {
            tx.exec(BURY, &[&id, &claim.now])?;
            continue;
        }
        let held = tx.opt::<(String, String, i64)>(TAKE, &[&id, &claim.lease, &leased_until, &claim.now])?;
        if let Some((kind, payload, tries)) = held {
            taken.push(Job { id, kind, payload, dedupe, tries, lease: claim.lease, leased_until });
        }
    }
    Ok(taken)
}

/// More time for a long job; tells whether it is still ours. If not, stop: another worker has it.
///
/// # Errors
/// What the database says.
pub fn renew(tx: &mut Tx<'_>, job: &Job, until: Ts) -> Result<bool> {
    Ok(tx.exec(RENEW, &[&job.id, &job.lease, &until])? == 1)
}
