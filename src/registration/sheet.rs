//! What a newcomer types, over all pages, and what must be right about it.

use crate::phrases::registration as words;
use crate::web::{Errors, Form};
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::{FacilityType, PREFECTURES, Profession};

/// Everything typed so far; sealed in the registration's row. Never the password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    /// The second question was answered: nobody at the workplace is here yet.
    pub alone: bool,
    pub email: String,
    /// The person says that an address which looks like a shared box is theirs alone.
    pub unshared: bool,
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    /// A code of [`Profession`].
    pub profession: String,
    pub facility: String,
    /// Seven digits when right, else as typed.
    pub postal_code: String,
    pub prefecture: String,
    pub address: String,
    pub building: String,
    /// Digits when right, else as typed.
    pub phone: String,
    /// A code of [`FacilityType`].
    pub kind: String,
}

/// The pages of the form, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Workplace,
    Account,
    Person,
    Facility,
}

impl Step {
    #[must_use]
    pub const fn url(self) -> &'static str {
        match self {
            Self::Workplace => "/register/workplace",
            Self::Account => "/register/account",
            Self::Person => "/register/person",
            Self::Facility => "/register/facility",
        }
    }
}

const NAME: usize = 50;
const LINE: usize = 100;

impl Sheet {
    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// 「もりやま みどり」.
    #[must_use]
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana).trim().to_owned()
    }

    /// Profession and kind of facility, once both were chosen.
    #[must_use]
    pub fn choices(&self) -> Option<(Profession, FacilityType)> {
        Some((self.profession.parse().ok()?, self.kind.parse().ok()?))
    }

    /// The first page on which something is missing.
    #[must_use]
    pub fn first_gap(&self) -> Option<Step> {
        if !self.alone {
            Some(Step::Workplace)
        } else if self.email.is_empty() {
            Some(Step::Account)
        } else if !self.person_errors().is_empty() {
            Some(Step::Person)
        } else if !self.facility_errors().is_empty() {
            Some(Step::Facility)
        } else {
            None
        }
    }

    /// Whether a page may be opened: everything before it is filled in.
    pub fn reaches(&self, step: Step) -> Result<(), Step> {
        match self.first_gap() {
            Some(gap) if (gap as u8) < step as u8 => Err(gap),
            _ => Ok(()),
        }
    }

    pub fn read_person(&mut self, form: &Form) {
        self.family = form.name("family");
        self.given = form.name("given");
        self.family_kana = form.reading("family_kana");
        self.given_kana = form.reading("given_kana");
        form.code("profession").clone_into(&mut self.profession);
    }

    #[must_use]
    pub fn person_errors(&self) -> Errors {
        let mut errors = Errors::none();
        errors.require("family", &self.family, words::FAMILY_MISSING);
        if self.profession.parse::<Profession>().is_err() {
            errors.add("profession", words::PROFESSION_MISSING);
        }
        for (field, value) in [("family", &self.family), ("given", &self.given)] {
            plain(&mut errors, field, value, NAME);
        }
        for (field, value) in [("family_kana", &self.family_kana), ("given_kana", &self.given_kana)] {
            plain(&mut errors, field, value, NAME);
            if has_kanji(value) {
                errors.add(field, words::KANA_ONLY);
            }
        }
        errors
    }

    pub fn read_facility(&mut self, form: &Form) {
        let postal_code = form.line("postal_code");
        let phone = form.line("phone");
        self.facility = form.line("facility");
        self.postal_code = text::postal_code(&postal_code).unwrap_or(postal_code);
        self.prefecture = form.line("prefecture");
        self.address = form.line("address");
        self.building = form.line("building");
        self.phone = text::phone_groups(&phone).unwrap_or(phone);
        form.code("kind").clone_into(&mut self.kind);
    }

    #[must_use]
    pub fn facility_errors(&self) -> Errors {
        let mut errors = Errors::none();
        errors.require("facility", &self.facility, words::FACILITY_MISSING);
        if text::postal_code(&self.postal_code).is_none() {
            errors.add("postal_code", words::POSTAL_CODE_WRONG);
        }
        if !PREFECTURES.contains(&self.prefecture.as_str()) {
            errors.add("prefecture", words::PREFECTURE_MISSING);
        }
        errors.require("address", &self.address, words::ADDRESS_MISSING);
        if text::phone(&self.phone).is_none() {
            errors.add("phone", words::PHONE_WRONG);
        }
        if self.kind.parse::<FacilityType>().is_err() {
            errors.add("kind", words::KIND_MISSING);
        }
        let lines = [("facility", &self.facility), ("address", &self.address), ("building", &self.building)];
        for (field, value) in lines {
            plain(&mut errors, field, value, LINE);
        }
        errors
    }
}

fn plain(errors: &mut Errors, field: &'static str, value: &str, longest: usize) {
    if text::has_private_use(value) {
        errors.add(field, words::PRIVATE_USE);
    }
    if text::is_longer(value, longest) {
        errors.add(field, words::too_long(longest));
    }
}

fn has_kanji(reading: &str) -> bool {
    reading.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'))
}
