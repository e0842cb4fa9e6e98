use super::*;
use crate::db::tests::{Bed, engines_with};
use crate::db::{Error, Tx};
use std::collections::HashSet;
use tasuki_value::MINUTE;

const SCHEMA: &str = "CREATE TABLE jobs (
        id UUID PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL, dedupe TEXT UNIQUE NULL,
        run_at BIGINT NOT NULL, leased_until BIGINT NULL, lease UUID NULL, tries BIGINT NOT NULL DEFAULT 0,
        last_error TEXT NULL, dead_at BIGINT NULL, made_at BIGINT NOT NULL);
    CREATE INDEX jobs_due ON jobs (run_at) WHERE dead_at IS NULL;";

const NOW: Ts = Ts(1_800_000_000_000_000);

async fn beds() -> Vec<Bed> {
    engines_with(SCHEMA).await
}

fn job(number: u128, dedupe: Option<&'static str>) -> NewJob<'static> {
    NewJob { id: Uuid::from_u128(number), kind: "mail", payload: "{}", dedupe, run_at: NOW }
}

async fn put(bed: &Bed, job: NewJob<'static>) -> bool {
    bed.write::<_, Error>(move |tx| enqueue(tx, job, NOW)).await.unwrap()
}

async fn take(bed: &Bed, lease: u128, now: Ts, kinds: Option<&'static [&'static str]>) -> Vec<Job> {
    let wish = Claim { lease: Uuid::from_u128(lease), now, lease_for: MINUTE, limit: 10, kinds };
    bed.write::<_, Error>(move |tx| claim(tx, &wish)).await.unwrap()
}

async fn act<T: Send + 'static>(
    bed: &Bed,
    job: &Job,
    act: impl Fn(&mut Tx<'_>, &Job) -> crate::db::Result<T> + Send + 'static,
) -> T {
    let job = job.clone();
    bed.write::<_, Error>(move |tx| act(tx, &job)).await.unwrap()
}

#[tokio::test]
async fn a_job_is_claimed_once_and_goes_when_done() {
    for bed in beds().await {
        assert!(put(&bed, job(1, None)).await);
        assert!(take(&bed, 1, NOW.minus(1), None).await.is_empty(), "not before its time");
        let held = take(&bed, 1, NOW, None).await;
        assert_eq!((held.len(), held[0].tries, held[0].kind.as_str()), (1, 1, "mail"));
        assert!(take(&bed, 2, NOW.plus(MINUTE - 1), None).await.is_empty(), "the lease holds");
        assert!(act(&bed, &held[0], done).await);
        assert_eq!(bed.read::<_, Error>(waiting).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_lease_that_ran_out_is_worth_nothing() {
    for bed in beds().await {
        put(&bed, job(1, None)).await;
        let lost = take(&bed, 1, NOW, None).await.remove(0);
        let held = take(&bed, 2, NOW.plus(MINUTE), None).await.remove(0);
        assert_eq!(held.tries, 2);
        assert!(!act(&bed, &lost, done).await);
        assert!(!act(&bed, &lost, |tx, job| retry(tx, job, NOW, "late")).await);
        assert!(!act(&bed, &lost, |tx, job| renew(tx, job, NOW.plus(5 * MINUTE))).await);
        assert!(act(&bed, &held, |tx, job| renew(tx, job, NOW.plus(5 * MINUTE))).await);
        assert!(take(&bed, 3, NOW.plus(4 * MINUTE), None).await.is_empty());
        assert!(act(&bed, &held, done).await);
    }
}

#[tokio::test]
async fn kinds_are_chosen_and_the_oldest_goes_first() {
    for bed in beds().await {
        put(&bed, NewJob { run_at: NOW.minus(5), ..job(2, None) }).await;
        put(&bed, NewJob { run_at: NOW.minus(9), ..job(3, None) }).await;
        put(&bed, NewJob { kind: "thumbnail", ..job(1, None) }).await;
        assert!(take(&bed, 1, NOW, Some(&["purge"])).await.is_empty());
        let mails = take(&bed, 1, NOW, Some(&["purge", "mail"])).await;
        assert_eq!(mails.iter().map(|job| job.id.as_u128()).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(take(&bed, 1, NOW, None).await[0].kind, "thumbnail");
    }
}

#[tokio::test]
async fn a_failing_job_waits_longer_each_time_and_dies() {
    for bed in beds().await {
        put(&bed, job(1, Some("timeline"))).await;
        let mut now = NOW;
        for tries in 1..=MOST_TRIES {
            let held = take(&bed, 1, now, None).await.remove(0);
            assert_eq!((held.tries, held.dedupe.as_deref()), (tries, Some("timeline")));
            assert!(act(&bed, &held, move |tx, job| retry(tx, job, now, "smtp_451")).await);
            let next = bed.read::<_, Error>(next_at).await.unwrap();
            assert_eq!(next, (tries < MOST_TRIES).then(|| now.plus(back_off(tries))));
            now = next.unwrap_or(now);
        }
        let given_up = bed.read::<_, Error>(dead).await.unwrap();
        assert_eq!(given_up.len(), 1);
        assert_eq!((given_up[0].last_error.as_deref(), given_up[0].dead_at), (Some("smtp_451"), now));
        assert!(put(&bed, job(2, Some("timeline"))).await, "the dead are in nobody's way");
        let id = given_up[0].id;
        assert!(bed.write::<_, Error>(move |tx| revive(tx, id, now)).await.unwrap());
        assert!(!bed.write::<_, Error>(move |tx| revive(tx, id, now)).await.unwrap());
        assert_eq!(take(&bed, 2, now, None).await.len(), 2);
    }
}

#[test]
fn the_wait_doubles_up_to_an_hour() {
    let waits: Vec<i64> = (1..=10).map(|tries| back_off(tries) / SECOND).collect();
    assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
    assert_eq!(back_off(i64::MAX), HOUR);
}

#[tokio::test]
async fn a_job_whose_workers_all_die_is_given_up() {
    for bed in beds().await {
        put(&bed, job(1, None)).await;
        let later = |tries: i64| NOW.plus(tries * MINUTE);
        for tries in 0..MOST_TRIES {
            assert_eq!(take(&bed, 1, later(tries), None).await.len(), 1);
        }
        assert!(take(&bed, 1, later(MOST_TRIES), None).await.is_empty());
        let given_up = bed.read::<_, Error>(dead).await.unwrap();
        assert_eq!(given_up[0].last_error.as_deref(), Some("lease_ran_out"));
    }
}

#[tokio::test]
async fn one_waits_per_key_and_a_running_one_leaves_room() {
    for bed in beds().await {
        assert!(put(&bed, job(1, Some("timeline"))).await);
        assert!(!put(&bed, job(2, Some("timeline"))).await);
        let held = take(&bed, 1, NOW, None).await.remove(0);
        assert!(put(&bed, job(3, Some("timeline"))).await, "what happens while it runs is not lost");
        assert!(act(&bed, &held, |tx, job| retry(tx, job, NOW, "smtp_451")).await);
        assert_eq!(bed.read::<_, Error>(waiting).await.unwrap(), 1, "the twin does both");
        assert!(take(&bed, 2, NOW.plus(back_off(1) - 1), None).await.is_empty());
        let twin = take(&bed, 2, NOW.plus(back_off(1)), None).await.remove(0);
        assert_eq!((twin.id.as_u128(), twin.tries), (3, 2));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_never_hold_the_same_job() {
    for bed in beds().await {
        for number in 1..=100 {
            put(&bed, job(number, None)).await;
        }
        let mut workers = tokio::task::JoinSet::new();
        for worker in 1..=6_u128 {
            let db = (*bed).clone();
            workers.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let wish = Claim {
                        lease: Uuid::from_u128(worker),
                        now: NOW,
                        lease_for: MINUTE,
                        limit: 7,
                        kinds: None,
                    };
                    let held = db.write::<_, Error>(move |tx| claim(tx, &wish)).await.unwrap();
                    if held.is_empty() {
                        return mine;
                    }
                    mine.extend(held.into_iter().map(|job| job.id));
                }
            });
        }
        let all: Vec<Uuid> = workers.join_all().await.into_iter().flatten().collect();
        assert_eq!(all.len(), 100, "{:?}", bed.engine());
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 100);
    }
}

#[tokio::test]
async fn every_statement_suits_both_engines() {
    for bed in beds().await {
        let all = [queue::STATEMENTS, super::claim::STATEMENTS].concat();
        assert_eq!(bed.prepare_all(all).await.unwrap().len(), 0);
    }
}
