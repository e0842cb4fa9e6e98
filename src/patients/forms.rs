//! A registration under way lies sealed in the database, never in a browser; after a day it is forgotten.

use super::store::{self, FormRow};
use super::typed::Typed;
use crate::errands::{self, Errand, payload};
use crate::{Outcome, Tx};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, FacilityId, PatientId};
use tasuki_value::DAY;

tasuki_value::id! {
    /// A patient's registration under way.
    pub FormId;
}

/// A form with what was typed into it.
pub struct Draft {
    pub facility: FacilityId,
    pub data_key: KeyId,
    pub typed: Typed,
    /// Registered already.
    pub patient: Option<PatientId>,
}

/// Forgets an abandoned form and destroys the key it waited under.
pub const FORGET: Errand = Errand {
    kind: "forget_patient_form",
    run: |house, text| {
        Box::pin(async move {
            let form: FormId = payload(&text)?;
            Ok(house.write(move |tx| store::forget_form(tx, form.0)).await?)
        })
    },
};

/// Keeps what was typed under the key that the patient will have; durable already.
pub fn keep(
    tx: &mut Tx,
    account: AccountId,
    facility: FacilityId,
    data_key: KeyId,
    typed: &Typed,
) -> Outcome<FormId> {
    let id = FormId(store::insert_form(tx, account, facility, data_key, typed)?);
    let tomorrow = tx.now().plus(DAY);
    errands::send(tx, FORGET.kind, &id, None, tomorrow)?;
    Ok(id)
}

/// Keeps what was typed anew into one's own form.
pub fn retype(
    tx: &mut Tx,
    account: AccountId,
    form: FormId,
    facility: FacilityId,
    typed: &Typed,
) -> Outcome<()> {
    let row = store::lock_form(tx, account, form.0)?;
    store::retype_form(tx, &row, facility, typed)
}

/// One's own form.
pub fn draft(tx: &mut Tx, account: AccountId, form: FormId) -> Outcome<Draft> {
    let row = store::form(tx, account, form.0)?;
    opened(tx, row)
}

/// One's own form, about to become a patient.
pub fn lock(tx: &mut Tx, account: AccountId, form: FormId) -> Outcome<Draft> {
    let row = store::lock_form(tx, account, form.0)?;
    opened(tx, row)
}

fn opened(tx: &mut Tx, row: FormRow) -> Outcome<Draft> {
    let typed = store::open_typed(tx, &row)?;
    let FormRow { facility, data_key, patient, .. } = row;
    Ok(Draft { facility, data_key, typed, patient })
}

/// The form has become a patient.
pub fn done(tx: &mut Tx, form: FormId, patient: PatientId) -> Outcome<()> {
    store::form_done(tx, form.0, patient)
}
