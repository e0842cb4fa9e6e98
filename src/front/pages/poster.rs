//! A sheet to hang up: the way to registration as a QR code.

use super::public::entrance;
use crate::accounts::Known;
use crate::web::{Hall, Page, Qr, page};
use crate::{House, Trouble, phrases};
use askama::Template;
use tasuki_law::Refusal;

#[derive(Template)]
#[template(path = "front/poster.html")]
struct PosterPage {
    hall: Hall,
    url: String,
    qr: Qr,
}

/// `GET /register/qr`: for whoever is signed in; the address it shows is public.
pub async fn show(Known(who): Known, house: House) -> Page {
    who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let url = format!("{}/register", house.config.url);
    let qr = Qr::of(&url).map_err(Trouble::broken)?;
    let hall = entrance(&house, who, phrases::POSTER).await?.back("/settings", phrases::SETTINGS);
    page(&PosterPage { hall, url, qr })
}
