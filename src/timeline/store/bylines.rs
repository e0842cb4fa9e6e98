//! Bylines: kept once for as long as they stay true, named by each post that was written meanwhile.

use crate::groups::Ground;
use crate::house::{What, cell};
use crate::timeline::Byline;
use crate::{Outcome, Tx};
use std::sync::Arc;
use tasuki_base::columns;
use tasuki_law::Key;
use tasuki_law::nouns::{FacilityId, PostId, Profession, SeatId, TimelineId};
use tasuki_law::rules::timeline::WriteTimeline;
use uuid::Uuid;

/// The byline `b` that a post `p` names, as SQL; none for a post of before, which holds its own in `p.byline`.
macro_rules! named {
    () => {
        "LEFT JOIN bylines b ON b.timeline = p.timeline AND b.seat = p.seat AND b.number = p.byline_number"
    };
}
pub(crate) use named;

const INSERT: &str = "INSERT INTO bylines (timeline, seat, number, id, sealed) VALUES ($1, $2, $3, $4, $5)";

pub const STATEMENTS: &[&str] = &[INSERT];

/// The seat of who asks as it is now, if they have one in the place, and what was written down of it there last.
pub struct Found {
    family: Option<String>,
    given: Option<String>,
    profession: Option<Profession>,
    facility: Option<String>,
    number: Option<i64>,
    id: Option<Uuid>,
    sealed: Option<Vec<u8>>,
}
columns!(Found: family, given, profession, facility, number, id, sealed);

impl Found {
    /// The writer whose seat it is; none where nobody sits.
    pub fn writer(
        self,
        ground: Ground,
        key: &Key<'_, WriteTimeline>,
        facility: FacilityId,
    ) -> Option<Writer> {
        let byline = Byline {
            family: self.family?,
            given: self.given?,
            profession: self.profession?,
            facility: self.facility?,
        };
        let newest = self.number.zip(self.id).zip(self.sealed);
        let newest = newest.map(|((number, id), sealed)| (number, id, sealed));
        Some(Writer { ground, timeline: key.timeline, seat: key.seat, facility, byline, newest })
    }
}

/// Who is about to write, and where. The place is locked.
pub struct Writer {
    pub ground: Ground,
    timeline: TimelineId,
    seat: SeatId,
    pub facility: FacilityId,
    /// As they stand now.
    pub byline: Byline,
    /// The newest one that is kept of them here, if there is any: its number, its id, and what is sealed.
    newest: Option<(i64, Uuid, Vec<u8>)>,
}

impl Writer {
    /// The number of their byline in this timeline: a new one if what is kept is true no more.
    pub fn number(&self, tx: &mut Tx) -> Outcome<i64> {
        if let Some((number, id, sealed)) = &self.newest
            && *open(tx, *id, sealed)? == self.byline
        {
            return Ok(*number);
        }
        let (number, id) = (self.newest.as_ref().map_or(0, |(number, ..)| *number) + 1, tx.draw());
        let sealed = tx.seal_json(self.ground.data_key, cell("bylines", "sealed", id), &self.byline)?;
        tx.put(INSERT, &[&self.timeline, &self.seat, &number, &id, &sealed])?;
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
