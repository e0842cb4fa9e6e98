//! Who is there already is not written to, however their address was typed. Who exists elsewhere nobody is told.

use super::draft::{Draft, FIELDS};
use crate::phrases::staff as words;
use crate::{Outcome, Tx, accounts, facilities, groups};
use tasuki_base::text;
use tasuki_law::nouns::{FacilityId, GroupId};

/// Where somebody is invited to.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Workplace(FacilityId),
    Group(GroupId),
}

/// Says of each address whose owner is in the place that they are.
pub fn judge(tx: &mut Tx, draft: &mut Draft, place: Place) -> Outcome<()> {
    let typed: Vec<_> = FIELDS.into_iter().zip(draft.emails.clone()).collect();
    for (field, email) in typed.into_iter().filter(|(_, email)| !email.is_empty()) {
        let Some(account) = accounts::by_email(tx, &text::email_key(&email))? else { continue };
        let (here, word) = match place {
            Place::Workplace(facility) => {
                (facilities::seat_at(tx, account, facility)?.is_some(), words::STAFF_ALREADY)
            }
            Place::Group(group) => (groups::member_of(tx, group, account)?.is_some(), words::MEMBER_ALREADY),
        };
        draft.errors.unless(!here, field, word);
    }
    Ok(())
}
