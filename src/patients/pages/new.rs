//! Registering a patient: what is known, a look at it, the staff, done.

use super::form_view::FormView;
use crate::accounts::Known;
use crate::facilities::access::to_register_patient;
use crate::facilities::{self, SeatCard};
use crate::patients::actions::{self, Registration};
use crate::patients::forms::{self, Draft, FormId};
use crate::patients::items::items;
use crate::patients::list::{Similar, similar};
use crate::patients::typed::Typed;
use crate::patients::{Facts, access};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use axum::http::Uri;
use jiff::civil::Date;
use tasuki_base::text;
use tasuki_law::Why;
use tasuki_law::nouns::{FacilityId, PatientField, SeatId, Who};

#[derive(Template)]
#[template(path = "patients/new.html")]
struct NewPage {
    hall: Hall,
    form: FormView,
    draft: String,
    /// The workplaces to choose from, where there is more than one.
    facilities: Vec<(String, String)>,
    facility: String,
}

#[derive(Template)]
#[template(path = "patients/confirmation.html")]
struct ConfirmationPage {
    hall: Hall,
    draft: FormId,
    items: Vec<(PatientField, String)>,
    age: String,
    similar: Vec<Similar>,
}

#[derive(Template)]
#[template(path = "patients/staff.html")]
struct StaffPage {
    hall: Hall,
    draft: FormId,
    name: String,
    me: Vec<SeatCard>,
    others: Vec<SeatCard>,
}

fn drafted(uri: &Uri) -> Option<FormId> {
    Form::of_query(uri.query().unwrap_or_default()).pick("form")
}

/// `GET /patients/new`
pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let form = drafted(&uri);
    let shown = house.read(move |tx| {
        let account = access::professional(&who)?;
        let Some(form) = form else {
            return new_page(tx, &who, None, None, Typed::default(), Errors::none());
        };
        let Draft { facility, typed, .. } = forms::draft(tx, account, form)?;
        new_page(tx, &who, Some(form), Some(facility), typed, Errors::none())
    });
    page(&shown.await?)
}

fn new_page(
    tx: &mut Tx,
    who: &Who,
    draft: Option<FormId>,
    chosen: Option<FacilityId>,
    typed: Typed,
    errors: Errors,
) -> Outcome<NewPage> {
    let account = access::professional(who)?;
    let seats = facilities::seats_of(tx, account)?;
    let first = seats.first().ok_or(Trouble::because(Why::NeedsSeat))?.facility;
    let places = seats.iter().map(|seat| (seat.facility.to_string(), seat.facility_name.clone()));
    Ok(NewPage {
        hall: hall(tx, who, words::NEW)?.tab(Tab::Patients).back("/patients", words::LIST),
        form: FormView::new(typed, errors),
        draft: draft.map(|form| form.to_string()).unwrap_or_default(),
        facilities: if seats.len() > 1 { places.collect() } else { Vec::new() },
        facility: chosen.unwrap_or(first).to_string(),
    })
}

/// `POST /patients/new`
pub async fn create(Known(who): Known, house: House, form: Form) -> Page {
    let typed = Typed::read(&form);
    let (draft, chosen) = (form.pick::<FormId>("form"), form.pick::<FacilityId>("facility"));
    if let Err(errors) = typed.check(text::local_date(house.now())) {
        let shown = house.read(move |tx| new_page(tx, &who, draft, chosen, typed.clone(), errors.clone()));
        return try_again(&shown.await?);
    }
    let form = keep(&house, who, draft, chosen, typed).await?;
    see_other(format!("/patients/new/confirmation?form={form}"))
}

/// The law first; only then a key for what was typed.
async fn keep(
    house: &House,
    who: Who,
    draft: Option<FormId>,
    chosen: Option<FacilityId>,
    typed: Typed,
) -> Outcome<FormId> {
    let asker = who.clone();
    let facility = house.read(move |tx| workplace(tx, &asker, chosen)).await?;
    let fresh = match draft {
        None => Some(house.mint_key().await?),
        Some(_) => None,
    };
    house
        .write(move |tx| {
            let key = to_register_patient(tx, &who, facility)?;
            match (draft, fresh) {
                (None, Some(data_key)) => forms::keep(tx, key.account, facility, data_key, &typed),
                (Some(form), _) => forms::retype(tx, key.account, form, facility, &typed).map(|()| form),
                (None, None) => Err(Trouble::Malformed),
            }
        })
        .await
}

fn workplace(tx: &mut Tx, who: &Who, chosen: Option<FacilityId>) -> Outcome<FacilityId> {
    let account = access::professional(who)?;
    let first = facilities::seats_of(tx, account)?.first().map(|seat| seat.facility);
    let facility = chosen.or(first).ok_or(Trouble::because(Why::NeedsSeat))?;
    to_register_patient(tx, who, facility)?;
    Ok(facility)
}

/// One's own form as facts. A form that is not whole leads nowhere: the browser's "back" may bring one here.
fn checked(tx: &mut Tx, who: &Who, form: FormId) -> Outcome<(Draft, Facts)> {
    let account = access::professional(who)?;
    let draft = forms::draft(tx, account, form)?;
    let today: Date = text::local_date(tx.now());
    let facts = draft.typed.check(today).map_err(|_| Trouble::Malformed)?;
    Ok((draft, facts))
}

/// `GET /patients/new/confirmation?form=`
pub async fn confirmation(Known(who): Known, house: House, uri: Uri) -> Page {
    let form = drafted(&uri).ok_or(Trouble::Malformed)?;
    let shown = house.read(move |tx| {
        let (draft, facts) = checked(tx, &who, form)?;
        if let Some(patient) = draft.patient {
            return Ok(Err(patient));
        }
        let back = format!("/patients/new?form={form}");
        let today = text::local_date(tx.now());
        Ok(Ok(ConfirmationPage {
            hall: hall(tx, &who, words::NEW)?.tab(Tab::Patients).back(back, words::FORM),
            draft: form,
            items: items(&facts),
            age: facts.age(today).map(words::age).unwrap_or_default(),
            similar: similar(tx, &who, &facts)?,
        }))
    });
    match shown.await? {
        Ok(shown) => page(&shown),
        Err(patient) => see_other(format!("/patients/{patient}")),
    }
}

/// `GET /patients/new/staff?form=`
pub async fn staff(Known(who): Known, house: House, uri: Uri) -> Page {
    let form = drafted(&uri).ok_or(Trouble::Malformed)?;
    let shown = house.read(move |tx| {
        let (draft, facts) = checked(tx, &who, form)?;
        let key = to_register_patient(tx, &who, draft.facility)?;
        let (me, others) =
            facilities::staff(tx, draft.facility)?.into_iter().partition(|seat| seat.seat == key.seat);
        let back = format!("/patients/new/confirmation?form={form}");
        Ok(StaffPage {
            hall: hall(tx, &who, words::NEW)?.tab(Tab::Patients).back(back, words::CONFIRMATION),
            draft: form,
            name: facts.name(),
            me,
            others,
        })
    });
    page(&shown.await?)
}

/// `POST /patients/new/staff`: pressing twice registers once.
pub async fn register(Known(who): Known, house: House, form: Form) -> Page {
    let id = form.pick::<FormId>("form").ok_or(Trouble::Malformed)?;
    let staff: Vec<SeatId> = form.codes("person").filter_map(|seat| seat.parse().ok()).collect();
    let patient = house.write(move |tx| {
        let draft = forms::lock(tx, access::professional(&who)?, id)?;
        if let Some(patient) = draft.patient {
            return Ok(patient);
        }
        let key = to_register_patient(tx, &who, draft.facility)?;
        let today = text::local_date(tx.now());
        let facts = draft.typed.check(today).map_err(|_| Trouble::Malformed)?;
        let new = Registration { facts: &facts, data_key: draft.data_key, staff: &staff };
        let patient = actions::register(tx, &key, &new)?;
        forms::done(tx, id, patient)?;
        Ok(patient)
    });
    see_other(format!("/patients/new/done?patient={}", patient.await?))
}
