//! What both engines must do alike, and how each may fail.

mod errors;
mod types;

use super::{Db, Migration};
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// A database of its own for one test, gone with it (a schema stays until its throwaway server goes).
pub(crate) struct Bed {
    db: Db,
    pub file: Option<TempDir>,
}

impl Deref for Bed {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

/// SQLite, and PostgreSQL where `TASUKI_TEST_PG` holds the URL of a server to spoil.
pub(crate) fn engines() -> Vec<Bed> {
    std::iter::once(lite()).chain(pg()).collect()
}

/// The same with a schema.
pub(crate) async fn engines_with(sql: &'static str) -> Vec<Bed> {
    let beds = engines();
    for bed in &beds {
        bed.migrate(&[Migration { number: 1, name: "test", sql }]).await.expect("the test's own schema");
    }
    beds
}

pub(crate) fn lite() -> Bed {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = Db::lite(&folder.path().join("test.db"), 2).expect("a SQLite file");
    Bed { db, file: Some(folder) }
}

pub(crate) fn pg() -> Option<Bed> {
    let url = std::env::var("TASUKI_TEST_PG").ok()?;
    let db = Db::pg(&url, 8, Some(&fresh_schema(&url))).expect("the server of TASUKI_TEST_PG");
    Some(Bed { db, file: None })
}

/// The name of a schema that is not there.
pub(crate) fn fresh_schema(url: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let schema = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    outside(url, format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
    schema
}

/// Runs a text on a connection of its own, off the runtime.
pub(crate) fn outside(url: &str, sql: String) {
    let url = url.to_owned();
    std::thread::spawn(move || {
        let mut client =
            postgres::Client::connect(&url, postgres::NoTls).expect("the server of TASUKI_TEST_PG");
        client.batch_execute(&sql).expect("a statement of the test");
    })
    .join()
    .expect("the helper thread");
}
