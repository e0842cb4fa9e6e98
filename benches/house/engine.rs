//! The bound of the engine: how many single rows a second this disk takes, each synced before the next.

use crate::world::{World, words};
use std::path::Path;
use std::time::{Duration, Instant};

const SPAN: Duration = Duration::from_secs(2);

/// Durable commits a second of one row each, by one client, on the engine the house stands on.
pub async fn commits(world: &World) -> f64 {
    match &world.database {
        Some(url) => on_postgres(url.clone()).await,
        None => on_sqlite(&world.folder),
    }
}

async fn on_postgres(url: String) -> f64 {
    const INSERT: &str = "INSERT INTO bench_rows (text) VALUES ($1)";
    let db = tokio::task::spawn_blocking(move || tasuki_base::db::Db::pg(&url, 1, None));
    let db = db.await.expect("a task").expect("PostgreSQL answers");
    let table =
        "CREATE TABLE IF NOT EXISTS bench_rows (id BIGINT GENERATED ALWAYS AS IDENTITY, text TEXT NOT NULL)";
    db.write::<_, tasuki_base::db::Error>(move |tx| tx.exec(table, &[])).await.expect("a table");
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < SPAN {
        let words = words(u64::from(count));
        db.write::<_, tasuki_base::db::Error>(move |tx| tx.exec(INSERT, &[&words])).await.expect("a row");
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// Durable commits a second of one row each, as the house's own database is set: WAL, `synchronous = FULL`.
fn on_sqlite(folder: &Path) -> f64 {
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
        insert.execute([words(u64::from(count))]).expect("a row");
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}
