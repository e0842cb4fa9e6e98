//! Every URL of the house, grouped by who uses it.

pub mod api;
mod around;
#[cfg(test)]
mod tests;

pub use around::around;

use crate::accounts::kept::pages as kept;
use crate::accounts::pages::{opening, password, reset, sessions, settings, sign_in};
use crate::accounts::session;
use crate::connections::pages as connections;
use crate::consents::pages as consents;
use crate::departures::pages as departures;
use crate::free_groups::pages as free_groups;
use crate::front::pages::{poster, public, tour};
use crate::invitations::pages as inviting;
use crate::joining::pages as joining;
use crate::media::pages as media;
use crate::members::pages as members;
use crate::patients::pages as patients;
use crate::profiles::pages as profiles;
use crate::program::health;
use crate::registration::pages::{completion, confirmation, start, steps};
use crate::timeline::{corrections, drafts, files, pages as timeline};
use crate::web::{assets, watch};
use crate::workplaces::pages as workplaces;
use crate::{House, audit, notifications};
use crate::{acknowledgements, home, live};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};

/// A long post with everything a form carries beside it; what takes files sets its own limit.
const MOST_BODY: usize = 1024 * 1024;

/// The whole house.
pub fn router(house: House) -> Router {
    let house = house.for_people();
    Router::new()
        .merge(everyone())
        .merge(sessions_and_forms())
        .merge(professionals())
        .merge(api::programs())
        .merge(members())
        .merge(staff())
        .merge(places())
        .merge(builders())
        .merge(machines())
        .fallback(nowhere)
        .layer(from_fn_with_state(house.clone(), around))
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(watch::compression())
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
        .route("/about", get(public::about))
        .route("/guide", get(public::guide))
        .route("/contact", get(public::contact))
        .route("/terms", get(public::terms))
        .route("/privacy", get(public::privacy))
        .route("/accessibility", get(public::accessibility))
        .route("/", get(home::pages::show))
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
        .route("/join/{token}", get(joining::open).post(joining::form::fill))
        .route("/join/{token}/confirmation", get(joining::form::confirm))
        .route("/join/{token}/completion", get(joining::form::done).post(joining::form::complete))
        .route("/join/{token}/again", post(joining::again))
        .route("/join/{token}/request", post(joining::otherwise::request))
        .route("/demo/mails", get(notifications::pages::demo_mails)) // in the demo alone
}

/// Sessions, and what was typed when one ended.
fn sessions_and_forms() -> Router<House> {
    Router::new()
        .route("/session", post(session::touch))
        .route("/session/opening", post(opening::open))
        .route("/kept/{kept}", get(kept::show))
        .route("/kept/{kept}/removal", post(kept::remove))
}

/// Care professionals, signed in.
fn professionals() -> Router<House> {
    Router::new()
        .route("/home/hint/closing", post(home::pages::close_hint))
        .route("/register/qr", get(poster::show))
        .route("/tour", get(tour::show).post(tour::finish))
        .route("/profile", get(profiles::show).post(profiles::change))
        .route("/profile/photo", post(profiles::change_photo))
        .route("/accounts/{account}", get(profiles::card))
        .route("/accounts/{account}/photo", get(profiles::photo))
        .route("/settings", get(settings::show))
        .route("/settings/display", get(settings::display).post(settings::choose))
        .route("/settings/password", get(password::show).post(password::change))
        .route("/settings/record", get(audit::own::show))
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

/// Care professionals, about their workplace and about invitations.
fn staff() -> Router<House> {
    Router::new()
        .route("/staff", get(workplaces::staff))
        .route("/staff/invitations/new", get(inviting::staff::new).post(inviting::staff::again))
        .route(
            "/staff/invitations/new/confirmation",
            get(inviting::staff::from_the_start).post(inviting::staff::confirm),
        )
        .route("/staff/invitations/new/sent", get(inviting::staff::sent).post(inviting::staff::send))
        .route("/staff/{seat}", get(workplaces::seat))
        .route("/staff/{seat}/administrator", post(workplaces::administrator))
        .route("/staff/{seat}/departure", get(departures::confirm).post(departures::depart))
        .route("/facility", get(workplaces::facility).post(workplaces::change))
        .route("/approvals", get(inviting::decide::list))
        .route("/invitations", get(inviting::list))
        .route("/invitations/{invitation}", get(inviting::show))
        .route("/invitations/{invitation}/approval", post(inviting::decide::approve))
        .route("/invitations/{invitation}/refusal", post(inviting::decide::refuse))
        .route("/invitations/{invitation}/cancellation", post(inviting::decide::cancel))
        .route(
            "/invitations/{invitation}/acceptance",
            get(inviting::answer::confirm).post(inviting::answer::accept),
        )
        .route(
            "/invitations/{invitation}/declination",
            get(inviting::answer::confirm_declining).post(inviting::answer::decline),
        )
        .route(
            "/invitations/{invitation}/connection",
            get(inviting::answer::ask_to_connect).post(inviting::answer::connect),
        )
        .route("/connections", get(connections::list))
}

/// Care professionals, about the places they share.
fn places() -> Router<House> {
    Router::new()
        .route("/groups", get(free_groups::list))
        .route("/groups/new", get(free_groups::new).post(free_groups::create))
        .route("/groups/{group}/edit", get(free_groups::edit).post(free_groups::change))
        .route("/groups/{group}/members", get(members::list))
        .route("/groups/{group}/members/{member}", get(members::one::show))
        .route("/groups/{group}/members/{member}/administrator", post(members::one::administrator))
        .route(
            "/groups/{group}/members/{member}/removal",
            get(members::one::confirm_removal).post(members::one::remove),
        )
        .route("/groups/{group}/departure", get(members::going::confirm).post(members::going::leave))
        .route("/groups/{group}/joining", get(members::going::confirm_joining).post(members::going::join))
        .route("/groups/{group}/invitations/new", get(inviting::group::new).post(inviting::group::again))
        .route(
            "/groups/{group}/invitations/new/confirmation",
            get(inviting::group::from_the_start).post(inviting::group::confirm),
        )
        .route("/groups/{group}/invitations/new/sent", get(inviting::group::sent).post(inviting::group::send))
}

/// Machines: is it alive, is it ready, how much does it do.
fn machines() -> Router<House> {
    health::routes()
}

/// Those who build the house: the sample of its parts, in debug builds only.
fn builders() -> Router<House> {
    #[cfg(debug_assertions)]
    return Router::new().route("/dev/parts", get(crate::web::parts::show));
    #[cfg(not(debug_assertions))]
    Router::new()
}
