//! The facts as people read them: on the confirmation, on the card, in the history.

use super::Facts;
use super::store::Change;
use crate::phrases::{self, patients as words};
use tasuki_law::nouns::PatientField;

/// Every item in the order of the card; the words are empty where nothing is known.
#[must_use]
pub fn items(facts: &Facts) -> Vec<(PatientField, String)> {
    let shown = PatientField::ALL.iter().filter(|field| **field != PatientField::Picture);
    shown.map(|field| (*field, item(facts, *field))).collect()
}

fn item(facts: &Facts, field: PatientField) -> String {
    match field {
        PatientField::Name => facts.name(),
        PatientField::Kana => facts.kana(),
        PatientField::Sex => facts.sex.word().to_owned(),
        PatientField::Birth => facts.birth.map(words::birth).unwrap_or_default(),
        PatientField::Memo => facts.memo.clone(),
        PatientField::CareLevel => facts.care_level.map(|level| level.word().to_owned()).unwrap_or_default(),
        PatientField::Diseases => words::together(&facts.diseases),
        PatientField::Medicines => facts.medicines.clone(),
        PatientField::Allergies => facts.allergies.clone(),
        PatientField::Contacts => contacts(facts),
        PatientField::PostalCode => phrases::postal_code(&facts.postal_code),
        PatientField::Address => facts.address(),
        PatientField::Phone => facts.phone.clone(),
        PatientField::Picture => String::new(),
    }
}

fn contacts(facts: &Facts) -> String {
    let lines = facts.contacts.iter().map(|contact| {
        words::contact(&contact.name, contact.relationship.map(|known| known.word()), &contact.phone)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What differs between two states of the facts.
#[must_use]
pub fn differences(before: &Facts, after: &Facts) -> Vec<Change> {
    let pairs = items(before).into_iter().zip(items(after));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed.map(|((field, before), (_, after))| Change { field, before, after }).collect()
}
