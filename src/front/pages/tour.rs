//! Three pages at the first sign-in; the guide opens them again.

use crate::accounts::pages::own_path;
use crate::accounts::{self, Known};
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page, see_other};
use crate::{House, Trouble, phrases};
use askama::Template;
use axum::http::Uri;
use tasuki_law::Refusal;

/// How many pages there are.
const LAST: usize = 3;

#[derive(Template)]
#[template(path = "front/tour.html")]
struct TourPage {
    hall: Hall,
    /// 1 to 3.
    number: usize,
    /// The query of the page after this one; empty on the last.
    on: String,
    before: String,
    next: String,
}

/// `GET /tour?page=2`
pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let query = Form::of_query(uri.query().unwrap_or_default());
    let number = query.pick::<usize>("page").unwrap_or(1).clamp(1, LAST);
    let next = own_path(query.path("next")).to_owned();
    let turn = |to: usize| {
        let pairs = [("page", to.to_string()), ("next", next.clone())];
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    };
    let on = if number < LAST { turn(number + 1) } else { String::new() };
    let before = if number > 1 { turn(number - 1) } else { String::new() };
    let hall = house.read(move |tx| hall(tx, &who, phrases::TOUR)).await?.without_tabs();
    page(&TourPage { hall, number, on, before, next })
}

/// `POST /tour`: seen to the end, or skipped.
pub async fn finish(Known(who): Known, house: House, form: Form) -> Page {
    let person = who.person().copied().ok_or(Trouble::Refused(Refusal::SignIn))?;
    house.write(move |tx| accounts::actions::finish_tour(tx, &person)).await?;
    let next = own_path(form.path("next"));
    see_other(if next.is_empty() { "/" } else { next })
}
