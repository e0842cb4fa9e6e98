//! What was typed, by itself: where the page it stood on has no place for it any more.

use super::{find, store};
use crate::accounts::{Known, devices};
use crate::web::hall::{Hall, hall};
use crate::web::{At, Page, page, see_other};
use crate::{House, Trouble, phrases};
use askama::Template;
use axum::http::HeaderMap;
use tasuki_law::Refusal;
use tasuki_law::nouns::KeptId;

#[derive(Template)]
#[template(path = "accounts/kept/kept.html")]
struct KeptPage {
    hall: Hall,
    id: KeptId,
    /// The page it was written on.
    from: String,
    /// What a person can have typed: codes and ticks are left out.
    texts: Vec<String>,
}

/// `GET /kept/{kept}`
pub async fn show(Known(who): Known, house: House, headers: HeaderMap, At(id): At<KeptId>) -> Page {
    let device = devices::told(&headers, &house);
    let shown = house
        .read(move |tx| {
            let person = *who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let kept = find(tx, &person, device, id)?.ok_or_else(Trouble::unseen)?;
            let texts =
                kept.fields.into_iter().map(|(_, value)| value).filter(|value| is_typed(value)).collect();
            Ok(KeptPage { hall: hall(tx, &who, phrases::KEPT)?, id, from: kept.from, texts })
        })
        .await?;
    page(&shown)
}

fn is_typed(value: &str) -> bool {
    let of_code = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let lower = value.bytes().any(|byte| byte.is_ascii_lowercase());
    let code = value.len() < 80 && lower && value.bytes().all(of_code);
    !(value.trim().is_empty() || code)
}

/// `POST /kept/{kept}/removal`
pub async fn remove(Known(who): Known, house: House, At(id): At<KeptId>) -> Page {
    let person = *who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
    let gone = house.write(move |tx| store::forget_own(tx, id, person.account)).await?;
    if !gone {
        return Err(Trouble::unseen());
    }
    see_other("/?done=kept_removed")
}
