//! The letters about invitations: to the invited person, and to those who approve.

use super::compose::{Addressee, Desk, person, until, written};
use super::name::safe;
use super::texts::{self, Offer};
use crate::accounts::{self, links::LinkKind};
use crate::invitations::{self, InvitationLetter};
use crate::{Outcome, Tx, facilities};
use tasuki_base::mail::Letter;
use tasuki_law::nouns::{AccountId, InvitationId, InvitationState};

/// The facts with names that may stand in a mail.
struct Facts {
    letter: InvitationLetter,
    inviter: String,
    facility: String,
    workplace: String,
}

impl Facts {
    fn of(tx: &mut Tx, id: InvitationId) -> Outcome<Self> {
        let letter = invitations::letter(tx, id)?;
        let inviter = safe(&letter.inviter_name);
        let (facility, workplace) = (safe(&letter.inviter_facility), safe(&letter.facility_name));
        Ok(Self { letter, inviter, facility, workplace })
    }

    fn offer(&self) -> Offer<'_> {
        let group = self.letter.group_kind;
        Offer {
            inviter: &self.inviter,
            facility: &self.facility,
            vouched: self.letter.facility_vouched,
            workplace: group.is_none().then_some(self.workplace.as_str()),
            group: group.map_or("", |kind| kind.word()),
        }
    }
}

pub fn invitation(tx: &mut Tx, desk: &Desk, id: InvitationId) -> Outcome<Option<Letter>> {
    if !invitations::find(tx, id)?.is_sent(tx.now()) {
        return Ok(None);
    }
    let facts = Facts::of(tx, id)?;
    let known = match facts.letter.to {
        Some(account) => match person(tx, account)? {
            Some(known) => Some(known),
            None => return Ok(None),
        },
        None => None,
    };
    let name = known.as_ref().map_or_else(String::new, |known| known.name.clone());
    let (link, until, email) = match (&facts.letter.email, known) {
        // A typed address: the link itself shows that the mail arrived there.
        (Some(email), _) => {
            let link = desk.link(tx, LinkKind::Invitation, id.0)?;
            (link, Some(until(tx, LinkKind::Invitation)), email.clone())
        }
        (None, Some(known)) => (desk.page(&format!("/invitations/{id}")), None, known.email),
        (None, None) => return Ok(None),
    };
    let to = Addressee { email, name };
    let offer = facts.offer();
    written(&to, &texts::Invitation { foot: desk.foot(), to: &to.name, link: &link, until, offer })
}

pub fn approval(tx: &mut Tx, desk: &Desk, id: InvitationId, approver: AccountId) -> Outcome<Option<Letter>> {
    let row = invitations::find(tx, id)?;
    let now = tx.now();
    let waits = row.state == InvitationState::AwaitingAdminApproval && row.is_open(now);
    if !waits || !invitations::approvers(tx, id)?.contains(&approver) {
        return Ok(None);
    }
    let Some(to) = person(tx, approver)? else { return Ok(None) };
    let facts = Facts::of(tx, id)?;
    let (foot, link, offer) = (desk.foot(), &desk.page("/approvals"), facts.offer());
    if let Some(asker) = row.asked_by.filter(|_| row.asks_otherwise()) {
        let (asker, workplace) = (named(tx, asker)?, workplace(tx, asker)?);
        let letter =
            texts::AskedOtherwise { foot, to: &to.name, link, offer, asker: &asker, workplace: &workplace };
        return written(&to, &letter);
    }
    let invited = match (row.email, row.account) {
        (Some(email), _) => email,
        (None, Some(account)) => named(tx, account)?,
        (None, None) => return Ok(None),
    };
    written(&to, &texts::Approval { foot, to: &to.name, link, offer, invited: &invited })
}

fn named(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    Ok(safe(&accounts::card(tx, account)?.name()))
}

fn workplace(tx: &mut Tx, account: AccountId) -> Outcome<String> {
    let seats = facilities::seats_of(tx, account)?;
    Ok(seats.first().map_or_else(String::new, |seat| safe(&seat.facility_name)))
}
