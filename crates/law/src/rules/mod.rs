//! The law, one file per noun. Each rule takes who asks and the facts, and answers with a key or a refusal.

pub mod facility;
pub mod group;
pub mod invitation;
pub mod patient;
pub mod person;
pub mod timeline;

use crate::Refusal;
use crate::nouns::{AccountId, FacilityId, MemberId, MemberRole, SeatId};
use crate::nouns::{AccountKind, Person, Who};

/// The asker's living seat at a facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MySeat {
    pub seat: SeatId,
    pub facility: FacilityId,
    pub admin: bool,
}

/// The asker's living membership in a group, entered through a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MyMembership {
    pub member: MemberId,
    pub seat: SeatId,
    pub facility: FacilityId,
    pub role: MemberRole,
    /// The facility of the seat counts as a medical institution.
    pub medical_institution: bool,
}

/// Somebody else's membership, or my own, as the thing acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TheirMembership {
    pub member: MemberId,
    pub account: AccountId,
    pub role: MemberRole,
}

fn person(who: &Who) -> Result<&Person, Refusal> {
    match who {
        Who::Person(person) => Ok(person),
        Who::Nobody => Err(Refusal::SignIn),
        Who::System(_) => Err(Refusal::Unseen),
    }
}

fn professional(who: &Who) -> Result<&Person, Refusal> {
    let person = person(who)?;
    if person.kind == AccountKind::Professional { Ok(person) } else { Err(Refusal::Unseen) }
}
