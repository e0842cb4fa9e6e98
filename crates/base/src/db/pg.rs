//! PostgreSQL: each closure is a transaction of its own, on one of several threads with a connection each.

use super::cell::Cell;
use super::error::{Error, Result};
use super::pg_line::Line;
use super::queue::{Job, Kind, Queue};
use super::tx::{Anchor, Conn, Lock, Spoiled, Tx};
use postgres::error::Severity;
use postgres::types::ToSql;
use postgres::{Client, Row, Statement};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, mpsc};
use std::thread::sleep;
use std::time::Duration;

/// A closure gets so many runs before its last error is its answer.
const RUNS: u32 = 6;

/// Starts the threads and waits for the first to connect, so that wrong settings show.
pub(super) fn open(line: Line, threads: usize, queue: &Arc<Queue>) -> Result<()> {
    let (first, connected) = mpsc::channel();
    let mut first = Some(first);
    for number in 0..threads.max(1) {
        let (line, queue, first) = (line.clone(), Arc::clone(queue), first.take());
        super::thread(format!("db-{number}"), move || {
            // The client has a runtime of its own and may not be touched on a worker of another: connect here.
            let mut desk = Desk { line, link: None };
            if let Some(first) = first {
                let tried = desk.line.connect_first().map(|client| desk.link = Some(Link::new(client)));
                let _ = first.send(tried);
            }
            queue.serve(1, |jobs| jobs.into_iter().for_each(|job| desk.settle(job)));
        })?;
    }
    connected.recv().unwrap_or_else(|_| Err(Error::Settings("the database thread broke".to_owned())))
}

/// A connection and what is prepared on it.
pub(super) struct Link {
    client: Client,
    prepared: HashMap<(&'static str, Lock), Statement>,
}

impl Link {
    fn new(client: Client) -> Self {
        Self { client, prepared: HashMap::new() }
    }

    pub fn query(&mut self, sql: &'static str, lock: Lock, args: &[Cell<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql, lock)?;
        Ok(self.client.query(&statement, &fitting(&statement, args)?)?)
    }

    pub fn exec(&mut self, sql: &'static str, args: &[Cell<'_>]) -> Result<u64> {
        let statement = self.prepare(sql, Lock::No)?;
        Ok(self.client.execute(&statement, &fitting(&statement, args)?)?)
    }

    /// By a cursor: the driver alone would gather all rows first.
    pub fn stream(&mut self, sql: &str, each: &mut dyn FnMut(&super::Row<'_>) -> Result<()>) -> Result<()> {
        self.script(&format!("DECLARE poured NO SCROLL CURSOR FOR {sql}"))?;
        loop {
            let rows = self.client.query("FETCH 500 FROM poured", &[])?;
            if rows.is_empty() {
                return self.script("CLOSE poured");
            }
            for row in &rows {
                each(&super::Row::pg(row))?;
            }
        }
    }

    pub fn script(&mut self, sql: &str) -> Result<()> {
        Ok(self.client.batch_execute(sql)?)
    }

    pub fn check(&mut self, sql: &'static str) -> Result<()> {
        self.prepare(sql, Lock::No).map(drop)
    }

    /// Sessions are read-only by default: a plain read needs no transaction around it.
    fn opening(&mut self, kind: Kind) -> Result<(), postgres::Error> {
        self.client.batch_execute(match kind {
            Kind::Read | Kind::Between => return Ok(()),
            Kind::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Kind::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
        })
    }

    fn closing(&mut self, kind: Kind, how: &str) -> Result<(), postgres::Error> {
        if matches!(kind, Kind::Read | Kind::Between) { Ok(()) } else { self.client.batch_execute(how) }
    }

    fn prepare(&mut self, sql: &'static str, lock: Lock) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(&(sql, lock)) {
            return Ok(statement.clone());
        }
        let statement = match lock {
            Lock::No => self.client.prepare(sql)?,
            Lock::Wait => self.client.prepare(&format!("{sql} FOR UPDATE"))?,
            Lock::Skip => self.client.prepare(&format!("{sql} FOR UPDATE SKIP LOCKED"))?,
        };
        self.prepared.insert((sql, lock), statement.clone());
        Ok(statement)
    }
}

fn fitting<'a>(statement: &Statement, args: &'a [Cell<'_>]) -> Result<Vec<&'a (dyn ToSql + Sync)>> {
    if statement.params().len() != args.len() {
        return Err(Error::Arguments);
    }
    Ok(args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect())
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
        if let Err(error) = link.opening(job.kind()) {
            // A connection that died while idle shows here, where nothing has been done yet.
            return Run::Again(Err(error.into()));
        }
        let (good, spoiled) = {
            let anchor = Anchor;
            let mut tx = Tx::new(Conn::Pg(&mut link), &anchor);
            (job.run(&mut tx), tx.spoiled())
        };
        if spoiled == Some(Spoiled::Dead) {
            return Run::Again(Ok(()));
        }
        let ended = if good { self.commit(link, job.kind()) } else { self.roll_back(link, job.kind()) };
        if spoiled == Some(Spoiled::Again) { Run::Again(Ok(())) } else { ended }
    }

    fn commit(&mut self, mut link: Link, kind: Kind) -> Run {
        let Err(error) = link.closing(kind, "COMMIT") else {
            self.link = Some(link);
            return Run::Settled(Ok(()));
        };
        let refused = error.as_db_error().and_then(|said| said.parsed_severity()) == Some(Severity::Error);
        if !refused {
            // A read has nothing to be uncertain about.
            return Run::Settled(if kind == Kind::Write { Err(Error::Uncertain) } else { Ok(()) });
        }
        let again = verdict(&error) == Spoiled::Again;
        // A refused COMMIT has rolled back.
        self.link = Some(link);
        let fate = Err(match Error::from(error) {
            Error::Broken(rule, name) => Error::Broken(rule, name),
            other => Error::NotCommitted(other.to_string()),
        });
        if again { Run::Again(fate) } else { Run::Settled(fate) }
    }

    fn roll_back(&mut self, mut link: Link, kind: Kind) -> Run {
        if link.closing(kind, "ROLLBACK").is_ok() {
            self.link = Some(link);
        }
        Run::Settled(Ok(()))
    }

    fn connect(&self) -> Result<Link> {
        self.line.connect().map(Link::new)
    }
}

/// What a failure means for the transaction it happened in.
pub(super) fn verdict(error: &postgres::Error) -> Spoiled {
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
