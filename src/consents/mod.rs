//! Consents: what a patient agreed to, how, before whom, and its withdrawal.

pub(crate) mod access;
pub mod actions;
pub mod api;
pub mod pages;
pub(crate) mod store;
mod typed;

#[cfg(test)]
mod tests;

pub use store::Consent;
pub(crate) use store::STATEMENTS;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{Relationship, Signer};

/// What a consent says; sealed under the patient's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The day it was given, as `2026-11-20`; the list of patients reads it too.
    pub given_on: String,
    /// The time, where it was given by word: 「14:05」 or empty.
    pub given_at: String,
    /// Who signed or said it.
    pub signer: Signer,
    pub signer_name: String,
    /// What the signer is to the patient; none for the patient.
    pub relationship: Option<Relationship>,
    /// In words, where the list has none.
    pub relationship_words: String,
    pub explainer_name: String,
    pub explainer_facility: String,
    pub explainer_phone: String,
    /// By word: who heard it.
    pub heard_by: String,
    /// By word: who else was there.
    pub witness: String,
    /// By which means, where it is neither paper, voice nor telephone.
    pub means: String,
}

impl Details {
    /// The day it was given.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        self.given_on.parse().ok()
    }
}

/// The consent that counts, withdrawn or not: for rooms that hold a key to the patient.
pub fn newest(tx: &mut crate::Tx, patient: tasuki_law::nouns::PatientId) -> crate::Outcome<Option<Consent>> {
    Ok(store::of_patient(tx, patient)?.into_iter().next())
}
