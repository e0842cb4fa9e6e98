//! How many closures at once are settled: each by itself, and answered only when it is true.

use super::{Bed, Hold, engines_with, lite_bed, pg_bed};
use crate::db::{Error, Rule, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinSet;

const SCHEMA: &str = "
    CREATE TABLE houses (id BIGINT PRIMARY KEY, count BIGINT NOT NULL);
    CREATE TABLE rooms (id BIGINT PRIMARY KEY, house BIGINT REFERENCES houses (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO houses (id, count) VALUES (1, 0);";
const ADD_ROOM: &str = "INSERT INTO rooms (id, house) VALUES ($1, $2)";
const ROOM: &str = "SELECT id FROM rooms WHERE id = $1";
const COUNT: &str = "SELECT count FROM houses WHERE id = 1";
const SET_COUNT: &str = "UPDATE houses SET count = $1 WHERE id = 1";

#[derive(Debug)]
enum Trouble {
    Refused,
    Db(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Db(error)
    }
}

/// Every sixth is good; the others fail in five ways, after having written.
fn deed(tx: &mut Tx<'_>, number: i64) -> Result<i64, Trouble> {
    let house: i64 = if number % 6 == 5 { 99 } else { 1 };
    tx.exec(ADD_ROOM, &[&number, &house])?;
    match number % 6 {
        1 => return Err(Trouble::Refused),
        2 => drop(tx.exec(ADD_ROOM, &[&number, &house])?),
        3 => drop(tx.exec(ADD_ROOM, &[&number, &house])),
        4 => panic!("on purpose"),
        _ => {}
    }
    Ok(number)
}

fn as_expected(number: i64, outcome: &Result<i64, Trouble>) -> bool {
    match (number % 6, outcome) {
        (0, Ok(answer)) => *answer == number,
        (1, Err(Trouble::Refused))
        | (3, Err(Trouble::Db(Error::Spoiled)))
        | (4, Err(Trouble::Db(Error::Panicked))) => true,
        (2, Err(Trouble::Db(error))) => error.broke(Rule::Unique),
        (5, Err(Trouble::Db(error))) => error.broke(Rule::ForeignKey),
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixty_at_once_exactly_the_good_ones_stay() {
    for bed in engines_with(SCHEMA).await {
        let hold = Hold::writer(&bed).await;
        let mut asked = JoinSet::new();
        for number in 0..60 {
            let db = (*bed).clone();
            asked.spawn(async move { (number, db.write(move |tx| deed(tx, number)).await) });
        }
        hold.let_go().await;
        while let Some(answer) = asked.join_next().await {
            let (number, outcome) = answer.unwrap();
            assert!(as_expected(number, &outcome), "{:?} {number}: {outcome:?}", bed.engine());
        }
        let stayed: Vec<(i64,)> =
            bed.read::<_, Error>(|tx| tx.all("SELECT id FROM rooms ORDER BY id", &[])).await.unwrap();
        assert_eq!(
            stayed,
            (0..60).step_by(6).map(|number| (number,)).collect::<Vec<_>>(),
            "{:?}",
            bed.engine()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_comes_after_commit() {
    for bed in engines_with(SCHEMA).await {
        let mut asked = JoinSet::new();
        for number in 0..400_i64 {
            let db = (*bed).clone();
            asked.spawn(async move {
                db.write::<_, Error>(move |tx| tx.exec(ADD_ROOM, &[&number, &1_i64])).await.unwrap();
                db.read::<_, Error>(move |tx| tx.opt::<(i64,)>(ROOM, &[&number])).await.unwrap()
            });
        }
        for seen in asked.join_all().await {
            assert!(seen.is_some(), "{:?}: answered, and not there", bed.engine());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locked_rows_lose_no_increment() {
    for bed in engines_with(SCHEMA).await {
        let mut asked = JoinSet::new();
        for _ in 0..40 {
            let db = (*bed).clone();
            asked.spawn(async move {
                db.write::<_, Error>(|tx| {
                    let before = tx.lock_rows::<(i64,)>(COUNT, &[])?[0].0;
                    tx.exec(SET_COUNT, &[&(before + 1)])
                })
                .await
            });
        }
        for touched in asked.join_all().await {
            assert_eq!(touched.unwrap(), 1);
        }
        assert_eq!(bed.number(COUNT).await, 40, "{:?}", bed.engine());
    }
}

/// Engines on which one held closure holds all writes up.
async fn narrow_beds() -> Vec<Bed> {
    let mut beds = vec![lite_bed().with(SCHEMA).await];
    if let Some(bed) = pg_bed(1, "") {
        beds.push(bed.with(SCHEMA).await);
    }
    beds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_so_it_does_not_run() {
    for bed in narrow_beds().await {
        let hold = Hold::writer(&bed).await;
        let left = bed.write::<_, Error>(|tx| tx.exec(ADD_ROOM, &[&1_i64, &1_i64]));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), left).await.is_err());
        hold.let_go().await;
        bed.write::<_, Error>(|tx| tx.exec(ADD_ROOM, &[&2_i64, &1_i64])).await.unwrap();
        assert_eq!(bed.number("SELECT min(id) FROM rooms").await, 2, "{:?}", bed.engine());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_waiting_is_told_at_once() {
    for bed in narrow_beds().await {
        let hold = Hold::writer(&bed).await;
        let (mut asked, refused) = (JoinSet::new(), Arc::new(AtomicU64::new(0)));
        for number in 0..2148_i64 {
            let (db, refused) = ((*bed).clone(), Arc::clone(&refused));
            asked.spawn(async move {
                match db.write::<_, Error>(move |tx| tx.exec(ADD_ROOM, &[&number, &1_i64])).await {
                    Err(Error::Busy) => refused.fetch_add(1, Ordering::SeqCst),
                    other => other.unwrap(),
                }
            });
        }
        while refused.load(Ordering::SeqCst) < 100 {
            tokio::task::yield_now().await;
        }
        hold.let_go().await;
        asked.join_all().await;
        assert_eq!(refused.load(Ordering::SeqCst), 100);
        assert_eq!(bed.number("SELECT count(*) FROM rooms").await, 2048, "{:?}", bed.engine());
    }
}

#[tokio::test]
async fn the_threads_end_with_the_last_handle() {
    for bed in engines_with(SCHEMA).await {
        let queues = [Arc::downgrade(&bed.0.look), Arc::downgrade(&bed.0.change)];
        let twin = (*bed).clone();
        drop(bed);
        twin.read::<_, Error>(|tx| tx.one::<(i64,)>(COUNT, &[])).await.unwrap();
        drop(twin);
        // Each thread holds its queue.
        let begun = std::time::Instant::now();
        while queues.iter().any(|queue| queue.strong_count() > 0) {
            assert!(begun.elapsed().as_secs() < 20, "some thread lives on");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}
