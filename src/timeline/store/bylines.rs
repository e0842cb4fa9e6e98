//! Bylines: kept once for as long as they stay true, named by each post that was written meanwhile.

use crate::house::{What, cell};
use crate::timeline::Byline;
use crate::{Outcome, Tx};
use std::sync::Arc;
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{FacilityId, PostId, Profession, SeatId, TimelineId};
use uuid::Uuid;

/// The byline `b` that a post `p` names, as SQL; none for a post of before, which holds its own in `p.byline`.
macro_rules! named {
    () => {
        "LEFT JOIN bylines b ON b.timeline = p.timeline AND b.seat = p.seat AND b.number = p.byline_number"
    };
}
pub(crate) use named;

// The seat as it is now, and what was written down of it here last.
const WRITER: &str = "SELECT s.facility, a.family, a.given, s.profession, f.name, b.number, b.id, b.sealed
  FROM seats s JOIN accounts a ON a.id = s.account JOIN facilities f ON f.id = s.facility
  LEFT JOIN bylines b ON b.timeline = $2 AND b.seat = s.id
    AND b.number = (SELECT max(n.number) FROM bylines n WHERE n.timeline = $2 AND n.seat = $1)
  WHERE s.id = $1";
const INSERT: &str = "INSERT INTO bylines (timeline, seat, number, id, sealed) VALUES ($1, $2, $3, $4, $5)";

pub const STATEMENTS: &[&str] = &[WRITER, INSERT];

struct Row {
    facility: FacilityId,
    family: String,
    given: String,
    profession: Profession,
    facility_name: String,
    number: Option<i64>,
    id: Option<Uuid>,
    sealed: Option<Vec<u8>>,
}
columns!(Row: facility, family, given, profession, facility_name, number, id, sealed);

/// Who is about to write.
pub struct Writer {
    timeline: TimelineId,
    seat: SeatId,
    pub facility: FacilityId,
    /// As they stand now.
    pub byline: Byline,
    /// The newest one that is kept of them here, if there is any: its number, its id, and what is sealed.
    newest: Option<(i64, Uuid, Vec<u8>)>,
}

/// Who is about to write through this seat, with their newest byline here.
pub fn writer(tx: &mut Tx, timeline: TimelineId, seat: SeatId) -> Outcome<Writer> {
    let Row { facility, family, given, profession, facility_name, number, id, sealed } =
        tx.one(WRITER, &[&seat, &timeline])?;
    let byline = Byline { family, given, profession, facility: facility_name };
    let newest = number.zip(id).zip(sealed).map(|((number, id), sealed)| (number, id, sealed));
    Ok(Writer { timeline, seat, facility, byline, newest })
}

impl Writer {
    /// The number of their byline in this timeline: a new one if what is kept is true no more. The caller holds the lock
    /// of the place.
    pub fn number(&self, tx: &mut Tx, key: KeyId) -> Outcome<i64> {
        if let Some((number, id, sealed)) = &self.newest
            && *open(tx, *id, sealed)? == self.byline
        {
            return Ok(*number);
        }
        let (number, id) = (self.newest.as_ref().map_or(0, |(number, ..)| *number) + 1, tx.draw());
        let sealed = tx.seal_json(key, cell("bylines", "sealed", id), &self.byline)?;
        tx.exec(INSERT, &[&self.timeline, &self.seat, &number, &id, &sealed])?;
        Ok(number)
    }
}

/// The byline of a post. `kept`: the row that the post names; none with posts of before, which hold their own.
pub fn of_post(tx: &mut Tx, post: PostId, kept: Option<Uuid>, sealed: &[u8]) -> Outcome<Arc<Byline>> {
    match kept {
        Some(id) => open(tx, id, sealed),
        None => tx.open_json(cell("posts", "byline", post.0), sealed).map(Arc::new),
    }
}

/// Opened once for all posts that name it.
fn open(tx: &mut Tx, id: Uuid, sealed: &[u8]) -> Outcome<Arc<Byline>> {
    tx.shared_cell((What::Byline, id, sealed), |tx| tx.open_json(cell("bylines", "sealed", id), sealed))
}

#[cfg(test)]
mod tests;
