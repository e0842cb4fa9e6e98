//! Patients: a record of one originating facility, with exactly one group and one key.

pub(crate) mod access;
pub mod actions;
mod facts;
mod forms;
mod items;
mod list;
pub mod pages;
pub(crate) mod store;
mod typed;

#[cfg(test)]
mod tests;

pub use facts::{Contact, Facts};
pub use forms::FORGET;
pub use list::{Hit, hits};
pub(crate) use store::STATEMENTS;

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
