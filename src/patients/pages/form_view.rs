//! What the form of a patient needs to be drawn; the same for registering and for changing.

use crate::patients::typed::{CONTACT_FIELDS, DISEASES, Typed};
use crate::web::Errors;
use tasuki_law::nouns::{CareLevel, Relationship, Sex};

/// Lists of codes with their words.
type Options = Vec<(&'static str, &'static str)>;

pub struct FormView {
    pub typed: Typed,
    pub errors: Errors,
    pub sexes: Options,
    pub levels: Options,
    pub relationships: Options,
    /// What is there already and room for a few more.
    pub diseases: Vec<String>,
    /// More room, folded away.
    pub more_diseases: usize,
    pub contacts: Vec<ContactView>,
}

pub struct ContactView {
    pub number: usize,
    pub name_field: &'static str,
    pub relationship_field: &'static str,
    pub phone_field: &'static str,
    pub name: String,
    pub relationship: String,
    pub phone: String,
}

const ROOM: usize = 3;
const MORE_ROOM: usize = 5;

impl FormView {
    pub fn new(typed: Typed, errors: Errors) -> Self {
        let mut diseases = typed.diseases.clone();
        diseases.truncate(DISEASES);
        let shown = (diseases.len() + 1).clamp(ROOM, DISEASES);
        diseases.resize(shown, String::new());
        let contacts = CONTACT_FIELDS.into_iter().enumerate();
        Self {
            more_diseases: (DISEASES - shown).min(MORE_ROOM),
            diseases,
            contacts: contacts.map(|(place, fields)| contact(&typed, place, fields)).collect(),
            sexes: Sex::ALL.iter().map(|sex| (sex.code(), sex.word())).collect(),
            levels: CareLevel::ALL.iter().map(|level| (level.code(), level.word())).collect(),
            relationships: relationships(),
            typed,
            errors,
        }
    }

    /// Whether something was typed beyond name, sex, birth and memo, so that the folds stand open.
    pub fn has_health(&self) -> bool {
        let typed = &self.typed;
        let texts = [&typed.medicines, &typed.allergies, &typed.care_level];
        !typed.diseases.is_empty() || texts.iter().any(|text| !text.is_empty()) || !self.errors.is_empty()
    }

    pub fn has_contact(&self) -> bool {
        let typed = &self.typed;
        let texts = [&typed.postal_code, &typed.prefecture, &typed.city, &typed.town, &typed.phone];
        !typed.contacts.is_empty() || texts.iter().any(|text| !text.is_empty()) || !self.errors.is_empty()
    }
}

fn contact(typed: &Typed, place: usize, fields: (&'static str, &'static str, &'static str)) -> ContactView {
    let known = typed.contacts.get(place).cloned().unwrap_or_default();
    ContactView {
        number: place + 1,
        name_field: fields.0,
        relationship_field: fields.1,
        phone_field: fields.2,
        name: known.name,
        relationship: known.relationship,
        phone: known.phone,
    }
}

/// Everybody but the patient.
fn relationships() -> Options {
    let others = Relationship::ALL.iter().filter(|known| **known != Relationship::SelfPatient);
    others.map(|known| (known.code(), known.word())).collect()
}
