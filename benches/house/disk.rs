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
    let each = |table: &str| {
        let rows = number(&format!("SELECT CAST(count(*) AS REAL) FROM {table}"), &[]);
        number(PAGES, &[table]) * POSTS / rows / MIB
    };
    let (posts, events) = (each("posts"), each("events"));
    let chain = number(PAGES, &["event_blocks"]) / MIB;
    let text = number("SELECT CAST(avg(length(body)) AS REAL) FROM posts", &[]) * POSTS / MIB;
    println!(
        "100,000 posts with their chronicle: {:.0} MiB ({}), of which sealed text {text:.0}, the rest of the posts and \
         their indexes {:.0}, the chronicle {events:.0} and its chain {chain:.1}",
        posts + events,
        at_most(posts + events, 120.0, " MiB"),
        posts - text,
    );
}
