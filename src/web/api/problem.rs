//! Why a request was not done (RFC 9457), in words.

use crate::Trouble;
use crate::phrases::api as words;
use crate::web::{Errors, Said};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tasuki_law::{Refusal, Why};
use utoipa::ToSchema;

/// Why a request was not done (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// A short heading, in Japanese.
    title: String,
    /// The status of the answer.
    #[schema(example = 404)]
    status: u16,
    /// What to do next, in Japanese.
    detail: String,
    /// What is wrong with which field; left out when nothing is said about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
}

/// One mistake in the input.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name; empty when the sentence is about the whole input.
    pub field: String,
    /// What to do about it.
    pub detail: String,
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        trouble.log();
        let status = match &trouble {
            // It stands already as it would: not a matter of rights.
            Trouble::Refused(Refusal::Because(
                Why::AlreadyDecided | Why::AlreadyMember | Why::AlreadyRemoved,
            )) => StatusCode::CONFLICT,
            other => other.status(),
        };
        Self::of_page(status, trouble.words())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Trouble::from(refusal).into()
    }
}

impl Problem {
    #[must_use]
    pub fn new(status: StatusCode, (title, detail): (&str, &str)) -> Self {
        Self {
            kind: "about:blank",
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            errors: Vec::new(),
        }
    }

    /// What a page would say, without speaking of pages.
    fn of_page(status: StatusCode, said: (&str, &str)) -> Self {
        let said = match status {
            StatusCode::NOT_FOUND => words::UNSEEN,
            StatusCode::UNAUTHORIZED => words::SIGN_IN_FIRST,
            StatusCode::BAD_REQUEST => words::UNREADABLE,
            StatusCode::INTERNAL_SERVER_ERROR => words::BROKEN,
            _ => said,
        };
        Self::new(status, said)
    }

    /// Input that a form would hand back with words at the fields: 422.
    #[must_use]
    pub fn input(errors: &Errors) -> Self {
        let detail = errors.iter().next().map_or("", |mistake| &mistake.words);
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, (words::INPUT, detail));
        let named = errors
            .iter()
            .map(|mistake| FieldProblem { field: mistake.field.to_owned(), detail: mistake.words.clone() });
        problem.errors = named.collect();
        problem
    }

    /// The same with another status.
    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status.as_u16();
        self
    }

    /// The same, with a word about one field.
    #[must_use]
    pub fn about(mut self, field: &str, detail: impl Into<String>) -> Self {
        self.errors.push(FieldProblem { field: field.to_owned(), detail: detail.into() });
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut answer = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        answer
    }
}

/// Turns the error page of an extractor or a gate into a problem.
#[must_use]
pub fn speak(answer: Response) -> Response {
    match answer.extensions().get::<Said>() {
        Some(said) => Problem::of_page(answer.status(), said.words()).into_response(),
        None => answer,
    }
}

/// A path of the API that is none.
pub async fn nowhere() -> Problem {
    Trouble::unseen().into()
}

/// A path of the API with another method.
pub async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, words::WRONG_METHOD)
}
