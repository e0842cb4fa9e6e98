//! Consents by program: recording one.

use super::access;
use super::actions::{self, Taken};
use super::pages::new::begun;
use super::typed::Typed;
use crate::accounts::Caller;
use crate::media::{self, Parcel, Purpose, PurposeKind};
use crate::patients;
use crate::web::api::{Body, Created, Id, Problem, created, schema};
use crate::web::{At, Form};
use crate::{House, Outcome, Tx};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::{
    ConsentId, ConsentMethod, ConsentState, PatientId, Relationship, Signer, UploadId, Who,
};
use utoipa::ToSchema;

/// A consent as it was taken down. What is left out of the day, the explainer and the listener is taken from the form
/// as it begins: today, and the person themselves.
#[derive(Deserialize, ToSchema)]
pub struct ConsentAsked {
    #[schema(value_type = schema::ConsentMethod)]
    method: ConsentMethod,
    /// The day it was given.
    #[serde(default)]
    #[schema(example = "2026-11-19")]
    given_on: String,
    /// By word: at what time.
    #[serde(default)]
    #[schema(example = "14:05")]
    given_at: String,
    #[schema(value_type = schema::Signer)]
    signer: Signer,
    /// Needed unless the patient signs.
    #[serde(default)]
    signer_name: String,
    /// What the signer is to the patient. Needed unless the patient signs.
    #[schema(value_type = Option<schema::Relationship>)]
    relationship: Option<Relationship>,
    /// In words, where the list has none.
    #[serde(default)]
    relationship_words: String,
    #[serde(default)]
    explainer_name: String,
    #[serde(default)]
    explainer_facility: String,
    #[serde(default)]
    #[schema(example = "086-000-0001")]
    explainer_phone: String,
    /// By word: who heard it.
    #[serde(default)]
    heard_by: String,
    /// By word: who else was there.
    #[serde(default)]
    witness: String,
    /// By which means, where the method is `other`.
    #[serde(default)]
    means: String,
}

/// The same as a form, which may bring the scan along: its fields are those of the JSON body.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what a program sends")]
pub struct ConsentForm {
    method: String,
    signer: String,
    /// A photo or a PDF of the signed paper.
    #[schema(value_type = Option<String>, format = Binary)]
    scan: Option<Vec<u8>>,
}

/// The consent; it is the one that counts from now on.
#[derive(Serialize, ToSchema)]
pub struct ConsentMade {
    #[schema(value_type = Id)]
    id: ConsentId,
    #[schema(value_type = schema::ConsentState)]
    state: ConsentState,
}

impl ConsentAsked {
    /// As the form would bring it, so that it is read and judged alike.
    fn form(self) -> Form {
        let relationship = self.relationship.map(|known| known.code().to_owned()).unwrap_or_default();
        let fields = [
            ("method", self.method.code().to_owned()),
            ("given_on", self.given_on),
            ("given_at", self.given_at),
            ("signer", self.signer.code().to_owned()),
            ("signer_name", self.signer_name),
            ("relationship", relationship),
            ("relationship_words", self.relationship_words),
            ("explainer_name", self.explainer_name),
            ("explainer_facility", self.explainer_facility),
            ("explainer_phone", self.explainer_phone),
            ("heard_by", self.heard_by),
            ("witness", self.witness),
            ("means", self.means),
        ];
        Form::of_pairs(fields.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }
}

/// What is known before anything was typed.
struct Known {
    purpose: Purpose,
    name: String,
    begun: Typed,
}

fn known(tx: &mut Tx, who: &Who, id: PatientId) -> Outcome<Known> {
    let key = access::to_see_form(tx, who, id)?;
    let patient = patients::patient(tx, id)?;
    let kind = PurposeKind::Consent;
    let purpose = Purpose { account: key.account, data_key: patient.data_key, draft: None, kind };
    Ok(Known { purpose, name: patient.facts.name(), begun: begun(tx, who, id)? })
}

/// Records a consent
///
/// As JSON, or as `multipart/form-data` with the same fields and the scan. From here on it is the one that counts.
/// The same one sent again is recorded once.
#[utoipa::path(post, path = "/api/v1/patients/{patient}/consents", operation_id = "record_consent", tag = "patients",
    params(("patient" = Id, Path, description = "The patient")),
    request_body(content(
        (ConsentAsked = "application/json"),
        (ConsentForm = "multipart/form-data"),
    )),
    responses(
        (status = 201, description = "On record", body = ConsentMade),
        (status = 403, description = "Only the originating facility records it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn record_consent(
    Caller(who): Caller,
    house: House,
    At(patient): At<PatientId>,
    request: Request,
) -> Created<ConsentMade> {
    let asker = who.clone();
    let known = house.read(move |tx| known(tx, &asker, patient)).await?;
    let (form, scan) = sent(&house, &known.purpose, request).await?;
    let typed = Typed::read(&form).or(known.begun);
    let checked = typed.check(text::local_date(house.now()), &known.name);
    let (method, details) = checked.map_err(|errors| Problem::input(&errors))?;
    let scan = scan.map(|scan| (scan, known.purpose));
    let recorded = house.write(move |tx| {
        let key = access::to_record(tx, &who, patient)?;
        actions::record(tx, &key, &Taken { method, details: &details, scan })
    });
    created(ConsentMade { id: recorded.await?, state: ConsentState::Valid })
}

async fn sent(
    house: &House,
    purpose: &Purpose,
    request: Request,
) -> Result<(Form, Option<UploadId>), Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let Body(asked) = Body::<ConsentAsked>::from_request(request, house).await?;
        return Ok((asked.form(), None));
    }
    let parcel = Parcel::from_request(request, house).await?;
    let unpacked = media::actions::take_multipart(house, purpose, parcel).await?;
    match unpacked.refused.into_iter().next() {
        Some((_, fault)) => Err(fault.into()),
        None => Ok((unpacked.form, unpacked.files.first().map(|file| file.id))),
    }
}
