//! `GET /patients/{patient}`: the card. Opening it is on the record before it is shown.

use crate::accounts::Known;
use crate::facilities;
use crate::groups::{self, MemberCard};
use crate::patients::items::items;
use crate::patients::typed::phone_link;
use crate::patients::{Chip, Patient, access, actions, consent, store, tint};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{At, Form, Hall, Page, page, see_other};
use crate::{House, Outcome, Tx};
use askama::Template;
use axum::http::Uri;
use tasuki_base::text;
use tasuki_law::nouns::{EventKind, FacilityId, GroupId, PatientField, PatientId, Who};

#[derive(Template)]
#[template(path = "patients/card.html")]
struct CardPage {
    hall: Hall,
    patient: Patient,
    about: String,
    tint: u8,
    photo: String,
    chip: Chip,
    /// What is known.
    items: Vec<(PatientField, String)>,
    /// The names of what is not, in one line.
    missing: String,
    phone: Option<String>,
    contacts: Vec<ContactLine>,
    originating: String,
    teams: Vec<Team>,
    may: May,
}

/// What the person may do here; the law has said.
struct May {
    edit: bool,
    administer: bool,
    record_consent: bool,
}

struct ContactLine {
    who: String,
    shown: String,
    link: String,
}

/// The members of one facility.
struct Team {
    facility: FacilityId,
    name: String,
    /// Somebody vouched for it, or the reader works there.
    vouched: bool,
    people: Vec<MemberCard>,
}

pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    page(&house.read(move |tx| view(tx, &who, patient, &done)).await?)
}

fn view(tx: &mut Tx, who: &Who, id: PatientId, done: &str) -> Outcome<CardPage> {
    let key = access::to_open_card(tx, who, id, EventKind::PatientOpened)?;
    let patient = store::patient(tx, id)?;
    let facts = &patient.facts;
    let age = facts.age(text::local_date(tx.now())).map(words::age).unwrap_or_default();
    let level = facts.care_level.map(|level| level.word().to_owned()).unwrap_or_default();
    let title = words::title(&facts.name());
    let items = items(facts);
    Ok(CardPage {
        hall: hall(tx, who, title)?.tab(Tab::Patients).back("/patients", words::LIST).done(done),
        about: words::about(&[facts.sex.word().to_owned(), age, level]),
        tint: tint(id),
        photo: patient.photo.map(|_| format!("/patients/{id}/photo")).unwrap_or_default(),
        chip: consent(tx, id)?.chip(),
        missing: missing(&items),
        items: items.into_iter().filter(|(field, shown)| in_list(*field) && !shown.is_empty()).collect(),
        phone: phone_link(&facts.phone),
        contacts: contacts(&patient),
        originating: facilities::card(tx, patient.facility)?.name,
        teams: teams(tx, who, patient.group)?,
        may: May { edit: key.may_edit, administer: key.administers, record_consent: key.may_record_consent },
        patient,
    })
}

/// Name, memo and contacts stand elsewhere on the card.
const fn in_list(field: PatientField) -> bool {
    use PatientField as F;
    !matches!(field, F::Contacts | F::Phone) && !in_head(field)
}

const fn in_head(field: PatientField) -> bool {
    use PatientField as F;
    matches!(field, F::Name | F::Kana | F::Memo)
}

fn missing(items: &[(PatientField, String)]) -> String {
    let empty = items.iter().filter(|(field, shown)| shown.is_empty() && !in_head(*field));
    words::together(&empty.map(|(field, _)| field.word().to_owned()).collect::<Vec<_>>())
}

fn contacts(patient: &Patient) -> Vec<ContactLine> {
    let lines = patient.facts.contacts.iter().map(|contact| ContactLine {
        who: words::contact(&contact.name, contact.relationship.map(|known| known.word()), ""),
        shown: contact.phone.clone(),
        link: phone_link(&contact.phone).unwrap_or_default(),
    });
    lines.collect()
}

fn teams(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Vec<Team>> {
    let own = facilities::own(tx, who)?;
    let mut teams: Vec<Team> = Vec::new();
    for member in groups::members(tx, group)? {
        match teams.last_mut().filter(|team| team.facility == member.facility) {
            Some(team) => team.people.push(member),
            None => teams.push(Team {
                facility: member.facility,
                name: member.facility_name.clone(),
                vouched: member.vouched_at.is_some() || own.contains(&member.facility),
                people: vec![member],
            }),
        }
    }
    Ok(teams)
}

/// `POST /patients/{patient}/editing`: lets members of other facilities change the facts, or stops it.
pub async fn editing(Known(who): Known, house: House, At(patient): At<PatientId>, form: Form) -> Page {
    let open = form.code("open") == "yes";
    let changed = house.write(move |tx| {
        access::lock(tx, patient)?;
        let key = access::to_administer(tx, &who, patient)?;
        actions::open_editing(tx, &key, open)
    });
    changed.await?;
    let done = if open { "editing_opened" } else { "editing_shut" };
    see_other(format!("/patients/{patient}?done={done}"))
}
