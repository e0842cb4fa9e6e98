//! What stands around every handler, as one layer: each layer more costs a request about as much as a look into the
//! database.

use crate::House;
use crate::accounts::session;
use crate::web::{api, gate, watch};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// Watches over one request, lets it in or not, and dresses its answer.
pub async fn around(State(house): State<House>, request: Request, next: Next) -> Response {
    let wanted = gate::page_wanted(&request);
    let watched = watch::Asked::of(&house, &request);
    let answer = watched.over(&house, inside(&house, request, next)).await;
    gate::dressed(&house, wanted, answer)
}

async fn inside(house: &House, request: Request, next: Next) -> Response {
    if let Some(refusal) = gate::ambiguous(&request).or_else(|| gate::of_another_site(house, &request)) {
        return refusal;
    }
    if request.uri().path().starts_with("/api/v1") {
        return api::speak(next.run(request).await);
    }
    session::introduce(house, request, next).await
}
