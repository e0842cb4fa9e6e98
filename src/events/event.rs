use tasuki_law::nouns::{AccountId, EventId, EventKind, FacilityId, GroupId, PatientId, SeatId, TimelineId};
use tasuki_value::Ts;
use uuid::Uuid;

/// Something that happened: ids and codes only, never a word of anybody.
#[derive(Clone, Debug)]
pub struct Event {
    /// Nil until it is written down.
    pub id: EventId,
    pub at: Ts,
    pub kind: EventKind,
    /// Who did it; none: the house itself.
    pub account: Option<AccountId>,
    pub seat: Option<SeatId>,
    /// The facility whose record of use shows it.
    pub facility: Option<FacilityId>,
    pub group: Option<GroupId>,
    pub patient: Option<PatientId>,
    /// The thing itself.
    pub subject: Option<Uuid>,
    /// Where it was written, while it happens: the chronicle does not keep it.
    pub timeline: Option<TimelineId>,
    /// The other person it concerns.
    pub other: Option<AccountId>,
    /// A code of a closed list, or a number.
    pub note: Option<String>,
}

impl Event {
    #[must_use]
    pub const fn new(kind: EventKind) -> Self {
        Self {
            id: EventId(Uuid::nil()),
            at: Ts(0),
            kind,
            account: None,
            seat: None,
            facility: None,
            group: None,
            patient: None,
            subject: None,
            timeline: None,
            other: None,
            note: None,
        }
    }

    #[must_use]
    pub const fn by(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    #[must_use]
    pub const fn seated(mut self, seat: SeatId) -> Self {
        self.seat = Some(seat);
        self
    }

    #[must_use]
    pub const fn at_facility(mut self, facility: FacilityId) -> Self {
        self.facility = Some(facility);
        self
    }

    #[must_use]
    pub const fn in_group(mut self, group: GroupId) -> Self {
        self.group = Some(group);
        self
    }

    #[must_use]
    pub const fn of_patient(mut self, patient: PatientId) -> Self {
        self.patient = Some(patient);
        self
    }

    #[must_use]
    pub const fn about(mut self, subject: Uuid) -> Self {
        self.subject = Some(subject);
        self
    }

    #[must_use]
    pub const fn written_in(mut self, timeline: TimelineId) -> Self {
        self.timeline = Some(timeline);
        self
    }

    #[must_use]
    pub const fn concerning(mut self, other: AccountId) -> Self {
        self.other = Some(other);
        self
    }

    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}
