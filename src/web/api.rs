//! How the JSON twins of the pages read and answer: the same sentences, as `application/problem+json`.

use crate::{House, Trouble};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

/// What an API handler answers.
pub type Answer<T> = Result<axum::Json<T>, Problem>;

/// Why a request was not done (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// A short heading, in Japanese.
    title: String,
    status: u16,
    /// What to do next, in Japanese.
    detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
}

/// One mistake in the input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    field: String,
    detail: String,
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        trouble.log();
        let (title, detail) = trouble.words();
        Self {
            kind: "about:blank",
            title: title.to_owned(),
            status: trouble.status().as_u16(),
            detail: detail.to_owned(),
            errors: Vec::new(),
        }
    }
}

impl From<tasuki_law::Refusal> for Problem {
    fn from(refusal: tasuki_law::Refusal) -> Self {
        Trouble::from(refusal).into()
    }
}

impl Problem {
    /// Input that a form would hand back with words at the fields: 422.
    #[must_use]
    pub fn input(errors: &super::Errors) -> Self {
        let mut problem = Self::from(Trouble::Malformed);
        problem.status = StatusCode::UNPROCESSABLE_ENTITY.as_u16();
        let named = errors.iter().map(|mistake| FieldProblem {
            field: mistake.field.to_owned(),
            detail: mistake.words.clone(),
        });
        problem.errors = named.collect();
        if let Some(first) = problem.errors.first() {
            problem.detail.clone_from(&first.detail);
        }
        problem
    }

    /// The same with another status, where the meaning is the API's own (409 for a key used twice).
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status.as_u16();
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

/// A JSON body of up to 512 KiB.
pub struct Body<T>(pub T);

const MOST: usize = 512 * 1024;

impl<T: DeserializeOwned> FromRequest<House> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, house).await.map_err(|_| Trouble::Malformed)?;
        if bytes.len() > MOST {
            return Err(Trouble::Malformed.into());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let mut problem = Problem::from(Trouble::Malformed);
            // Serde names the field and the place, never the value of a string.
            problem.errors.push(FieldProblem { field: String::new(), detail: error.to_string() });
            problem
        })
    }
}
