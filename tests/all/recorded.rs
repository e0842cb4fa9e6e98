//! Whoever sees something of a patient stands in the record: every way in, tried by those it is for.

use crate::refusals::{ENTITLED, knock, listed};
use crate::routes::{self, Route};
use crate::seeded::Seeded;
use tasuki_law::nouns::{AccountId, EventKind};

/// What a path names that is of a patient or of a place.
const OF_PLACES: &[&str] = &["patient", "group", "post", "timeline", "draft", "consent", "member"];

/// The kinds of what an account did and saw, in order.
async fn lines(world: &Seeded, account: AccountId) -> Vec<EventKind> {
    const LINES: &str = "SELECT kind FROM events WHERE account = $1 ORDER BY id";
    let found = world.world.house.db.read(move |tx| tx.all::<(EventKind,)>(LINES, &[&account]));
    found.await.expect("the chronicle").into_iter().map(|(kind,)| kind).collect()
}

fn names_a_place(route: &Route) -> bool {
    route.names().iter().any(|name| OF_PLACES.contains(name))
}

/// Every GET, each in a session of its own so that no window hides it.
#[tokio::test]
async fn every_look_of_a_member_leaves_a_line() {
    let world = Seeded::new().await;
    let exempt = listed("tests/all/unrecorded_routes.txt");
    let routes = routes::whole(&world.world).await;
    let mut wrong: Vec<_> = exempt
        .iter()
        .filter(|one| !routes.contains(one))
        .map(|one| format!("stale in unrecorded_routes.txt: {one:?}"))
        .collect();
    let mut shown = 0;
    for route in routes.iter().filter(|route| route.method == "GET") {
        let mut needed = false;
        for who in ENTITLED {
            let mut visitor = world.visit(who, route.is_api()).await;
            let before = lines(&world, world.account(who)).await.len();
            let seen = knock(&world, &mut visitor, route).await;
            let tells = world.secrets(who).iter().any(|word| seen.text.contains(word.as_str()));
            if seen.status != 200 || !(tells || names_a_place(route)) {
                continue;
            }
            shown += 1;
            let new = lines(&world, world.account(who)).await.split_off(before);
            if new.iter().any(|kind| kind.is_look()) {
                continue;
            }
            needed = true;
            if !exempt.contains(route) {
                wrong.push(format!("{who} leaves no line: GET {} ({new:?})", world.path(route)));
            }
        }
        if exempt.contains(route) && !needed {
            wrong.push(format!("not needed in unrecorded_routes.txt: GET {}", route.path));
        }
    }
    assert!(shown > 100, "the premise: they are let in, {shown}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close().await;
}

/// What is answered to something sent may show as much: then there is a look, or the act itself.
#[tokio::test]
async fn every_answer_that_tells_something_leaves_a_line() {
    let world = Seeded::new().await;
    let mut routes: Vec<_> =
        routes::whole(&world.world).await.into_iter().filter(|route| route.method != "GET").collect();
    routes.sort_by_key(|route| route.path.ends_with("removal") || route.path.ends_with("departure"));
    let (mut wrong, mut told) = (Vec::new(), 0);
    for route in &routes {
        for who in ENTITLED {
            let mut visitor = world.visit(who, route.is_api()).await;
            let before = lines(&world, world.account(who)).await.len();
            let seen = knock(&world, &mut visitor, route).await;
            let tells = world.secrets(who).iter().any(|word| seen.text.contains(word.as_str()));
            if !tells || seen.status == 404 {
                continue;
            }
            told += 1;
            if lines(&world, world.account(who)).await.len() == before {
                wrong.push(format!("{who} leaves no line: {} {}", route.method, world.path(route)));
            }
        }
    }
    assert!(told > 5, "the premise: some of them show something, {told}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close().await;
}

/// What any browser may keep: the program's own pictures and styles, and how it is spoken to.
const KEPT: &[&str] = &[
    "/api/v1/openapi.json",
    "/static/{file}",
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/manifest.webmanifest",
];

/// Nothing that was answered to one person lies anywhere for the next, streams and refusals included.
#[tokio::test]
async fn no_answer_is_kept_by_anybody() {
    let world = Seeded::new().await;
    let mut wrong = Vec::new();
    for route in routes::whole(&world.world).await.iter().filter(|route| route.method == "GET") {
        for who in ["nobody", "mori", "moriyama"] {
            let mut visitor = world.visit(who, route.is_api()).await;
            let (status, headers) = visitor.headers(&world.path(route)).await;
            let said = headers.get("cache-control").and_then(|said| said.to_str().ok()).unwrap_or_default();
            if !said.contains("no-store") && !KEPT.contains(&route.path.as_str()) {
                wrong.push(format!("{who} {status} {}: {said:?}", route.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close().await;
}
