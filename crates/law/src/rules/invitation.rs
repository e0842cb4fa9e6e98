//! An invitation: approved, then sent, then answered by the one it was meant for.

use super::{person, professional};
use crate::nouns::{
    AccountId, FacilityId, GroupId, InvitationId, InvitationKind, InvitationState, SeatId, Who,
};
use crate::{Key, Refusal, Why};
use tasuki_value::{Moment, Ts};

/// What must be known of an invitation before anything is decided.
#[derive(Clone, Copy, Debug)]
pub struct InvitationFacts<'tx> {
    pub moment: Moment<'tx>,
    pub invitation: InvitationId,
    pub kind: InvitationKind,
    pub facility: Option<FacilityId>,
    pub group: Option<GroupId>,
    pub state: InvitationState,
    pub expires_at: Ts,
    pub inviter: AccountId,
    /// The account that was invited, once it is known.
    pub invited: Option<AccountId>,
    /// Whether the asker approves invitations of this kind here (see `facility::manage`, `group::may_approve`).
    pub approver: bool,
    /// The seat through which the asker would enter a group; needed to accept one.
    pub entering: Option<SeatId>,
}

/// Accept or decline.
#[derive(Debug)]
pub struct AnswerInvitation {
    pub invitation: InvitationId,
    pub kind: InvitationKind,
    pub facility: Option<FacilityId>,
    pub group: Option<GroupId>,
    pub account: AccountId,
    pub inviter: AccountId,
}

/// Approve or turn down.
#[derive(Debug)]
pub struct DecideInvitation {
    pub invitation: InvitationId,
    pub kind: InvitationKind,
    pub group: Option<GroupId>,
    pub account: AccountId,
}

/// Take back.
#[derive(Debug)]
pub struct CancelInvitation {
    pub invitation: InvitationId,
    pub account: AccountId,
}

/// The invited account, and no other, answers while the invitation is open.
pub fn answer<'tx>(
    who: &Who,
    facts: &InvitationFacts<'tx>,
    now: Ts,
) -> Result<Key<'tx, AnswerInvitation>, Refusal> {
    let asker = person(who)?;
    if facts.invited != Some(asker.account) {
        return Err(Refusal::Unseen);
    }
    match facts.state {
        InvitationState::AwaitingInvitee => {}
        InvitationState::Expired => return Err(Refusal::Because(Why::Expired)),
        // Not approved yet, or never: the invited person was not told of it.
        InvitationState::AwaitingAdminApproval
        | InvitationState::AwaitingConsent
        | InvitationState::AwaitingRegistration
        | InvitationState::NotApproved => return Err(Refusal::Unseen),
        InvitationState::Accepted | InvitationState::Declined | InvitationState::Cancelled => {
            return Err(Refusal::Because(Why::AlreadyDecided));
        }
    }
    if facts.expires_at <= now {
        return Err(Refusal::Because(Why::Expired));
    }
    let act = AnswerInvitation {
        invitation: facts.invitation,
        kind: facts.kind,
        facility: facts.facility,
        group: facts.group,
        account: asker.account,
        inviter: facts.inviter,
    };
    Ok(Key::cut(facts.moment, act))
}

/// As [`answer`]; to enter a group the person needs a seat to enter through.
pub fn accept<'tx>(
    who: &Who,
    facts: &InvitationFacts<'tx>,
    now: Ts,
) -> Result<Key<'tx, AnswerInvitation>, Refusal> {
    let key = answer(who, facts, now)?;
    professional(who)?;
    if facts.kind == InvitationKind::Group && facts.entering.is_none() {
        return Err(Refusal::Because(Why::NeedsSeat));
    }
    Ok(key)
}

/// An approver decides, once, and never on their own invitation's behalf twice.
pub fn decide<'tx>(who: &Who, facts: &InvitationFacts<'tx>) -> Result<Key<'tx, DecideInvitation>, Refusal> {
    let asker = professional(who)?;
    if !facts.approver {
        return Err(Refusal::Unseen);
    }
    if facts.state != InvitationState::AwaitingAdminApproval {
        return Err(Refusal::Because(Why::AlreadyDecided));
    }
    let act = DecideInvitation {
        invitation: facts.invitation,
        kind: facts.kind,
        group: facts.group,
        account: asker.account,
    };
    Ok(Key::cut(facts.moment, act))
}

/// The inviter or an approver takes back what is not answered yet.
pub fn cancel<'tx>(who: &Who, facts: &InvitationFacts<'tx>) -> Result<Key<'tx, CancelInvitation>, Refusal> {
    let asker = professional(who)?;
    if facts.inviter != asker.account && !facts.approver {
        return Err(Refusal::Unseen);
    }
    match facts.state {
        InvitationState::AwaitingAdminApproval
        | InvitationState::AwaitingConsent
        | InvitationState::AwaitingInvitee
        | InvitationState::AwaitingRegistration => {}
        _ => return Err(Refusal::Because(Why::AlreadyDecided)),
    }
    let act = CancelInvitation { invitation: facts.invitation, account: asker.account };
    Ok(Key::cut(facts.moment, act))
}
