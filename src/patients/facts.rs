//! What is known of a patient.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::{CareLevel, Relationship, Sex};

/// Everything a record holds, sealed as one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub family: String,
    /// Empty for people with one name.
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub sex: Sex,
    #[serde(with = "day")]
    pub birth: Option<Date>,
    /// Seven digits, or empty.
    pub postal_code: String,
    pub prefecture: String,
    pub city: String,
    /// 町名・番地・建物.
    pub town: String,
    /// In the groups in which it was typed; empty when not known.
    pub phone: String,
    /// 一言メモ: stands right after the name in every list.
    pub memo: String,
    pub diseases: Vec<String>,
    pub medicines: String,
    pub allergies: String,
    pub care_level: Option<CareLevel>,
    pub contacts: Vec<Contact>,
}

/// Somebody to call about the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub relationship: Option<Relationship>,
    /// As the patient's own.
    pub phone: String,
}

impl Facts {
    /// A person of whom only name and sex are known.
    #[must_use]
    pub fn named(family: &str, given: &str, sex: Sex) -> Self {
        Self {
            family: family.to_owned(),
            given: given.to_owned(),
            family_kana: String::new(),
            given_kana: String::new(),
            sex,
            birth: None,
            postal_code: String::new(),
            prefecture: String::new(),
            city: String::new(),
            town: String::new(),
            phone: String::new(),
            memo: String::new(),
            diseases: Vec::new(),
            medicines: String::new(),
            allergies: String::new(),
            care_level: None,
            contacts: Vec::new(),
        }
    }

    /// 「岡田 久恵」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// 「おかだ ひさえ」, empty when it was not given.
    #[must_use]
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana).trim().to_owned()
    }

    /// What stands in the round face where there is no picture.
    #[must_use]
    pub fn initial(&self) -> String {
        text::initial(&self.family)
    }

    /// The age on a day.
    #[must_use]
    pub fn age(&self, today: Date) -> Option<u16> {
        self.birth.and_then(|birth| text::age_on(birth, today))
    }

    /// The address in one line.
    #[must_use]
    pub fn address(&self) -> String {
        [self.prefecture.as_str(), &self.city, &self.town].concat()
    }

    /// What names in lists sort by: the reading, or the name where the reading is not known.
    #[must_use]
    pub fn order(&self) -> String {
        let kana = self.kana();
        text::fold(if kana.is_empty() { &self.family } else { &kana })
    }

    /// Whether this is the same name, however it was written.
    #[must_use]
    pub fn same_name(&self, other: &Self) -> bool {
        text::name_key(&self.name()) == text::name_key(&other.name())
    }

    /// Seems to be the same person: the same name, and no other day of birth.
    #[must_use]
    pub fn seems(&self, other: &Self) -> bool {
        let birth = match (self.birth, other.birth) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        };
        self.same_name(other) && birth
    }
}

/// Dates as `1939-03-02`.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(day: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(out)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(input)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }
}
