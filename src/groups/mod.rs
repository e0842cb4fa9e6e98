//! What every place with members and timelines has in common: kinds, names, members, roles.

pub(crate) mod access;
pub mod actions;
pub(crate) mod store;

pub use actions::NewGroup;
pub use store::MemberCard;
pub use store::history::{GoneMember, TakenOut};
pub(crate) use store::{STATEMENTS, ground::STATEMENTS as GROUNDS};
pub(crate) use store::{history::STATEMENTS as HISTORY, membership::STATEMENTS as MEMBERSHIPS};

use crate::{Outcome, Trouble, Tx};
use std::collections::HashMap;
use std::sync::Arc;
use tasuki_base::seal::KeyId;
use tasuki_law::Why;
use tasuki_law::nouns::{
    AccountId, ConsentState, FacilityId, GroupId, GroupKind, MemberId, PatientId, SeatId, TimelineId,
    TimelineKind,
};
use tasuki_law::rules::{MyMembership, TheirMembership};
use tasuki_value::{DAY, Ts};

/// What a place is called. Sealed under the group's key.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Title {
    pub name: String,
    /// 一言メモ: stands right after a patient's name in every list; empty elsewhere.
    pub note: String,
}

/// A place with its name opened. To be shown only behind a key or an invitation.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: GroupId,
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub title: Title,
    pub data_key: KeyId,
    /// Living members.
    pub members: i64,
    pub closed_at: Option<Ts>,
}

/// The place itself, whoever asks: for rooms that hold a key to it.
pub fn place(tx: &mut Tx, group: GroupId) -> Outcome<Place> {
    let row = store::place(tx, group)?;
    row.opened(tx)
}

/// What a place is called, opened once for all who may know; the name of one that has none is empty.
pub fn title(tx: &mut Tx, group: GroupId, sealed: Option<&[u8]>) -> Outcome<Arc<Title>> {
    match sealed {
        Some(sealed) => store::title(tx, group, sealed),
        None => Ok(Arc::new(Title { name: String::new(), note: String::new() })),
    }
}

/// What goes on the record with whatever happens in a place, and the key that seals what is said there.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    pub group: GroupId,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub data_key: KeyId,
}
tasuki_base::columns!(Ground: group, facility, patient, data_key);

/// The ground of a place, whoever asks: for rooms that hold a key to it.
pub fn ground(tx: &mut Tx, group: GroupId) -> Outcome<Ground> {
    store::ground(tx, group)
}

/// What the law of timelines asks of a place and of who asks.
#[derive(Clone, Debug)]
pub struct Standing {
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub closed: bool,
    pub consent: ConsentState,
    pub mine: Option<MyMembership>,
}

/// The living memberships of many people in one group.
pub fn memberships(
    tx: &mut Tx,
    people: impl Iterator<Item = AccountId>,
    group: GroupId,
) -> Outcome<HashMap<AccountId, MyMembership>> {
    store::memberships(tx, people, group)
}

/// The consent that counts for a place: one without a patient needs none; `None` is no consent on record.
#[must_use]
pub fn consent(kind: GroupKind, withdrawn: Option<bool>) -> ConsentState {
    access::consent(kind, withdrawn)
}

/// Whose place it is: the originating facility of a patient group, the workplace itself; none for a free group.
pub fn facility(tx: &mut Tx, group: GroupId) -> Outcome<Option<FacilityId>> {
    Ok(ground(tx, group)?.facility)
}

/// The patient it is about; none for other groups.
pub fn patient(tx: &mut Tx, group: GroupId) -> Outcome<Option<PatientId>> {
    Ok(ground(tx, group)?.patient)
}

/// The timeline of a kind in a group, if the group has one.
pub fn timeline(tx: &mut Tx, group: GroupId, kind: TimelineKind) -> Outcome<Option<TimelineId>> {
    store::timeline(tx, group, kind)
}

/// Living members with person and workplace, by facility and kana.
pub fn members(tx: &mut Tx, group: GroupId) -> Outcome<Vec<MemberCard>> {
    store::members(tx, group)
}

/// A living membership as the thing acted on, and its group.
pub fn membership(tx: &mut Tx, member: MemberId) -> Outcome<(GroupId, TheirMembership)> {
    store::their_membership(tx, member)
}

/// The living membership of an account in a group.
pub fn member_of(tx: &mut Tx, group: GroupId, account: AccountId) -> Outcome<Option<MyMembership>> {
    store::my_membership(tx, account, group)
}

/// Refuses, in words, when the account is a member already.
pub fn refuse_member(tx: &mut Tx, group: GroupId, account: AccountId) -> Outcome<()> {
    match member_of(tx, group, account)? {
        Some(_) => Err(Trouble::because(Why::AlreadyMember)),
        None => Ok(()),
    }
}

/// How long a page tells who came and went.
const NOTED: i64 = 30 * DAY;

/// The places an account was taken out of by others, in the last 30 days.
pub fn taken_out_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<TakenOut>> {
    let since = tx.now().minus(NOTED);
    store::history::taken_out_of(tx, account, since)
}

/// Who left or was taken out in the last 30 days.
pub fn gone(tx: &mut Tx, group: GroupId) -> Outcome<Vec<GoneMember>> {
    let since = tx.now().minus(NOTED);
    store::history::gone(tx, group, since)
}

/// What a group is about, in its own words.
pub fn about(tx: &mut Tx, group: GroupId) -> Outcome<String> {
    store::history::about(tx, group)
}

/// The places entered through a seat, by id.
pub fn entered_through(tx: &mut Tx, seat: SeatId) -> Outcome<Vec<GroupId>> {
    let entered = store::entered_through(tx, seat)?;
    Ok(entered.into_iter().map(|(_, group)| group).collect())
}
