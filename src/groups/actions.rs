//! What happens to every place alike.

use super::store::{self, NewMember};
use crate::events::{Event, announce};
use crate::{Outcome, Trouble, Tx, facilities};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{
    AccountId, EventKind, FacilityId, GroupId, GroupKind, MemberId, MemberRole, PatientId, PostId, SeatId,
};
use tasuki_law::rules::group::{AddOneself, EndMembership, ManageGroup};
use tasuki_law::{Key, Why};

/// A place about to be made.
pub struct NewGroup<'a> {
    pub id: GroupId,
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub name: &'a str,
    pub note: &'a str,
    /// Durable already.
    pub data_key: KeyId,
    pub made_by: AccountId,
}

/// Makes a place with its professional timeline, and nobody in it yet.
pub fn open(tx: &mut Tx, new: &NewGroup<'_>) -> Outcome<()> {
    store::insert(tx, new)?;
    let mut made = Event::new(EventKind::GroupMade).by(new.made_by).in_group(new.id).about(new.id.0);
    made.facility = new.facility;
    made.patient = new.patient;
    announce(tx, &made)
}

/// Locks the place: every write to it does so first, and only then reads the facts.
pub fn lock(tx: &mut Tx, group: GroupId) -> Outcome<()> {
    store::lock(tx, group)
}

/// As [`lock`], for the place where a post stands.
pub fn lock_of_post(tx: &mut Tx, post: PostId) -> Outcome<()> {
    store::lock_of_post(tx, post)
}

/// Gives the place another name.
pub fn retitle(tx: &mut Tx, group: GroupId, name: &str, note: &str) -> Outcome<()> {
    store::retitle(tx, group, name, note)
}

/// Changes the name and the details of a group.
pub fn change(tx: &mut Tx, key: &Key<'_, ManageGroup>, name: &str, about: &str) -> Outcome<()> {
    store::retitle(tx, key.group, name, "")?;
    store::history::describe(tx, key.group, about)?;
    let changed = Event::new(EventKind::GroupChanged).by(key.account).in_group(key.group);
    announce(tx, &changed.about(key.group.0))
}

/// Enters a patient's group that one manages; everyone sees it.
pub fn add_oneself(tx: &mut Tx, key: &Key<'_, AddOneself>) -> Outcome<MemberId> {
    let member = join(tx, key.group, key.account, key.seat, MemberRole::Member, None)?;
    let place = store::ground(tx, key.group)?;
    let mut added = Event::new(EventKind::MemberAddedOneself).by(key.account).seated(key.seat);
    added.facility = place.facility;
    added.patient = place.patient;
    announce(tx, &added.in_group(key.group).about(member.0).concerning(key.account))?;
    Ok(member)
}

/// Lets an account in through a seat, reading from the newest post on. The caller holds the lock.
pub fn join(
    tx: &mut Tx,
    group: GroupId,
    account: AccountId,
    seat: SeatId,
    role: MemberRole,
    invited_by: Option<AccountId>,
) -> Outcome<MemberId> {
    // Ending the seat waits for this, or was first.
    facilities::actions::hold_seat(tx, seat)?;
    let member = MemberId(tx.draw());
    store::insert_member(tx, &NewMember { member, group, account, seat, role, invited_by })?;
    let place = store::ground(tx, group)?;
    let mut joined = Event::new(EventKind::MemberJoined).by(account).seated(seat).in_group(group);
    joined.facility = place.facility;
    joined.patient = place.patient;
    announce(tx, &joined.about(member.0).concerning(account))?;
    Ok(member)
}

/// Ends a membership under its key.
pub fn end_membership(tx: &mut Tx, key: &Key<'_, EndMembership>) -> Outcome<()> {
    end(tx, key.group, key.member, key.account, key.by)
}

/// Ends every membership entered through a seat; the seat's end was allowed already, so a place left without
/// an administrator gets its longest member as one.
pub fn end_all_through(
    tx: &mut Tx,
    seat: SeatId,
    account: AccountId,
    by: AccountId,
) -> Outcome<Vec<GroupId>> {
    let entered = store::entered_through(tx, seat)?;
    for (_, group) in &entered {
        store::lock(tx, *group)?;
    }
    for (member, group) in &entered {
        end(tx, *group, *member, account, by)?;
        if store::admins(tx, *group)? == 0 && store::place(tx, *group)?.kind != GroupKind::Facility {
            succeed(tx, *group, by)?;
        }
    }
    Ok(entered.into_iter().map(|(_, group)| group).collect())
}

fn succeed(tx: &mut Tx, group: GroupId, by: AccountId) -> Outcome<()> {
    if let Some((member, account)) = store::eldest(tx, group)? {
        store::set_role(tx, member, MemberRole::Admin)?;
        let appointed = Event::new(EventKind::MemberAppointed).by(by).in_group(group);
        announce(tx, &appointed.about(member.0).concerning(account))?;
    }
    Ok(())
}

fn end(tx: &mut Tx, group: GroupId, member: MemberId, account: AccountId, by: AccountId) -> Outcome<()> {
    if !store::end_member(tx, group, member, by)? {
        return Err(Trouble::because(Why::AlreadyDecided));
    }
    let kind = if account == by { EventKind::MemberLeft } else { EventKind::MemberRemoved };
    let place = store::ground(tx, group)?;
    let mut ended = Event::new(kind).by(by).in_group(group).about(member.0).concerning(account);
    ended.facility = place.facility;
    ended.patient = place.patient;
    announce(tx, &ended)
}

/// Makes a member a group administrator.
pub fn appoint(tx: &mut Tx, key: &Key<'_, ManageGroup>, member: MemberId) -> Outcome<()> {
    change_role(tx, key, member, MemberRole::Admin, EventKind::MemberAppointed)
}

/// Makes a group administrator an ordinary member; the last one stays.
pub fn dismiss(tx: &mut Tx, key: &Key<'_, ManageGroup>, member: MemberId) -> Outcome<()> {
    if store::admins(tx, key.group)? <= 1 {
        return Err(Trouble::because(Why::LastAdmin));
    }
    change_role(tx, key, member, MemberRole::Member, EventKind::MemberDismissed)
}

fn change_role(
    tx: &mut Tx,
    key: &Key<'_, ManageGroup>,
    member: MemberId,
    role: MemberRole,
    kind: EventKind,
) -> Outcome<()> {
    let (group, theirs) = store::their_membership(tx, member)?;
    if group != key.group {
        return Err(Trouble::unseen());
    }
    store::set_role(tx, member, role)?;
    let changed = Event::new(kind).by(key.account).in_group(group);
    announce(tx, &changed.about(member.0).concerning(theirs.account))
}
