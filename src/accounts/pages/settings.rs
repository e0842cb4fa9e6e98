//! What a person sets for themselves.

use super::password::somebody;
use crate::accounts::{self, Known, actions};
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page, see_other};
use crate::{House, Trouble, phrases};
use askama::Template;
use axum::http::Uri;
use tasuki_law::nouns::TextSize;

#[derive(Template)]
#[template(path = "accounts/settings.html")]
struct SettingsPage {
    hall: Hall,
    email: String,
    size: &'static str,
    terms_version: String,
    terms_on: String,
}

#[derive(Template)]
#[template(path = "accounts/display.html")]
struct DisplayPage {
    hall: Hall,
    size: &'static str,
    sizes: Vec<(&'static str, &'static str)>,
}

/// `GET /settings`
pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let person = somebody(&who)?;
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    let shown = house
        .read(move |tx| {
            let set = accounts::settings(tx, person.account)?;
            Ok(SettingsPage {
                hall: hall(tx, &who, phrases::SETTINGS)?.back("/", phrases::HOME).done(&done),
                email: set.email,
                size: set.size.word(),
                terms_version: set.terms_version,
                terms_on: phrases::day(set.terms_at),
            })
        })
        .await?;
    page(&shown)
}

/// `GET /settings/display`
pub async fn display(Known(who): Known, house: House) -> Page {
    let person = somebody(&who)?;
    let shown = house
        .read(move |tx| {
            let size = accounts::settings(tx, person.account)?.size.code();
            let hall = hall(tx, &who, phrases::DISPLAY)?.back("/settings", phrases::SETTINGS);
            let sizes = TextSize::ALL.iter().map(|size| (size.code(), size.word())).collect();
            Ok(DisplayPage { hall, size, sizes })
        })
        .await?;
    page(&shown)
}

/// `POST /settings/display`
pub async fn choose(Known(who): Known, house: House, form: Form) -> Page {
    let person = somebody(&who)?;
    let size: TextSize = form.pick("size").ok_or(Trouble::Malformed)?;
    house.write(move |tx| actions::choose_size(tx, &person, size)).await?;
    see_other("/settings?done=display_changed")
}
