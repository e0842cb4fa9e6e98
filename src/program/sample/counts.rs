//! What an operation asks of the database is counted, and is the same in a small house and in one ten times its size:
//! a guard on counts, for times say nothing on a busy machine.

use super::{Entry, Step, fill};
use crate::house;
use crate::testing::{Visitor, World};
use axum::http::Method;
use indicatif::ProgressBar;
use serde_json::json;
use std::path::Path;
use tasuki_base::db::Engine;

/// Forty posts in every place, so that a page of thirty is full.
const HOUSE: Step =
    Step { workplaces: 3, patients: 4, circles: 2, sizes: [60, 8, 30], posts: 9 * 40, letters: 0 };

/// So many statements and rows an operation may cost, and so many bytes of SQLite's log. Where rows are locked, that is
/// one statement more.
const BUDGET: &[(&str, u64, u64, u64)] = &[
    ("home, page", 4, 11, 0),
    ("home, API", 4, 11, 0),
    ("timeline, page", 4, 4, 0),
    ("timeline, API", 2, 2, 0),
    ("read mark", 3, 3, 8_400),
    ("post", 8, 8, 45_400),
    ("acknowledge", 7, 7, 37_200),
];

/// What one operation took: statements, rows, bytes of the log.
type Cost = (u64, u64, u64);

#[tokio::test]
async fn an_operation_costs_the_same_in_a_house_ten_times_as_large() {
    let small = costs(1).await;
    let large = costs(10).await;
    let lock = u64::from(std::env::var_os("TASUKI_TEST_PG").is_some());
    for (((name, statements, rows, bytes), few), many) in BUDGET.iter().zip(&small).zip(&large) {
        println!("{name}: {few:?} at scale 1, {many:?} at scale 10");
        assert!(few.0 <= *statements + lock && few.1 <= *rows && few.2 <= *bytes, "{name}: {few:?}");
        assert_eq!((few.0, few.1), (many.0, many.1), "{name}: statements and rows at scale 1 and 10");
        // Deeper trees: a few pages more.
        assert!(many.2 <= few.2 + 4 * 4120, "{name}: bytes of the log, {} and {}", few.2, many.2);
    }
}

/// A house full of made-up people.
async fn crowd(scale: usize) -> (World, Vec<Entry>) {
    let world = World::empty().await;
    assert!(world.house.write(house::store::take_for_sample).await.unwrap());
    let people = fill(&world.house, HOUSE, scale, 0, &ProgressBar::hidden()).await.unwrap();
    (world, people)
}

async fn signed_in(world: &World, person: &Entry) -> Visitor {
    let mut page = world.stranger();
    let signed = [("email", person.mail.as_str()), ("password", super::PASSWORD)];
    let _ = page.post("/sign-in", &signed).await.expect(303);
    page
}

async fn costs(scale: usize) -> Vec<Cost> {
    let (world, people) = crowd(scale).await;
    let mut program = world.stranger();
    program.bear(&people[0].token);
    let places = program.ask(Method::GET, "/api/v1/home").await.expect(200).json()["places"].clone();
    let places = places.as_array().unwrap();
    let group = places.iter().find(|place| place["kind"] == "patient").unwrap()["id"].as_str().unwrap();
    let mut page = signed_in(&world, &people[0]).await;
    let mut costs = Vec::new();
    let (posts, timeline) = (format!("/api/v1/groups/{group}/posts"), format!("/groups/{group}"));
    for (visitor, path) in [(0, "/"), (1, "/api/v1/home"), (0, timeline.as_str()), (1, posts.as_str())] {
        let visitor = if visitor == 0 { &mut page } else { &mut program };
        // The first look is recorded and opens what the shelf then holds.
        let _ = visitor.get(path).await.expect(200);
        costs.push(cost(&world, visitor, async |visitor| drop(visitor.get(path).await.expect(200))).await);
    }
    let post = json!({ "body": "夕方の訪問。変わりありません。", "side": "professional" });
    let newest = program.ask(Method::GET, &posts).await.expect(200).json()["posts"].clone();
    let newest = newest.as_array().unwrap()[..9].iter().map(|post| post["id"].as_str().unwrap().to_owned());
    let acknowledged: Vec<_> = newest.map(|post| format!("/api/v1/posts/{post}/acknowledgement")).collect();
    let unread = places.iter().find(|place| place["id"] != group && place["unread"] != 0).unwrap();
    let read = format!("/api/v1/groups/{}/read", unread["id"].as_str().unwrap());
    let mark = json!({ "side": "professional", "seq": unread["seq"] });
    for (method, paths, body) in [
        (Method::PUT, vec![read], &mark),
        (Method::POST, vec![posts; 31], &post),
        (Method::PUT, acknowledged, &json!(null)),
    ] {
        // Now and then a page is full and becomes two: of several, the one in the middle counts.
        let mut taken = Vec::new();
        for path in &paths {
            let ask = async |program: &mut Visitor| {
                let answer = program.json(method.clone(), path, body).await;
                assert!(answer.status.is_success(), "{path}: {}", answer.text());
            };
            taken.push(cost(&world, &mut program, ask).await);
        }
        taken.sort_by_key(|(_, _, bytes)| *bytes);
        costs.push(taken[paths.len() / 2]);
    }
    world.settle().await;
    world.close_with_leftovers();
    costs
}

/// A phone between two visits: a page of thirty posts in 30 kB, one more post in 12.
#[tokio::test]
async fn a_page_fits_through_a_thin_line() {
    let (world, people) = crowd(1).await;
    let mut page = signed_in(&world, &people[0]).await;
    let home = page.get("/").await.expect(200).text();
    let group = home.split("href=\"/groups/").nth(1).unwrap().split('#').next().unwrap();
    let place = format!("/groups/{group}");
    let whole = page.get(&place).await.expect(200);
    let posts = whole.text().matches("<article").count();
    assert!(posts >= 30, "{posts} posts");
    for kind in ["br", "gzip"] {
        let packed =
            page.send_with(Method::GET, &place, &[("accept-encoding", kind)], Vec::new()).await.expect(200);
        assert_eq!(packed.headers.get("content-encoding").unwrap(), kind);
        println!("{posts} posts: {} bytes, {} by {kind}", whole.bytes.len(), packed.bytes.len());
        assert!(packed.bytes.len() <= 30_000, "{} bytes by {kind}", packed.bytes.len());
    }
    let (mut open, ..) = page.opened(group.parse().unwrap()).await;
    let mut program = world.stranger();
    program.bear(&people[1].token);
    let post = json!({ "body": "夕方の訪問。変わりありません。".repeat(20), "side": "professional" });
    let _ = program.tell(&format!("/api/v1{place}/posts"), post).await.expect(201);
    world.settle().await;
    let told = open.next().await.unwrap();
    assert_eq!(told.event, "post");
    assert!(told.data.len() <= 12_000, "{} bytes", told.data.len());
    world.settle().await;
    world.close_with_leftovers();
}

async fn cost(world: &World, visitor: &mut Visitor, operation: impl AsyncFn(&mut Visitor)) -> Cost {
    world.settle().await;
    empty_log(world);
    let before = world.house.meter.spent();
    operation(visitor).await;
    let after = world.house.meter.spent();
    (after.statements - before.statements, after.rows - before.rows, log(world))
}

fn log(world: &World) -> u64 {
    std::fs::metadata(file(world.folder()).with_extension("sqlite-wal")).map_or(0, |log| log.len())
}

fn empty_log(world: &World) {
    if world.house.db.engine() == Engine::Lite {
        let outside = rusqlite::Connection::open(file(world.folder())).unwrap();
        outside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    }
}

fn file(folder: &Path) -> std::path::PathBuf {
    folder.join("tasuki.sqlite")
}
