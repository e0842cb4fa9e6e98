//! One consent, its scan, and its withdrawal.

use crate::accounts::{self, Known};
use crate::consents::{Consent, access, actions, store};
use crate::media::pages::serve;
use crate::media::{self, PurposeKind, Variant};
use crate::patients;
use crate::phrases::{self, patients as words};
use crate::web::hall::{Tab, hall};
use crate::web::{At, Hall, Page, page, see_other};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use axum::http::HeaderMap;
use tasuki_base::text;
use tasuki_law::nouns::{ConsentId, PatientId, Who};

#[derive(Template)]
#[template(path = "consents/show.html")]
struct ConsentPage {
    hall: Hall,
    name: String,
    given: String,
    recorded: String,
    recorded_by: String,
    withdrawn: Option<(String, String)>,
    in_force: bool,
    consent: Consent,
    may: May,
}

struct May {
    withdraw: bool,
}

#[derive(Template)]
#[template(path = "consents/withdrawal.html")]
struct WithdrawalPage {
    hall: Hall,
    patient: PatientId,
    consent: ConsentId,
    name: String,
}

/// `GET /patients/{patient}/consents/{consent}`
pub async fn show(
    Known(who): Known,
    house: House,
    At((patient, consent)): At<(PatientId, ConsentId)>,
) -> Page {
    page(&house.read(move |tx| view(tx, &who, patient, consent)).await?)
}

fn view(tx: &mut Tx, who: &Who, id: PatientId, consent: ConsentId) -> Outcome<ConsentPage> {
    let record = access::to_see(tx, who, id, Some(consent))?;
    let patient = patients::patient(tx, id)?;
    let (consent, newest) = find(tx, id, consent)?;
    let withdrawn = match (consent.withdrawn_at, consent.withdrawn_by) {
        (Some(at), Some(by)) => Some((phrases::day_and_time(at), accounts::card(tx, by)?.name())),
        _ => None,
    };
    let in_force = newest && withdrawn.is_none();
    let hall = hall(tx, who, words::CONSENTS)?.tab(Tab::Patients);
    Ok(ConsentPage {
        hall: hall.back(format!("/patients/{id}/consents"), words::CONSENTS),
        name: patient.facts.name(),
        given: consent.details.day().map(text::era_date).unwrap_or_default(),
        recorded: phrases::day_and_time(consent.recorded_at),
        recorded_by: accounts::card(tx, consent.recorded_by)?.name(),
        withdrawn,
        in_force,
        consent,
        may: May { withdraw: record && in_force },
    })
}

/// A consent of this patient, and whether it is the newest.
fn find(tx: &mut Tx, patient: PatientId, consent: ConsentId) -> Outcome<(Consent, bool)> {
    let consents = store::of_patient(tx, patient)?.into_iter().enumerate();
    let mut found = consents.filter(|(_, known)| known.id == consent);
    found.next().map(|(place, known)| (known, place == 0)).ok_or_else(Trouble::unseen)
}

/// `GET /patients/{patient}/consents/{consent}/scan`
pub async fn scan(
    Known(who): Known,
    house: House,
    At((patient, consent)): At<(PatientId, ConsentId)>,
    headers: HeaderMap,
) -> Page {
    let file = house.read(move |tx| {
        access::to_see_scan(tx, &who, patient, consent)?;
        let scan = find(tx, patient, consent)?.0.scan.ok_or_else(Trouble::unseen)?;
        media::in_place(tx, PurposeKind::Consent, scan)
    });
    serve(&house, &headers, file.await?, Variant::Full).await
}

/// `GET /patients/{patient}/consents/{consent}/withdrawal`
pub async fn ask_withdrawal(
    Known(who): Known,
    house: House,
    At((patient, consent)): At<(PatientId, ConsentId)>,
) -> Page {
    let shown = house.read(move |tx| {
        access::to_see_form(tx, &who, patient)?;
        find(tx, patient, consent)?;
        let hall = hall(tx, &who, words::WITHDRAW_CONSENT)?.tab(Tab::Patients);
        let name = patients::patient(tx, patient)?.facts.name();
        let hall = hall.back(format!("/patients/{patient}/consents/{consent}"), words::CONSENTS);
        Ok(WithdrawalPage { hall, patient, consent, name })
    });
    page(&shown.await?)
}

/// `POST /patients/{patient}/consents/{consent}/withdrawal`
pub async fn withdraw(
    Known(who): Known,
    house: House,
    At((patient, consent)): At<(PatientId, ConsentId)>,
) -> Page {
    let withdrawn = house.write(move |tx| {
        let key = access::to_record(tx, &who, patient)?;
        actions::withdraw(tx, &key, consent)
    });
    withdrawn.await?;
    see_other(format!("/patients/{patient}/consents?done=consent_withdrawn"))
}
