//! How many letters about invitations one address gets: counted by the address, whether it has an account or not,
//! over all inviters, workplaces and places.

use super::draft::{Draft, FIELDS};
use super::store::Invitation;
use crate::accounts::limits::{self, Limit, table};
use crate::phrases::staff as words;
use crate::{Outcome, Tx, accounts, facilities};
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, FacilityId, SeatId};

/// The note of an invitation that was opened without a letter: somebody picked by name finds it at home, and their
/// mailbox has had enough for today.
pub const UNTOLD: &str = "untold";

/// What one more letter to a mailbox is counted in.
fn lines(mailbox: &str, inviter: AccountId, workplace: FacilityId) -> [(&'static Limit, String); 3] {
    [
        (&table::INVITED_BY_ONE, format!("{mailbox} {inviter}")),
        (&table::INVITED_BY_PLACE, format!("{mailbox} {workplace}")),
        (&table::INVITED, mailbox.to_owned()),
    ]
}

/// Counts the letter that opens an invitation; false when so many went to its address that none goes any more today.
pub fn opening(tx: &mut Tx, row: &Invitation) -> Outcome<bool> {
    let Some(mailbox) = mailbox(tx, row)? else { return Ok(true) };
    let workplace = facilities::seat(tx, row.seat)?.facility;
    limits::allow_all(tx, &lines(&mailbox, row.inviter, workplace))
}

/// Counts one more letter about an open invitation, asked for by whoever holds its old link.
pub fn again(tx: &mut Tx, row: &Invitation) -> Outcome<bool> {
    let Some(mailbox) = mailbox(tx, row)? else { return Ok(true) };
    limits::allow_all(tx, &[(&table::INVITED_AGAIN, mailbox.clone()), (&table::INVITED, mailbox)])
}

/// Says at its field which address gets no letter from this seat any more today; nothing is counted.
pub fn judge(tx: &mut Tx, draft: &mut Draft, seat: SeatId) -> Outcome<()> {
    let seat = facilities::seat(tx, seat)?;
    for (name, email) in FIELDS.into_iter().zip(&draft.emails).filter(|(_, email)| !email.is_empty()) {
        let mailbox = limits::mailbox(&text::email_key(email));
        for (limit, who) in lines(&mailbox, seat.account, seat.facility) {
            if limits::left(tx, limit, &who)? == 0 {
                draft.errors.add(name, words::MAILS_ENOUGH);
                break;
            }
        }
    }
    Ok(())
}

/// Where the letter goes: to another account that was let in instead, to the address as typed, or to a picked person.
fn mailbox(tx: &mut Tx, row: &Invitation) -> Outcome<Option<String>> {
    let otherwise = row.asked_by.is_some() && row.asked_by == row.account;
    Ok(match (&row.email_key, row.account) {
        (Some(key), _) if !otherwise => Some(limits::mailbox(key)),
        (_, Some(account)) => Some(limits::mailbox(&text::email_key(&accounts::email(tx, account)?))),
        _ => None,
    })
}
