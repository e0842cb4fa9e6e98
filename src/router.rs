//! Every URL of the house, grouped by who uses it.

use crate::accounts::pages::{password, reset, sessions, settings, sign_in};
use crate::accounts::session;
use crate::front::pages::tour;
use crate::timeline::{corrections, drafts, files, pages as timeline};
use crate::postal;
use crate::registration::pages::{completion, confirmation, start, steps};
use crate::{House, notifications};
use crate::media::pages as media;
use crate::web::{assets, gate};
use crate::{acknowledgements, home, live};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};

/// The whole house.
pub fn router(house: House) -> Router {
    Router::new()
        .merge(everyone())
        .merge(professionals())
        .merge(members())
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
        .route("/", get(home::pages::show))
        .route("/register", get(start::show).post(start::begin))
        .route("/register/workplace", get(start::workplace).post(start::answer))
        .route("/register/account", get(steps::account).post(steps::keep_account))
        .route("/register/person", get(steps::person).post(steps::keep_person))
        .route("/register/facility", get(steps::facility).post(steps::keep_facility))
        .route("/register/confirmation", get(confirmation::show).post(confirmation::submit))
        .route("/register/sent", get(confirmation::sent).post(confirmation::resend))
        .route("/register/completion/{token}", get(completion::show).post(completion::complete))
        .route("/postal-codes/{code}", get(postal::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/password-reset", get(reset::show).post(reset::create))
        .route("/password-reset/{token}", get(reset::open).post(reset::close))
        .route("/demo/mails", get(notifications::pages::demo_mails)) // in the demo alone
}

/// Care professionals, signed in.
fn professionals() -> Router<House> {
    Router::new()
        .route("/home/hint/closing", post(home::pages::close_hint))
        .route("/session", post(session::touch))
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

/// Members of a place.
fn members() -> Router<House> {
    Router::new()
        .route("/groups/{group}", get(timeline::show))
        .route("/groups/{group}/compose", get(drafts::pages::compose))
        .route("/drafts/{draft}", get(drafts::pages::show).post(drafts::pages::save))
        .route("/drafts/{draft}/confirmation", get(drafts::pages::confirm))
        .route("/drafts/{draft}/post", post(drafts::pages::post))
        .route("/posts/{post}", get(timeline::single))
        .route("/posts/{post}/edit", get(corrections::edit).post(corrections::save))
        .route("/posts/{post}/history", get(corrections::history))
        .route("/posts/{post}/removal", get(corrections::removal).post(corrections::remove))
        .route("/posts/{post}/acknowledgement", post(acknowledgements::pages::toggle))
        .route("/posts/{post}/acknowledgements", get(acknowledgements::pages::list))
        .route("/groups/{group}/uploads", post(files::begin))
        .route("/drafts/{draft}/files/{upload}", get(files::of_draft))
        .route("/posts/{post}/files/{upload}", get(files::full))
        .route("/posts/{post}/files/{upload}/thumb", get(files::thumb))
        .route("/posts/{post}/files/{upload}/view", get(files::view))
        .route("/timelines/{timeline}/read", post(timeline::read))
        .route("/timelines/{timeline}/stream", get(live::pages::timeline))
        .route("/events", get(live::pages::person))
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
