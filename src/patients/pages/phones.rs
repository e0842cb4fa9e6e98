//! `GET /patients/{patient}/phones`: whom to call when it is urgent. Members of the originating
//! facility see it always, others while consent is in force; the patient's own contacts only where the card opens.

use crate::accounts::Known;
use crate::facilities;
use crate::groups;
use crate::patients::typed::phone_link;
use crate::patients::{access, store};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{At, Hall, Page, page};
use crate::{House, Outcome, Tx};
use askama::Template;
use tasuki_law::nouns::{FacilityId, GroupId, PatientId, Who};

#[derive(Template)]
#[template(path = "patients/phones.html")]
struct PhonesPage {
    hall: Hall,
    name: String,
    workplaces: Vec<Workplace>,
    contacts: Vec<Number>,
}

/// A workplace of the team.
struct Workplace {
    facility: FacilityId,
    name: String,
    originating: bool,
    number: Option<Number>,
    people: Vec<String>,
}

struct Number {
    who: String,
    shown: String,
    link: String,
}

pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>) -> Page {
    page(&house.read(move |tx| view(tx, &who, patient)).await?)
}

fn view(tx: &mut Tx, who: &Who, id: PatientId) -> Outcome<PhonesPage> {
    let (_, law, opens) = access::to_phone(tx, who, id)?;
    let patient = store::patient(tx, id)?;
    let contacts = patient.facts.contacts.iter().filter(|_| opens).filter_map(|contact| {
        let who = words::contact(&contact.name, contact.relationship.map(|known| known.word()), "");
        Number::of(who, &contact.phone)
    });
    let hall = hall(tx, who, words::PHONES)?.tab(Tab::Patients);
    let hall = match law.mine {
        Some(_) => hall.back(format!("/groups/{}", law.group), words::title(&patient.facts.name())),
        None => hall.back("/patients", words::LIST),
    };
    Ok(PhonesPage {
        hall,
        name: patient.facts.name(),
        contacts: contacts.collect(),
        workplaces: workplaces(tx, law.group, law.facility)?,
    })
}

impl Number {
    fn of(who: String, phone: &str) -> Option<Self> {
        let link = phone_link(phone)?;
        Some(Self { who, shown: phone.to_owned(), link })
    }
}

/// The originating facility first, then the others in the order of the member list.
fn workplaces(tx: &mut Tx, group: GroupId, originating: FacilityId) -> Outcome<Vec<Workplace>> {
    let name = facilities::card(tx, originating)?.name;
    let mut places = vec![workplace(tx, originating, name, true)?];
    for member in groups::members(tx, group)? {
        let person = words::about(&[member.name(), member.profession.word().to_owned()]);
        if let Some(known) = places.iter_mut().find(|place| place.facility == member.facility) {
            known.people.push(person);
            continue;
        }
        let mut place = workplace(tx, member.facility, member.facility_name.clone(), false)?;
        place.people.push(person);
        places.push(place);
    }
    Ok(places)
}

fn workplace(tx: &mut Tx, facility: FacilityId, name: String, originating: bool) -> Outcome<Workplace> {
    let phone = facilities::details(tx, facility)?.phone;
    let number = Number::of(name.clone(), &phone);
    Ok(Workplace { facility, name, originating, number, people: Vec::new() })
}
