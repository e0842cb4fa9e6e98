//! `GET /patients/{patient}/history`: who changed what, and when.

use crate::accounts::{self, Known};
use crate::patients::store::Change;
use crate::patients::{access, store};
use crate::phrases::{self, patients as words};
use crate::web::hall::{Tab, hall};
use crate::web::{At, Hall, Page, page};
use crate::{House, Outcome, Tx};
use askama::Template;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use tasuki_law::nouns::{AccountId, EventKind, PatientId, Who};
use tasuki_value::Ts;

#[derive(Template)]
#[template(path = "patients/history.html")]
struct HistoryPage {
    hall: Hall,
    /// Newest first.
    acts: Vec<Act>,
}

/// What one person changed at one moment.
struct Act {
    at: Ts,
    account: AccountId,
    when: String,
    who: String,
    changes: Vec<Change>,
}

pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>) -> Page {
    page(&house.read(move |tx| view(tx, &who, patient)).await?)
}

fn view(tx: &mut Tx, who: &Who, patient: PatientId) -> Outcome<HistoryPage> {
    access::to_open_card(tx, who, patient, EventKind::PatientHistorySeen)?;
    let hall = hall(tx, who, words::HISTORY)?.tab(Tab::Patients);
    let hall = hall.back(format!("/patients/{patient}"), words::CARD);
    Ok(HistoryPage { hall, acts: acts(tx, patient)? })
}

fn acts(tx: &mut Tx, patient: PatientId) -> Outcome<Vec<Act>> {
    let mut names: HashMap<AccountId, String> = HashMap::new();
    let mut acts: Vec<Act> = Vec::new();
    for past in store::changes(tx, patient)? {
        let who = match names.entry(past.account) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(accounts::card(tx, past.account)?.name()).clone(),
        };
        match acts.last_mut().filter(|act| act.at == past.at && act.account == past.account) {
            Some(act) => act.changes.insert(0, past.change),
            None => acts.push(Act {
                at: past.at,
                account: past.account,
                when: phrases::day_and_time(past.at),
                who,
                changes: vec![past.change],
            }),
        }
    }
    Ok(acts)
}
