//! The form: the address, the person, the facility. No password: anybody may fill it in, for any address.

use crate::phrases::registration as words;
use crate::registration::actions;
use crate::registration::sheet::{Sheet, Step};
use crate::web::hall::front;
use crate::web::{Errors, Form, Hall, Page, json, page, see_other, try_again};
use crate::{House, Trouble, accounts, phrases, postal};
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use tasuki_base::text;
use tasuki_law::nouns::{FacilityType, PREFECTURES, Profession};

#[derive(Template)]
#[template(path = "registration/account.html")]
struct AccountPage {
    hall: Hall,
    email: String,
    unshared: bool,
    /// The address looks like one that several people read.
    shared: bool,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "registration/person.html")]
struct PersonPage {
    hall: Hall,
    sheet: Sheet,
    professions: Vec<(&'static str, &'static str)>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "registration/facility.html")]
struct FacilityPage {
    hall: Hall,
    sheet: Sheet,
    prefectures: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    /// The lines that a postal code leaves to choose from.
    lines: Vec<(String, String)>,
    errors: Errors,
}

macro_rules! arrive {
    ($house:expr, $headers:expr, $step:expr) => {
        match super::arrive($headers, $house, $step).await? {
            Ok(here) => here,
            Err(elsewhere) => return see_other(elsewhere),
        }
    };
}

/// `GET /register/account`
pub async fn account(house: House, headers: HeaderMap) -> Page {
    let (entry, _) = arrive!(&house, &headers, Step::Account);
    let Sheet { email, unshared, .. } = entry.sheet;
    page(&account_page(&house, email, unshared))
}

fn account_page(house: &House, email: String, unshared: bool) -> AccountPage {
    let shared = accounts::looks_shared(&email);
    let hall = front(house, words::REGISTER).back(Step::Workplace.url(), words::WORKPLACE_QUESTION);
    AccountPage { hall, email, unshared, shared, errors: Errors::none() }
}

/// `POST /register/account`
pub async fn keep_account(house: House, headers: HeaderMap, form: Form) -> Page {
    let (_, hash) = arrive!(&house, &headers, Step::Account);
    let email = form.email("email");
    let mut shown = account_page(&house, email.clone(), form.has("unshared"));
    if !text::looks_like_email(&email) {
        shown.errors.add("email", phrases::bad_email(&email));
    } else if shown.shared && !shown.unshared {
        shown.errors.add("unshared", words::SHARED_ADDRESS);
    }
    if !shown.errors.is_empty() {
        return try_again(&shown);
    }
    let unshared = shown.unshared;
    house.write(move |tx| actions::keep_account(tx, &hash, &email, unshared)).await?;
    see_other(Step::Person.url())
}

/// `GET /register/person`
pub async fn person(house: House, headers: HeaderMap) -> Page {
    let (entry, _) = arrive!(&house, &headers, Step::Person);
    page(&person_page(&house, entry.sheet, Errors::none()))
}

fn person_page(house: &House, sheet: Sheet, errors: Errors) -> PersonPage {
    let hall = front(house, words::REGISTER);
    PersonPage { hall, sheet, professions: professions(), errors }
}

/// What there is to choose from.
pub(super) fn professions() -> Vec<(&'static str, &'static str)> {
    Profession::ALL.iter().map(|one| (one.code(), one.word())).collect()
}

pub(super) fn prefectures() -> Vec<(&'static str, &'static str)> {
    PREFECTURES.iter().map(|one| (*one, *one)).collect()
}

pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    FacilityType::ALL.iter().map(|one| (one.code(), one.word())).collect()
}

/// `POST /register/person`: 戻る keeps what was typed, too.
pub async fn keep_person(house: House, headers: HeaderMap, form: Form) -> Page {
    let (mut entry, hash) = arrive!(&house, &headers, Step::Person);
    entry.sheet.read_person(&form);
    let errors = entry.sheet.person_errors();
    let back = form.has("back");
    if !back && !errors.is_empty() {
        return try_again(&person_page(&house, entry.sheet, errors));
    }
    house.write(move |tx| actions::keep(tx, &hash, |sheet| sheet.read_person(&form))).await?;
    see_other(if back { Step::Account.url() } else { Step::Facility.url() })
}

/// `GET /register/facility`
pub async fn facility(house: House, headers: HeaderMap) -> Page {
    let (entry, _) = arrive!(&house, &headers, Step::Facility);
    page(&facility_page(&house, entry.sheet, Errors::none()))
}

fn facility_page(house: &House, sheet: Sheet, errors: Errors) -> FacilityPage {
    FacilityPage {
        hall: front(house, words::REGISTER),
        sheet,
        prefectures: prefectures(),
        kinds: kinds(),
        lines: Vec::new(),
        errors,
    }
}

/// `POST /register/facility`: keeps it, or fills in the address for pages without a script.
pub async fn keep_facility(house: House, headers: HeaderMap, form: Form) -> Page {
    let (mut entry, hash) = arrive!(&house, &headers, Step::Facility);
    entry.sheet.read_facility(&form);
    if form.has("fill") {
        return fill(&house, entry.sheet, &form);
    }
    let errors = entry.sheet.facility_errors();
    let back = form.has("back");
    if !back && !errors.is_empty() {
        return try_again(&facility_page(&house, entry.sheet, errors));
    }
    house.write(move |tx| actions::keep(tx, &hash, |sheet| sheet.read_facility(&form))).await?;
    see_other(if back { Step::Person.url() } else { "/register/confirmation" })
}

fn fill(house: &House, mut sheet: Sheet, form: &Form) -> Page {
    let Some(area) = postal::find(&sheet.postal_code) else {
        let mut errors = Errors::none();
        let well_formed = text::postal_code(&sheet.postal_code).is_some();
        let words = if well_formed { words::POSTAL_CODE_UNKNOWN } else { words::POSTAL_CODE_WRONG };
        errors.add("postal_code", words);
        return try_again(&facility_page(house, sheet, errors));
    };
    let chosen = form.line("line");
    sheet.prefecture = area.prefecture;
    let mut lines = area.lines;
    if lines.contains(&chosen) {
        sheet.address = chosen;
        lines.clear();
    } else if let [only] = lines.as_mut_slice() {
        sheet.address = std::mem::take(only);
        lines.clear();
    } else {
        sheet.address = area.city;
    }
    let mut shown = facility_page(house, sheet, Errors::none());
    shown.lines = lines.into_iter().map(|line| (line.clone(), line)).collect();
    page(&shown)
}

/// `GET /postal-codes/{code}`: the same for the page's script.
pub async fn address(Path(code): Path<String>) -> Page {
    let area = text::postal_code(&code).and_then(|code| postal::find(&code));
    json(&area.ok_or_else(Trouble::unseen)?)
}
