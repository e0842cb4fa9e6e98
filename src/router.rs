//! Every URL of the house, grouped by who uses it.

use crate::accounts::pages::{password, reset, sessions, settings, sign_in};
use crate::accounts::session;
use crate::front::pages::tour;
use crate::{House, audit, notifications};
use crate::consents::pages as consents;
use crate::media::pages as media;
use crate::patients::pages as patients;
use crate::web::{assets, gate};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};

/// The whole house.
pub fn router(house: House) -> Router {
    Router::new()
        .merge(everyone())
        .merge(professionals())
        .merge(builders())
        .fallback(nowhere)
        .layer(from_fn_with_state(house.clone(), session::introduce))
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
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/password-reset", get(reset::show).post(reset::create))
        .route("/password-reset/{token}", get(reset::open).post(reset::close))
        .route("/demo/mails", get(notifications::pages::demo_mails)) // in the demo alone
}

/// Care professionals, signed in.
fn professionals() -> Router<House> {
    Router::new()
        .route("/session", post(session::touch))
        .route("/tour", get(tour::show).post(tour::finish))
        .route("/settings", get(settings::show))
        .route("/settings/display", get(settings::display).post(settings::choose))
        .route("/settings/password", get(password::show).post(password::change))
        .route("/settings/sessions", get(sessions::list).post(sessions::end))
        .route("/patients", get(patients::list::show))
        .route("/patients/new", get(patients::new::show).post(patients::new::create))
        .route("/patients/new/confirmation", get(patients::new::confirmation))
        .route("/patients/new/staff", get(patients::new::staff).post(patients::new::register))
        .route("/patients/new/done", get(patients::code::done))
        .route("/patients/{patient}", get(patients::card::show))
        .route("/patients/{patient}/edit", get(patients::edit::show).post(patients::edit::change))
        .route("/patients/{patient}/editing", post(patients::card::editing))
        .route("/patients/{patient}/photo", get(patients::photo::show).post(patients::photo::change))
        .route("/patients/{patient}/history", get(patients::history::show))
        .route("/patients/{patient}/code", get(patients::code::show))
        .route("/patients/{patient}/phones", get(patients::phones::show))
        .route("/patients/{patient}/consents", get(consents::list::show))
        .route("/patients/{patient}/consents/new", get(consents::new::show).post(consents::new::create))
        .route("/patients/{patient}/consents/{consent}", get(consents::show::show))
        .route("/patients/{patient}/consents/{consent}/scan", get(consents::show::scan))
        .route(
            "/patients/{patient}/consents/{consent}/withdrawal",
            get(consents::show::ask_withdrawal).post(consents::show::withdraw),
        )
        .route("/facility/record", get(audit::pages::show))
        .route("/uploads/{upload}", get(media::state))
        .route("/uploads/{upload}/parts/{number}", put(media::part))
        .route("/uploads/{upload}/completion", post(media::completion))
        .route("/uploads/{upload}/removal", post(media::removal))
}

/// Those who build the house: the samples of its parts, in debug builds only.
fn builders() -> Router<House> {
    #[cfg(debug_assertions)]
    return Router::new()
        .route("/dev/parts", get(crate::web::parts::index))
        .route("/dev/parts/{name}", get(crate::web::parts::show));
    #[cfg(not(debug_assertions))]
    Router::new()
}
