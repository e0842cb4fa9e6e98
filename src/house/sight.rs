//! Who sees what: noted in the transaction in which the right to it was asked for, and on the record before the answer.

use super::Tx;
use crate::audit;
use crate::{Outcome, Trouble};
use tasuki_law::nouns::{EventKind, GroupId, PatientId, Person, Who};
use uuid::Uuid;

/// What somebody is about to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// How it is called in the record of use.
    pub kind: EventKind,
    pub group: Option<GroupId>,
    pub patient: Option<PatientId>,
    /// The thing itself, where it is less than the place: a post, a file, a consent.
    pub subject: Option<Uuid>,
}

impl Look {
    /// A place, or a page about it.
    #[must_use]
    pub const fn at(kind: EventKind, group: GroupId, patient: Option<PatientId>) -> Self {
        Self { kind, group: Some(group), patient, subject: None }
    }

    /// A list of many places: one look, whatever stands in it.
    #[must_use]
    pub const fn over(kind: EventKind) -> Self {
        Self { kind, group: None, patient: None, subject: None }
    }

    #[must_use]
    pub const fn of(mut self, subject: Uuid) -> Self {
        self.subject = Some(subject);
        self
    }
}

/// A look and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    pub person: Person,
    pub look: Look,
}

/// Whether words of places may be opened in a transaction.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// Nobody may without a reason.
    guarded: bool,
    reason: bool,
    seen: Vec<Seen>,
}

impl Sight {
    pub const fn new(guarded: bool) -> Self {
        Self { guarded, reason: false, seen: Vec::new() }
    }
}

/// Files of places, among all others.
pub const FILES: &str = "files of places";

/// The tables in which words about patients and other places lie sealed.
const OF_PLACES: &[&str] =
    &["bylines", "consents", "groups", "patient_changes", "patients", "post_versions", "posts", FILES];

impl Tx<'_, '_> {
    /// Notes that somebody is about to see something; whoever cuts the key says so. What does not concern a patient is
    /// no line of the record, and the house's own jobs are nobody.
    pub fn look(&mut self, who: &Who, look: Look) {
        self.sight.reason = true;
        let concerns = look.patient.is_some() || look.group.is_none();
        let Some(person) = who.person().filter(|_| concerns) else { return };
        let seen = Seen { person: *person, look };
        if !self.sight.seen.contains(&seen) {
            self.sight.seen.push(seen);
        }
    }

    /// What is opened from here on is opened for an act that stands in the chronicle by itself, or is one's own.
    pub const fn acts(&mut self) {
        self.sight.reason = true;
    }

    /// Refuses what would be seen without a line.
    ///
    /// # Errors
    /// Words of a place, and nobody said who sees them.
    pub fn sees(&self, table: &str) -> Outcome<()> {
        let sight = &self.sight;
        if sight.guarded && !sight.reason && OF_PLACES.contains(&table) {
            return Err(Trouble::broken("words of a place without a look"));
        }
        Ok(())
    }

    pub(super) fn take_seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.sight.seen)
    }

    /// What was seen in a change goes on the record with it.
    pub(super) fn write_down(&mut self) -> Outcome<()> {
        let seen = self.take_seen();
        if seen.is_empty() {
            return Ok(());
        }
        let now = self.now();
        let due = self.house.looks.due(seen, now);
        audit::write_down(self, &due.lines())?;
        self.announced.due = due;
        Ok(())
    }
}

/// What a look found, and what was seen of it.
pub(super) fn seen<'a, 'c, T>(
    tx: &mut Tx<'a, 'c>,
    look: &impl Fn(&mut Tx<'_, '_>) -> Outcome<T>,
) -> Outcome<(T, Vec<Seen>)> {
    let found = look(tx)?;
    Ok((found, tx.take_seen()))
}
