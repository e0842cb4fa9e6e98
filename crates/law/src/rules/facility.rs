//! A facility: its staff, its invitations, its own record of use.

use super::{MySeat, professional};
use crate::nouns::{AccountId, FacilityId, SeatId, Who};
use crate::{Key, Refusal, Why};
use tasuki_value::Moment;

/// What must be known of a facility before anything is decided.
#[derive(Clone, Copy, Debug)]
pub struct FacilityFacts<'tx> {
    pub moment: Moment<'tx>,
    pub facility: FacilityId,
    /// The asker's living seat there.
    pub mine: Option<MySeat>,
    /// How many living seats there have administrator rights.
    pub admins: i64,
}

/// A seat as the thing acted on.
#[derive(Clone, Copy, Debug)]
pub struct TheirSeat {
    pub seat: SeatId,
    pub account: AccountId,
    pub admin: bool,
    pub ended: bool,
}

/// See the facility from inside: its staff, its patients' names.
#[derive(Debug)]
pub struct SeeFacility {
    pub facility: FacilityId,
    pub seat: SeatId,
    pub account: AccountId,
    pub admin: bool,
}

/// Invite a person to the staff.
#[derive(Debug)]
pub struct InviteStaff {
    pub facility: FacilityId,
    pub seat: SeatId,
    pub account: AccountId,
    /// The invitation waits for an administrator first.
    pub needs_approval: bool,
}

/// Decide on invitations, administrator rights and the facility's own facts.
#[derive(Debug)]
pub struct ManageFacility {
    pub facility: FacilityId,
    pub seat: SeatId,
    pub account: AccountId,
}

/// End a seat, and with it every membership entered through it.
#[derive(Debug)]
pub struct EndSeat {
    pub facility: FacilityId,
    pub seat: SeatId,
    /// Whose seat ends.
    pub account: AccountId,
    /// Who ends it.
    pub by: AccountId,
}

/// Register a patient as this facility's record.
#[derive(Debug)]
pub struct RegisterPatient {
    pub facility: FacilityId,
    pub seat: SeatId,
    pub account: AccountId,
}

/// Read the facility's record of use.
#[derive(Debug)]
pub struct SeeRecord {
    pub facility: FacilityId,
    pub account: AccountId,
}

fn inside(who: &Who, facts: &FacilityFacts<'_>) -> Result<(AccountId, MySeat), Refusal> {
    let person = professional(who)?;
    facts.mine.map(|mine| (person.account, mine)).ok_or(Refusal::Unseen)
}

fn administrator(who: &Who, facts: &FacilityFacts<'_>) -> Result<(AccountId, MySeat), Refusal> {
    let (account, mine) = inside(who, facts)?;
    if mine.admin { Ok((account, mine)) } else { Err(Refusal::Because(Why::NotFacilityAdmin)) }
}

pub fn see<'tx>(who: &Who, facts: &FacilityFacts<'tx>) -> Result<Key<'tx, SeeFacility>, Refusal> {
    let (account, mine) = inside(who, facts)?;
    let act = SeeFacility { facility: facts.facility, seat: mine.seat, account, admin: mine.admin };
    Ok(Key::cut(facts.moment, act))
}

pub fn invite_staff<'tx>(who: &Who, facts: &FacilityFacts<'tx>) -> Result<Key<'tx, InviteStaff>, Refusal> {
    let (account, mine) = inside(who, facts)?;
    let act = InviteStaff { facility: facts.facility, seat: mine.seat, account, needs_approval: !mine.admin };
    Ok(Key::cut(facts.moment, act))
}

pub fn manage<'tx>(who: &Who, facts: &FacilityFacts<'tx>) -> Result<Key<'tx, ManageFacility>, Refusal> {
    let (account, mine) = administrator(who, facts)?;
    Ok(Key::cut(facts.moment, ManageFacility { facility: facts.facility, seat: mine.seat, account }))
}

/// An administrator ends a colleague's seat, anyone ends their own; the last administrator does neither to
/// themselves without a successor.
pub fn end_seat<'tx>(
    who: &Who,
    facts: &FacilityFacts<'tx>,
    theirs: &TheirSeat,
) -> Result<Key<'tx, EndSeat>, Refusal> {
    let (account, mine) = inside(who, facts)?;
    if theirs.ended {
        return Err(Refusal::Because(Why::AlreadyDecided));
    }
    if theirs.seat != mine.seat && !mine.admin {
        return Err(Refusal::Because(Why::NotFacilityAdmin));
    }
    if theirs.admin && facts.admins <= 1 {
        return Err(Refusal::Because(Why::LastAdmin));
    }
    let act = EndSeat { facility: facts.facility, seat: theirs.seat, account: theirs.account, by: account };
    Ok(Key::cut(facts.moment, act))
}

pub fn register_patient<'tx>(
    who: &Who,
    facts: &FacilityFacts<'tx>,
) -> Result<Key<'tx, RegisterPatient>, Refusal> {
    let (account, mine) = inside(who, facts)?;
    Ok(Key::cut(facts.moment, RegisterPatient { facility: facts.facility, seat: mine.seat, account }))
}

pub fn see_record<'tx>(who: &Who, facts: &FacilityFacts<'tx>) -> Result<Key<'tx, SeeRecord>, Refusal> {
    let (account, _) = administrator(who, facts)?;
    Ok(Key::cut(facts.moment, SeeRecord { facility: facts.facility, account }))
}
