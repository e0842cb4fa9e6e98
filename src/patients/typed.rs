//! What was typed into the form of a patient, and what it amounts to.

use super::{Contact, Facts};
use crate::phrases::patients as words;
use crate::web::{Errors, Form};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::Sex;

/// The fields as typed; what has only one meaning is cleaned already.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Typed {
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub sex: String,
    pub birth: String,
    pub postal_code: String,
    pub prefecture: String,
    pub city: String,
    pub town: String,
    pub phone: String,
    pub memo: String,
    pub diseases: Vec<String>,
    pub medicines: String,
    pub allergies: String,
    pub care_level: String,
    pub contacts: Vec<TypedContact>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedContact {
    pub name: String,
    pub relationship: String,
    pub phone: String,
}

/// How many diseases and contacts the form has room for.
pub const DISEASES: usize = 20;
pub const CONTACTS: usize = 3;
const NAME: usize = 50;
const LINE: usize = 100;
const MEMO: usize = 60;
const PROSE: usize = 10_000;

/// The names of the fields of each contact.
pub const CONTACT_FIELDS: [(&str, &str, &str); CONTACTS] = [
    ("contact1_name", "contact1_relationship", "contact1_phone"),
    ("contact2_name", "contact2_relationship", "contact2_phone"),
    ("contact3_name", "contact3_relationship", "contact3_phone"),
];

impl Typed {
    #[must_use]
    pub fn read(form: &Form) -> Self {
        let diseases = form.lines("disease", DISEASES + 1).filter(|name| !name.is_empty());
        let contacts = CONTACT_FIELDS.map(|(name, relationship, phone)| TypedContact {
            name: form.name(name),
            relationship: form.line(relationship),
            phone: form.line(phone),
        });
        Self {
            family: form.name("family"),
            given: form.name("given"),
            family_kana: form.reading("family_kana"),
            given_kana: form.reading("given_kana"),
            sex: form.line("sex"),
            birth: form.line("birth"),
            postal_code: form.line("postal_code"),
            prefecture: form.line("prefecture"),
            city: form.line("city"),
            town: form.line("town"),
            phone: form.line("phone"),
            memo: form.line("memo"),
            diseases: diseases.take(DISEASES + 1).collect(),
            medicines: form.prose("medicines").trim().to_owned(),
            allergies: form.prose("allergies").trim().to_owned(),
            care_level: form.line("care_level"),
            contacts: contacts.into_iter().filter(|contact| *contact != TypedContact::default()).collect(),
        }
    }

    /// The facts as they would be typed: for the form that changes them.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let contacts = facts.contacts.iter().map(|contact| TypedContact {
            name: contact.name.clone(),
            relationship: contact.relationship.map(|known| known.code().to_owned()).unwrap_or_default(),
            phone: contact.phone.clone(),
        });
        Self {
            family: facts.family.clone(),
            given: facts.given.clone(),
            family_kana: facts.family_kana.clone(),
            given_kana: facts.given_kana.clone(),
            sex: facts.sex.code().to_owned(),
            birth: facts.birth.map(text::era_date).unwrap_or_default(),
            postal_code: facts.postal_code.clone(),
            prefecture: facts.prefecture.clone(),
            city: facts.city.clone(),
            town: facts.town.clone(),
            phone: facts.phone.clone(),
            memo: facts.memo.clone(),
            diseases: facts.diseases.clone(),
            medicines: facts.medicines.clone(),
            allergies: facts.allergies.clone(),
            care_level: facts.care_level.map(|level| level.code().to_owned()).unwrap_or_default(),
            contacts: contacts.collect(),
        }
    }

    /// What it amounts to, or a sentence at each field that is wrong.
    pub fn check(&self, today: Date) -> Result<Facts, Errors> {
        let mut errors = Errors::none();
        self.check_texts(&mut errors);
        let sex = self.sex.parse::<Sex>().ok();
        if sex.is_none() {
            errors.add("sex", words::SEX);
        }
        let birth = self.birth_day(&mut errors, today);
        let postal_code =
            optional(&mut errors, "postal_code", &self.postal_code, words::POSTAL_CODE, text::postal_code);
        let phone = optional(&mut errors, "phone", &self.phone, words::PHONE, text::phone_groups);
        let contacts = self.checked_contacts(&mut errors);
        match sex {
            Some(sex) if errors.is_empty() => Ok(self.facts(sex, birth, postal_code, phone, contacts)),
            _ => Err(errors),
        }
    }

    fn facts(
        &self,
        sex: Sex,
        birth: Option<Date>,
        postal_code: String,
        phone: String,
        contacts: Vec<Contact>,
    ) -> Facts {
        Facts {
            family: self.family.clone(),
            given: self.given.clone(),
            family_kana: self.family_kana.clone(),
            given_kana: self.given_kana.clone(),
            sex,
            birth,
            postal_code,
            prefecture: self.prefecture.clone(),
            city: self.city.clone(),
            town: self.town.clone(),
            phone,
            memo: self.memo.clone(),
            diseases: self.diseases.clone(),
            medicines: self.medicines.clone(),
            allergies: self.allergies.clone(),
            care_level: self.care_level.parse().ok(),
            contacts,
        }
    }

    fn check_texts(&self, errors: &mut Errors) {
        errors.require("family", &self.family, words::FAMILY);
        let diseases = self.diseases.join("\n");
        let texts: &[(&'static str, &str, usize)] = &[
            ("family", &self.family, NAME),
            ("given", &self.given, NAME),
            ("family_kana", &self.family_kana, NAME),
            ("given_kana", &self.given_kana, NAME),
            ("prefecture", &self.prefecture, LINE),
            ("city", &self.city, LINE),
            ("town", &self.town, LINE),
            ("memo", &self.memo, MEMO),
            ("disease", &diseases, DISEASES * LINE),
            ("medicines", &self.medicines, PROSE),
            ("allergies", &self.allergies, PROSE),
        ];
        for (field, typed, most) in texts {
            fits(errors, field, typed, *most);
        }
        for (field, kana) in [("family_kana", &self.family_kana), ("given_kana", &self.given_kana)] {
            if kana.chars().any(is_kanji) {
                errors.add(field, words::KANA);
            }
        }
        if self.diseases.len() > DISEASES {
            errors.add("disease", words::too_many(DISEASES));
        }
    }

    fn birth_day(&self, errors: &mut Errors, today: Date) -> Option<Date> {
        if self.birth.is_empty() {
            return None;
        }
        let birth = text::date(&self.birth);
        match birth {
            None => errors.add("birth", words::BIRTH),
            Some(day) if day > today => errors.add("birth", words::BIRTH_TO_COME),
            Some(_) => {}
        }
        birth
    }

    fn checked_contacts(&self, errors: &mut Errors) -> Vec<Contact> {
        let mut contacts = Vec::new();
        for (contact, (name, _, phone)) in self.contacts.iter().zip(CONTACT_FIELDS) {
            errors.require(name, &contact.name, words::CONTACT_NAME);
            fits(errors, name, &contact.name, NAME);
            contacts.push(Contact {
                name: contact.name.clone(),
                relationship: contact.relationship.parse().ok(),
                phone: optional(errors, phone, &contact.phone, words::PHONE, text::phone_groups),
            });
        }
        contacts
    }
}

/// Not too long, and without characters that only its writer's system can draw.
pub fn fits(errors: &mut Errors, field: &'static str, typed: &str, most: usize) {
    if text::is_longer(typed, most) {
        errors.add(field, words::too_long(most));
    }
    if text::has_private_use(typed) {
        errors.add(field, words::PRIVATE_USE);
    }
}

fn optional(
    errors: &mut Errors,
    field: &'static str,
    typed: &str,
    wrong: &str,
    read: impl Fn(&str) -> Option<String>,
) -> String {
    if typed.is_empty() {
        return String::new();
    }
    read(typed).unwrap_or_else(|| {
        errors.add(field, wrong);
        String::new()
    })
}

const fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

/// What a `tel:` link calls; none without a number.
#[must_use]
pub fn phone_link(typed: &str) -> Option<String> {
    text::phone(typed).map(|digits| text::phone_link(&digits))
}
