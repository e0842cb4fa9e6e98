//! What both engines must do alike, and how each may fail.

mod errors;
mod kill;
mod lite;
mod log;
mod migrate;
mod pg;
mod settle;
mod types;

use super::{Db, Engine, Error, Migration, Result, Tx};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use tempfile::TempDir;

/// A database of its own for one test, gone with it (a schema stays until its throwaway server goes).
pub(crate) struct Bed {
    db: Db,
    folder: Option<TempDir>,
}

impl Deref for Bed {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Bed {
    fn file(&self) -> PathBuf {
        self.folder.as_ref().expect("only SQLite has a file").path().join("test.db")
    }

    async fn with(self, sql: &'static str) -> Self {
        self.migrate(&[Migration { number: 1, name: "test", sql }]).await.expect("the test's own schema");
        self
    }

    /// The single number a statement answers with.
    async fn number(&self, sql: &'static str) -> i64 {
        self.read::<_, Error>(move |tx| tx.one::<(i64,)>(sql, &[])).await.expect("a number").0
    }
}

/// SQLite, and PostgreSQL where `TASUKI_TEST_PG` holds the URL of a server to spoil.
pub(crate) fn engines() -> Vec<Bed> {
    std::iter::once(lite_bed()).chain(pg_bed(8, "")).collect()
}

/// The same with a schema.
pub(crate) async fn engines_with(sql: &'static str) -> Vec<Bed> {
    let mut beds = Vec::new();
    for bed in engines() {
        beds.push(bed.with(sql).await);
    }
    beds
}

fn lite_bed() -> Bed {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let db = Db::lite(&folder.path().join("test.db"), 2).expect("a SQLite file");
    Bed { db, folder: Some(folder) }
}

fn pg_url() -> Option<String> {
    std::env::var("TASUKI_TEST_PG").ok()
}

fn pg_bed(threads: usize, more: &str) -> Option<Bed> {
    let url = pg_url()?;
    let db = Db::pg(&format!("{url}{more}"), threads, Some(&fresh_schema(&url))).expect("a server to spoil");
    Some(Bed { db, folder: None })
}

/// The name of a schema that is not there.
fn fresh_schema(url: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let schema = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    outside(url, format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
    schema
}

/// Runs a text on a connection of its own, off the runtime.
fn outside(url: &str, sql: String) {
    let url = url.to_owned();
    std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a server to spoil");
        client.batch_execute(&sql).expect("a statement of the test");
    })
    .join()
    .expect("the helper thread");
}

/// Holds a writing thread until let go.
struct Hold {
    open: Arc<AtomicBool>,
    held: tokio::task::JoinHandle<Result<()>>,
}

impl Hold {
    /// Returns once the thread is held.
    async fn writer(db: &Db) -> Self {
        let open = Arc::new(AtomicBool::new(false));
        let (begun, begins) = mpsc::channel();
        let (db, wait) = (db.clone(), Arc::clone(&open));
        let held = tokio::spawn(async move {
            let hold = move |_: &mut Tx<'_>| {
                let _ = begun.send(());
                while !wait.load(Ordering::SeqCst) {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                Ok(())
            };
            // Who comes meanwhile is not to share its transaction.
            if db.engine() == Engine::Lite {
                db.between(hold).await
            } else {
                db.write::<_, Error>(hold).await
            }
        });
        while begins.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        Self { open, held }
    }

    async fn let_go(self) {
        self.open.store(true, Ordering::SeqCst);
        self.held.await.expect("the holder").expect("an empty write");
    }
}
