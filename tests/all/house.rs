//! The never-arrows and the sizes, held by reading the house's own text.

use crate::source::{Source, files, root};
use std::collections::BTreeMap;

fn refuse(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}\n{}", broken.join("\n"));
}

/// The rooms in the order of `src/lib.rs`.
fn plan() -> BTreeMap<String, usize> {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rooms = lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod "));
    let names = rooms.filter_map(|rest| rest.split(';').next().map(str::to_owned));
    names.enumerate().map(|(place, name)| (name, place)).collect()
}

/// What stands outside the order: every room's surroundings, and the ends where all comes together.
const AROUND: &[&str] = &["config", "errands", "house", "phrases", "policies", "trouble", "events", "web"];
const ENDS: &[&str] = &["router", "serve", "program", "testing", "lib", "main", "api"];

#[test]
fn a_room_calls_rooms_above_it_only() {
    let plan = plan();
    let mut broken = Vec::new();
    for source in files("src", ".rs") {
        let Some(room) = source.room() else { continue };
        if source.is_test() || ENDS.contains(&room) || AROUND.contains(&room) {
            continue;
        }
        let Some(mine) = plan.get(room) else {
            broken.push(format!("{}: {room} is not in the plan of src/lib.rs", source.path));
            continue;
        };
        for (line, other, _) in source.named_rooms() {
            let below = plan.get(&other).is_some_and(|place| place > mine);
            if below && other != room {
                broken.push(format!("{}:{line}: {room} calls {other}, which is below it", source.path));
            }
        }
    }
    refuse(broken, "a room calls rooms above it, never below");
}

#[test]
fn a_room_keeps_its_store_to_itself() {
    let mut broken = Vec::new();
    for source in files("src", ".rs") {
        let room = source.room().unwrap_or_default().to_owned();
        if source.is_test() || room == "serve" || room == "program" {
            continue;
        }
        for (line, other, rest) in source.named_rooms() {
            if other != room && rest.starts_with("::store::") && other != "house" {
                broken.push(format!("{}:{line}: {other}::store is {other}'s own", source.path));
            }
        }
    }
    refuse(broken, "never past a neighbour's mod.rs");
}

#[test]
fn ground_and_law_stand_on_nothing_that_moves() {
    let dependencies = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        let table: toml::Table = toml::from_str(&text).unwrap();
        let names = table["dependencies"].as_table().unwrap().keys().cloned();
        names.collect::<Vec<_>>()
    };
    assert_eq!(dependencies("crates/law/Cargo.toml"), ["serde", "tasuki-value", "uuid"]);
    assert_eq!(dependencies("crates/value/Cargo.toml"), ["serde", "uuid"]);
    let base = dependencies("crates/base/Cargo.toml");
    assert!(!base.contains(&"tasuki-law".to_owned()), "base knows no care word");
}

const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "];

fn says_sql(line: &str) -> bool {
    SQL.iter().any(|verb| line.contains(&format!("\"{verb}")))
}

#[test]
fn sql_lives_in_stores() {
    let mut broken = Vec::new();
    for source in files("src", ".rs").into_iter().chain(files("crates", ".rs")) {
        let ground = source.path.starts_with("crates/base/src/db/")
            || source.path.starts_with("crates/base/src/jobs/");
        if source.path.ends_with("store.rs") || source.path.contains("/store/") || ground || source.is_test()
        {
            continue;
        }
        let lines = source.code().into_iter().filter(|(_, line)| says_sql(line));
        broken.extend(lines.map(|(line, text)| format!("{}:{line}: {}", source.path, text.trim())));
    }
    refuse(broken, "SQL lives in store.rs");
}

#[test]
fn every_statement_of_a_store_is_on_its_list() {
    let mut broken = Vec::new();
    let prepared: Vec<&str> = tasuki::serve::statements();
    for source in files("src", ".rs") {
        let stores = source.path.ends_with("store.rs") || source.path.contains("/store/");
        if !stores || source.is_test() {
            continue;
        }
        for piece in source.text.split("&str = ").skip(1).chain(source.text.split("&str =\n").skip(1)) {
            let text = piece.trim_start().trim_start_matches('"');
            let head: String = text.chars().take(60).collect();
            let head = head.split('"').next().unwrap_or_default();
            let sql = SQL.iter().any(|verb| head.starts_with(verb));
            if sql && !prepared.iter().any(|statement| statement.starts_with(head)) {
                broken.push(format!("{}: {head}", source.path));
            }
        }
    }
    refuse(broken, "a statement that is not in STATEMENTS is never prepared by the test of both engines");
}

fn has_japanese(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}'))
}

#[test]
fn japanese_lives_where_it_is_looked_for() {
    let mut broken = Vec::new();
    for source in files("src", ".rs").into_iter().chain(files("crates/base/src", ".rs")) {
        let at_home = source.path == "src/phrases.rs"
            || source.path.starts_with("src/phrases/")
            || source.path.starts_with("crates/base/src/text/")
            // The demo's stories are content, as a test's are.
            || source.path.starts_with("src/program/demo/")
            || source.path.starts_with("src/program/sample/");
        if at_home || source.is_test() {
            continue;
        }
        for (line, text) in source.code() {
            let literal = text.split("//").next().unwrap_or(text);
            if literal.contains('"') && has_japanese(literal) {
                broken.push(format!("{}:{line}: {}", source.path, text.trim()));
            }
        }
    }
    refuse(broken, "Japanese lives in templates, phrases, nouns, policies and tests");
}

#[test]
fn clock_and_chance_are_arguments() {
    const DRAWN: &[&str] = &[
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "Uuid::now_v7",
        "Uuid::new_v4",
        "SystemRandom",
        "rand::",
    ];
    let mut broken = Vec::new();
    for source in files("src", ".rs").into_iter().chain(files("crates/law", ".rs")) {
        for (line, text) in source.code() {
            if DRAWN.iter().any(|word| text.contains(word)) {
                broken.push(format!("{}:{line}: {}", source.path, text.trim()));
            }
        }
    }
    refuse(broken, "clock and chance come from tasuki_base::{Clock, Chance}");
}

#[test]
fn only_the_database_makes_moments() {
    let mut broken = Vec::new();
    for source in files("src", ".rs").into_iter().chain(files("crates", ".rs")) {
        let maker =
            source.path.starts_with("crates/base/src/db/") || source.path.ends_with("value/src/moment.rs");
        if !maker && !source.is_test() {
            let lines = source.code().into_iter().filter(|(_, line)| line.contains("Moment::of"));
            broken.extend(lines.map(|(line, _)| format!("{}:{line}", source.path)));
        }
    }
    refuse(broken, "a moment made elsewhere could outlive its transaction");
}

#[test]
fn actions_know_no_http_and_pages_no_roles() {
    let mut broken = Vec::new();
    for source in files("src", ".rs") {
        let shelf = source.path.rsplit('/').next().unwrap_or_default();
        let never: &[&str] = match shelf {
            "actions.rs" => &["axum::", "askama", "HeaderMap", "StatusCode"],
            "store.rs" => &["axum::", "askama", "Refusal", "law::rules::group::invite"],
            "access.rs" => &["axum::", "tx.exec", "tx.all", "tx.one", "tx.opt"],
            "pages.rs" => &["MemberRole::", "tx.exec", "tx.all", "tx.one", "tx.opt"],
            _ => &[],
        };
        for (line, text) in source.code() {
            if let Some(word) = never.iter().find(|word| text.contains(**word)) {
                broken.push(format!("{}:{line}: {shelf} knows no {word}", source.path));
            }
        }
    }
    refuse(broken, "each shelf holds its own");
}

const LONGEST_FILE: usize = 300;
const LONGEST_TEMPLATE: usize = 120;

fn length(source: &Source) -> usize {
    let end = source.text.find("#[cfg(test)]\nmod tests {").unwrap_or(source.text.len());
    source.text[..end].lines().count()
}

#[test]
fn files_are_short() {
    let rust = files("src", ".rs").into_iter().chain(files("crates", ".rs")).filter(|s| !s.is_test());
    let mut long: Vec<_> = rust.map(|source| (length(&source), source)).collect();
    long.sort_by_key(|(lines, _)| std::cmp::Reverse(*lines));
    for (lines, source) in long.iter().take(10) {
        println!("{lines:4} {}", source.path);
    }
    // A file that must be longer says so in its head: "Long because …".
    let excused = |source: &Source| source.text.lines().take(5).any(|line| line.contains("Long because "));
    let over = long.iter().filter(|(lines, source)| *lines > LONGEST_FILE && !excused(source));
    let mut broken: Vec<_> = over.map(|(lines, source)| format!("{lines} {}", source.path)).collect();
    for source in files("src", ".html") {
        let lines = source.text.lines().count();
        if lines > LONGEST_TEMPLATE {
            broken.push(format!("{lines} {}", source.path));
        }
    }
    refuse(broken, "300 lines a file, 120 a template");
}

/// What a stranger sends would otherwise be kept in memory for ever, once for each that they make up.
#[test]
fn labels_are_words_of_closed_lists() {
    let mut broken = Vec::new();
    for source in files("src", ".rs").into_iter().chain(files("crates", ".rs")).filter(|s| !s.is_test()) {
        for (at, _) in source.text.match_indices("metrics::") {
            let call = source.text[at..].split(';').next().unwrap_or_default();
            let labels = call.matches("\" => ").count();
            let counted = call.contains('!') && labels > 0;
            let made_up =
                [".to_string()", ".to_owned()", "format!", ".clone()"].iter().any(|way| call.contains(way));
            let by_label = call.contains("Label::fixed(") || source.text.contains("Label::of_");
            if counted && (made_up || !by_label) && !source.text[..at].ends_with("use ") {
                broken.push(format!("{}: {call}", source.path));
            }
        }
    }
    refuse(broken, "a label of /metrics is a `Label`");
}
