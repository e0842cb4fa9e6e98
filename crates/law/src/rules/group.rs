//! A group: who is in it, who comes in, who goes.

use super::{MyMembership, MySeat, TheirMembership, professional};
use crate::nouns::{
    AccountId, ConsentState, FacilityId, GroupId, GroupKind, MemberId, MemberRole, PatientId, Person, SeatId,
    Who,
};
use crate::{Key, Refusal, Why};
use tasuki_value::Moment;

/// Who approves the invitation of a member without rights: the region's policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approver {
    /// An administrator of the originating facility (for a free group: of the inviter's facility).
    FacilityAdmin,
    /// An administrator of the group.
    GroupAdmin,
}

/// What must be known of a group before anything is decided.
#[derive(Clone, Copy, Debug)]
pub struct GroupFacts<'tx> {
    pub moment: Moment<'tx>,
    pub group: GroupId,
    pub kind: GroupKind,
    /// The originating facility of a patient group; the workplace of a workplace group.
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub closed: bool,
    /// The consent of a patient group's patient; `Valid` elsewhere.
    pub consent: ConsentState,
    pub approver: Approver,
    /// The asker's living membership.
    pub mine: Option<MyMembership>,
    /// The asker's living seat at the group's facility.
    pub office: Option<MySeat>,
    /// Whether the asker is an administrator of the facility through which they are a member.
    pub admin_of_my_seat: bool,
    /// How many living members are group administrators.
    pub admins: i64,
}

impl GroupFacts<'_> {
    fn office_admin(&self) -> bool {
        self.kind == GroupKind::Patient && self.office.is_some_and(|seat| seat.admin)
    }

    fn group_admin(&self) -> bool {
        self.mine.is_some_and(|mine| mine.role == MemberRole::Admin)
    }
}

/// See who is in the group.
#[derive(Debug)]
pub struct SeeMembers {
    pub group: GroupId,
    pub kind: GroupKind,
    pub account: AccountId,
    /// May remove, appoint and approve.
    pub manages: bool,
}

/// Invite somebody into the group.
#[derive(Debug)]
pub struct InviteMember {
    pub group: GroupId,
    pub kind: GroupKind,
    pub patient: Option<PatientId>,
    pub facility: Option<FacilityId>,
    pub seat: SeatId,
    pub account: AccountId,
    /// The invitation waits for an approver.
    pub needs_approval: bool,
    /// Invitations to other facilities wait until consent is in force.
    pub awaits_consent: bool,
}

/// Change what members are: appoint, name, describe.
#[derive(Debug)]
pub struct ManageGroup {
    pub group: GroupId,
    pub kind: GroupKind,
    pub account: AccountId,
}

/// End a membership.
#[derive(Debug)]
pub struct EndMembership {
    pub group: GroupId,
    pub member: MemberId,
    /// Whose membership ends.
    pub account: AccountId,
    /// Who ends it.
    pub by: AccountId,
}

/// Be told what the place is called.
#[derive(Debug)]
pub struct NamePlace {
    pub group: GroupId,
    pub account: AccountId,
}

/// Make a free group.
#[derive(Debug)]
pub struct CreateFreeGroup {
    pub seat: SeatId,
    pub account: AccountId,
}

/// Enter a patient group that one manages.
#[derive(Debug)]
pub struct AddOneself {
    pub group: GroupId,
    pub seat: SeatId,
    pub account: AccountId,
}

/// Any professional with a workplace makes free groups, as many as they like.
pub fn create_free<'tx>(
    who: &Who,
    moment: Moment<'tx>,
    seat: Option<MySeat>,
) -> Result<Key<'tx, CreateFreeGroup>, Refusal> {
    let person = professional(who)?;
    let seat = seat.ok_or(Refusal::Because(Why::NeedsSeat))?;
    Ok(Key::cut(moment, CreateFreeGroup { seat: seat.seat, account: person.account }))
}

/// Members, and administrators of a patient's originating facility.
fn inside<'w>(who: &'w Who, facts: &GroupFacts<'_>) -> Result<&'w Person, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() && !facts.office_admin() {
        return Err(Refusal::Unseen);
    }
    Ok(person)
}

/// Of a patient's place nobody outside the originating facility is told anything unless consent is in force.
fn consent_reaches(facts: &GroupFacts<'_>) -> Result<(), Refusal> {
    let at_home =
        facts.office.is_some() || facts.mine.is_some_and(|mine| Some(mine.facility) == facts.facility);
    match facts.consent {
        _ if at_home || facts.kind != GroupKind::Patient => Ok(()),
        ConsentState::Valid => Ok(()),
        ConsentState::Missing => Err(Refusal::Because(Why::NoConsent)),
        ConsentState::Withdrawn => Err(Refusal::Because(Why::ConsentWithdrawn)),
    }
}

/// Those who belong to the place, or were asked to, are told what it is called.
pub fn name<'tx>(who: &Who, facts: &GroupFacts<'tx>, invited: bool) -> Result<Key<'tx, NamePlace>, Refusal> {
    let person = professional(who)?;
    if facts.mine.is_none() && facts.office.is_none() && !invited {
        return Err(Refusal::Unseen);
    }
    consent_reaches(facts)?;
    Ok(Key::cut(facts.moment, NamePlace { group: facts.group, account: person.account }))
}

/// While consent is not in force, only where the patient is at home.
pub fn see_members<'tx>(who: &Who, facts: &GroupFacts<'tx>) -> Result<Key<'tx, SeeMembers>, Refusal> {
    let person = inside(who, facts)?;
    consent_reaches(facts)?;
    let manages = manages(facts);
    let act = SeeMembers { group: facts.group, kind: facts.kind, account: person.account, manages };
    Ok(Key::cut(facts.moment, act))
}

pub fn invite<'tx>(who: &Who, facts: &GroupFacts<'tx>) -> Result<Key<'tx, InviteMember>, Refusal> {
    let person = professional(who)?;
    let seat = match (facts.mine, facts.office) {
        (Some(mine), _) => mine.seat,
        (None, Some(office)) if facts.office_admin() => office.seat,
        _ => return Err(Refusal::Unseen),
    };
    if facts.kind == GroupKind::Facility {
        return Err(Refusal::Because(Why::FollowsStaff));
    }
    if facts.closed {
        return Err(Refusal::Because(Why::GroupClosed));
    }
    if facts.consent == ConsentState::Withdrawn {
        return Err(Refusal::Because(Why::ConsentWithdrawn));
    }
    consent_reaches(facts)?;
    let act = InviteMember {
        group: facts.group,
        kind: facts.kind,
        patient: facts.patient,
        facility: facts.facility,
        seat,
        account: person.account,
        needs_approval: !may_approve(facts),
        awaits_consent: facts.consent == ConsentState::Missing,
    };
    Ok(Key::cut(facts.moment, act))
}

/// Whether the asker's own invitations need nobody else's approval, and others' may be approved by them.
///
/// A free group belongs to no facility: there the administrators of the inviter's own seat approve.
#[must_use]
pub fn may_approve(facts: &GroupFacts<'_>) -> bool {
    match (facts.kind, facts.approver) {
        (GroupKind::Facility, _) => false,
        (GroupKind::Free, _) => facts.group_admin() || facts.admin_of_my_seat,
        (GroupKind::Patient, Approver::FacilityAdmin) => facts.office_admin(),
        (GroupKind::Patient, Approver::GroupAdmin) => facts.group_admin() || facts.office_admin(),
    }
}

fn manages(facts: &GroupFacts<'_>) -> bool {
    facts.kind != GroupKind::Facility && (facts.group_admin() || facts.office_admin())
}

pub fn manage<'tx>(who: &Who, facts: &GroupFacts<'tx>) -> Result<Key<'tx, ManageGroup>, Refusal> {
    let key = see_members(who, facts)?;
    if facts.kind == GroupKind::Facility {
        return Err(Refusal::Because(Why::FollowsStaff));
    }
    if !manages(facts) {
        return Err(Refusal::Because(Why::NotGroupAdmin));
    }
    let act = ManageGroup { group: facts.group, kind: facts.kind, account: key.account };
    Ok(Key::cut(facts.moment, act))
}

/// A group administrator removes anyone, anyone leaves; the last administrator needs a successor, unless
/// they are the last member of all.
pub fn end_membership<'tx>(
    who: &Who,
    facts: &GroupFacts<'tx>,
    theirs: &TheirMembership,
    members: i64,
) -> Result<Key<'tx, EndMembership>, Refusal> {
    let person = inside(who, facts)?;
    if facts.kind == GroupKind::Facility {
        return Err(Refusal::Because(Why::FollowsStaff));
    }
    let oneself = facts.mine.is_some_and(|mine| mine.member == theirs.member);
    if !oneself {
        consent_reaches(facts)?;
    }
    if !oneself && !manages(facts) {
        return Err(Refusal::Because(Why::NotGroupAdmin));
    }
    if theirs.role == MemberRole::Admin && facts.admins <= 1 && members > 1 {
        return Err(Refusal::Because(Why::LastAdmin));
    }
    let act = EndMembership {
        group: facts.group,
        member: theirs.member,
        account: theirs.account,
        by: person.account,
    };
    Ok(Key::cut(facts.moment, act))
}

/// An administrator of the originating facility manages members without reading; entering is possible, and
/// everyone sees it.
pub fn add_oneself<'tx>(who: &Who, facts: &GroupFacts<'tx>) -> Result<Key<'tx, AddOneself>, Refusal> {
    let person = professional(who)?;
    let office = facts.office.filter(|_| facts.office_admin()).ok_or(Refusal::Unseen)?;
    if facts.mine.is_some() {
        return Err(Refusal::Because(Why::AlreadyMember));
    }
    if facts.closed {
        return Err(Refusal::Because(Why::GroupClosed));
    }
    let act = AddOneself { group: facts.group, seat: office.seat, account: person.account };
    Ok(Key::cut(facts.moment, act))
}
