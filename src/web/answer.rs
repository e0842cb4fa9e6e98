//! How a handler answers.

use crate::{Outcome, Trouble};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What every page handler returns.
pub type Page = Outcome<Response>;

/// A page, rendered.
///
/// # Errors
/// A template that fails to render is a fault of ours.
pub fn page(template: &impl Template) -> Page {
    html(StatusCode::OK, template)
}

/// The form again, with words at the fields: 422.
pub fn try_again(template: &impl Template) -> Page {
    html(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// What most pages fit into: one that grows is copied each time it does.
const ROOM: usize = 32 * 1024;

/// As [`page`], for one that holds so many bytes beside what every page has.
///
/// # Errors
/// As [`page`].
pub fn long_page(template: &impl Template, more: usize) -> Page {
    drawn(StatusCode::OK, template, ROOM + more)
}

/// A page with any status.
pub fn html(status: StatusCode, template: &impl Template) -> Page {
    drawn(status, template, ROOM)
}

fn drawn(status: StatusCode, template: &impl Template, room: usize) -> Page {
    let mut body = String::with_capacity(room);
    template.render_into(&mut body).map_err(Trouble::broken)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    Ok((status, kind, body).into_response())
}

/// "Done; look here": 303, so that reloading repeats nothing.
pub fn see_other(url: impl AsRef<str>) -> Page {
    let url = HeaderValue::from_str(url.as_ref()).map_err(Trouble::broken)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response())
}

/// JSON, for the page's own script.
pub fn json(value: &impl serde::Serialize) -> Page {
    let body = serde_json::to_vec(value).map_err(Trouble::broken)?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((StatusCode::OK, kind, body).into_response())
}
