//! The places of many people at once.

use super::{PlaceView, store};
use crate::{Outcome, Tx};
use std::collections::HashMap;
use tasuki_law::nouns::{AccountId, GroupId, Who};

/// As [`super::one`], for many people at once: of those who are in it, the place as they see it.
pub fn of_many(tx: &mut Tx, people: &[&Who], group: GroupId) -> Outcome<Vec<(AccountId, PlaceView)>> {
    let own = store::of_many(tx, &accounts(people), group)?;
    let Some(first) = own.first() else { return Ok(Vec::new()) };
    let Some(place) = store::one(tx, first.account, group)? else { return Ok(Vec::new()) };
    let mut who: HashMap<AccountId, &Who> = HashMap::with_capacity(people.len());
    who.extend(people.iter().filter_map(|who| Some((who.account()?, *who))));
    let mut found = Vec::with_capacity(own.len());
    for own in own {
        let Some(who) = who.get(&own.account) else { continue };
        let (row, seat) = own.of(&place);
        found.push((own.account, PlaceView::of(tx, who, &row, &seat)?));
    }
    Ok(found)
}

/// The places of each of these people, in order, with what is unread there.
pub fn unread_of_many(tx: &mut Tx, people: &[&Who]) -> Outcome<HashMap<AccountId, Vec<(GroupId, i64)>>> {
    let mut places: HashMap<AccountId, Vec<(GroupId, i64)>> = HashMap::new();
    for (account, group, unread) in store::unread_of_many(tx, &accounts(people))? {
        places.entry(account).or_default().push((group, unread));
    }
    places.values_mut().for_each(|own| own.sort_unstable());
    Ok(places)
}

/// Where each of these people is a member, in order.
pub fn groups_of_many(tx: &mut Tx, people: &[&Who]) -> Outcome<HashMap<AccountId, Vec<GroupId>>> {
    let mut groups: HashMap<AccountId, Vec<GroupId>> = HashMap::new();
    for (account, group) in store::groups_of_many(tx, &accounts(people))? {
        groups.entry(account).or_default().push(group);
    }
    groups.values_mut().for_each(|groups| groups.sort_unstable());
    Ok(groups)
}

fn accounts(people: &[&Who]) -> Vec<AccountId> {
    let mut accounts: Vec<_> = people.iter().filter_map(|who| who.account()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}
