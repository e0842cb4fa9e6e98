//! Gathers the facts about an invitation and asks the law.

use super::Invitation;
use super::store;
use crate::{Outcome, Trouble, Tx, facilities, groups};
use tasuki_law::nouns::{GroupKind, InvitationId, InvitationKind, SeatId, Who};
use tasuki_law::rules::group;
use tasuki_law::rules::invitation::{
    self, AnswerInvitation, CancelInvitation, DecideInvitation, InvitationFacts,
};
use tasuki_law::{Key, Why};

/// Whether a key would be cut; a failure that is no refusal stays one.
fn granted<K>(asked: Outcome<K>) -> Outcome<bool> {
    match asked {
        Ok(_) => Ok(true),
        Err(Trouble::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Whether the asker approves invitations like this one.
///
/// For staff and free groups the administrators of the inviter's seat do, and those of the free group; for a
/// patient's group whom the law names.
pub fn approves(tx: &mut Tx, who: &Who, row: &Invitation) -> Outcome<bool> {
    let Some(group) = row.group else { return granted(facilities::access::to_manage(tx, who, row.facility)) };
    if row.group_kind == Some(GroupKind::Patient) {
        return Ok(group::may_approve(&groups::access::facts(tx, who, group)?));
    }
    Ok(granted(facilities::access::to_manage(tx, who, row.facility))?
        || granted(groups::access::to_manage(tx, who, group))?)
}

fn facts<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    row: &Invitation,
    entering: Option<SeatId>,
) -> Outcome<InvitationFacts<'c>> {
    Ok(InvitationFacts {
        moment: tx.moment(),
        invitation: row.id,
        kind: row.kind,
        facility: Some(row.facility),
        group: row.group,
        state: row.state,
        expires_at: row.expires_at,
        inviter: row.inviter,
        invited: row.account,
        approver: approves(tx, who, row)?,
        entering,
    })
}

/// Locks the place it leads to, then the invitation itself, and reads it: two who act at once act one after
/// the other.
pub fn hold(tx: &mut Tx, id: InvitationId) -> Outcome<Invitation> {
    let row = store::find(tx, id)?;
    let group = match row.group {
        Some(group) => group,
        None => facilities::card(tx, row.facility)?.group,
    };
    groups::actions::lock(tx, group)?;
    store::lock(tx, id)?;
    store::find(tx, id)
}

/// To look at it before answering: nothing is locked.
pub fn to_answer<'c>(tx: &mut Tx<'_, 'c>, who: &Who, row: &Invitation) -> Outcome<Key<'c, AnswerInvitation>> {
    let now = tx.now();
    Ok(invitation::answer(who, &facts(tx, who, row, None)?, now)?)
}

/// `entering`: the seat the person chose, or their only one.
pub fn to_accept<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    row: &Invitation,
    entering: Option<SeatId>,
) -> Outcome<Key<'c, AnswerInvitation>> {
    let now = tx.now();
    let seats = match who.account() {
        Some(account) => facilities::seats_of(tx, account)?,
        None => Vec::new(),
    };
    let mine = seats.iter().find(|seat| entering.is_none_or(|chosen| seat.seat == chosen));
    let key = invitation::accept(who, &facts(tx, who, row, mine.map(|seat| seat.seat))?, now)?;
    if row.kind == InvitationKind::Group && entering.is_none() && seats.len() > 1 {
        return Err(Trouble::because(Why::NeedsSeat));
    }
    Ok(key)
}

pub fn to_decide<'c>(tx: &mut Tx<'_, 'c>, who: &Who, row: &Invitation) -> Outcome<Key<'c, DecideInvitation>> {
    Ok(invitation::decide(who, &facts(tx, who, row, None)?)?)
}

pub fn to_cancel<'c>(tx: &mut Tx<'_, 'c>, who: &Who, row: &Invitation) -> Outcome<Key<'c, CancelInvitation>> {
    Ok(invitation::cancel(who, &facts(tx, who, row, None)?)?)
}
