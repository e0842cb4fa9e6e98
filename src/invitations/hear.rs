//! What makes waiting invitations move: consent, accounts, seats, time.

use super::store::Invitation;
use super::{access, actions, answers, store};
use crate::errands::{self, Errand, Failed};
use crate::events::{Event, Listener};
use crate::{House, Outcome, Trouble, Tx, accounts};
use tasuki_base::text;
use tasuki_law::nouns::{EventKind, InvitationId, InvitationState};

/// Hears of consent, of new accounts and of new seats.
#[must_use]
pub fn listener() -> Listener {
    Listener { name: "invitations", hear, hints: |_| Vec::new(), at_once }
}

/// What moves an invitation locks it and tells of it: that is a transaction of its own.
const fn at_once(kind: EventKind) -> bool {
    !matches!(kind, EventKind::ConsentRecorded | EventKind::AccountRegistered | EventKind::SeatTaken)
}

fn hear(tx: &mut Tx, event: &Event) -> Outcome<()> {
    match (event.kind, event.account) {
        (EventKind::ConsentRecorded, _) => consented(tx, event),
        (EventKind::AccountRegistered, Some(account)) => {
            let email = accounts::email(tx, account)?;
            answers::bind(tx, account, &text::email_key(&email))
        }
        (EventKind::SeatTaken, Some(account)) => answers::seated(tx, account),
        _ => Ok(()),
    }
}

/// What waited for this patient's consent goes on its way.
fn consented(tx: &mut Tx, event: &Event) -> Outcome<()> {
    let Some(patient) = event.patient else { return Ok(()) };
    for waiting in store::awaiting_consent(tx, patient)? {
        let row = access::hold(tx, waiting.id)?;
        if row.state != InvitationState::AwaitingConsent {
            continue;
        }
        let by = row.inviter;
        match actions::open(tx, row, by) {
            // Withdrawn again before this was heard: it waits on.
            Ok(_) | Err(Trouble::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

const EXPIRY: &str = "invitation_expiry";

/// Closes what nobody answered in time.
#[must_use]
pub fn errand() -> Errand {
    Errand { kind: EXPIRY, run: |house, payload| Box::pin(expire(house, payload)) }
}

/// Looks at an invitation again when its time is over.
pub(super) fn expire_later(tx: &mut Tx, row: &Invitation) -> Outcome<()> {
    errands::send(tx, EXPIRY, &row.id, None, row.expires_at)
}

async fn expire(house: House, payload: String) -> Result<(), Failed> {
    let id: InvitationId = errands::payload(&payload)?;
    house.write(move |tx| look_again(tx, id)).await.map_err(Failed::from)
}

fn look_again(tx: &mut Tx, id: InvitationId) -> Outcome<()> {
    store::lock(tx, id)?;
    let row = store::find(tx, id)?;
    let now = tx.now();
    if row.is_open(now) {
        // Its time was extended when it was approved or sent.
        return expire_later(tx, &row);
    }
    use InvitationState as S;
    match row.state {
        S::AwaitingAdminApproval | S::AwaitingConsent | S::AwaitingInvitee | S::AwaitingRegistration => {
            store::end(tx, id, S::Expired)
        }
        _ => Ok(()),
    }
}
