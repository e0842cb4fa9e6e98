//! The person-wide stream by program: the same news, without the page's markup.

use super::pages::{last_heard, person_stream};
use super::person::Dress;
use crate::House;
use crate::accounts::Caller;
use crate::web::api::Problem;
use axum::http::HeaderMap;
use axum::response::Response;
use tasuki_value::Ts;

/// Everything the person may hear
///
/// Server-sent events. `count` carries `{unread, waiting}`: posts unread in all places, and invitations and approvals
/// that wait. `place` carries the present state of a place that changed, `{group, seq, rev, unread, total}`, or
/// `{group, gone: true, unread, total}` once the person is no longer in it. Each may be told twice. The `id` of an
/// event is its moment: sent back as `Last-Event-ID`, the stream tells what changed since.
#[utoipa::path(get, path = "/api/v1/events", operation_id = "events", tag = "posts",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event heard")),
    responses((status = 200, description = "The stream", content_type = "text/event-stream", body = String)))]
pub async fn events(Caller(who): Caller, house: House, headers: HeaderMap) -> Result<Response, Problem> {
    let since = last_heard(&headers).map(Ts);
    Ok(person_stream(house, who, since, Dress::Plain).await?)
}
