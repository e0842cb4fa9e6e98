use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{
    AccountId, FacilityId, GroupId, GroupKind, InvitationId, InvitationKind, InvitationState, PatientId,
    SeatId,
};
use tasuki_value::Ts;

macro_rules! invitation {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.kind, i.facility, i.group_id, g.kind AS group_kind, g.patient, i.inviter, i.seat, i.email,
               i.email_key, i.account, i.state, i.sent_at, i.expires_at, i.made_at, i.asked_by
             FROM invitations i LEFT JOIN groups g ON g.id = i.group_id ",
            $rest
        )
    };
}

const FIND: &str = invitation!("WHERE i.id = $1");
const LOCK: &str = "SELECT id FROM invitations WHERE id = $1";
const INSERT: &str = "INSERT INTO invitations
  (id, kind, facility, group_id, inviter, seat, email, email_key, account, state, expires_at, made_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const STAND: &str =
    "UPDATE invitations SET state = $2, account = $3, expires_at = $4, sent_at = $5 WHERE id = $1";
const DECIDE: &str = "UPDATE invitations SET decided_by = $2, decided_at = $3 WHERE id = $1";
const END: &str = "UPDATE invitations SET state = $2, answered_at = $3 WHERE id = $1";
const ASK: &str =
    "UPDATE invitations SET state = 'awaiting_admin_approval', asked_by = $2, expires_at = $3 WHERE id = $1";
const FORGET_ASKED: &str = "UPDATE invitations SET asked_by = NULL WHERE id = $1";
const SENT_AGAIN: &str = "UPDATE invitations SET sent_at = $2 WHERE id = $1";
const SINCE: &str = "SELECT count(*) FROM invitations WHERE seat = $1 AND made_at > $2";

const OPEN_TO_ADDRESS: &str = invitation!(
    "WHERE i.email_key = $1 AND i.kind = $2 AND (i.facility = $3 OR i.kind = 'group')
       AND (i.group_id = $4 OR i.kind = 'facility')
       AND i.state IN ('awaiting_admin_approval', 'awaiting_consent', 'awaiting_invitee', 'awaiting_registration')
       AND i.expires_at > $5 ORDER BY i.id LIMIT 1"
);
const OPEN_TO_ACCOUNT: &str = invitation!(
    "WHERE i.account = $1 AND i.email IS NULL AND i.group_id = $2
       AND i.state IN ('awaiting_admin_approval', 'awaiting_consent', 'awaiting_invitee', 'awaiting_registration')
       AND i.expires_at > $3 ORDER BY i.id LIMIT 1"
);
const UNBOUND: &str = invitation!(
    "WHERE i.email_key = $1 AND i.account IS NULL
       AND i.state IN ('awaiting_admin_approval', 'awaiting_consent', 'awaiting_invitee', 'awaiting_registration')
     ORDER BY i.id"
);
const BIND: &str = "UPDATE invitations SET account = $2 WHERE id = $1";
const AWAITING_WORKPLACE: &str =
    invitation!("WHERE i.account = $1 AND i.state = 'awaiting_registration' ORDER BY i.id");
const AWAITING_CONSENT: &str =
    invitation!("WHERE g.patient = $1 AND i.state = 'awaiting_consent' ORDER BY i.id");
const OPEN_THROUGH: &str = invitation!(
    "WHERE i.seat = $1
       AND i.state IN ('awaiting_admin_approval', 'awaiting_consent', 'awaiting_invitee', 'awaiting_registration')
     ORDER BY i.id"
);

const RECEIVED: &str = invitation!(
    "WHERE i.account = $1 AND i.state = 'awaiting_invitee' AND i.expires_at > $2 ORDER BY i.id DESC"
);
const SENT: &str = invitation!("WHERE i.inviter = $1 AND i.id < $2 ORDER BY i.id DESC LIMIT 50");
const TO_APPROVE: &str = invitation!(
    "WHERE i.state = 'awaiting_admin_approval' AND i.expires_at > $2
       AND (i.facility IN (SELECT s.facility FROM seats s
              WHERE s.account = $1 AND s.ended_at IS NULL AND s.admin_since IS NOT NULL)
         OR i.group_id IN (SELECT m.group_id FROM members m
              WHERE m.account = $1 AND m.ended_at IS NULL AND m.role = 'admin'))
     ORDER BY i.id"
);
const OF_GROUP: &str = invitation!(
    "WHERE i.group_id = $1
       AND i.state IN ('awaiting_admin_approval', 'awaiting_consent', 'awaiting_invitee', 'awaiting_registration')
       AND i.expires_at > $2 ORDER BY i.id"
);
const APPROVERS: &str = "SELECT s.account FROM seats s
  WHERE s.facility = $1 AND s.ended_at IS NULL AND s.admin_since IS NOT NULL";
const GROUP_APPROVERS: &str = "SELECT m.account FROM members m
  WHERE m.group_id = $1 AND m.ended_at IS NULL AND m.role = 'admin'";

pub const STATEMENTS: &[&str] = &[
    FIND,
    LOCK,
    INSERT,
    STAND,
    DECIDE,
    END,
    ASK,
    FORGET_ASKED,
    SENT_AGAIN,
    SINCE,
    OPEN_TO_ADDRESS,
    OPEN_TO_ACCOUNT,
    UNBOUND,
    BIND,
    AWAITING_WORKPLACE,
    AWAITING_CONSENT,
    OPEN_THROUGH,
    RECEIVED,
    SENT,
    TO_APPROVE,
    OF_GROUP,
    APPROVERS,
    GROUP_APPROVERS,
];

/// An invitation as it is stored, with the kind of its group.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub kind: InvitationKind,
    /// Whose administrators approve: where the seat would be; a patient's originating facility; the inviter's
    /// own for a free group.
    pub facility: FacilityId,
    pub group: Option<GroupId>,
    pub group_kind: Option<GroupKind>,
    pub patient: Option<PatientId>,
    pub inviter: AccountId,
    /// The inviter's.
    pub seat: SeatId,
    /// As typed by the inviter; none when a known person was picked.
    pub email: Option<String>,
    pub email_key: Option<String>,
    /// The invited account, once known. Never to be told to whoever typed the address.
    pub account: Option<AccountId>,
    pub state: InvitationState,
    /// When the invited person was last told.
    pub sent_at: Option<Ts>,
    pub expires_at: Ts,
    pub made_at: Ts,
    /// Another account opened the link and asked to join with that account.
    pub asked_by: Option<AccountId>,
}
columns!(Invitation: id, kind, facility, group, group_kind, patient, inviter, seat, email, email_key, account,
    state, sent_at, expires_at, made_at, asked_by);

pub fn find(tx: &mut Tx, id: InvitationId) -> Outcome<Invitation> {
    Ok(tx.one(FIND, &[&id])?)
}

/// Locks the row until the transaction ends.
pub fn lock(tx: &mut Tx, id: InvitationId) -> Outcome<()> {
    tx.lock_rows::<(InvitationId,)>(LOCK, &[&id])?;
    Ok(())
}

pub fn insert(tx: &mut Tx, new: &Invitation) -> Outcome<()> {
    tx.exec(
        INSERT,
        &[
            &new.id,
            &new.kind,
            &new.facility,
            &new.group,
            &new.inviter,
            &new.seat,
            &new.email,
            &new.email_key,
            &new.account,
            &new.state,
            &new.expires_at,
            &new.made_at,
        ],
    )?;
    Ok(())
}

/// Where it stands now, for whom, until when; and when the person was told.
pub fn stand(tx: &mut Tx, row: &Invitation) -> Outcome<()> {
    tx.exec(STAND, &[&row.id, &row.state, &row.account, &row.expires_at, &row.sent_at])?;
    Ok(())
}

pub fn decide(tx: &mut Tx, id: InvitationId, by: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(DECIDE, &[&id, &by, &now])?;
    Ok(())
}

pub fn end(tx: &mut Tx, id: InvitationId, state: InvitationState) -> Outcome<()> {
    let now = tx.now();
    tx.exec(END, &[&id, &state, &now])?;
    Ok(())
}

pub fn ask(tx: &mut Tx, id: InvitationId, asked_by: AccountId, until: Ts) -> Outcome<()> {
    tx.exec(ASK, &[&id, &asked_by, &until])?;
    Ok(())
}

pub fn forget_asked(tx: &mut Tx, id: InvitationId) -> Outcome<()> {
    tx.exec(FORGET_ASKED, &[&id])?;
    Ok(())
}

pub fn sent_again(tx: &mut Tx, id: InvitationId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(SENT_AGAIN, &[&id, &now])?;
    Ok(())
}

/// Invitations through a seat after a moment.
pub fn since(tx: &mut Tx, seat: SeatId, after: Ts) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(SINCE, &[&seat, &after])?.0)
}

/// The open invitation to the same place that an address has already.
pub fn open_to_address(
    tx: &mut Tx,
    key: &str,
    kind: InvitationKind,
    facility: FacilityId,
    group: Option<GroupId>,
) -> Outcome<Option<Invitation>> {
    let now = tx.now();
    Ok(tx.opt(OPEN_TO_ADDRESS, &[&key, &kind, &facility, &group, &now])?)
}

/// The open invitation to a group that a picked person has already.
pub fn open_to_account(tx: &mut Tx, account: AccountId, group: GroupId) -> Outcome<Option<Invitation>> {
    let now = tx.now();
    Ok(tx.opt(OPEN_TO_ACCOUNT, &[&account, &group, &now])?)
}

/// Open invitations to an address that no account answered for yet.
pub fn unbound(tx: &mut Tx, key: &str) -> Outcome<Vec<Invitation>> {
    Ok(tx.all(UNBOUND, &[&key])?)
}

pub fn bind(tx: &mut Tx, id: InvitationId, account: AccountId) -> Outcome<()> {
    tx.exec(BIND, &[&id, &account])?;
    Ok(())
}

pub fn awaiting_workplace(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Invitation>> {
    Ok(tx.all(AWAITING_WORKPLACE, &[&account])?)
}

pub fn awaiting_consent(tx: &mut Tx, patient: PatientId) -> Outcome<Vec<Invitation>> {
    Ok(tx.all(AWAITING_CONSENT, &[&patient])?)
}

/// Every open invitation made through a seat.
pub fn open_through(tx: &mut Tx, seat: SeatId) -> Outcome<Vec<Invitation>> {
    Ok(tx.all(OPEN_THROUGH, &[&seat])?)
}

/// What waits for an answer of this account.
pub fn received(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Invitation>> {
    let now = tx.now();
    Ok(tx.all(RECEIVED, &[&account, &now])?)
}

/// What an account sent, newest first, 50 older than an id.
pub fn sent(tx: &mut Tx, account: AccountId, before: InvitationId) -> Outcome<Vec<Invitation>> {
    Ok(tx.all(SENT, &[&account, &before])?)
}

/// What may wait for this account's approval; the law has the last word.
pub fn to_approve(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Invitation>> {
    let now = tx.now();
    Ok(tx.all(TO_APPROVE, &[&account, &now])?)
}

pub fn of_group(tx: &mut Tx, group: GroupId) -> Outcome<Vec<Invitation>> {
    let now = tx.now();
    Ok(tx.all(OF_GROUP, &[&group, &now])?)
}

/// The administrators of a facility.
pub fn approvers(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<AccountId>> {
    let found = tx.all::<(AccountId,)>(APPROVERS, &[&facility])?;
    Ok(found.into_iter().map(|(account,)| account).collect())
}

/// The administrators of a group.
pub fn group_approvers(tx: &mut Tx, group: GroupId) -> Outcome<Vec<AccountId>> {
    let found = tx.all::<(AccountId,)>(GROUP_APPROVERS, &[&group])?;
    Ok(found.into_iter().map(|(account,)| account).collect())
}
