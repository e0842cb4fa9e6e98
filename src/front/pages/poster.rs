//! A sheet to hang up: the way to registration as a QR code.

use super::public::entrance;
use crate::accounts::Known;
use crate::web::{Hall, Page, page};
use crate::{House, Trouble, phrases};
use askama::Template;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use tasuki_law::Refusal;

#[derive(Template)]
#[template(path = "front/poster.html")]
struct PosterPage {
    hall: Hall,
    url: String,
    /// Modules of one side, with the quiet zone.
    side: usize,
    /// The dark modules as an SVG path.
    path: String,
}

/// Light modules that a reader needs on each side.
const QUIET: usize = 4;

/// `GET /register/qr`: for whoever is signed in; the address it shows is public.
pub async fn show(Known(who): Known, house: House) -> Page {
    who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let url = format!("{}/register", house.config.url);
    let code = QrCode::with_error_correction_level(&url, EcLevel::M).map_err(Trouble::broken)?;
    let hall = entrance(&house, who, phrases::POSTER).await?.back("/settings", phrases::SETTINGS);
    page(&PosterPage { hall, url, side: code.width() + 2 * QUIET, path: path(&code) })
}

fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    path
}
