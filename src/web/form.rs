//! What people typed: read once, kept as typed, cleaned by kind of field.

use crate::{House, Trouble};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use std::str::FromStr;
use tasuki_base::text;

/// The fields of a form, in the order in which the browser sent them.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

/// A form carries words, not files; files come in parts.
const MOST: usize = 512 * 1024;

impl FromRequest<House> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, house: &House) -> Result<Self, Trouble> {
        let bytes = Bytes::from_request(request, house).await.map_err(|_| Trouble::Malformed)?;
        if bytes.len() > MOST {
            return Err(Trouble::Malformed);
        }
        let pairs = serde_urlencoded::from_bytes(&bytes).map_err(|_| Trouble::Malformed)?;
        Ok(Self(pairs))
    }
}

impl Form {
    /// The fields of a query string; what cannot be read is an empty form.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        Self(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    /// The fields of a form that brought files along.
    #[must_use]
    pub const fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Exactly as sent: for passwords.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// One line: NFC, trimmed, without control characters.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        text::line(self.raw(name))
    }

    /// Several lines: NFC, line ends as `\n`, no other control characters.
    #[must_use]
    pub fn prose(&self, name: &str) -> String {
        text::prose(self.raw(name))
    }

    /// Every value of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked or a button of this name pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// A code of a closed list, or an id.
    #[must_use]
    pub fn pick<T: FromStr>(&self, name: &str) -> Option<T> {
        self.raw(name).trim().parse().ok()
    }
}
