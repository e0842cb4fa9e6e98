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

/// More boxes than a page of people has.
const MOST_FIELDS: usize = 2_000;
/// The fields of several lines. They are as long as a form, and their rooms say how many letters they take.
const PROSE: [&str; 4] = ["body", "about", "medicines", "allergies"];
/// Far more than any line of a form takes: who typed more is told so by the room, which sees that it is too long, and
/// gets so much of it back.
const LINE: usize = 8 * 1024;

fn cut(value: &mut String) {
    if value.len() > LINE {
        value.truncate(value.floor_char_boundary(LINE));
    }
}

impl FromRequest<House> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, house: &House) -> Result<Self, Trouble> {
        let bytes = Bytes::from_request(request, house).await.map_err(|_| Trouble::Malformed)?;
        if bytes.len() > MOST {
            return Err(Trouble::Malformed);
        }
        let pairs: Vec<_> = serde_urlencoded::from_bytes(&bytes).map_err(|_| Trouble::Malformed)?;
        if pairs.len() > MOST_FIELDS {
            return Err(Trouble::Malformed);
        }
        Ok(Self::of_pairs(pairs))
    }
}

impl Form {
    /// The fields of a query string; what cannot be read is an empty form.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        Self::of_pairs(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    /// The fields of a form that brought files along.
    #[must_use]
    pub fn of_pairs(mut pairs: Vec<(String, String)>) -> Self {
        for (name, value) in &mut pairs {
            if !PROSE.contains(&name.as_str()) {
                cut(value);
            }
        }
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
        debug_assert!(PROSE.contains(&name), "{name} is cut as a line");
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

#[cfg(test)]
mod tests {
    use super::{Form, LINE};

    #[test]
    fn no_line_is_longer_than_a_line_whatever_was_sent() {
        let long = "あ".repeat(100_000);
        let sent = |name: &str| (name.to_owned(), long.clone());
        let form = Form::of_pairs(vec![sent("family"), sent("email"), sent("body"), sent("made_up")]);
        for name in ["family", "email", "made_up"] {
            assert!(form.raw(name).len() <= LINE, "{name}");
            assert!(form.line(name).starts_with('あ'));
        }
        assert_eq!(form.prose("body"), long);
        let query = Form::of_query(&format!("q={}", "a".repeat(100_000)));
        assert_eq!(query.raw("q").len(), LINE);
    }
}
