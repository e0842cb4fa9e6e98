//! What happens to invitations before they are answered.

use super::store::{self, Invitation};
use super::{LIFE, LIFE_BEFORE_CONSENT, MOST_A_DAY, hear, mails};
use crate::events::{Event, announce};
use crate::{Outcome, Trouble, Tx, accounts, facilities, groups};
use tasuki_base::text;
use tasuki_law::nouns::{
    AccountId, AccountKind, ConsentState, EventKind, GroupKind, InvitationId, InvitationKind,
    InvitationState, MemberRole, SeatId, SystemJob, Who,
};
use tasuki_law::rules::facility::InviteStaff;
use tasuki_law::rules::group::{GroupFacts, InviteMember};
use tasuki_law::rules::invitation::{CancelInvitation, DecideInvitation};
use tasuki_law::{Key, Why};
use tasuki_value::DAY;

/// Who is invited: an address somebody typed, or a person they know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invitee {
    Mail(String),
    Person(AccountId),
}

/// An invitation just made, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    pub id: InvitationId,
    pub state: InvitationState,
}

/// How many more invitations may go through a seat today.
pub fn left_today(tx: &mut Tx, seat: SeatId) -> Outcome<i64> {
    let since = tx.now().minus(DAY);
    Ok((MOST_A_DAY - store::since(tx, seat, since)?).max(0))
}

/// Invites an address to the staff.
pub fn invite_staff(tx: &mut Tx, key: &Key<'_, InviteStaff>, email: &str) -> Outcome<Made> {
    facilities::actions::hold_seat(tx, key.seat)?;
    let email = Invitee::Mail(email.to_owned());
    let row = draft(tx, InvitationKind::Facility, key.facility, key.seat, key.account, &email);
    make(tx, row, key.needs_approval)
}

/// Invites an address or a person to a group. The caller holds the group's lock.
pub fn invite_member(tx: &mut Tx, key: &Key<'_, InviteMember>, invitee: &Invitee) -> Outcome<Made> {
    facilities::actions::hold_seat(tx, key.seat)?;
    let facility = match key.facility {
        Some(originating) => originating,
        None => facilities::seat(tx, key.seat)?.facility,
    };
    if let Invitee::Person(person) = invitee {
        groups::refuse_member(tx, key.group, *person)?;
    }
    let mut row = draft(tx, InvitationKind::Group, facility, key.seat, key.account, invitee);
    row.group = Some(key.group);
    row.group_kind = Some(key.kind);
    row.patient = key.patient;
    make(tx, row, key.needs_approval)
}

fn draft(
    tx: &mut Tx,
    kind: InvitationKind,
    facility: tasuki_law::nouns::FacilityId,
    seat: SeatId,
    inviter: AccountId,
    invitee: &Invitee,
) -> Invitation {
    let (email, account) = match invitee {
        Invitee::Mail(email) => (Some(text::email(email)), None),
        Invitee::Person(account) => (None, Some(*account)),
    };
    let now = tx.now();
    Invitation {
        id: InvitationId(tx.draw()),
        kind,
        facility,
        group: None,
        group_kind: None,
        patient: None,
        inviter,
        seat,
        email_key: email.as_deref().map(text::email_key),
        email,
        account,
        state: InvitationState::AwaitingAdminApproval,
        sent_at: None,
        expires_at: now.plus(LIFE),
        made_at: now,
        asked_by: None,
    }
}

/// The same place and the same person twice is one invitation.
fn make(tx: &mut Tx, row: Invitation, needs_approval: bool) -> Outcome<Made> {
    let same = match (&row.email_key, row.account, row.group) {
        (Some(key), ..) => store::open_to_address(tx, key, row.kind, row.facility, row.group)?,
        (None, Some(account), Some(group)) => store::open_to_account(tx, account, group)?,
        _ => None,
    };
    if let Some(same) = same {
        return Ok(Made { id: same.id, state: same.state });
    }
    if left_today(tx, row.seat)? == 0 {
        return Err(Trouble::TooMany);
    }
    store::insert(tx, &row)?;
    hear::expire_later(tx, &row)?;
    let made = told(EventKind::InvitationMade, &row).by(row.inviter).seated(row.seat);
    if needs_approval {
        announce(tx, &made.noting(InvitationState::AwaitingAdminApproval.code()))?;
        return Ok(Made { id: row.id, state: row.state });
    }
    announce(tx, &made)?;
    let by = row.inviter;
    let id = row.id;
    Ok(Made { id, state: open(tx, row, by)? })
}

/// An event about an invitation.
pub(super) fn told(kind: EventKind, row: &Invitation) -> Event {
    let mut event = Event::new(kind).at_facility(row.facility).about(row.id.0);
    event.group = row.group;
    event.patient = row.patient;
    event
}

/// Lets an approved invitation go on its way: to the invited person, or to wait for consent first.
pub(super) fn open(tx: &mut Tx, mut row: Invitation, by: AccountId) -> Outcome<InvitationState> {
    if row.account.is_none() {
        row.account = professional_at(tx, row.email_key.as_deref())?;
    }
    let now = tx.now();
    row.expires_at = now.plus(LIFE);
    row.state = InvitationState::AwaitingInvitee;
    if let Some(group) = row.group {
        let facts = groups::access::facts(tx, &Who::System(SystemJob::Sweep), group)?;
        let at_home = is_at_home(tx, &row, &facts)?;
        if at_home && seat_of_inviter_is_home(tx, &row)? {
            return add_directly(tx, row, by);
        }
        row.state = stand(tx, &row, &facts, at_home)?;
    }
    if row.state == InvitationState::AwaitingConsent {
        row.expires_at = now.plus(LIFE_BEFORE_CONSENT);
        store::stand(tx, &row)?;
        return Ok(row.state);
    }
    let tells = mails::opening(tx, &row)?;
    if !tells && row.email.is_some() {
        return Err(Trouble::because(Why::TooManyMails));
    }
    row.sent_at = Some(now);
    store::stand(tx, &row)?;
    let mut opened = told(EventKind::InvitationOpened, &row).by(by);
    opened.other = row.account;
    announce(tx, &if tells { opened } else { opened.noting(mails::UNTOLD) })?;
    Ok(row.state)
}

fn stand(tx: &mut Tx, row: &Invitation, facts: &GroupFacts<'_>, at_home: bool) -> Outcome<InvitationState> {
    if facts.closed {
        return Err(Trouble::because(Why::GroupClosed));
    }
    match facts.consent {
        ConsentState::Withdrawn => return Err(Trouble::because(Why::ConsentWithdrawn)),
        ConsentState::Missing if !at_home => return Ok(InvitationState::AwaitingConsent),
        ConsentState::Missing | ConsentState::Valid => {}
    }
    let works = match row.account {
        Some(account) => !facilities::seats_of(tx, account)?.is_empty(),
        None => false,
    };
    Ok(if works { InvitationState::AwaitingInvitee } else { InvitationState::AwaitingRegistration })
}

fn professional_at(tx: &mut Tx, email_key: Option<&str>) -> Outcome<Option<AccountId>> {
    let Some(key) = email_key else { return Ok(None) };
    let Some(account) = accounts::by_email(tx, key)? else { return Ok(None) };
    let kind = accounts::card(tx, account)?.kind;
    Ok((kind == AccountKind::Professional).then_some(account))
}

/// A colleague of the originating facility, picked by name. Who is behind a typed address decides nothing, or
/// the state would tell.
fn is_at_home(tx: &mut Tx, row: &Invitation, facts: &GroupFacts<'_>) -> Outcome<bool> {
    match (row.account, facts.facility) {
        (Some(account), Some(facility)) if facts.kind == GroupKind::Patient && row.email.is_none() => {
            Ok(facilities::seat_at(tx, account, facility)?.is_some())
        }
        _ => Ok(false),
    }
}

fn seat_of_inviter_is_home(tx: &mut Tx, row: &Invitation) -> Outcome<bool> {
    Ok(facilities::seat(tx, row.seat)?.facility == row.facility)
}

/// Colleagues of the originating facility are added, as when the patient was registered.
fn add_directly(tx: &mut Tx, mut row: Invitation, by: AccountId) -> Outcome<InvitationState> {
    let (Some(group), Some(account)) = (row.group, row.account) else { return Err(Trouble::unseen()) };
    row.state = InvitationState::Accepted;
    store::stand(tx, &row)?;
    store::end(tx, row.id, row.state)?;
    if groups::member_of(tx, group, account)?.is_none() {
        let seat = facilities::seat_at(tx, account, row.facility)?.ok_or_else(Trouble::unseen)?;
        groups::actions::join(tx, group, account, seat.seat, MemberRole::Member, Some(row.inviter))?;
    }
    announce(tx, &told(EventKind::InvitationAccepted, &row).by(by).concerning(account))?;
    Ok(row.state)
}

/// Approves. When another account asked to join instead, it is from now on the invited one.
pub fn approve(
    tx: &mut Tx,
    key: &Key<'_, DecideInvitation>,
    mut row: Invitation,
) -> Outcome<InvitationState> {
    if row.asks_otherwise() {
        row.account = row.asked_by;
    }
    store::decide(tx, row.id, key.account)?;
    announce(tx, &told(EventKind::InvitationApproved, &row).by(key.account).concerning(row.inviter))?;
    open(tx, row, key.account)
}

/// Turns down. Where only the other account is turned down, the invitation goes on as it was.
pub fn refuse(tx: &mut Tx, key: &Key<'_, DecideInvitation>, row: Invitation) -> Outcome<()> {
    store::decide(tx, row.id, key.account)?;
    announce(tx, &told(EventKind::InvitationNotApproved, &row).by(key.account).concerning(row.inviter))?;
    if row.asks_otherwise() {
        return go_on(tx, row);
    }
    store::end(tx, row.id, InvitationState::NotApproved)
}

fn go_on(tx: &mut Tx, mut row: Invitation) -> Outcome<()> {
    store::forget_asked(tx, row.id)?;
    let works = match row.account {
        Some(account) => !facilities::seats_of(tx, account)?.is_empty(),
        None => false,
    };
    row.state = match row.kind {
        InvitationKind::Group if !works => InvitationState::AwaitingRegistration,
        _ => InvitationState::AwaitingInvitee,
    };
    store::stand(tx, &row)
}

/// Takes back.
pub fn cancel(tx: &mut Tx, key: &Key<'_, CancelInvitation>, row: &Invitation) -> Outcome<()> {
    take_back(tx, row, key.account)
}

fn take_back(tx: &mut Tx, row: &Invitation, by: AccountId) -> Outcome<()> {
    store::end(tx, row.id, InvitationState::Cancelled)?;
    let mut cancelled = told(EventKind::InvitationCancelled, row).by(by);
    cancelled.other = row.account;
    announce(tx, &cancelled)
}

/// Takes back everything that is open through a seat which has just ended.
pub fn cancel_all_through(tx: &mut Tx, seat: SeatId, by: AccountId) -> Outcome<()> {
    for row in store::open_through(tx, seat)? {
        take_back(tx, &row, by)?;
    }
    Ok(())
}

/// Tells the invited person again, because the link of the first mail ran out; false when the last mail is
/// too young for that.
pub fn send_again(tx: &mut Tx, id: InvitationId) -> Outcome<bool> {
    store::lock(tx, id)?;
    let row = store::find(tx, id)?;
    let now = tx.now();
    let rested = row.sent_at.is_none_or(|sent| now.since(sent) >= super::REST_BETWEEN_MAILS);
    if !row.is_sent(now) || !rested || !mails::again(tx, &row)? {
        return Ok(false);
    }
    store::sent_again(tx, id)?;
    let mut opened = told(EventKind::InvitationOpened, &row);
    opened.other = row.account;
    announce(tx, &opened)?;
    Ok(true)
}

/// Another account opened the link and asks to join instead; an approver decides.
pub fn ask_otherwise(tx: &mut Tx, id: InvitationId, account: AccountId) -> Outcome<()> {
    store::lock(tx, id)?;
    let row = store::find(tx, id)?;
    let now = tx.now();
    if !row.is_sent(now) {
        return Err(Trouble::because(Why::AlreadyDecided));
    }
    store::ask(tx, id, account, now.plus(LIFE))?;
    let asked = told(EventKind::InvitationAskedOtherwise, &row).by(account).concerning(row.inviter);
    announce(tx, &asked)
}
