//! What makes waiting invitations move: consent, accounts, seats, time.

use super::store::Invitation;
use super::{access, actions, answers, store};
use crate::errands::{self, Errand, Failed};
use crate::events::{Event, Listener};
use crate::{House, Outcome, Trouble, Tx, accounts};
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, EventKind, InvitationId, InvitationState};
use tasuki_law::{Refusal, Why};
use tasuki_value::HOUR;

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
        go_on(tx, row, by)?;
    }
    Ok(())
}

fn go_on(tx: &mut Tx, row: Invitation, by: AccountId) -> Outcome<()> {
    let id = row.id;
    match actions::open(tx, row, by) {
        // The address has had its letters for today.
        Err(Trouble::Refused(Refusal::Because(Why::TooManyMails))) => {
            let later = tx.now().plus(LATER);
            errands::send(tx, CONSENTED, &id, None, later)
        }
        // Withdrawn again before this was heard: it waits on.
        Ok(_) | Err(Trouble::Refused(_)) => Ok(()),
        Err(other) => Err(other),
    }
}

const CONSENTED: &str = "invitation_consented";
const LATER: i64 = 6 * HOUR;

/// Sends what consent has opened, where the address had too many letters that day.
#[must_use]
pub fn consented_errand() -> Errand {
    Errand { kind: CONSENTED, run: |house, payload| Box::pin(consented_later(house, payload)) }
}

async fn consented_later(house: House, payload: String) -> Result<(), Failed> {
    let id: InvitationId = errands::payload(&payload)?;
    let sent = house.write(move |tx| {
        let row = access::hold(tx, id)?;
        let waits = row.state == InvitationState::AwaitingConsent && row.is_open(tx.now());
        let by = row.inviter;
        if waits { go_on(tx, row, by) } else { Ok(()) }
    });
    sent.await.map_err(Failed::from)
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
