//! The bound of the engine: how many single rows a second this disk takes, each synced before the next.

use std::path::Path;
use std::time::{Duration, Instant};

/// Durable commits a second of one row each, as the house's own database is set: WAL, `synchronous = FULL`.
pub fn commits(folder: &Path) -> f64 {
    const SPAN: Duration = Duration::from_secs(2);
    let path = folder.join("engine.db");
    let _ = std::fs::remove_file(&path);
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    )
    .expect("a table");
    let mut insert = db.prepare("INSERT INTO rows (text) VALUES (?1)").expect("a statement");
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < SPAN {
        insert.execute([crate::world::words(u64::from(count))]).expect("a row");
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}
