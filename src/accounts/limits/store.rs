use crate::{Outcome, Tx};

const COUNT_ATTEMPT: &str = "INSERT INTO attempts (bucket, who, since, count) VALUES ($1, $2, $3, 1)
  ON CONFLICT (bucket, who) DO UPDATE SET
    count = CASE WHEN attempts.since <= $4 THEN 1 ELSE attempts.count + 1 END,
    since = CASE WHEN attempts.since <= $4 THEN $3 ELSE attempts.since END
  RETURNING count";
const ATTEMPTS: &str = "SELECT count FROM attempts WHERE bucket = $1 AND who = $2 AND since > $3";
const TAKE_BACK: &str = "UPDATE attempts SET count = count - 1 WHERE bucket = $1 AND who = $2 AND count > 0";
const SWEEP_ATTEMPTS: &str = "DELETE FROM attempts WHERE bucket = $1 AND since <= $2";
const FORGET_ATTEMPTS: &str = "DELETE FROM attempts WHERE bucket = $1 AND who = $2";

pub const STATEMENTS: &[&str] = &[COUNT_ATTEMPT, ATTEMPTS, TAKE_BACK, SWEEP_ATTEMPTS, FORGET_ATTEMPTS];

/// Counts one try and answers how many there were in the present window.
pub fn count_attempt(tx: &mut Tx, bucket: &str, who: &[u8; 32], window: i64) -> Outcome<i64> {
    let now = tx.now();
    let over = now.minus(window);
    Ok(tx.one::<(i64,)>(COUNT_ATTEMPT, &[&bucket, &who.as_slice(), &now, &over])?.0)
}

/// How many tries there were in the present window.
pub fn attempts(tx: &mut Tx, bucket: &str, who: &[u8; 32], window: i64) -> Outcome<i64> {
    let over = tx.now().minus(window);
    let found = tx.opt::<(i64,)>(ATTEMPTS, &[&bucket, &who.as_slice(), &over])?;
    Ok(found.map_or(0, |(count,)| count))
}

pub fn take_back(tx: &mut Tx, bucket: &str, who: &[u8; 32]) -> Outcome<()> {
    tx.exec(TAKE_BACK, &[&bucket, &who.as_slice()])?;
    Ok(())
}

/// Forgets everybody's windows that are over.
pub fn sweep_attempts(tx: &mut Tx, bucket: &str, window: i64) -> Outcome<()> {
    let over = tx.now().minus(window);
    tx.exec(SWEEP_ATTEMPTS, &[&bucket, &over])?;
    Ok(())
}

pub fn forget_attempts(tx: &mut Tx, bucket: &str, who: &[u8; 32]) -> Outcome<()> {
    tx.exec(FORGET_ATTEMPTS, &[&bucket, &who.as_slice()])?;
    Ok(())
}
