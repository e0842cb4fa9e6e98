//! What shows whether a line of the chronicle is as the house wrote it: a keyed mark, made where it is written down.

use super::Event;
use tasuki_base::db::{self, FromRow, Row};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::{DataKey, Signet};
use tasuki_law::nouns::EventId;
use tasuki_value::Ts;
use uuid::Uuid;

/// So much of a mark stands in an event's row.
const SHORT: usize = 16;

/// What the house signs its record with. It comes forth from the house's own data key, so it is not in the database, and
/// turns, rotations, moves and restores leave it as it is.
#[derive(Clone, Debug)]
pub struct Marks {
    event: Signet,
    block: Signet,
    head: Signet,
}

impl Marks {
    #[must_use]
    pub fn of(own: &DataKey) -> Self {
        let signet = |purpose: &[u8]| own.signet(purpose);
        Self { event: signet(b"record event"), block: signet(b"record block"), head: signet(b"record head") }
    }

    /// The mark of an event.
    #[must_use]
    pub fn event(&self, digest: &[u8; 32]) -> Vec<u8> {
        self.event.sign(&[digest])[..SHORT].to_vec()
    }

    #[must_use]
    pub const fn block(&self) -> &Signet {
        &self.block
    }

    #[must_use]
    pub const fn head(&self) -> &Signet {
        &self.head
    }
}

impl Event {
    /// A fingerprint of all that the chronicle keeps of it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let ids = [
            self.account.map(|id| id.0),
            self.seat.map(|id| id.0),
            self.facility.map(|id| id.0),
            self.group.map(|id| id.0),
            self.patient.map(|id| id.0),
            self.subject,
            self.other.map(|id| id.0),
        ];
        digest(self.id.0, self.at, self.kind.code(), &ids, self.note.as_deref())
    }
}

fn digest(id: Uuid, at: Ts, kind: &str, ids: &[Option<Uuid>; 7], note: Option<&str>) -> [u8; 32] {
    let at = at.0.to_be_bytes();
    let bytes = |id: &Option<Uuid>| id.map(Uuid::into_bytes);
    let ids = ids.each_ref().map(bytes);
    let [account, seat, facility, group, patient, subject, other] =
        ids.each_ref().map(|id| id.as_ref().map_or(&[] as &[u8], |id| id.as_slice()));
    let note = note.unwrap_or_default().as_bytes();
    fingerprint([
        id.as_bytes().as_slice(),
        &at,
        kind.as_bytes(),
        account,
        seat,
        facility,
        group,
        patient,
        subject,
        other,
        note,
    ])
}

/// A line of the chronicle as it lies there, whoever put it there: its kind may be none.
#[derive(Clone, Debug)]
pub struct Written {
    pub id: EventId,
    pub at: Ts,
    pub kind: String,
    /// Over all that the chronicle keeps of it.
    pub digest: [u8; 32],
    pub mac: Option<Vec<u8>>,
}

impl Written {
    /// `ids`: account, seat, facility, group, patient, subject, the other person.
    #[must_use]
    pub fn new(
        id: EventId,
        at: Ts,
        kind: String,
        ids: &[Option<Uuid>; 7],
        note: Option<&str>,
        mac: Option<Vec<u8>>,
    ) -> Self {
        let digest = digest(id.0, at, &kind, ids, note);
        Self { id, at, kind, digest, mac }
    }

    /// Whether the house wrote it so.
    #[must_use]
    pub fn is_ours(&self, marks: &Marks) -> bool {
        self.mac.as_ref().is_some_and(|mac| mac.len() == SHORT && marks.event.is(&[&self.digest], mac))
    }
}

impl FromRow for Written {
    fn from_row(row: &Row<'_>) -> Result<Self, db::Error> {
        let ids = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?];
        let note: Option<String> = row.get(10)?;
        Ok(Self::new(row.get(0)?, row.get(1)?, row.get(2)?, &ids, note.as_deref(), row.get(11)?))
    }
}
