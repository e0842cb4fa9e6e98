//! What a number of `/metrics` may be told apart by: a word of a closed list, never one that somebody sent.

use axum::extract::MatchedPath;
use axum::http::{Method, StatusCode};
use metrics::SharedString;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// A word that stands in this program's text, or among its own routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(&'static str);

/// More routes than the house will ever have. What came after them would be counted as one.
const MOST_ROUTES: usize = 1_000;

impl Label {
    /// What is on no list.
    pub const OTHER: Self = Self("other");

    /// A word of the program's own.
    #[must_use]
    pub const fn fixed(word: &'static str) -> Self {
        Self(word)
    }

    /// One of the methods the house knows.
    #[must_use]
    pub fn of_method(method: &Method) -> Self {
        const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
        KNOWN.iter().find(|known| **known == method.as_str()).map_or(Self::OTHER, |known| Self(known))
    }

    /// The template of a route: there are as many as `router.rs` has lines.
    #[must_use]
    pub fn of_route(route: Option<&MatchedPath>) -> Self {
        static ROUTES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let Some(route) = route.map(MatchedPath::as_str) else { return Self("-") };
        let mut routes = ROUTES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.get(route) {
            return Self(known);
        }
        if routes.len() >= MOST_ROUTES {
            return Self::OTHER;
        }
        let kept: &'static str = Box::leak(route.to_owned().into_boxed_str());
        routes.insert(kept);
        Self(kept)
    }

    /// One of the answers the house gives.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        const KNOWN: [&str; 24] = [
            "200", "201", "202", "204", "206", "303", "304", "400", "401", "403", "404", "405", "408", "409",
            "410", "413", "415", "416", "421", "422", "429", "500", "501", "503",
        ];
        KNOWN.iter().find(|known| **known == status.as_str()).map_or(Self::OTHER, |known| Self(known))
    }

    #[must_use]
    pub const fn word(self) -> &'static str {
        self.0
    }
}

impl From<Label> for SharedString {
    fn from(label: Label) -> Self {
        Self::const_str(label.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Label;
    use axum::http::{Method, StatusCode};
    use std::collections::BTreeSet;

    #[test]
    fn whatever_is_sent_the_words_are_few() {
        let methods = (0..3_000).map(|n| Method::from_bytes(format!("M{n}").as_bytes()).unwrap());
        let words: BTreeSet<_> = methods.map(|method| Label::of_method(&method).word()).collect();
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["other"]);
        assert_eq!(Label::of_method(&Method::PUT).word(), "PUT");
        let states = (100..1_000).map(|n| StatusCode::from_u16(n).unwrap());
        let words: BTreeSet<_> = states.map(|status| Label::of_status(status).word()).collect();
        assert_eq!(words.len(), 25);
    }
}
