//! Changing a patient's facts; what they were before stays in the history.

use super::form_view::FormView;
use crate::accounts::Known;
use crate::patients::typed::Typed;
use crate::patients::{Facts, access, actions, store};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{At, Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Tx};
use askama::Template;
use tasuki_base::text;
use tasuki_law::nouns::{PatientId, Who};
use tasuki_value::encode_id;

#[derive(Template)]
#[template(path = "patients/edit.html")]
pub(super) struct EditPage {
    hall: Hall,
    patient: PatientId,
    form: FormView,
    /// Where the history stood when this form was shown.
    seen: String,
    photo: String,
}

/// `GET /patients/{patient}/edit`
pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>) -> Page {
    page(&house.read(move |tx| edit_page(tx, &who, patient, None, Errors::none())).await?)
}

/// The form, with what was typed or with what is on record.
pub(super) fn edit_page(
    tx: &mut Tx,
    who: &Who,
    id: PatientId,
    typed: Option<Typed>,
    errors: Errors,
) -> Outcome<EditPage> {
    access::to_see_edit(tx, who, id)?;
    let patient = store::patient(tx, id)?;
    let typed = typed.unwrap_or_else(|| Typed::of(&patient.facts));
    let hall = hall(tx, who, words::EDIT)?.tab(Tab::Patients);
    Ok(EditPage {
        hall: hall.back(format!("/patients/{id}"), words::CARD),
        patient: id,
        form: FormView::new(typed, errors),
        seen: stand(tx, id)?,
        photo: patient.photo.map(|_| format!("/patients/{id}/photo")).unwrap_or_default(),
    })
}

fn stand(tx: &mut Tx, patient: PatientId) -> Outcome<String> {
    Ok(store::last_change(tx, patient)?.map(encode_id).unwrap_or_default())
}

/// `POST /patients/{patient}/edit`
pub async fn change(Known(who): Known, house: House, At(patient): At<PatientId>, form: Form) -> Page {
    let typed = Typed::read(&form);
    let errors = match typed.check(text::local_date(house.now())) {
        Ok(facts) => match save(&house, &who, patient, form.line("seen"), facts).await? {
            true => return see_other(format!("/patients/{patient}?done=patient_changed")),
            false => Errors::whole(words::CHANGED_MEANWHILE),
        },
        Err(errors) => errors,
    };
    let shown =
        house.read(move |tx| edit_page(tx, &who, patient, Some(typed.clone()), errors.clone())).await?;
    try_again(&shown)
}

/// Nothing is written over what somebody else changed since the form was shown: then `false`.
async fn save(house: &House, who: &Who, patient: PatientId, seen: String, facts: Facts) -> Outcome<bool> {
    let who = who.clone();
    house
        .write(move |tx| {
            let key = access::to_edit(tx, &who, patient)?;
            let same = stand(tx, patient)? == seen || store::patient(tx, patient)?.facts == facts;
            if same {
                actions::change(tx, &key, &facts)?;
            }
            Ok(same)
        })
        .await
}
