//! What stands around every handler, as one layer: each layer more costs a request about as much as a look into the
//! database.

use crate::House;
use crate::accounts::{kept, session};
use crate::web::{NeedsSignIn, api, gate, see_other, watch};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

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
    let wanted = kept::Wanted::of(&request);
    let (request, posted) = kept::Posted::aside(house, request).await;
    let answer = session::introduce(house, request, next).await;
    if let (Some(posted), Some(NeedsSignIn)) = (posted, answer.extensions().get()) {
        return match kept::keep(house, posted).await {
            Ok(Some(way_on)) => see_other(way_on).unwrap_or(answer),
            Ok(None) => answer,
            Err(trouble) => trouble.into_response(),
        };
    }
    match wanted {
        Some(wanted) => wanted.shown(house, answer).await,
        None => answer,
    }
}
