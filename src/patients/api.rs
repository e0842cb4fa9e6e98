//! Patients by program: registering one.

use super::actions::{self, Registration};
use super::typed::{CONTACT_FIELDS, Typed};
use crate::accounts::Caller;
use crate::phrases::patients as words;
use crate::web::api::{Body, Created, Id, Problem, created, schema};
use crate::web::{Errors, Form};
use crate::{House, facilities};
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::nouns::{CareLevel, FacilityId, GroupId, PatientId, Relationship, SeatId, Sex};
use utoipa::ToSchema;

/// A patient about to be registered: family name and sex are enough.
#[derive(Clone, Deserialize, ToSchema)]
pub struct PatientAsked {
    /// The originating facility, where the person works at several; else their own.
    #[schema(value_type = Option<Id>)]
    facility: Option<FacilityId>,
    /// Up to 50 letters.
    #[schema(min_length = 1, max_length = 50)]
    family: String,
    #[serde(default)]
    given: String,
    /// Furigana; katakana becomes hiragana.
    #[serde(default)]
    family_kana: String,
    #[serde(default)]
    given_kana: String,
    #[schema(value_type = schema::Sex)]
    sex: Sex,
    /// `1939-03-02`, or as it is written in Japan.
    #[serde(default)]
    #[schema(example = "1939-03-02")]
    birth: String,
    /// Seven digits.
    #[serde(default)]
    #[schema(example = "7000835")]
    postal_code: String,
    #[serde(default)]
    prefecture: String,
    #[serde(default)]
    city: String,
    /// Street, number and building.
    #[serde(default)]
    town: String,
    #[serde(default)]
    #[schema(example = "086-000-0001")]
    phone: String,
    /// Stands right after the name in every list: up to 60 letters.
    #[serde(default)]
    #[schema(max_length = 60)]
    memo: String,
    /// Up to 20.
    #[serde(default)]
    diseases: Vec<String>,
    #[serde(default)]
    medicines: String,
    #[serde(default)]
    allergies: String,
    #[schema(value_type = Option<schema::CareLevel>)]
    care_level: Option<CareLevel>,
    /// Whom to call: up to three.
    #[serde(default)]
    contacts: Vec<ContactAsked>,
    /// Colleagues at the facility who take part from the start. The person is in by itself.
    #[serde(default)]
    #[schema(value_type = Vec<Id>)]
    staff: Vec<SeatId>,
}

/// Somebody to call about the patient.
#[derive(Clone, Deserialize, ToSchema)]
pub struct ContactAsked {
    name: String,
    #[schema(value_type = Option<schema::Relationship>)]
    relationship: Option<Relationship>,
    #[serde(default)]
    phone: String,
}

/// The patient, with a group of their own. Writing there waits for the consent.
#[derive(Serialize, ToSchema)]
pub struct PatientMade {
    #[schema(value_type = Id)]
    id: PatientId,
    #[schema(value_type = Id)]
    group: GroupId,
}

impl PatientAsked {
    /// As the form would bring it, so that it is read and judged alike.
    fn typed(self) -> Typed {
        let one = |name: &str, value: String| (name.to_owned(), value);
        let mut pairs = vec![
            one("family", self.family),
            one("given", self.given),
            one("family_kana", self.family_kana),
            one("given_kana", self.given_kana),
            one("sex", self.sex.code().to_owned()),
            one("birth", self.birth),
            one("postal_code", self.postal_code),
            one("prefecture", self.prefecture),
            one("city", self.city),
            one("town", self.town),
            one("phone", self.phone),
            one("memo", self.memo),
            one("medicines", self.medicines),
            one("allergies", self.allergies),
            one("care_level", self.care_level.map(|level| level.code().to_owned()).unwrap_or_default()),
        ];
        pairs.extend(self.diseases.into_iter().map(|disease| one("disease", disease)));
        for (contact, fields) in self.contacts.into_iter().zip(CONTACT_FIELDS) {
            let relationship = contact.relationship.map(|known| known.code().to_owned());
            pairs.push(one(fields.0, contact.name));
            pairs.push(one(fields.1, relationship.unwrap_or_default()));
            pairs.push(one(fields.2, contact.phone));
        }
        Typed::read(&Form::of_pairs(pairs))
    }
}

/// Registers a patient
#[utoipa::path(post, path = "/api/v1/patients", operation_id = "register_patient", tag = "patients",
    request_body = PatientAsked,
    responses(
        (status = 201, description = "The patient", body = PatientMade),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn register_patient(
    Caller(who): Caller,
    house: House,
    Body(asked): Body<PatientAsked>,
) -> Created<PatientMade> {
    let (asker, chosen) = (who.clone(), asked.facility);
    // Whoever may not register mints no key.
    let facility = house.read(move |tx| {
        let facility = facilities::my_seat(tx, &asker, chosen)?.facility;
        facilities::access::to_register_patient(tx, &asker, facility)?;
        Ok(facility)
    });
    let facility = facility.await?;
    if asked.contacts.len() > CONTACT_FIELDS.len() {
        let mut errors = Errors::none();
        errors.add("contacts", words::too_many(CONTACT_FIELDS.len()));
        return Err(Problem::input(&errors));
    }
    let staff = asked.staff.clone();
    let checked = asked.typed().check(text::local_date(house.now()));
    let facts = checked.map_err(|errors| Problem::input(&errors))?;
    let data_key = house.mint_key().await?;
    let made = house
        .write(move |tx| {
            let key = facilities::access::to_register_patient(tx, &who, facility)?;
            let new = Registration { facts: &facts, data_key, staff: &staff };
            let id = actions::register(tx, &key, &new)?;
            Ok(PatientMade { id, group: super::patient(tx, id)?.group })
        })
        .await?;
    created(made)
}
