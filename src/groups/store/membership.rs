//! Living memberships with the seat they were entered through, as the law asks for them.

use crate::{Outcome, Tx};
use std::collections::HashMap;
use tasuki_base::db::list;
use tasuki_law::nouns::{AccountId, FacilityId, FacilityType, GroupId, MemberId, MemberRole, SeatId};
use tasuki_law::rules::MyMembership;

macro_rules! memberships {
    ($whose:literal) => {
        concat!(
            "SELECT m.account, m.id, m.seat, s.facility, m.role, f.type
  FROM members m JOIN seats s ON s.id = m.seat JOIN facilities f ON f.id = s.facility
  WHERE m.group_id = $2 AND m.ended_at IS NULL AND ",
            $whose
        )
    };
}

const MINE: &str = memberships!("m.account = $1");
const MINE_OF_MANY: &str = memberships!("m.account IN (SELECT unhex(value) FROM json_each($1))");

pub const STATEMENTS: &[&str] = &[MINE, MINE_OF_MANY];

type MembershipRow = (AccountId, MemberId, SeatId, FacilityId, MemberRole, FacilityType);

fn membership((account, member, seat, facility, role, kind): MembershipRow) -> (AccountId, MyMembership) {
    let medical_institution = kind.is_medical_institution();
    (account, MyMembership { member, seat, facility, role, medical_institution })
}

pub fn my_membership(tx: &mut Tx, account: AccountId, group: GroupId) -> Outcome<Option<MyMembership>> {
    Ok(tx.opt(MINE, &[&account, &group])?.map(|row| membership(row).1))
}

/// The living memberships that these accounts have in a group.
pub fn memberships(
    tx: &mut Tx,
    accounts: impl Iterator<Item = AccountId>,
    group: GroupId,
) -> Outcome<HashMap<AccountId, MyMembership>> {
    let accounts = list::ids(accounts.map(|account| account.0));
    Ok(tx.all(MINE_OF_MANY, &[&accounts, &group])?.into_iter().map(membership).collect())
}
