//! The identity code: read by administrators of the patient only, and every reading is on the record.

use crate::accounts::Known;
use crate::patients::{access, store};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{At, Form, Hall, Page, page};
use crate::{House, Outcome, Trouble};
use askama::Template;
use axum::http::Uri;
use tasuki_law::nouns::{PatientId, Who};

#[derive(Template)]
#[template(path = "patients/code.html")]
struct CodePage {
    hall: Hall,
    patient: PatientId,
    name: String,
    /// In groups of four.
    code: Vec<String>,
    member: bool,
    /// Just registered: the end of four steps.
    fresh: bool,
}

/// `GET /patients/{patient}/code`
pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>) -> Page {
    page(&read(&house, who, patient, false).await?)
}

/// `GET /patients/new/done?patient=`
pub async fn done(Known(who): Known, house: House, uri: Uri) -> Page {
    let query = Form::of_query(uri.query().unwrap_or_default());
    let patient = query.pick("patient").ok_or(Trouble::Malformed)?;
    page(&read(&house, who, patient, true).await?)
}

async fn read(house: &House, who: Who, patient: PatientId, fresh: bool) -> Outcome<CodePage> {
    let shown = house.read(move |tx| {
        let (key, facts) = access::to_see_code(tx, &who, patient)?;
        let code: Vec<char> = store::code(tx, key.patient)?.chars().collect();
        let member = facts.mine.is_some();
        let title = if fresh { words::NEW } else { words::CODE };
        let hall = hall(tx, &who, title)?.tab(Tab::Patients);
        let hall = match (fresh, member) {
            (true, _) => hall,
            (false, true) => hall.back(format!("/patients/{patient}"), words::CARD),
            (false, false) => hall.back("/patients", words::LIST),
        };
        Ok(CodePage {
            hall,
            patient,

            name: store::patient(tx, patient)?.facts.name(),
            code: code.chunks(4).map(|four| four.iter().collect()).collect(),
            member,
            fresh,
        })
    });
    shown.await
}
