//! The routes of the house, read from its own text.

use crate::source::files;
use tasuki::testing::World;

/// One way in: a method and a path with `{names}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub method: String,
    pub path: String,
}

const METHODS: &[&str] = &["get", "post", "put", "delete", "patch"];

/// Every `.route("…", get(…).post(…))` of `src/router.rs` and its folder.
pub fn all() -> Vec<Route> {
    let mut routes = Vec::new();
    for source in files("src", ".rs").into_iter().filter(|s| s.path.starts_with("src/router")) {
        for piece in source.text.split(".route(").skip(1) {
            let Some((path, rest)) = quoted(piece) else { continue };
            let handlers = upto_closing(rest);
            for method in METHODS {
                let asked = handlers.match_indices(&format!("{method}(")).any(|(at, _)| {
                    let before = handlers[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':')
                });
                if asked {
                    routes.push(Route { method: method.to_uppercase(), path: path.clone() });
                }
            }
        }
    }
    routes.sort();
    routes.dedup();
    routes
}

/// Every `#[utoipa::path(get, path = "…"` beside a handler of the API.
pub fn of_the_api() -> Vec<Route> {
    let mut routes = Vec::new();
    for source in files("src", ".rs") {
        for piece in source.text.split("#[utoipa::path(").skip(1) {
            let method = piece.split(',').next().unwrap_or_default().trim().to_uppercase();
            let Some((_, path)) = piece.split_once("path = ") else { continue };
            let Some((path, _)) = quoted(path) else { continue };
            routes.push(Route { method, path });
        }
    }
    routes.sort();
    routes
}

fn quoted(text: &str) -> Option<(String, &str)> {
    let (_, rest) = text.split_once('"')?;
    let (path, rest) = rest.split_once('"')?;
    Some((path.to_owned(), rest))
}

/// Up to the bracket that closes `.route(`.
fn upto_closing(text: &str) -> &str {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return &text[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    text
}

/// The routes of the house and of its API, which the API's own document names.
pub async fn whole(world: &World) -> Vec<Route> {
    let mut routes = all();
    let answer = world.stranger().get(DOCUMENT).await;
    if answer.status.as_u16() == 200 {
        let document = answer.json();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            for method in
                methods.as_object().expect("methods").keys().filter(|m| METHODS.contains(&m.as_str()))
            {
                routes.push(Route { method: method.to_uppercase(), path: path.clone() });
            }
        }
    }
    routes.sort();
    routes.dedup();
    routes
}

const DOCUMENT: &str = "/api/v1/openapi.json";

impl Route {
    /// Whether linked apps call it.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// Whether it answers with a stream.
    pub fn is_stream(&self) -> bool {
        self.path.ends_with("/stream") || self.path.ends_with("/events")
    }

    /// The names in braces.
    pub fn names(&self) -> Vec<&str> {
        let pieces = self.path.split('{').skip(1);
        pieces.filter_map(|piece| piece.split('}').next()).map(|name| name.trim_start_matches('*')).collect()
    }
}

#[test]
fn routes_are_found() {
    let routes = all();
    let has = |method: &str, path: &str| {
        routes.contains(&Route { method: method.to_owned(), path: path.to_owned() })
    };
    assert!(has("GET", "/static/{file}"), "{routes:?}");
    assert!(!has("POST", "/static/{file}"));
}

#[test]
fn every_handler_of_the_api_is_served_and_described() {
    let document: serde_json::Value = serde_json::from_str(tasuki::router::api::text()).unwrap();
    let routes = of_the_api();
    assert!(routes.len() > 20, "{routes:?}");
    let mut described = 0;
    for item in document["paths"].as_object().unwrap().values() {
        described += item.as_object().unwrap().len();
    }
    for Route { method, path } in &routes {
        assert!(!document["paths"][path][method.to_lowercase()].is_null(), "{method} {path} is not routed");
    }
    assert_eq!(described, routes.len(), "a handler is there twice, or none stands behind a path");
    let plain = all().into_iter().filter(|route| route.path.starts_with("/api/"));
    assert_eq!(plain.count(), 0, "a route of the API stands in src/router/api.rs with routes!(…)");
}
