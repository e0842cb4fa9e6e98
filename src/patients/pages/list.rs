//! `GET /patients`: the patients somebody knows of.

use crate::accounts::Known;
use crate::facilities;
use crate::patients::chip::STATES;
use crate::patients::list::{Listed, listed};
use crate::patients::{Chip, tint};
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{Form, Hall, Page, page};
use crate::{House, Outcome, Tx};
use askama::Template;
use axum::http::Uri;
use jiff::civil::Date;
use tasuki_base::text;
use tasuki_law::nouns::{PatientId, Who};

const A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "patients/list.html")]
struct ListPage {
    hall: Hall,
    tabs: Vec<(String, &'static str, i64, bool)>,
    tab: &'static str,
    query: String,
    consent: String,
    states: [(&'static str, &'static str); 4],
    rows: Vec<Row>,
    /// Where the list goes on, and how many follow.
    more: Option<(String, String)>,
    /// Somebody without a workplace registers nobody.
    may_register: bool,
    /// Nothing was asked for, and there is nothing.
    bare: bool,
}

struct Row {
    href: String,
    initial: String,
    tint: u8,
    photo: String,
    name: String,
    age: String,
    memo: String,
    chip: Chip,
    below: String,
    unread: i64,
    place: String,
}

/// What the address asks for.
struct Asked {
    tab: &'static str,
    query: String,
    consent: String,
    after: Option<PatientId>,
}

const TABS: [(&str, &str); 3] =
    [("all", words::TAB_ALL), ("facility", words::TAB_FACILITY), ("mine", words::TAB_MINE)];

impl Asked {
    fn read(uri: &Uri) -> Self {
        let form = Form::of_query(uri.query().unwrap_or_default());
        let tab = TABS.iter().find(|(code, _)| *code == form.code("tab")).map_or("all", |(code, _)| code);
        Self { tab, query: form.line("q"), consent: form.line("consent"), after: form.pick("after") }
    }

    fn admits(&self, patient: &Listed) -> bool {
        let tab = match self.tab {
            "facility" => patient.in_facility,
            "mine" => patient.member,
            _ => true,
        };
        let query = text::fold(&self.query);
        tab && (query.is_empty() || patient.holds(&query))
            && (self.consent.is_empty() || patient.consent.code() == self.consent)
    }

    /// The same list under another tab, or further on.
    fn href(&self, tab: &str, after: Option<PatientId>) -> String {
        let after = after.map(|patient| patient.to_string()).unwrap_or_default();
        let all = [("tab", tab), ("q", &self.query), ("consent", &self.consent), ("after", &after)];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        format!("/patients?{}", serde_urlencoded::to_string(said).unwrap_or_default())
    }
}

pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let shown = house.read(move |tx| view(tx, &who, &Asked::read(&uri))).await?;
    page(&shown)
}

fn view(tx: &mut Tx, who: &Who, asked: &Asked) -> Outcome<ListPage> {
    let known = listed(tx, who)?;
    let bare = known.is_empty();
    let today = text::local_date(tx.now());
    let admitted: Vec<Listed> = known.into_iter().filter(|patient| asked.admits(patient)).collect();
    let start = asked.after.and_then(|after| admitted.iter().position(|listed| listed.patient == after));
    let rest = admitted.get(start.map_or(0, |place| place + 1)..).unwrap_or_default();
    let left = rest.len().saturating_sub(A_PAGE);
    let last = rest.get(A_PAGE - 1).filter(|_| left > 0);
    let more = last.map(|last| (asked.href(asked.tab, Some(last.patient)), words::more(left)));
    let seats = match who.account() {
        Some(account) => facilities::seats_of(tx, account)?,
        None => Vec::new(),
    };
    Ok(ListPage {
        hall: hall(tx, who, words::LIST)?.tab(Tab::Patients),
        tabs: TABS
            .iter()
            .map(|(code, word)| (asked.href(code, None), *word, 0, asked.tab == *code))
            .collect(),
        tab: asked.tab,
        query: asked.query.clone(),
        consent: asked.consent.clone(),
        states: STATES,
        rows: rest.iter().take(A_PAGE).map(|listed| Row::of(listed, today)).collect(),
        more,
        may_register: !seats.is_empty(),
        bare,
    })
}

impl Row {
    fn of(listed: &Listed, today: Date) -> Self {
        let Some(facts) = &listed.facts else { return Self::withheld(listed) };
        let opened = |shown: String| if listed.opens { shown } else { String::new() };
        let level = facts.care_level.map(|level| level.word().to_owned()).unwrap_or_default();
        Self {
            href: listed.href(),
            initial: facts.initial(),
            tint: tint(listed.patient),
            photo: opened(
                listed.photo.map(|_| format!("/patients/{}/photo", listed.patient)).unwrap_or_default(),
            ),
            name: facts.name(),
            age: opened(facts.age(today).map(words::age).unwrap_or_default()),
            memo: facts.memo.clone(),
            chip: listed.consent.chip(),
            below: words::about(&[facts.kana(), opened(level), listed.facility_name.clone()]),
            unread: listed.unread,
            place: listed.group.to_string(),
        }
    }
}

impl Row {
    /// All that is told of somebody whose consent does not reach the reader.
    fn withheld(listed: &Listed) -> Self {
        Self {
            href: listed.href(),
            initial: String::new(),
            tint: tint(listed.patient),
            photo: String::new(),
            name: words::withheld(listed.consent.state()).to_owned(),
            age: String::new(),
            memo: String::new(),
            chip: listed.consent.chip(),
            below: listed.facility_name.clone(),
            unread: 0,
            place: listed.group.to_string(),
        }
    }
}

impl ListPage {
    /// What somebody without patients does next.
    fn first_step(&self) -> (&'static str, &'static str) {
        if self.may_register {
            ("/patients/new", words::NEW)
        } else {
            ("/register", words::REGISTER_WORKPLACE)
        }
    }
}
