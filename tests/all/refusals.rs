//! Every way into the house, tried by those it is not for: with the ids of real things.

use crate::routes::{self, Route};
use crate::seeded::Seeded;
use crate::source::root;
use axum::http::Method;
use std::collections::BTreeSet;
use tasuki::testing::Visitor;

/// Who has no business with the seeded patient, and why.
const OUTSIDE: &[&str] = &[
    "nobody", "mori",   // administers a workplace that has nothing to do with any of it
    "okubo",  // a colleague of a member, no member herself
    "family", // a family member's account
    "nishi",  // was a member until a moment ago
];

/// Who has, first the one with the most of it.
pub const ENTITLED: &[&str] = &["moriyama", "saeki", "kishi", "kiyono", "ota"];

pub struct Seen {
    pub status: u16,
    location: String,
    pub text: String,
}

impl Seen {
    fn refused(&self) -> bool {
        matches!(self.status, 401 | 403 | 404) || self.location.starts_with("/sign-in")
    }
}

/// Sends one request that is as well formed as somebody inside would send it, and reads what comes at once.
pub async fn knock(world: &Seeded, visitor: &mut Visitor, route: &Route) -> Seen {
    let mut path = world.path(route);
    let method: Method = route.method.parse().expect("a method");
    if method == Method::GET && route.names().is_empty() {
        path = format!("{path}?{}", world.form());
    }
    if route.is_stream() {
        // An open stream never ends: what it says is told by its room's own tests.
        let (status, _) = visitor.stream(&path, &[]).await;
        return Seen { status: status.as_u16(), location: String::new(), text: String::new() };
    }
    if method == Method::GET {
        let answer = visitor.get(&path).await;
        return Seen { status: answer.status.as_u16(), location: answer.location(), text: answer.text() };
    }
    let (kind, body) = match (route.is_api(), method == Method::PUT && path.contains("/parts/")) {
        (true, _) => ("application/json", world.json().to_string()),
        (_, true) => ("application/octet-stream", "x".to_owned()),
        _ => ("application/x-www-form-urlencoded", world.form()),
    };
    let headers = [("content-type", kind), ("idempotency-key", "0123456789abcdef")];
    let answer = visitor.send_with(method, &path, &headers, body.into_bytes()).await;
    Seen { status: answer.status.as_u16(), location: answer.location(), text: answer.text() }
}

/// Routes whose path names something, and that are not proven here.
fn unproven() -> BTreeSet<Route> {
    listed("tests/all/unproven_routes.txt")
}

/// A list of routes with reasons: `METHOD /path why`.
pub fn listed(file: &str) -> BTreeSet<Route> {
    let text = std::fs::read_to_string(root().join(file)).expect("the list");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut routes = BTreeSet::new();
    for line in lines {
        let mut pieces = line.splitn(3, ' ');
        let (method, path, why) = (pieces.next(), pieces.next(), pieces.next());
        assert!(why.is_some_and(|why| why.trim().len() > 10), "say why: {line}");
        let (method, path) = (method.unwrap_or_default().to_owned(), path.unwrap_or_default().to_owned());
        routes.insert(Route { method, path });
    }
    routes
}

#[tokio::test]
async fn whoever_is_outside_is_refused_everywhere() {
    let world = Seeded::new().await;
    let routes = routes::whole(&world.world).await;
    assert!(routes.len() > 100, "the routes are found: {}", routes.len());
    let unproven = unproven();
    let mut wrong = Vec::new();
    wrong.extend(unproven.iter().filter(|one| !routes.contains(one)).map(|one| format!("stale: {one:?}")));
    world.of_the_world_are_told_inside().await;

    for route in routes.iter().filter(|route| !route.names().is_empty()) {
        let excused = unproven.contains(route);
        let mut needed = false;
        for who in OUTSIDE {
            let mut visitor = world.visit(who, route.is_api()).await;
            let seen = knock(&world, &mut visitor, route).await;
            let told = world.secrets(who).into_iter().find(|word| seen.text.contains(word.as_str()));
            if let Some(word) = told {
                wrong.push(format!("{who} reads 「{word}」: {} {}", route.method, route.path));
            }
            needed |= !seen.refused();
            if !seen.refused() && !excused {
                let Seen { status, location, .. } = seen;
                wrong.push(format!(
                    "{who} is let in: {} {} {status} {location}",
                    route.method,
                    world.path(route)
                ));
            }
        }
        if excused && !needed && !route.names().contains(&"token") {
            wrong.push(format!("not needed in unproven_routes.txt: {} {}", route.method, route.path));
        }
    }
    for route in routes.iter().filter(|route| route.names().is_empty()) {
        for who in OUTSIDE {
            let mut visitor = world.visit(who, route.is_api()).await;
            let seen = knock(&world, &mut visitor, route).await;
            let told = world.secrets(who).into_iter().find(|word| seen.text.contains(word.as_str()));
            if let Some(word) = told {
                wrong.push(format!("{who} reads 「{word}」: {} {}", route.method, route.path));
            }
            if seen.status >= 500 {
                wrong.push(format!("{who} breaks {} {}: {}", route.method, route.path, seen.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close().await;
}

/// The last words of paths that end something; they are tried after all others.
const ENDS: &[&str] =
    &["completion", "removal", "cancellation", "refusal", "declination", "withdrawal", "departure"];

#[tokio::test]
async fn whoever_is_inside_is_let_in() {
    let world = Seeded::new().await;
    let mut routes: Vec<_> =
        routes::whole(&world.world).await.into_iter().filter(|r| !r.names().is_empty()).collect();
    routes.sort_by_key(|route| {
        let ending = ENDS.iter().position(|end| route.path.ends_with(end)).map_or(0, |n| n + 1);
        (route.method != "GET", route.method == "DELETE", ending)
    });
    let unproven = unproven();
    let mut wrong = Vec::new();
    for route in routes.iter().filter(|route| !unproven.contains(route)) {
        let mut answers = Vec::new();
        for who in ENTITLED {
            let mut visitor = world.visit(who, route.is_api()).await;
            let seen = knock(&world, &mut visitor, route).await;
            let inside = !seen.refused();
            answers.push(format!("{who} {}", seen.status));
            if inside {
                answers.clear();
                break;
            }
        }
        if !answers.is_empty() {
            wrong.push(format!(
                "nobody is let in, so a refusal proves nothing: {} {} {answers:?}",
                route.method,
                world.path(route)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close().await;
}
