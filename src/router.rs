//! Every URL of the house, grouped by who uses it.

use crate::accounts::pages::{password, reset, sessions, settings, sign_in};
use crate::accounts::session;
use crate::front::pages::{poster, public, tour};
use crate::registration::pages::{completion, confirmation, start, steps};
use crate::{House, notifications};
use crate::media::pages as media;
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
        .route("/", get(public::landing))
        .route("/about", get(public::about))
        .route("/guide", get(public::guide))
        .route("/contact", get(public::contact))
        .route("/terms", get(public::terms))
        .route("/privacy", get(public::privacy))
        .route("/accessibility", get(public::accessibility))
        .route("/register", get(start::show).post(start::begin))
        .route("/register/workplace", get(start::workplace).post(start::answer))
        .route("/register/account", get(steps::account).post(steps::keep_account))
        .route("/register/person", get(steps::person).post(steps::keep_person))
        .route("/register/facility", get(steps::facility).post(steps::keep_facility))
        .route("/register/confirmation", get(confirmation::show).post(confirmation::submit))
        .route("/register/sent", get(confirmation::sent).post(confirmation::resend))
        .route("/register/completion/{token}", get(completion::show).post(completion::complete))
        .route("/postal-codes/{code}", get(steps::address))
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
        .route("/register/qr", get(poster::show))
        .route("/tour", get(tour::show).post(tour::finish))
        .route("/settings", get(settings::show))
        .route("/settings/display", get(settings::display).post(settings::choose))
        .route("/settings/password", get(password::show).post(password::change))
        .route("/settings/sessions", get(sessions::list).post(sessions::end))
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
