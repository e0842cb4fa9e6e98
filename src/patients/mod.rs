//! Patients: a record of one originating facility, with exactly one group and one key.

pub(crate) mod access;
pub mod actions;
pub mod api;
mod chip;
mod facts;
mod forms;
mod items;
mod list;
pub mod pages;
pub(crate) mod store;
mod typed;

#[cfg(test)]
mod tests;

pub use chip::{Chip, Glance};
pub use facts::{Contact, Facts};
pub use forms::FORGET;
pub use list::{Hit, Listed, hits, listed};
pub(crate) use store::STATEMENTS;
pub(crate) use typed::fits;

use crate::{Outcome, Tx};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{FacilityId, GroupId, PatientId, UploadId};

/// A patient with the facts opened. To be shown only behind a key.
#[derive(Clone, Debug)]
pub struct Patient {
    pub id: PatientId,
    pub group: GroupId,
    /// The originating facility.
    pub facility: FacilityId,
    pub data_key: KeyId,
    pub facts: Facts,
    pub photo: Option<UploadId>,
    /// Members of other facilities may change the facts.
    pub members_may_edit: bool,
}

/// The patient itself, whoever asks: for rooms that hold a key to it.
pub fn patient(tx: &mut Tx, patient: PatientId) -> Outcome<Patient> {
    store::patient(tx, patient)
}

/// How the patient's consent stands, in one word: for rooms that hold a key to the patient.
pub fn consent(tx: &mut Tx, patient: PatientId) -> Outcome<Glance> {
    store::glance(tx, patient)
}

/// The face of a patient without a picture: one of the eight colours, always the same one.
#[must_use]
pub fn tint(patient: PatientId) -> u8 {
    patient.0.as_bytes()[15] % 8
}
