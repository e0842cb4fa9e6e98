//! PostgreSQL: each closure is a transaction of its own, on one of several threads with a connection each.

use super::error::{Error, Result};
use super::pg_line::Line;
use super::pg_link::{Ended, Link};
use super::queue::{Job, Kind, Queue};
use super::tx::{Anchor, Conn, Spoiled, Tx};
use std::io;
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::Duration;
use tokio_postgres::error::Severity;

/// A closure gets so many runs before its last error is its answer.
const RUNS: u32 = 6;

/// Starts the threads and waits for the first to connect, so that wrong settings show.
pub(super) fn open(line: Line, threads: usize, queue: &Arc<Queue>) -> Result<()> {
    let (first, connected) = mpsc::channel();
    let mut first = Some(first);
    for number in 0..threads.max(1) {
        let (line, queue, first) = (line.clone(), Arc::clone(queue), first.take());
        super::thread(format!("db-{number}"), move || {
            // A connection has a runtime of its own and may not be touched on a worker of another: connect here.
            let mut desk = Desk { line, link: None };
            if let Some(first) = first {
                let tried = desk.line.connect_first().map(|link| desk.link = Some(link));
                let _ = first.send(tried);
            }
            queue.serve(1, |jobs| jobs.into_iter().for_each(|job| desk.settle(job)));
        })?;
    }
    connected.recv().unwrap_or_else(|_| Err(Error::Settings("the database thread broke".to_owned())))
}

/// One thread's place: its connection is taken out for each run and put back only if it is still good.
struct Desk {
    line: Line,
    link: Option<Link>,
}

/// How one run of a closure ended.
enum Run {
    Settled(Result<()>),
    /// Worth another run; should it be the last, this is the answer (`Ok`: the closure's own).
    Again(Result<()>),
}

impl Desk {
    fn settle(&mut self, mut job: Box<dyn Job>) {
        let mut fate = Ok(());
        for run in 0..RUNS {
            if job.gone() {
                return;
            }
            match self.run(&mut *job) {
                Run::Settled(fate) => return job.answer(fate),
                Run::Again(so_far) => fate = so_far,
            }
            if run + 1 < RUNS {
                sleep(Duration::from_millis(5 << (2 * run)));
            }
        }
        job.answer(fate);
    }

    fn run(&mut self, job: &mut dyn Job) -> Run {
        let mut link = match self.link.take().map_or_else(|| self.connect(), Ok) {
            Ok(link) => link,
            Err(error) => return Run::Again(Err(error)),
        };
        link.begin(job.kind());
        let (good, spoiled) = {
            let anchor = Anchor;
            let mut tx = Tx::new(Conn::Pg(&mut link), &anchor);
            (job.run(&mut tx), tx.spoiled())
        };
        if spoiled == Some(Spoiled::Dead) {
            // One that died while idle shows here, too: nothing had been done yet.
            return Run::Again(Ok(()));
        }
        let ended = if good { self.commit(link, job.kind()) } else { self.roll_back(link) };
        if spoiled == Some(Spoiled::Again) { Run::Again(Ok(())) } else { ended }
    }

    fn commit(&mut self, mut link: Link, kind: Kind) -> Run {
        match link.commit() {
            Ended::Well => {
                self.link = Some(link);
                Run::Settled(Ok(()))
            }
            // A read has nothing to be uncertain about.
            Ended::Unknown => Run::Settled(if kind == Kind::Write { Err(Error::Uncertain) } else { Ok(()) }),
            Ended::Refused(error) => {
                let again = verdict(&error) == Spoiled::Again;
                // A refused COMMIT has rolled back.
                self.link = Some(link);
                let fate = Err(match Error::from(error) {
                    Error::Broken(rule, name) => Error::Broken(rule, name),
                    other => Error::NotCommitted(other.to_string()),
                });
                if again { Run::Again(fate) } else { Run::Settled(fate) }
            }
            Ended::Before(error) => {
                let what = verdict(&error);
                if what != Spoiled::Dead {
                    let _ = self.roll_back(link);
                }
                let fate = Err(error.into());
                if what == Spoiled::Failed { Run::Settled(fate) } else { Run::Again(fate) }
            }
        }
    }

    fn roll_back(&mut self, mut link: Link) -> Run {
        if link.roll_back() {
            self.link = Some(link);
        }
        Run::Settled(Ok(()))
    }

    fn connect(&self) -> Result<Link> {
        self.line.connect()
    }
}

/// What a failure means for the transaction it happened in.
pub(super) fn verdict(error: &tokio_postgres::Error) -> Spoiled {
    let Some(said) = error.as_db_error() else {
        let io = std::error::Error::source(error).is_some_and(|cause| cause.is::<io::Error>());
        return if error.is_closed() || io { Spoiled::Dead } else { Spoiled::Failed };
    };
    let code = said.code().code();
    // Tables altered under a prepared statement: a fresh connection prepares it anew.
    let stale = code == "26000" || (code == "0A000" && said.routine() == Some("RevalidateCachedQuery"));
    let over = matches!(said.parsed_severity(), Some(Severity::Fatal | Severity::Panic));
    match code {
        "40001" | "40P01" => Spoiled::Again,
        _ if stale || over || code.starts_with("08") || code.starts_with("57P") => Spoiled::Dead,
        _ => Spoiled::Failed,
    }
}
