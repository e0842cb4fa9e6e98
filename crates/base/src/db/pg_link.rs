//! One connection to PostgreSQL, driven by the thread that uses it, and what is prepared on it.
//!
//! Each wait is a way to the server and back, mostly with a place locked. So what nobody waits for travels with what
//! somebody does: BEGIN with the first statement, and what is only to be done ([`Link::put`]) with the next question
//! or with COMMIT. They are answered one by one, in the order in which they were sent.

use super::cell::Cell;
use super::error::{Error, Result};
use super::queue::Kind;
use super::tx::Lock;
use bytes::BytesMut;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio::runtime::Runtime;
use tokio_postgres::error::Severity;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error as PgError, Row, Statement};

pub(super) struct Link {
    /// Drives the connection too, while somebody waits.
    runtime: Runtime,
    client: Client,
    prepared: HashMap<(&'static str, Lock), Statement>,
    stage: Stage,
    unsent: Vec<Put>,
}

/// How far the transaction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// There is none: a plain read needs none, for sessions are read-only by default.
    None,
    /// Begins with the first statement.
    Due(&'static str),
    /// BEGIN was sent and answered.
    Begun,
}

/// A statement that is to be done, its arguments in the form in which they travel.
struct Put {
    statement: Statement,
    args: Vec<Packed>,
}

struct Packed(Option<BytesMut>);

impl fmt::Debug for Packed {
    /// The driver writes arguments into its own log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Packed {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Some(bytes) = &self.0 else { return Ok(IsNull::Yes) };
        out.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// How a transaction ended.
pub(super) enum Ended {
    Well,
    /// COMMIT itself was refused, and has rolled back.
    Refused(PgError),
    /// A statement before COMMIT failed: nothing is left of the transaction, or ROLLBACK is due.
    Before(PgError),
    /// The line broke while COMMIT was under way.
    Unknown,
}

/// What came of statements that travelled together.
enum Sent<T> {
    Answered(Result<T, PgError>),
    /// One of those before failed, or could not be sent; whether what comes last was sent behind it.
    Failed(PgError, bool),
}

type Done<'f> = Pin<Box<dyn Future<Output = Result<(), PgError>> + 'f>>;

impl Link {
    pub fn new(runtime: Runtime, client: Client) -> Self {
        Self { runtime, client, prepared: HashMap::new(), stage: Stage::None, unsent: Vec::new() }
    }

    /// A transaction is to begin, if this kind of closure needs one.
    pub fn begin(&mut self, kind: Kind) {
        self.unsent.clear();
        self.stage = match kind {
            Kind::Read | Kind::Between => Stage::None,
            Kind::Snapshot => Stage::Due("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Kind::Write => Stage::Due("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
        };
    }

    pub fn query(&mut self, sql: &'static str, lock: Lock, args: &[Cell<'_>]) -> Result<Vec<Row>> {
        let statement = self.prepare(sql, lock)?;
        let args = fitting(&statement, args)?;
        self.wait(async |client| client.query(&statement, &args).await)
    }

    pub fn exec(&mut self, sql: &'static str, args: &[Cell<'_>]) -> Result<u64> {
        let statement = self.prepare(sql, Lock::No)?;
        let args = fitting(&statement, args)?;
        self.wait(async |client| client.execute(&statement, &args).await)
    }

    /// Is to be done before the transaction ends, and before whatever is asked next. Should it fail, that fails.
    pub fn put(&mut self, sql: &'static str, args: &[Cell<'_>]) -> Result<()> {
        let statement = self.prepare(sql, Lock::No)?;
        let args = fitting(&statement, args)?.into_iter().zip(statement.params());
        let args = args.map(|(arg, kind)| packed(arg, kind)).collect::<Result<_>>()?;
        self.unsent.push(Put { statement, args });
        Ok(())
    }

    /// By a cursor: the driver alone would gather all rows first.
    pub fn stream(&mut self, sql: &str, each: &mut dyn FnMut(&super::Row<'_>) -> Result<()>) -> Result<()> {
        self.script(&format!("DECLARE poured NO SCROLL CURSOR FOR {sql}"))?;
        loop {
            let rows = self.wait(async |client| client.query("FETCH 500 FROM poured", &[]).await)?;
            if rows.is_empty() {
                return self.script("CLOSE poured");
            }
            for row in &rows {
                each(&super::Row::pg(row))?;
            }
        }
    }

    pub fn script(&mut self, sql: &str) -> Result<()> {
        self.wait(async |client| client.batch_execute(sql).await)
    }

    pub fn check(&mut self, sql: &'static str) -> Result<()> {
        self.prepare(sql, Lock::No).map(drop)
    }

    /// Ends the transaction, if it has begun, with everything that is still to be done.
    pub fn commit(&mut self) -> Ended {
        if self.stage != Stage::Begun && !self.unsent.is_empty() {
            // Behind a BEGIN that nobody has answered yet, COMMIT would end what may never have begun.
            if let Err(error) = self.flush() {
                return Ended::Before(error);
            }
        }
        if self.stage != Stage::Begun {
            return Ended::Well;
        }
        let sent = self.send(async |client| client.batch_execute("COMMIT").await);
        if !matches!(sent, Sent::Failed(_, false)) {
            self.stage = Stage::None;
        }
        match sent {
            Sent::Answered(Ok(())) => Ended::Well,
            Sent::Answered(Err(error)) if is_refusal(&error) => Ended::Refused(error),
            Sent::Answered(Err(_)) => Ended::Unknown,
            // A transaction in which something failed ends in nothing, whoever says COMMIT.
            Sent::Failed(error, said) if !said || error.as_db_error().is_some() => Ended::Before(error),
            Sent::Failed(..) => Ended::Unknown,
        }
    }

    /// Ends the transaction, if it has begun, and leaves nothing of it; tells whether the connection is still good.
    pub fn roll_back(&mut self) -> bool {
        self.unsent.clear();
        let begun = std::mem::replace(&mut self.stage, Stage::None) == Stage::Begun;
        !begun || self.runtime.block_on(self.client.batch_execute("ROLLBACK")).is_ok()
    }

    fn flush(&mut self) -> Result<(), PgError> {
        match self.send(async |_| Ok(())) {
            Sent::Answered(answer) => answer,
            Sent::Failed(error, _) => Err(error),
        }
    }

    fn wait<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Result<T, PgError>) -> Result<T> {
        match self.send(last) {
            Sent::Answered(answer) => Ok(answer?),
            Sent::Failed(error, _) => Err(error.into()),
        }
    }

    /// Sends what is to be done, and this behind it, and waits for all of it.
    fn send<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Result<T, PgError>) -> Sent<T> {
        let (unsent, client) = (std::mem::take(&mut self.unsent), &self.client);
        let mut before: Vec<Done<'_>> = Vec::with_capacity(unsent.len() + 1);
        if let Stage::Due(begin) = self.stage {
            before.push(Box::pin(client.batch_execute(begin)));
        }
        before.extend(unsent.iter().map(|put| Box::pin(done(client, put)) as Done<'_>));
        let begins = before.len() > unsent.len();
        let sent = self.runtime.block_on(together(before, last(client)));
        if begins && !matches!(sent, Sent::Failed(_, false)) {
            self.stage = Stage::Begun;
        }
        sent
    }

    fn prepare(&mut self, sql: &'static str, lock: Lock) -> Result<Statement> {
        if let Some(statement) = self.prepared.get(&(sql, lock)) {
            return Ok(statement.clone());
        }
        let text = match lock {
            Lock::No => sql.to_owned(),
            Lock::Wait => format!("{sql} FOR UPDATE"),
            Lock::Skip => format!("{sql} FOR UPDATE SKIP LOCKED"),
        };
        let statement = self.wait(async |client| client.prepare(&text).await)?;
        self.prepared.insert((sql, lock), statement.clone());
        Ok(statement)
    }
}

async fn done(client: &Client, put: &Put) -> Result<(), PgError> {
    let args: Vec<_> = put.args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect();
    client.execute(&put.statement, &args).await.map(drop)
}

/// Each sends itself when it is polled first: in this order, and nothing behind one that could not be sent.
async fn together<T>(before: Vec<Done<'_>>, last: impl Future<Output = Result<T, PgError>>) -> Sent<T> {
    let mut last = pin!(last);
    let mut before: Vec<_> = before.into_iter().map(Some).collect();
    let (mut all_sent, mut failed, mut answer) = (false, None, None);
    poll_fn(|cx| {
        for waiting in &mut before {
            let Some(future) = waiting else { continue };
            if let Poll::Ready(done) = future.as_mut().poll(cx) {
                *waiting = None;
                failed = failed.take().or(done.err());
            }
            if !all_sent && failed.is_some() {
                return Poll::Ready(());
            }
        }
        all_sent = true;
        if answer.is_none()
            && let Poll::Ready(done) = last.as_mut().poll(cx)
        {
            answer = Some(done);
        }
        if answer.is_some() && before.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    match (failed, answer) {
        (None, Some(answer)) => Sent::Answered(answer),
        (Some(error), answer) => Sent::Failed(error, answer.is_some()),
        (None, None) => unreachable!("polled until there is one"),
    }
}

fn is_refusal(error: &PgError) -> bool {
    error.as_db_error().and_then(|said| said.parsed_severity()) == Some(Severity::Error)
}

fn packed(arg: &(dyn ToSql + Sync), kind: &Type) -> Result<Packed> {
    let mut bytes = BytesMut::new();
    match arg.to_sql_checked(kind, &mut bytes) {
        Ok(IsNull::Yes) => Ok(Packed(None)),
        Ok(IsNull::No) => Ok(Packed(Some(bytes))),
        Err(_) => Err(Error::Arguments),
    }
}

fn fitting<'a>(statement: &Statement, args: &'a [Cell<'_>]) -> Result<Vec<&'a (dyn ToSql + Sync)>> {
    if statement.params().len() != args.len() {
        return Err(Error::Arguments);
    }
    Ok(args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect())
}
