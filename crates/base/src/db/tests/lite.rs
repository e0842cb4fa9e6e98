//! What only SQLite can do.

use super::{Bed, Hold, lite_bed};
use crate::db::{Db, Error};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;

const SCHEMA: &str = "CREATE TABLE papers (id BIGINT PRIMARY KEY, body {bytes} NOT NULL);";
const ADD: &str = "INSERT INTO papers (id, body) VALUES ($1, $2)";
const COUNT: &str = "SELECT count(*) FROM papers";

async fn pages(bed: &Bed, sql: &'static str) -> i64 {
    bed.write::<_, Error>(move |tx| tx.one::<(i64,)>(sql, &[])).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_in_the_middle_of_a_batch_lies_to_nobody() {
    let bed = lite_bed().with(SCHEMA).await;
    pages(&bed, "PRAGMA max_page_count = 60").await;
    let hold = Hold::writer(&bed).await;
    let mut asked = JoinSet::new();
    for number in 0..9_i64 {
        let size = if number == 4 { 500_000 } else { 10 };
        let db = (*bed).clone();
        asked.spawn(async move {
            let body = vec![7_u8; size];
            (size, db.write::<_, Error>(move |tx| tx.exec(ADD, &[&number, &body])).await)
        });
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    hold.let_go().await;
    let mut kept = 0;
    for (size, outcome) in asked.join_all().await {
        match outcome {
            Ok(_) => kept += 1,
            Err(Error::NotCommitted(_) | Error::Lite(_)) => {}
            Err(other) => panic!("{other}"),
        }
        assert!(size == 10 || kept < 9);
    }
    assert!((4..=8).contains(&kept), "those after it get a new transaction: {kept}");
    assert_eq!(bed.number(COUNT).await, kept);

    pages(&bed, "PRAGMA max_page_count = 100000").await;
    let body = vec![7_u8; 500_000];
    bed.write::<_, Error>(move |tx| tx.exec(ADD, &[&100_i64, &body])).await.unwrap();
    assert_eq!(bed.number(COUNT).await, kept + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_share_one_commit() {
    let bed = lite_bed().with(SCHEMA).await;
    // Each closure asks from outside how much is committed: as many answers, so many commits.
    let outside = Arc::new(Mutex::new(rusqlite::Connection::open(bed.file()).unwrap()));
    let moments = Arc::new(Mutex::new(BTreeSet::new()));
    let hold = Hold::writer(&bed).await;
    let mut asked = JoinSet::new();
    for number in 0..100_i64 {
        let (db, outside, moments) = ((*bed).clone(), Arc::clone(&outside), Arc::clone(&moments));
        asked.spawn(async move {
            db.write::<_, Error>(move |tx| {
                let committed =
                    outside.lock().unwrap().query_row(COUNT, [], |row| row.get::<_, i64>(0)).unwrap();
                moments.lock().unwrap().insert(committed);
                tx.exec(ADD, &[&number, &vec![0_u8]])
            })
            .await
        });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    hold.let_go().await;
    assert!(asked.join_all().await.into_iter().all(|outcome| outcome.is_ok()));
    let commits = moments.lock().unwrap().len();
    assert!(commits <= 20, "{commits} commits for 100 writes");
    assert_eq!(bed.number(COUNT).await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_while_another_runs_shares_its_commit_and_not_its_failure() {
    for good in [true, false] {
        let bed = lite_bed().with(SCHEMA).await;
        let outside = Mutex::new(rusqlite::Connection::open(bed.file()).unwrap());
        let (begun, begins) = std::sync::mpsc::channel();
        let (go, goes) = std::sync::mpsc::channel::<()>();
        let (db, goes) = ((*bed).clone(), Mutex::new(goes));
        let first = tokio::spawn(async move {
            db.write::<_, Error>(move |tx| {
                tx.exec(ADD, &[&1_i64, &vec![0_u8]])?;
                let _ = begun.send(());
                goes.lock().unwrap().recv().unwrap();
                if good { Ok(()) } else { Err(Error::Arguments) }
            })
            .await
        });
        begins.recv().unwrap();
        let second = bed.write::<_, Error>(move |tx| {
            tx.exec(ADD, &[&2_i64, &vec![0_u8]])?;
            let committed = outside.lock().unwrap().query_row(COUNT, [], |row| row.get::<_, i64>(0));
            Ok((tx.one::<(i64,)>(COUNT, &[])?.0, committed.unwrap()))
        });
        let mut second = Box::pin(second);
        tokio::select! {
            biased;
            _ = &mut second => unreachable!("the first holds the writer"),
            () = std::future::ready(()) => {}
        }
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap().is_ok(), good);
        assert_eq!(second.await.unwrap(), (1 + i64::from(good), 0), "nothing was committed before it");
        assert_eq!(bed.number(COUNT).await, 1 + i64::from(good));
    }
}

#[test]
fn the_file_is_for_its_owner_only() {
    let bed = lite_bed();
    let mode = std::fs::metadata(bed.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Db::lite(&folder.path().join("no/such/folder.db"), 1), Err(Error::Settings(_))));
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "this is a letter, and no database at all, however long it may get".repeat(20))
        .unwrap();
    assert!(Db::lite(&file, 1).is_err());
}
