//! What is set right in bulk after the sample's days were played: nobody was there to look or to hear.

use crate::{Outcome, Tx};

/// Posts left unread everywhere.
const UNREAD: i64 = 2;

const READ_ALMOST_ALL: &str = "UPDATE reads SET looked_at = $1,
    seq = (SELECT CASE WHEN t.seq > $2 THEN t.seq - $2 ELSE 0 END FROM timelines t WHERE t.id = reads.timeline),
    mailed_seq = (SELECT t.seq FROM timelines t WHERE t.id = reads.timeline),
    own = (SELECT count(*) FROM posts p JOIN timelines t ON t.id = p.timeline
      WHERE p.timeline = reads.timeline AND p.author = reads.account AND p.seq > t.seq - $2)";
const HEARD: &str = "UPDATE events SET delivered_at = at WHERE delivered_at IS NULL";

pub const STATEMENTS: &[&str] = &[READ_ALMOST_ALL, HEARD];

/// Everybody has read all but the newest posts, and was told of those.
pub fn read_almost_all(tx: &mut Tx) -> Outcome<()> {
    let now = tx.now();
    tx.exec(READ_ALMOST_ALL, &[&now, &UNREAD])?;
    Ok(())
}

/// Nobody needs to hear of days that never were.
pub fn heard(tx: &mut Tx) -> Outcome<()> {
    tx.exec(HEARD, &[])?;
    Ok(())
}
