//! The two questions before the form.

use super::COOKIE;
use crate::accounts::limits::table;
use crate::accounts::proof;
use crate::phrases::registration as words;
use crate::registration::actions;
use crate::registration::sheet::Step;
use crate::web::hall::front;
use crate::web::{Client, Errors, Form, Hall, Page, cookie, page, see_other, try_again};
use crate::{House, Outcome, facilities};
use askama::Template;
use axum::http::{HeaderMap, Uri, header};
use tasuki_base::text;
use tasuki_value::DAY;

#[derive(Template)]
#[template(path = "registration/start.html")]
struct StartPage {
    hall: Hall,
    /// The person said that they are no professional.
    outside: bool,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "registration/workplace.html")]
struct WorkplacePage {
    hall: Hall,
    /// A colleague is here already: ask them.
    colleague: bool,
    postal_code: String,
    searched: bool,
    found: Vec<Found>,
    errors: Errors,
}

struct Found {
    name: String,
    kind: &'static str,
    address: String,
}

/// `GET /register`
pub async fn show(house: House, uri: Uri) -> Page {
    let outside = Form::of_query(uri.query().unwrap_or_default()).code("answer") == "no";
    page(&StartPage { hall: front(&house, words::REGISTER), outside, errors: Errors::none() })
}

/// `POST /register`: are you a professional?
pub async fn begin(house: House, client: Client, form: Form) -> Page {
    match form.code("professional") {
        "yes" => {}
        "no" => return see_other("/register?answer=no"),
        _ => {
            let mut errors = Errors::none();
            errors.add("professional", words::CHOOSE_ONE);
            return try_again(&StartPage { hall: front(&house, words::REGISTER), outside: false, errors });
        }
    }
    proof::admit_from(&house, &client, &table::BEGUN).await?;
    let token = house.chance.token();
    let hash = token.hash();
    house.write(move |tx| actions::begin(tx, &hash)).await?;
    let mut answer = see_other(Step::Workplace.url())?;
    let line = cookie::keep(&house, COOKIE, &token.text(), Some(DAY));
    answer.headers_mut().append(header::SET_COOKIE, line);
    Ok(answer)
}

/// `GET /register/workplace?postal_code=…`: who is here already?
pub async fn workplace(house: House, client: Client, headers: HeaderMap, uri: Uri) -> Page {
    let entry = match super::arrive(&headers, &house, Step::Workplace).await? {
        Ok((entry, _)) => entry,
        Err(elsewhere) => return see_other(elsewhere),
    };
    let query = Form::of_query(uri.query().unwrap_or_default());
    let mut shown = blank(&house);
    shown.colleague = query.code("answer") == "yes";
    shown.postal_code = query.line("postal_code");
    if shown.postal_code.is_empty() {
        return page(&shown);
    }
    let Some(code) = text::postal_code(&shown.postal_code) else {
        shown.errors.add("postal_code", words::POSTAL_CODE_WRONG);
        return try_again(&shown);
    };
    proof::admit_one(&house, &table::SEARCHES, entry.id.to_string()).await?;
    proof::admit_from(&house, &client, &table::SEARCHES_HERE).await?;
    shown.found = search(&house, code).await?;
    shown.searched = true;
    page(&shown)
}

fn blank(house: &House) -> WorkplacePage {
    WorkplacePage {
        hall: front(house, words::REGISTER).back("/register", words::FIRST_QUESTION),
        colleague: false,
        postal_code: String::new(),
        searched: false,
        found: Vec::new(),
        errors: Errors::none(),
    }
}

async fn search(house: &House, code: String) -> Outcome<Vec<Found>> {
    house
        .read(move |tx| {
            let mut found = Vec::new();
            for card in facilities::at_postal_code(tx, &code)? {
                let details = facilities::details(tx, card.id)?;
                let address = [details.prefecture, details.address, details.building].concat();
                found.push(Found { name: card.name, kind: card.kind.word(), address });
            }
            Ok(found)
        })
        .await
}

/// `POST /register/workplace`
pub async fn answer(house: House, headers: HeaderMap, form: Form) -> Page {
    let (_, hash) = match super::arrive(&headers, &house, Step::Workplace).await? {
        Ok(here) => here,
        Err(elsewhere) => return see_other(elsewhere),
    };
    match form.code("colleague") {
        "yes" => see_other("/register/workplace?answer=yes"),
        "no" => {
            house.write(move |tx| actions::keep(tx, &hash, |sheet| sheet.alone = true)).await?;
            see_other(Step::Account.url())
        }
        _ => {
            let mut shown = blank(&house);
            shown.errors.add("colleague", words::CHOOSE_ONE);
            try_again(&shown)
        }
    }
}
