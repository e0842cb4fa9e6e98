//! What the house does by itself: jobs, taken by leases so that two nodes never do one twice.

use crate::{House, Outcome, Trouble, Tx};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use tasuki_base::jobs::{self, Claim, Job, NewJob};
use tasuki_value::{MINUTE, Ts};

/// Why an errand was not done. It is tried again, later and later; the code is kept, no words.
#[derive(Debug)]
pub struct Failed(pub String);

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        trouble.log();
        Self("trouble".to_owned())
    }
}

/// The future an errand runs as.
pub type Running = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;

/// A kind of job and what is done about it.
#[derive(Clone, Copy)]
pub struct Errand {
    /// The `kind` of its rows.
    pub kind: &'static str,
    /// Given the job's payload: JSON of ids and codes.
    pub run: fn(House, String) -> Running,
}

/// Puts an errand down, in the transaction that calls for it.
///
/// `dedupe`: only one job with this key waits at a time.
pub fn send<T: serde::Serialize>(
    tx: &mut Tx,
    kind: &str,
    payload: &T,
    dedupe: Option<&str>,
    run_at: Ts,
) -> Outcome<()> {
    let id = tx.draw();
    let now = tx.now();
    let payload = serde_json::to_string(payload).map_err(Trouble::broken)?;
    jobs::enqueue(tx, NewJob { id, kind, payload: &payload, dedupe, run_at }, now)?;
    Ok(())
}

/// Reads a payload back.
pub fn payload<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failed> {
    serde_json::from_str(text).map_err(|_| Failed("payload".to_owned()))
}

const LEASE: i64 = 2 * MINUTE;
const AT_ONCE: i64 = 16;
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Does errands until the house closes.
pub async fn run(house: House, errands: Vec<Errand>) {
    loop {
        match work(&house, &errands).await {
            Ok(0) => tokio::time::sleep(LOOK_EVERY).await,
            Ok(_) => {}
            Err(trouble) => {
                trouble.log();
                tokio::time::sleep(LOOK_EVERY * 5).await;
            }
        }
    }
}

/// Does what is due now, and answers how many jobs that were.
pub async fn work(house: &House, errands: &[Errand]) -> Outcome<usize> {
    let now = house.now();
    if house.read(jobs_due).await?.is_none_or(|due| due > now) {
        return Ok(0);
    }
    let taken = take(house, errands).await?;
    for job in &taken {
        let done = match errands.iter().find(|errand| errand.kind == job.kind) {
            Some(errand) => (errand.run)(house.clone(), job.payload.clone()).await,
            None => Err(Failed("unknown".to_owned())),
        };
        settle(house, job.clone(), done).await?;
    }
    Ok(taken.len())
}

fn jobs_due(tx: &mut Tx) -> Outcome<Option<Ts>> {
    Ok(jobs::next_at(tx)?)
}

async fn take(house: &House, errands: &[Errand]) -> Outcome<Vec<Job>> {
    let kinds: Vec<&'static str> = errands.iter().map(|errand| errand.kind).collect();
    let lease = house.chance.uuid(house.now());
    house
        .write(move |tx| {
            let now = tx.now();
            let claim = Claim { lease, now, lease_for: LEASE, limit: AT_ONCE, kinds: Some(&kinds) };
            Ok(jobs::claim(tx, &claim)?)
        })
        .await
}

async fn settle(house: &House, job: Job, done: Result<(), Failed>) -> Outcome<()> {
    if let Err(Failed(code)) = &done {
        tracing::warn!(kind = job.kind, tries = job.tries, code, "an errand failed");
    }
    house
        .write(move |tx| {
            let now = tx.now();
            match &done {
                Ok(()) => jobs::done(tx, &job)?,
                Err(Failed(code)) => jobs::retry(tx, &job, now, code)?,
            };
            Ok(())
        })
        .await
}
