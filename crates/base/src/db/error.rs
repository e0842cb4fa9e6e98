//! What can go wrong at the database, told alike by both engines and never quoting a stored value.

use super::pg;
use super::tx::Spoiled;
use std::fmt;

/// The database layer's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a statement or a whole closure came to nothing.
///
/// Neither `Display` nor `Debug` repeats what PostgreSQL says about the values of a row: they end up in logs.
pub enum Error {
    /// A rule of the schema was broken. The text names it: the constraint on PostgreSQL, the columns
    /// (`posts.seq`) on SQLite, and nothing for a foreign key there. Tell them apart by rule and statement.
    Broken(Rule, String),
    /// [`Tx::one`](super::Tx::one) found no row.
    NotFound,
    /// The column of this number (from 0) is missing, is one too many, or does not fit the type asked for.
    Column(usize),
    /// The arguments do not match the placeholders, or one holds what no engine keeps alike: a NUL in a text,
    /// a number that is none.
    Arguments,
    /// A statement failed inside the closure, which went on and claimed success: it was rolled back.
    Spoiled,
    /// The closure panicked and was rolled back, it alone.
    Panicked,
    /// Too much is waiting, or a row or the file stayed locked too long. Nothing was changed; later may do.
    Busy,
    /// COMMIT was refused: nothing was changed.
    NotCommitted(String),
    /// The line broke during COMMIT: whether the change is durable is unknown; the idempotency key will tell.
    Uncertain,
    /// The settings do not lead to a database; the text says which and quotes no password.
    Settings(String),
    /// A migration failed, or the database and the program do not know the same ones.
    Migration(String),
    /// PostgreSQL cannot be reached, or is going down. Nothing was changed; later may do.
    Away(tokio_postgres::Error),
    /// Anything else SQLite said.
    Lite(rusqlite::Error),
    /// Anything else PostgreSQL said, or the line to it.
    Pg(tokio_postgres::Error),
}

/// The kinds of constraint; a primary key counts as unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    Unique,
    ForeignKey,
    Check,
    NotNull,
}

impl Error {
    /// Whether this is the breach of that rule.
    #[must_use]
    pub fn broke(&self, rule: Rule) -> bool {
        matches!(self, Self::Broken(broken, _) if *broken == rule)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(rule, name) => write!(f, "a rule of the schema was broken: {rule:?} {name}"),
            Self::NotFound => f.write_str("no such row"),
            Self::Column(at) => write!(f, "column {at} is not what was asked for"),
            Self::Arguments => f.write_str("the arguments do not match the statement"),
            Self::Spoiled => f.write_str("a failed statement was hidden; all was rolled back"),
            Self::Panicked => f.write_str("the closure panicked and was rolled back"),
            Self::Busy => f.write_str("the database is busy"),
            Self::NotCommitted(why) => write!(f, "not committed: {why}"),
            Self::Uncertain => f.write_str("the line broke during COMMIT: the result is unknown"),
            Self::Settings(why) => write!(f, "database settings: {why}"),
            Self::Migration(why) => write!(f, "migration: {why}"),
            Self::Lite(error) => write!(f, "sqlite: {error}"),
            Self::Away(error) | Self::Pg(error) => write_pg(error, f),
        }
    }
}

/// Data errors (class 22) and broken constraints (23) quote values in their message, and any DETAIL may: only the
/// code is told of the former, and no DETAIL of any.
fn write_pg(error: &tokio_postgres::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error.as_db_error() {
        Some(said) if matches!(said.code().code().get(..2), Some("22" | "23")) => {
            write!(f, "postgres: {}", said.code().code())
        }
        Some(said) => write!(f, "postgres: {} {}", said.code().code(), said.message()),
        None => {
            write!(f, "postgres: {error}")?;
            std::error::Error::source(error).map_or(Ok(()), |cause| write!(f, ": {cause}"))
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "db::Error({self})")
    }
}

// No source(): whoever prints the chain of causes would print DETAIL.
impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked};
        match error.sqlite_error_code() {
            Some(ConstraintViolation) => match lite_rule(&error) {
                Some((rule, name)) => Self::Broken(rule, name),
                None => Self::Lite(error),
            },
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            _ => Self::Lite(error),
        }
    }
}

fn lite_rule(error: &rusqlite::Error) -> Option<(Rule, String)> {
    use rusqlite::ffi;
    let rusqlite::Error::SqliteFailure(failure, said) = error else { return None };
    let rule = match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            Rule::Unique
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Rule::ForeignKey,
        ffi::SQLITE_CONSTRAINT_CHECK => Rule::Check,
        ffi::SQLITE_CONSTRAINT_NOTNULL => Rule::NotNull,
        _ => return None,
    };
    // "UNIQUE constraint failed: posts.seq"
    let name = said.as_deref().and_then(|said| said.split_once(": ")).map_or("", |(_, name)| name);
    Some((rule, name.to_owned()))
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        if pg::verdict(&error) == Spoiled::Dead {
            return Self::Away(error);
        }
        let Some(said) = error.as_db_error() else { return Self::Pg(error) };
        let rule = match said.code().code() {
            "23505" => Rule::Unique,
            // 23001: what PostgreSQL 18 says where ON DELETE RESTRICT stands.
            "23503" | "23001" => Rule::ForeignKey,
            "23514" => Rule::Check,
            "23502" => Rule::NotNull,
            "55P03" => return Self::Busy,
            _ => return Self::Pg(error),
        };
        let name = match (said.constraint(), said.table(), said.column()) {
            (Some(constraint), _, _) => constraint.to_owned(),
            (None, Some(table), Some(column)) => format!("{table}.{column}"),
            _ => String::new(),
        };
        Self::Broken(rule, name)
    }
}
