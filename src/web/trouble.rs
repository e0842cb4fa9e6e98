//! One error page for everything that goes wrong, in words that say what to do next.

use super::hall::Hall;
use crate::phrases;
use crate::{Outcome, Trouble};
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tasuki_law::Refusal;

#[derive(Template)]
#[template(path = "web/trouble.html")]
struct TroublePage {
    hall: Hall,
    words: &'static str,
    /// Signing in is the way on.
    sign_in: bool,
}

/// What an error page says. It travels with the answer, so that the page can be drawn again for a person who
/// is known.
#[derive(Clone, Copy)]
pub struct Said {
    pub heading: &'static str,
    words: &'static str,
    sign_in: bool,
}

impl Said {
    /// The heading and what follows it.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        (self.heading, self.words)
    }

    /// The error page in this hall.
    ///
    /// # Errors
    /// A template that fails to render is a fault of ours.
    pub fn drawn(self, hall: Hall) -> Outcome<String> {
        TroublePage { hall, words: self.words, sign_in: self.sign_in }.render().map_err(Trouble::broken)
    }
}

/// Marks an answer that only needs a sign-in: the gate turns it into a redirect for pages.
#[derive(Clone, Copy)]
pub struct NeedsSignIn;

impl Trouble {
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Refused(Refusal::SignIn) => StatusCode::UNAUTHORIZED,
            Self::Refused(Refusal::Unseen) => StatusCode::NOT_FOUND,
            Self::Refused(Refusal::Because(_)) => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy | Self::Away(_) | Self::Unsure => StatusCode::SERVICE_UNAVAILABLE,
            Self::Db(_) | Self::Seal(_) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the person reads.
    #[must_use]
    pub const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Refused(Refusal::SignIn) => phrases::SIGN_IN_FIRST,
            Self::Refused(Refusal::Unseen) => phrases::UNSEEN,
            Self::Refused(Refusal::Because(why)) => (phrases::REFUSED, phrases::why(*why)),
            Self::Malformed => phrases::MALFORMED,
            Self::TooMany => phrases::TOO_MANY,
            Self::Busy => phrases::BUSY,
            Self::Away(_) => phrases::AWAY,
            Self::Unsure => phrases::UNSURE,
            Self::Db(_) | Self::Seal(_) | Self::Broken(_) => phrases::BROKEN,
        }
    }

    /// Tells the log what the page keeps to itself.
    pub fn log(&self) {
        match self {
            Self::Db(error) => tracing::error!(%error, "the database failed"),
            Self::Seal(error) => tracing::error!(?error, "a seal did not open"),
            Self::Broken(error) => tracing::error!(%error, "something of ours failed"),
            Self::Busy => tracing::warn!("too busy"),
            Self::Unsure => tracing::error!("the line broke during COMMIT: the result is unknown"),
            Self::Away(error) => tracing::error!(%error, "database or files do not answer"),
            Self::Refused(_) | Self::Malformed | Self::TooMany => {}
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        self.log();
        let (heading, words) = self.words();
        let sign_in = matches!(self, Self::Refused(Refusal::SignIn));
        let said = Said { heading, words, sign_in };
        let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        let body = said.drawn(Hall::new(heading)).unwrap_or_default();
        let mut answer = (self.status(), html, body).into_response();
        answer.extensions_mut().insert(said);
        if sign_in {
            answer.extensions_mut().insert(NeedsSignIn);
        }
        answer
    }
}
