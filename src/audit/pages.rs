//! `GET /facility/record`: who signed in, looked, posted, downloaded, invited, for a facility's administrators.

use super::record::{self, Choices, Filter, Line};
use crate::accounts::Known;
use crate::facilities::access::to_see_record;
use crate::facilities::{self, SeatCard};
use crate::phrases::audit as words;
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use axum::http::Uri;
use tasuki_base::text;
use tasuki_law::Why;
use tasuki_law::nouns::{FacilityId, UseKind, Who};

#[derive(Template)]
#[template(path = "audit/record.html")]
struct RecordPage {
    hall: Hall,
    /// The workplaces to choose from, where somebody administers more than one.
    facilities: Vec<(String, String)>,
    facility: String,
    people: Vec<(String, String)>,
    person: String,
    kinds: Vec<(&'static str, &'static str)>,
    kind: String,
    patients: Vec<(String, String)>,
    patient: String,
    from: String,
    to: String,
    lines: Vec<Line>,
    older: Option<String>,
}

pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let form = Form::of_query(uri.query().unwrap_or_default());
    page(&house.read(move |tx| view(tx, &who, &form)).await?)
}

fn view(tx: &mut Tx, who: &Who, form: &Form) -> Outcome<RecordPage> {
    let (seats, chosen) = workplaces(tx, who, form.pick("facility"))?;
    let key = to_see_record(tx, who, chosen)?;
    let filter = Filter::read(form, text::local_date(tx.now()));
    let (lines, next) = record::page(tx, key.facility, &filter)?;
    let (people, patients): Choices = record::choices(tx, key.facility)?;
    let own = |seat: &SeatCard| (seat.facility.to_string(), seat.facility_name.clone());
    let said = |id: Option<String>| id.unwrap_or_default();
    let mut shown = RecordPage {
        hall: hall(tx, who, words::RECORD)?.back("/staff", words::STAFF),
        facilities: if seats.len() > 1 { seats.iter().map(own).collect() } else { Vec::new() },
        facility: chosen.to_string(),
        people,
        person: said(filter.person.map(|person| person.to_string())),
        kinds: UseKind::ALL.iter().map(|kind| (kind.code(), kind.word())).collect(),
        kind: said(filter.kind.map(|kind| kind.code().to_owned())),
        patients,
        patient: said(filter.patient.map(|patient| patient.to_string())),
        from: text::era_date(filter.from),
        to: text::era_date(filter.to),
        lines,
        older: None,
    };
    shown.older = next.map(|event| shown.href(&event.to_string()));
    Ok(shown)
}

/// The facilities somebody administers, and the one that is asked for.
fn workplaces(tx: &mut Tx, who: &Who, asked: Option<FacilityId>) -> Outcome<(Vec<SeatCard>, FacilityId)> {
    let account = who.account().ok_or(tasuki_law::Refusal::SignIn)?;
    let seats = facilities::seats_of(tx, account)?;
    let first = seats.first().map(|seat| seat.facility);
    let managed: Vec<SeatCard> = seats.into_iter().filter(|seat| seat.admin).collect();
    let usual = managed.first().map(|seat| seat.facility).or(first);
    let chosen = asked.or(usual).ok_or(Trouble::because(Why::NeedsSeat))?;
    Ok((managed, chosen))
}

impl RecordPage {
    /// The same question, further back.
    fn href(&self, before: &str) -> String {
        let all = [
            ("facility", self.facility.as_str()),
            ("person", &self.person),
            ("kind", &self.kind),
            ("patient", &self.patient),
            ("from", &self.from),
            ("to", &self.to),
            ("before", before),
        ];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/facility/record?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }
}
