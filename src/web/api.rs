//! How the JSON twins of the pages read and answer: the same sentences, as `application/problem+json`.

mod input;
mod problem;
pub mod schema;

pub use input::{Asked, Body, MayBody};
pub use problem::{FieldProblem, Problem, nowhere, speak, wrong_method};
pub use schema::{Id, Time};

use axum::Json;
use axum::http::StatusCode;

/// What an API handler answers.
pub type Answer<T> = Result<Json<T>, Problem>;
/// The same for something that was made: 201.
pub type Created<T> = Result<(StatusCode, Json<T>), Problem>;
/// The same for what was done and needs no words: 204.
pub type Done = Result<StatusCode, Problem>;

/// Something was made.
///
/// # Errors
/// None; it is what a handler ends with.
pub fn created<T>(made: T) -> Created<T> {
    Ok((StatusCode::CREATED, Json(made)))
}

/// It is so now.
///
/// # Errors
/// None; it is what a handler ends with.
pub const fn done() -> Done {
    Ok(StatusCode::NO_CONTENT)
}
