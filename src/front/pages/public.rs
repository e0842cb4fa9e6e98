//! What everybody may read.

use crate::House;
use crate::web::hall::front;
use crate::web::{Hall, Page, page};
use askama::Template;

#[derive(Template)]
#[template(path = "front/landing.html")]
struct LandingPage {
    hall: Hall,
}

/// `GET /` for those who are not signed in.
pub async fn landing(house: House) -> Page {
    let title = house.config.name.clone();
    page(&LandingPage { hall: front(&house, title) })
}
