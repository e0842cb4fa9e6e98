//! `GET /patients/{patient}/consents`: every consent on record, the newest of which counts.

use crate::accounts::{self, Known};
use crate::consents::{Consent, access, store};
use crate::patients;
use crate::phrases::{self, patients as words};
use crate::web::hall::{Tab, hall};
use crate::web::{At, Form, Hall, Page, page};
use crate::{House, Outcome, Tx};
use askama::Template;
use axum::http::Uri;
use tasuki_base::text;
use tasuki_law::nouns::{ConsentId, GroupId, PatientId, Who};

#[derive(Template)]
#[template(path = "consents/list.html")]
struct ListPage {
    hall: Hall,
    patient: PatientId,
    name: String,
    chip: patients::Chip,
    rows: Vec<Row>,
    may: May,
    /// Where one writes, right after the consent that opened it.
    write: Option<GroupId>,
}

struct May {
    record: bool,
}

struct Row {
    id: ConsentId,
    method: &'static str,
    given: String,
    by: String,
    recorded: String,
    /// 「有効」, 撤回 with its day, or replaced by a newer one.
    state: State,
}

enum State {
    InForce,
    Withdrawn(String),
    Replaced,
}

pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    page(&house.read(move |tx| view(tx, &who, patient, &done)).await?)
}

fn view(tx: &mut Tx, who: &Who, id: PatientId, done: &str) -> Outcome<ListPage> {
    let record = access::to_see(tx, who, id, None)?;
    let patient = patients::patient(tx, id)?;
    let (back, called) = back(tx, who, id)?;
    let consents = store::of_patient(tx, id)?;
    let rows = consents.iter().enumerate().map(|(place, consent)| row(tx, consent, place == 0));
    let rows = rows.collect::<Outcome<Vec<_>>>()?;
    let facts = patients::access::facts(tx, who, id)?;
    let write = (done == "consent_recorded" && facts.mine.is_some()).then_some(facts.group);
    Ok(ListPage {
        hall: hall(tx, who, words::CONSENTS)?.tab(Tab::Patients).back(back, called).done(done),
        patient: id,
        name: patient.facts.name(),
        chip: patients::consent(tx, id)?.chip(),
        rows,
        may: May { record },
        write,
    })
}

/// The card, for whom it opens; the list for an administrator who is no member.
pub(super) fn back(tx: &mut Tx, who: &Who, patient: PatientId) -> Outcome<(String, &'static str)> {
    let member = patients::access::facts(tx, who, patient)?.mine.is_some();
    let card = (format!("/patients/{patient}"), words::CARD);
    Ok(if member { card } else { ("/patients".to_owned(), words::LIST) })
}

fn row(tx: &mut Tx, consent: &Consent, newest: bool) -> Outcome<Row> {
    let state = match consent.withdrawn_at {
        Some(at) => State::Withdrawn(phrases::day(at)),
        None if newest => State::InForce,
        None => State::Replaced,
    };
    Ok(Row {
        id: consent.id,
        method: consent.method.word(),
        given: consent.details.day().map(text::era_date).unwrap_or_default(),
        by: accounts::card(tx, consent.recorded_by)?.name(),
        recorded: phrases::day_and_time(consent.recorded_at),
        state,
    })
}
