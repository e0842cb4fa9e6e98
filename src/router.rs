//! Every URL of the house, grouped by who uses it.

use crate::{House, notifications};
use crate::web::{assets, gate};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;

/// The whole house.
pub fn router(house: House) -> Router {
    Router::new()
        .merge(everyone())
        .merge(professionals())
        .fallback(nowhere)
        .layer(from_fn_with_state(house.clone(), gate::same_origin))
        .layer(from_fn_with_state(house.clone(), gate::dress))
        .with_state(house)
}

async fn nowhere() -> impl IntoResponse {
    crate::Trouble::unseen()
}

/// Everyone, signed in or not.
fn everyone() -> Router<House> {
    Router::new()
        .route("/static/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::favicon))
        .route("/apple-touch-icon.png", get(assets::touch_icon))
        .route("/manifest.webmanifest", get(assets::manifest))
        .route("/demo/mails", get(notifications::pages::demo_mails)) // in the demo alone
}

/// Care professionals, signed in.
fn professionals() -> Router<House> {
    Router::new()
}
