//! A timeline: read, write, correct, remove, acknowledge.

use super::{MyMembership, professional};
use crate::nouns::{
    AccountId, ConsentState, FacilityId, GroupId, GroupKind, MemberRole, PostId, SeatId, TimelineId,
    TimelineKind, Who,
};
use crate::{Key, Refusal, Why};
use tasuki_value::Moment;

/// What must be known of a timeline before anything is decided.
#[derive(Clone, Copy, Debug)]
pub struct TimelineFacts<'tx> {
    pub moment: Moment<'tx>,
    pub timeline: TimelineId,
    pub kind: TimelineKind,
    pub group: GroupId,
    pub group_kind: GroupKind,
    /// The originating facility of a patient group; the workplace of a workplace group.
    pub facility: Option<FacilityId>,
    pub closed: bool,
    /// The consent of a patient group's patient; `Valid` elsewhere.
    pub consent: ConsentState,
    pub mine: Option<MyMembership>,
}

/// A post as the thing acted on.
#[derive(Clone, Copy, Debug)]
pub struct PostFacts {
    pub post: PostId,
    pub author: AccountId,
    pub removed: bool,
    /// Nothing is left of it but the mark.
    pub erased: bool,
}

/// Read the timeline, and everything shown in it.
#[derive(Debug)]
pub struct ReadTimeline {
    pub timeline: TimelineId,
    pub group: GroupId,
    pub account: AccountId,
    pub seat: SeatId,
    pub role: MemberRole,
    /// Why the composer is closed, if it is.
    pub writing: Result<(), Why>,
}

/// Write into the timeline.
#[derive(Debug)]
pub struct WriteTimeline {
    pub timeline: TimelineId,
    pub group: GroupId,
    pub group_kind: GroupKind,
    pub account: AccountId,
    pub seat: SeatId,
}

/// Correct one's own post; what it said before is kept.
#[derive(Debug)]
pub struct EditPost {
    pub post: PostId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub account: AccountId,
}

/// Take a post out of sight; a mark stays.
#[derive(Debug)]
pub struct RemovePost {
    pub post: PostId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub account: AccountId,
    pub as_admin: bool,
}

/// Erase text and files of a post that stands at the wrong patient's; the mark stays.
#[derive(Debug)]
pub struct ErasePost {
    pub post: PostId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub account: AccountId,
}

/// Put one's own name under a post, or take it back.
#[derive(Debug)]
pub struct Acknowledge {
    pub post: PostId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub account: AccountId,
    pub seat: SeatId,
}

/// Members read. What only medical institutions may see does not exist for the others; members of other
/// facilities read a patient's timeline only while consent is in force.
pub fn read<'tx>(who: &Who, facts: &TimelineFacts<'tx>) -> Result<Key<'tx, ReadTimeline>, Refusal> {
    let person = professional(who)?;
    let mine = facts.mine.ok_or(Refusal::Unseen)?;
    if facts.kind == TimelineKind::MedicalInstitutions && !mine.medical_institution {
        return Err(Refusal::Unseen);
    }
    let writing = may_write(facts);
    if facts.group_kind == GroupKind::Patient && facts.facility != Some(mine.facility) {
        match facts.consent {
            ConsentState::Valid => {}
            ConsentState::Missing => return Err(Refusal::Because(Why::NoConsent)),
            ConsentState::Withdrawn => return Err(Refusal::Because(Why::ConsentWithdrawn)),
        }
    }
    let act = ReadTimeline {
        timeline: facts.timeline,
        group: facts.group,
        account: person.account,
        seat: mine.seat,
        role: mine.role,
        writing,
    };
    Ok(Key::cut(facts.moment, act))
}

fn may_write(facts: &TimelineFacts<'_>) -> Result<(), Why> {
    match facts.consent {
        _ if facts.closed => Err(Why::GroupClosed),
        _ if facts.group_kind != GroupKind::Patient => Ok(()),
        ConsentState::Valid => Ok(()),
        ConsentState::Missing => Err(Why::NoConsent),
        ConsentState::Withdrawn => Err(Why::ConsentWithdrawn),
    }
}

/// Who reads writes, while the group is open and, for a patient, consent is in force.
pub fn write<'tx>(who: &Who, facts: &TimelineFacts<'tx>) -> Result<Key<'tx, WriteTimeline>, Refusal> {
    let read = read(who, facts)?;
    read.writing.map_err(Refusal::Because)?;
    let act = WriteTimeline {
        timeline: facts.timeline,
        group: facts.group,
        group_kind: facts.group_kind,
        account: read.account,
        seat: read.seat,
    };
    Ok(Key::cut(facts.moment, act))
}

pub fn edit<'tx>(
    who: &Who,
    facts: &TimelineFacts<'tx>,
    post: &PostFacts,
) -> Result<Key<'tx, EditPost>, Refusal> {
    let write = write(who, facts)?;
    if post.author != write.account {
        return Err(Refusal::Because(Why::NotAuthor));
    }
    if post.removed {
        return Err(Refusal::Because(Why::AlreadyRemoved));
    }
    let act =
        EditPost { post: post.post, timeline: facts.timeline, group: facts.group, account: write.account };
    Ok(Key::cut(facts.moment, act))
}

/// The author takes back their own, a group administrator removes any. It needs no consent and no open
/// group: a mistake must always be mendable.
pub fn remove<'tx>(
    who: &Who,
    facts: &TimelineFacts<'tx>,
    post: &PostFacts,
) -> Result<Key<'tx, RemovePost>, Refusal> {
    let read = read(who, facts)?;
    let own = post.author == read.account;
    if !own && read.role != MemberRole::Admin {
        return Err(Refusal::Because(Why::NotAuthor));
    }
    if post.removed {
        return Err(Refusal::Because(Why::AlreadyRemoved));
    }
    let act = RemovePost {
        post: post.post,
        timeline: facts.timeline,
        group: facts.group,
        account: read.account,
        as_admin: !own,
    };
    Ok(Key::cut(facts.moment, act))
}

/// A group administrator erases what was written about the wrong patient, whoever wrote it, hidden already or
/// not. Like removing, it needs no consent and no open group.
pub fn erase<'tx>(
    who: &Who,
    facts: &TimelineFacts<'tx>,
    post: &PostFacts,
) -> Result<Key<'tx, ErasePost>, Refusal> {
    let read = read(who, facts)?;
    if read.role != MemberRole::Admin {
        return Err(Refusal::Because(Why::NotGroupAdmin));
    }
    if post.erased {
        return Err(Refusal::Because(Why::AlreadyRemoved));
    }
    let act =
        ErasePost { post: post.post, timeline: facts.timeline, group: facts.group, account: read.account };
    Ok(Key::cut(facts.moment, act))
}

/// A reader acknowledges what somebody else wrote, always and only in their own name.
pub fn acknowledge<'tx>(
    who: &Who,
    facts: &TimelineFacts<'tx>,
    post: &PostFacts,
) -> Result<Key<'tx, Acknowledge>, Refusal> {
    let read = read(who, facts)?;
    if facts.closed {
        return Err(Refusal::Because(Why::GroupClosed));
    }
    if post.removed {
        return Err(Refusal::Because(Why::AlreadyRemoved));
    }
    if post.author == read.account {
        return Err(Refusal::Because(Why::NotOneself));
    }
    let act = Acknowledge {
        post: post.post,
        timeline: facts.timeline,
        group: facts.group,
        account: read.account,
        seat: read.seat,
    };
    Ok(Key::cut(facts.moment, act))
}
