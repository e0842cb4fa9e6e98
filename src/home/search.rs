//! The search of the front page: people, patients and groups that the person may see anyway, compared on what
//! is opened and folded, never on anything stored for it.

use crate::connections::{self, Acquaintance};
use crate::patients::{self, Listed};
use crate::timeline::places::{self, PlaceView};
use crate::{Outcome, Tx};
use std::collections::HashMap;
use tasuki_base::text;
use tasuki_law::nouns::{GroupId, GroupKind, Who};

/// What was found.
#[derive(Default)]
pub struct Found {
    pub patients: Vec<PlaceView>,
    pub groups: Vec<PlaceView>,
    pub people: Vec<Acquaintance>,
}

impl Found {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patients.is_empty() && self.groups.is_empty() && self.people.is_empty()
    }
}

/// The words looked for: each must be found, in whatever script and form it was typed.
struct Words(Vec<String>);

impl Words {
    fn of(typed: &str) -> Self {
        Self(typed.split_whitespace().map(text::fold).filter(|word| !word.is_empty()).collect())
    }

    fn are_in(&self, facts: &[&str]) -> bool {
        let facts: Vec<_> = facts.iter().map(|fact| text::fold(fact)).collect();
        self.0.iter().all(|word| facts.iter().any(|fact| fact.contains(word)))
    }
}

/// The reading of each patient's name and the originating facility, by the patient's group.
fn readings(tx: &mut Tx, who: &Who) -> Outcome<HashMap<GroupId, (String, String)>> {
    let told = |listed: Listed| Some((listed.group, (listed.facts?.kana(), listed.facility_name)));
    Ok(patients::listed(tx, who)?.into_iter().filter_map(told).collect())
}

/// Looks for what was typed among the person's own places and the people who share them.
pub fn find(tx: &mut Tx, who: &Who, typed: &str) -> Outcome<Found> {
    let (words, Some(account)) = (Words::of(typed), who.account()) else { return Ok(Found::default()) };
    if words.0.is_empty() {
        return Ok(Found::default());
    }
    let mut found = Found::default();
    let readings = readings(tx, who)?;
    for place in places::all(tx, who)? {
        let (kana, facility) =
            readings.get(&place.group).map_or(("", ""), |(kana, facility)| (kana, facility));
        if !words.are_in(&[&place.name, &place.note, kana, facility]) {
            continue;
        }
        match place.kind {
            GroupKind::Patient => found.patients.push(place),
            GroupKind::Free | GroupKind::Facility => found.groups.push(place),
        }
    }
    let people = connections::people(tx, account)?;
    let fits = |one: &Acquaintance| {
        let (name, kana) = (one.name(), one.kana());
        words.are_in(&[&name, &kana, one.profession.word(), &one.facility_name])
    };
    found.people = people.into_iter().filter(fits).collect();
    Ok(found)
}
