//! The labels under which things are counted: closed lists alone, for each new value is a row that stays in memory for
//! as long as the program runs, and whoever sends requests chooses what stands in them.

use axum::extract::MatchedPath;
use axum::http::{Method, StatusCode};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// What nobody listed.
const OTHER: &str = "other";
/// More routes than the house will ever have.
const MOST_ROUTES: usize = 2_000;

/// A method; those that HTTP does not name are all one.
#[must_use]
pub fn method(method: &Method) -> &'static str {
    const KNOWN: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE"];
    KNOWN.iter().find(|known| **known == method.as_str()).copied().unwrap_or(OTHER)
}

/// The number of an answer.
#[must_use]
pub fn status(status: StatusCode) -> &'static str {
    const KNOWN: &[&str] = &[
        "200", "201", "204", "206", "301", "302", "303", "304", "400", "401", "403", "404", "405", "408",
        "409", "410", "411", "413", "414", "415", "416", "421", "422", "429", "431", "500", "501", "502",
        "503", "504",
    ];
    KNOWN.iter().find(|known| **known == status.as_str()).copied().unwrap_or(OTHER)
}

/// The template of a route as the router has it, never what was asked for.
#[must_use]
pub fn route(matched: Option<&MatchedPath>) -> &'static str {
    static ROUTES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let Some(template) = matched.map(MatchedPath::as_str) else { return "-" };
    let mut routes = ROUTES.lock().unwrap_or_else(PoisonError::into_inner);
    let routes = routes.get_or_insert_default();
    if let Some(known) = routes.get(template) {
        return known;
    }
    if routes.len() >= MOST_ROUTES {
        return OTHER;
    }
    // Kept for good, once for each route of the program.
    let kept: &'static str = Box::leak(template.to_owned().into_boxed_str());
    routes.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::{Method, OTHER, StatusCode, method, status};

    #[test]
    fn what_strangers_make_up_is_one_label() {
        assert_eq!(method(&Method::GET), "GET");
        for made_up in ["GETT", "get", "X1", "PROPFIND"] {
            assert_eq!(method(&Method::from_bytes(made_up.as_bytes()).unwrap()), OTHER, "{made_up}");
        }
        assert_eq!(status(StatusCode::OK), "200");
        assert_eq!(status(StatusCode::from_u16(799).unwrap()), OTHER);
    }
}
