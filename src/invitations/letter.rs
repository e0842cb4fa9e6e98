//! What the post room may write about an invitation, and to whom.

use super::store::{self, Invitation};
use crate::{Outcome, Tx, facilities, policies};
use tasuki_law::nouns::{AccountId, GroupKind, InvitationId, InvitationKind};
use tasuki_law::rules::group::Approver;

/// The facts of an invitation mail. Never a group's or a patient's name; other names cut to 40 characters.
#[derive(Clone, Debug)]
pub struct InvitationLetter {
    pub kind: InvitationKind,
    /// The invited account, once known.
    pub to: Option<AccountId>,
    /// The invited address; none when a known person was picked, or another account joins instead.
    pub email: Option<String>,
    pub inviter_name: String,
    pub inviter_facility: String,
    /// Where the seat would be; for a group, the inviter's workplace.
    pub facility_name: String,
    /// Somebody vouched for that facility.
    pub facility_vouched: bool,
    pub group_kind: Option<GroupKind>,
}

const LONGEST_NAME: usize = 40;

fn short(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

/// Everything a mail about an invitation may say.
pub fn letter(tx: &mut Tx, id: InvitationId) -> Outcome<InvitationLetter> {
    let row = store::find(tx, id)?;
    let inviter = facilities::seat(tx, row.seat)?;
    let (name, vouched) = match row.kind {
        InvitationKind::Facility => {
            let card = facilities::card(tx, row.facility)?;
            (card.name, card.vouched_at.is_some())
        }
        InvitationKind::Group => (inviter.facility_name.clone(), inviter.vouched_at.is_some()),
    };
    let otherwise = row.asked_by.is_some() && row.asked_by == row.account;
    Ok(InvitationLetter {
        kind: row.kind,
        to: row.account,
        email: row.email.filter(|_| !otherwise),
        inviter_name: short(&inviter.name()),
        inviter_facility: short(&inviter.facility_name),
        facility_name: short(&name),
        facility_vouched: vouched,
        group_kind: row.group_kind,
    })
}

/// Who may approve it: everyone to tell when it waits for approval.
pub fn approvers(tx: &mut Tx, id: InvitationId) -> Outcome<Vec<AccountId>> {
    let row = store::find(tx, id)?;
    let mut found = store::approvers(tx, row.facility)?;
    if let Some(group) = row.group
        && by_group_admins(tx, &row)?
    {
        found.extend(store::group_approvers(tx, group)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn by_group_admins(tx: &mut Tx, row: &Invitation) -> Outcome<bool> {
    if row.group_kind == Some(GroupKind::Free) {
        return Ok(true);
    }
    let policy = facilities::card(tx, row.facility)?.policy;
    Ok(row.group.is_some() && policies::of(&policy).approver == Approver::GroupAdmin)
}
