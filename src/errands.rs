//! What the house does by itself: jobs, taken by leases so that two nodes never do one twice.

use crate::counts::Label;
use crate::{House, Outcome, Trouble, Tx};
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;
use tasuki_base::jobs::{self, Claim, Job, NewJob};
use tasuki_value::{MINUTE, Ts};
use tokio::task::JoinSet;

/// Why an errand was not done: a code, no words about anyone.
#[derive(Debug)]
pub struct Failed {
    code: String,
    /// Whether trying again, later and later, could help.
    again: bool,
}

impl Failed {
    #[must_use]
    pub fn again(code: impl Into<String>) -> Self {
        Self { code: code.into(), again: true }
    }

    /// A person must look; trying again helps nobody.
    #[must_use]
    pub fn for_good(code: impl Into<String>) -> Self {
        Self { code: code.into(), again: false }
    }
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        trouble.log();
        Self::again("trouble")
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
    if dedupe.is_some_and(|key| tx.holds_errand(key)) {
        return Ok(());
    }
    let id = tx.draw();
    let now = tx.now();
    let payload = serde_json::to_string(payload).map_err(Trouble::broken)?;
    jobs::enqueue(tx, NewJob { id, kind, payload: &payload, dedupe, run_at }, now)?;
    Ok(())
}

/// Reads a payload back.
pub fn payload<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failed> {
    serde_json::from_str(text).map_err(|_| Failed::for_good("payload"))
}

const LEASE: i64 = 2 * MINUTE;
/// So many run beside each other: a slow mail server holds up no thumbnail.
const AT_ONCE: usize = 4;
const LOOK_EVERY: Duration = Duration::from_secs(1);
const AFTER_TROUBLE: Duration = Duration::from_secs(5);

/// Does errands until the house closes, and then finishes those it has begun.
pub async fn run(house: House, errands: Vec<Errand>, closing: impl Future<Output = ()> + Send) {
    let mut running = JoinSet::new();
    let mut closing = pin!(closing);
    loop {
        let wait = match begin(&house, &errands, &mut running).await {
            Ok(()) => LOOK_EVERY,
            Err(trouble) => {
                trouble.log();
                AFTER_TROUBLE
            }
        };
        house.pulse.errands(house.now());
        tokio::select! {
            () = &mut closing => break,
            Some(_) = running.join_next() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Takes as many due errands as there are free hands.
async fn begin(house: &House, errands: &[Errand], running: &mut JoinSet<Outcome<()>>) -> Outcome<()> {
    while running.try_join_next().is_some() {}
    let free = AT_ONCE.saturating_sub(running.len());
    if free > 0 && anything_due(house).await? {
        for job in take(house, errands, free).await? {
            running.spawn(one(house.clone(), errands.to_vec(), job));
        }
    }
    Ok(())
}

/// Does what is due now, and answers how many jobs that were.
pub async fn work(house: &House, errands: &[Errand]) -> Outcome<usize> {
    if !anything_due(house).await? {
        return Ok(0);
    }
    let taken = take(house, errands, AT_ONCE).await?;
    let count = taken.len();
    for job in taken {
        one(house.clone(), errands.to_vec(), job).await?;
    }
    Ok(count)
}

/// A look first: most rounds find nothing, and a read costs no commit.
async fn anything_due(house: &House) -> Outcome<bool> {
    let now = house.now();
    house.read(move |tx| Ok(jobs::next_at(tx)?.is_some_and(|due| due <= now))).await
}

async fn take(house: &House, errands: &[Errand], limit: usize) -> Outcome<Vec<Job>> {
    let kinds: Vec<&'static str> = errands.iter().map(|errand| errand.kind).collect();
    let lease = house.chance.uuid(house.now());
    let limit = i64::try_from(limit).unwrap_or(1);
    house
        .write(move |tx| {
            let now = tx.now();
            let claim = Claim { lease, now, lease_for: LEASE, limit, kinds: Some(&kinds) };
            Ok(jobs::claim(tx, &claim)?)
        })
        .await
}

async fn one(house: House, errands: Vec<Errand>, job: Job) -> Outcome<()> {
    let known = errands.iter().find(|errand| errand.kind == job.kind);
    let kind = known.map_or(Label::OTHER, |errand| Label::fixed(errand.kind));
    let done = match known {
        // In a task of its own: one that panics takes nothing else down.
        Some(errand) => match tokio::spawn((errand.run)(house.clone(), job.payload.clone())).await {
            Ok(done) => done,
            Err(_) => Err(Failed::again("panicked")),
        },
        None => Err(Failed::again("unknown")),
    };
    settle(&house, job, kind, done).await.inspect_err(Trouble::log)
}

async fn settle(house: &House, mut job: Job, kind: Label, done: Result<(), Failed>) -> Outcome<()> {
    let outcome = if done.is_ok() { "done" } else { "failed" };
    metrics::counter!("tasuki_errands_total", "kind" => kind, "outcome" => Label::fixed(outcome))
        .increment(1);
    if let Err(Failed { code, again }) = &done {
        tracing::warn!(kind = job.kind, tries = job.tries, code, "an errand failed");
        if !again {
            job.tries = jobs::MOST_TRIES;
        }
    }
    house
        .write(move |tx| {
            let now = tx.now();
            match &done {
                Ok(()) => jobs::done(tx, &job)?,
                Err(Failed { code, .. }) => jobs::retry(tx, &job, now, code)?,
            };
            Ok(())
        })
        .await
}
