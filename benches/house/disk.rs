//! What 100,000 sealed posts and their lines in the chronicle take of the disk, told by SQLite itself.

use crate::table::at_most;
use rusqlite::Connection;
use std::path::Path;

const POSTS: f64 = 100_000.0;
const MIB: f64 = 1_048_576.0;
/// A table with its indexes.
const PAGES: &str = "SELECT CAST(sum(pgsize) AS REAL) FROM dbstat WHERE aggregate = TRUE
  AND name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?1)";

pub fn measure(file: &Path) {
    let db = Connection::open(file).expect("the database");
    let number = |sql: &str, of: &[&str]| -> f64 {
        db.query_row(sql, rusqlite::params_from_iter(of), |row| row.get(0)).expect("a number")
    };
    let rows = |table: &str| number(&format!("SELECT CAST(count(*) AS REAL) FROM {table}"), &[]);
    let each = |table: &str, of: f64| number(PAGES, &[table]) * POSTS / of / MIB;
    let written = rows("posts");
    // Who wrote them is kept once for many, so of as many bylines as these posts have.
    let (posts, bylines) = (each("posts", written), each("bylines", written));
    let events = each("events", rows("events"));
    let chain = number(PAGES, &["event_blocks"]) / MIB;
    let text = number("SELECT CAST(avg(length(body)) AS REAL) FROM posts", &[]) * POSTS / MIB;
    println!(
        "100,000 posts with their chronicle: {:.0} MiB ({}), of which sealed text {text:.0}, the rest of the posts and \
         their indexes {:.0}, bylines {bylines:.1}, the chronicle {events:.0} and its chain {chain:.1}",
        posts + bylines + events,
        at_most(posts + bylines + events, 120.0, " MiB"),
        posts - text,
    );
}
