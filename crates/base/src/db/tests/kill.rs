//! Promise 3: what was answered survives the process being killed the next instant.

use crate::db::{Db, Error, Migration};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const CHILD: &str = "TASUKI_TEST_KILL_FILE";
const SCHEMA: Migration = Migration {
    number: 1,
    name: "test",
    sql: "CREATE TABLE said (id BIGINT PRIMARY KEY, body TEXT NOT NULL);",
};

/// Not a test by itself: the process that gets killed. It prints each number once its write is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let Ok(file) = std::env::var(CHILD) else { return };
    let db = Db::lite(Path::new(&file), 1).unwrap();
    db.migrate(&[SCHEMA]).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..16_i64 {
        let db = db.clone();
        writers.spawn(async move {
            for number in 0.. {
                let id = number * 16 + writer;
                let add = "INSERT INTO said (id, body) VALUES ($1, $2)";
                db.write::<_, Error>(move |tx| tx.exec(add, &[&id, &"x".repeat(500)])).await.unwrap();
                println!("{id}");
            }
        });
    }
    writers.join_all().await;
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "db::tests::kill::child", "--nocapture"])
        .env(CHILD, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answered: Vec<i64> = Vec::new();
    let mut killed = false;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        answered.extend(line.unwrap().parse::<i64>());
        if answered.len() >= 500 && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the child ended by itself after {}", answered.len());

    let db = Db::lite(&file, 1).unwrap();
    let there: std::collections::HashSet<i64> = db
        .read::<_, Error>(|tx| tx.all::<(i64,)>("SELECT id FROM said", &[]))
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.0)
        .collect();
    let lost: Vec<_> = answered.iter().filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
}
