//! The way from a handler to a database thread and back.

use super::error::{Error, Result};
use super::tx::Tx;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// So many may wait for a thread: about half a second of work. The next is told to come back later.
const MOST_WAITING: usize = 2048;

/// What a closure needs around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    /// A read whose statements all see one moment.
    Snapshot,
    Write,
    /// Runs on SQLite's writer between two transactions, in none.
    Between,
}

/// A closure on its way. It runs (again and again, if need be) and is answered once its fate is settled.
pub(super) trait Job: Send {
    fn kind(&self) -> Kind;

    /// Nobody waits for the answer any more.
    fn gone(&self) -> bool;

    /// Runs the closure, keeps its outcome, and tells whether it may be committed.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Sends the outcome of the last run, or instead of it why nothing came of it.
    fn answer(self: Box<Self>, fate: Result<()>);
}

struct Ask<F, T, E> {
    kind: Kind,
    closure: F,
    outcome: Option<Result<T, E>>,
    back: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Ask<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn kind(&self) -> Kind {
        self.kind
    }

    fn gone(&self) -> bool {
        self.back.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let outcome = match catch_unwind(AssertUnwindSafe(|| (self.closure)(tx))) {
            Err(_) => Err(Error::Panicked.into()),
            Ok(Ok(_)) if tx.spoiled().is_some() => Err(Error::Spoiled.into()),
            Ok(outcome) => outcome,
        };
        self.outcome.insert(outcome).is_ok()
    }

    fn answer(self: Box<Self>, fate: Result<()>) {
        let never_ran = || Err(Error::NotCommitted("it never ran".to_owned()).into());
        let outcome = match fate {
            Ok(()) => self.outcome.unwrap_or_else(never_ran),
            Err(error) => Err(error.into()),
        };
        // A handler that left meanwhile does not need it.
        let _ = self.back.send(outcome);
    }
}

/// Settles a closure right here, on the caller's thread.
pub(super) fn at_once<F, T, E>(closure: F, settle: impl FnOnce(Box<dyn Job>)) -> Result<T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (back, mut answer) = oneshot::channel();
    settle(Box::new(Ask { kind: Kind::Read, closure, outcome: None, back }));
    answer.try_recv().unwrap_or_else(|_| Err(Error::Uncertain.into()))
}

/// First come, first served; closes when the last handle on the database goes.
#[derive(Default)]
pub(super) struct Queue {
    line: Mutex<Line>,
    bell: Condvar,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    /// Sends a closure to a thread and waits for its settled outcome.
    pub async fn ask<F, T, E>(&self, kind: Kind, closure: F) -> Result<T, E>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (back, answer) = oneshot::channel();
        self.push(Box::new(Ask { kind, closure, outcome: None, back }))?;
        // A job dropped unanswered: the thread broke in the middle of it.
        answer.await.unwrap_or_else(|_| Err(Error::Uncertain.into()))
    }

    fn push(&self, job: Box<dyn Job>) -> Result<()> {
        let mut line = self.line();
        if line.waiting.len() >= MOST_WAITING {
            // Those whose handler has left must not keep the living out.
            line.waiting.retain(|job| !job.gone());
        }
        if line.closed || line.waiting.len() >= MOST_WAITING {
            return Err(Error::Busy);
        }
        line.waiting.push_back(job);
        drop(line);
        self.bell.notify_one();
        Ok(())
    }

    /// Waits for jobs and takes up to `most`; `None` once closed and empty.
    fn take(&self, most: usize) -> Option<VecDeque<Box<dyn Job>>> {
        let waits = |line: &mut Line| line.waiting.is_empty() && !line.closed;
        let mut line = self.bell.wait_while(self.line(), waits).unwrap_or_else(PoisonError::into_inner);
        let count = line.waiting.len().min(most);
        if count == 0 { None } else { Some(line.waiting.drain(..count).collect()) }
    }

    /// Up to so many that wait right now.
    pub fn at_hand(&self, most: usize) -> VecDeque<Box<dyn Job>> {
        let mut line = self.line();
        let count = line.waiting.len().min(most);
        line.waiting.drain(..count).collect()
    }

    /// Settles jobs until the queue closes. A panic of the layer itself costs the jobs in hand, not the thread.
    pub fn serve(&self, most: usize, mut settle: impl FnMut(VecDeque<Box<dyn Job>>)) {
        while let Some(jobs) = self.take(most) {
            if catch_unwind(AssertUnwindSafe(|| settle(jobs))).is_err() {
                tracing::error!(
                    "the database layer panicked; those who waited were told that the result is unknown"
                );
            }
        }
    }

    pub fn close(&self) {
        self.line().closed = true;
        self.bell.notify_all();
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
