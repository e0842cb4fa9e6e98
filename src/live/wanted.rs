//! What the streams of many people ask of the database in one look.

use super::person::{Ask, Dress, Found, Places, Row, json};
use crate::events::Topic;
use crate::timeline::places::{self, PlaceView};
use crate::web::hall;
use crate::{Outcome, Trouble, Tx};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tasuki_law::nouns::{AccountId, GroupId, Who};
use tasuki_value::Ts;

/// Which places are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Only whether the person still is where they were.
    Rights,
    /// These, and those that are new beside the known ones; and every count.
    All(Vec<GroupId>),
    /// These alone, of the known ones: nothing was heard of the person's own rights, and as much waits as before.
    Moved(Vec<GroupId>),
}

impl Wanted {
    /// By what was heard; after a silence everything, if `thorough`.
    pub fn of(heard: &[Topic], thorough: bool) -> Self {
        let place = |topic: &Topic| match topic {
            Topic::Place(group) => Some(*group),
            Topic::Page(_) | Topic::Person(_) => None,
        };
        let places: Vec<_> = heard.iter().filter_map(place).collect();
        match heard.len() {
            0 if !thorough => Self::Rights,
            0 => Self::All(places),
            count if count == places.len() => Self::Moved(places),
            _ => Self::All(places),
        }
    }

    fn groups(&self) -> &[GroupId] {
        match self {
            Self::Rights => &[],
            Self::All(groups) | Self::Moved(groups) => groups,
        }
    }
}

/// What was found for any of the people asked for.
#[derive(Default)]
struct Sheet {
    /// All places with what is unread, where everything is counted.
    all: HashMap<AccountId, Vec<(GroupId, i64)>>,
    waiting: HashMap<AccountId, i64>,
    rows: HashMap<(GroupId, AccountId), PlaceView>,
    /// Rows as pages show them, drawn once for all whom they look the same to.
    drawn: HashMap<(GroupId, i64, bool, bool), Arc<str>>,
}

/// For each of these what is to be told. Alone, what this node was not rung for has not changed.
pub fn look(tx: &mut Tx, asks: &[(&Who, &Ask)], alone: bool) -> Outcome<Vec<Found>> {
    let wanted = settled(tx, asks)?;
    let mut sheet = Sheet::default();
    let counted = |wanted: &Wanted| match wanted {
        Wanted::All(_) => true,
        Wanted::Moved(_) => !alone,
        Wanted::Rights => false,
    };
    let people: Vec<&Who> =
        asks.iter().zip(&wanted).filter(|(_, wanted)| counted(wanted)).map(|((who, _), _)| *who).collect();
    if !people.is_empty() {
        sheet.all = places::unread_of_many(tx, &people)?;
    }
    let mut moved: BTreeMap<GroupId, Vec<&Who>> = BTreeMap::new();
    for ((who, ask), wanted) in asks.iter().zip(&wanted) {
        let account = account(who)?;
        for group in wanted.groups().iter().chain(&sheet.come(account, ask, wanted)) {
            moved.entry(*group).or_default().push(who);
        }
        if matches!(wanted, Wanted::All(_)) && !sheet.waiting.contains_key(&account) {
            let (received, approvals) = hall::waiting(tx, account)?;
            sheet.waiting.insert(account, received + approvals);
        }
    }
    for (group, people) in moved {
        for (account, place) in places::of_many(tx, &people, group)? {
            sheet.rows.insert((group, account), place);
        }
    }
    let at = tx.now();
    let found =
        asks.iter().zip(&wanted).map(|((who, ask), wanted)| sheet.found(at, account(who)?, ask, wanted));
    found.collect()
}

/// Who turns out to be somewhere else than was known is looked at from all sides.
fn settled(tx: &mut Tx, asks: &[(&Who, &Ask)]) -> Outcome<Vec<Wanted>> {
    let quiet = asks.iter().filter(|(_, ask)| ask.wanted == Wanted::Rights);
    let people: Vec<&Who> = quiet.map(|(who, _)| *who).collect();
    let groups = if people.is_empty() { HashMap::new() } else { places::groups_of_many(tx, &people)? };
    let settled = |(who, ask): &(&Who, &Ask)| {
        if ask.wanted != Wanted::Rights {
            return Ok(ask.wanted.clone());
        }
        let now = groups.get(&account(who)?).map_or(&[][..], Vec::as_slice);
        let same = now.iter().eq(ask.places.iter().map(|(group, _)| group));
        Ok(if same { Wanted::Rights } else { Wanted::All(Vec::new()) })
    };
    asks.iter().map(settled).collect()
}

fn account(who: &Who) -> Outcome<AccountId> {
    who.account().ok_or_else(Trouble::unseen)
}

impl Sheet {
    /// The places that are new for a person.
    fn come(&self, account: AccountId, ask: &Ask, wanted: &Wanted) -> Vec<GroupId> {
        if !matches!(wanted, Wanted::All(_)) {
            return Vec::new();
        }
        let new = |group: &GroupId| {
            ask.places.binary_search_by_key(group, |(known, _)| *known).is_err()
                && !wanted.groups().contains(group)
        };
        self.all.get(&account).into_iter().flatten().map(|(group, _)| *group).filter(new).collect()
    }

    fn found(&mut self, at: Ts, account: AccountId, ask: &Ask, wanted: &Wanted) -> Outcome<Found> {
        if *wanted == Wanted::Rights {
            return Ok(Found { at, places: None, waiting: ask.waiting, rows: Vec::new() });
        }
        let come = self.come(account, ask, wanted);
        let places = self.places(account, ask, wanted);
        let mut rows = Vec::new();
        for group in wanted.groups().iter().chain(&come) {
            rows.extend(self.row(*group, account, ask.dress)?);
        }
        let waiting = self.waiting.get(&account).copied().unwrap_or(ask.waiting);
        let waiting = if matches!(wanted, Wanted::All(_)) { waiting } else { ask.waiting };
        Ok(Found { at, places: Some(places), waiting, rows })
    }

    /// Where the person is now, and what is unread there.
    fn places(&self, account: AccountId, ask: &Ask, wanted: &Wanted) -> Places {
        if let Some(all) = self.all.get(&account) {
            return all.as_slice().into();
        }
        let Wanted::Moved(heard) = wanted else { return Places::default() };
        // Somebody who is in a place no longer does not see it.
        let now = |(group, unread): &(GroupId, i64)| match heard.contains(group) {
            false => Some((*group, *unread)),
            true => self.rows.get(&(*group, account)).map(|place| (*group, place.unread)),
        };
        ask.places.iter().filter_map(now).collect()
    }

    fn row(&mut self, group: GroupId, account: AccountId, dress: Dress) -> Outcome<Option<Row>> {
        let Some(place) = self.rows.get(&(group, account)) else { return Ok(None) };
        let html = match dress {
            Dress::Plain => None,
            Dress::Page => {
                let looks = (group, place.unread, place.note.is_empty(), place.last.is_empty());
                Some(match self.drawn.get(&looks) {
                    Some(html) => Arc::clone(html),
                    None => {
                        let html: Arc<str> = json(&place.html().map_err(Trouble::broken)?)?.into();
                        Arc::clone(self.drawn.entry(looks).or_insert(html))
                    }
                })
            }
        };
        let PlaceView { seq, rev, unread, withheld, .. } = *place;
        Ok(Some(Row { group, seq, rev, unread, withheld, html }))
    }
}

/// The first look: what changed since, and every count.
pub fn first(tx: &mut Tx, who: &Who, since: Ts, dress: Dress) -> Outcome<Found> {
    let account = account(who)?;
    let mut sheet = Sheet { all: places::unread_of_many(tx, &[who])?, ..Sheet::default() };
    let mut heard = Vec::new();
    for place in places::changed(tx, who, since)? {
        heard.push(place.group);
        sheet.rows.insert((place.group, account), place);
    }
    let (received, approvals) = hall::waiting(tx, account)?;
    let places: Places = sheet.all.get(&account).map_or_else(Places::default, |all| all.as_slice().into());
    let mut rows = Vec::new();
    for group in heard {
        rows.extend(sheet.row(group, account, dress)?);
    }
    Ok(Found { at: tx.now(), places: Some(places), waiting: received + approvals, rows })
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::events::Topic;
    use tasuki_law::nouns::{AccountId, GroupId};
    use uuid::Uuid;

    #[test]
    fn what_is_heard_says_what_is_looked_at() {
        let (group, person) = (GroupId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        assert_eq!(Wanted::of(&[], false), Wanted::Rights);
        assert_eq!(Wanted::of(&[], true), Wanted::All(Vec::new()));
        assert_eq!(Wanted::of(&[Topic::Place(group)], false), Wanted::Moved(vec![group]));
        let both = [Topic::Place(group), Topic::Person(person)];
        assert_eq!(Wanted::of(&both, false), Wanted::All(vec![group]));
    }
}
