//! How a list of people is cut: my workplace, others, by workplace, and by what was typed.

use super::Acquaintance;
use crate::web::face;
use std::collections::BTreeMap;
use tasuki_base::text;
use tasuki_law::nouns::FacilityId;

pub use crate::phrases::staff::View;

/// People under one heading; without a heading where there is only one.
#[derive(Clone, Debug)]
pub struct Section {
    pub heading: Option<String>,
    pub people: Vec<Acquaintance>,
}

impl Acquaintance {
    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// 「もりやま みどり」, empty when it was not given.
    #[must_use]
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana).trim().to_owned()
    }

    /// What stands in the round face where there is no photo.
    #[must_use]
    pub fn initial(&self) -> String {
        text::initial(&self.family)
    }

    #[must_use]
    pub fn tint(&self) -> u8 {
        face::tint(self.profession)
    }

    #[must_use]
    pub fn photo_url(&self) -> String {
        face::photo(self.account, self.photo)
    }

    fn answers(&self, words: &[String]) -> bool {
        let all = [&self.name(), &self.kana(), self.profession.word(), &self.facility_name].map(text::fold);
        words.iter().all(|word| all.iter().any(|field| field.contains(word)))
    }
}

/// The people of a view whose name, reading, profession or workplace hold every word typed.
#[must_use]
pub fn sections(people: Vec<Acquaintance>, view: View, typed: &str) -> Vec<Section> {
    let words: Vec<String> = typed.split_whitespace().map(text::fold).collect();
    let wanted = people.into_iter().filter(|person| person.answers(&words)).filter(|person| match view {
        View::Own => person.own,
        View::Others => !person.own,
        View::Facilities => true,
    });
    if view != View::Facilities {
        let people: Vec<_> = wanted.collect();
        return if people.is_empty() { Vec::new() } else { vec![Section { heading: None, people }] };
    }
    let mut places: BTreeMap<(String, FacilityId), Vec<Acquaintance>> = BTreeMap::new();
    for person in wanted {
        places.entry((person.facility_name.clone(), person.facility)).or_default().push(person);
    }
    let section = |((name, _), people)| Section { heading: Some(name), people };
    places.into_iter().map(section).collect()
}
