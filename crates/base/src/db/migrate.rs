//! One stream of migrations for both engines, applied in order, each in a transaction of its own.

use super::error::{Error, Result};
use super::tx::Tx;
use super::{Db, Engine};

/// One step of the schema. `{bytes}` and `{json}` in its text become the engine's own types; `{clustered}` behind a
/// table of short rows keeps them, on SQLite, in the tree of their primary key: one tree to write and to search.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Counts upwards; gaps are allowed.
    pub number: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

const LEDGER: &str = "CREATE TABLE schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL);";

/// What SQLite has and PostgreSQL lacks: lists in one JSON text, and ids in them as hex.
const PG_COMPANIONS: &str = "
    CREATE FUNCTION json_each(text) RETURNS TABLE(key text, value text) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 30
      AS $f$ SELECT (o - 1)::text, v FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS t(v, o) $f$;
    CREATE FUNCTION unhex(text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$ SELECT $1::uuid $f$;
";

/// Nodes that start together wait for each other here, as long as it takes.
const PG_TURN: &str = "
    SET LOCAL lock_timeout = 0;
    SET LOCAL statement_timeout = 0;
    SELECT pg_advisory_xact_lock(hashtext('tasuki migrations'), hashtext(current_schema()));
";

impl Db {
    /// Brings the schema up to the program: applies what is missing and tells the names of it. To be called on an
    /// idle database; any number of nodes may call it at once.
    ///
    /// # Errors
    /// [`Error::Migration`] when one fails (those before it stay), when the database is newer than the program, or
    /// when the two disagree about what a number means.
    pub async fn migrate(&self, list: &[Migration]) -> Result<Vec<&'static str>> {
        if list.windows(2).any(|pair| pair[0].number >= pair[1].number) {
            return Err(Error::Migration("the list is not in order".to_owned()));
        }
        let known = list.to_vec();
        self.write(move |tx| compare(tx, &known)).await?;
        let mut applied = Vec::new();
        for migration in list.iter().copied() {
            if self.write(move |tx| apply(tx, &migration)).await? {
                applied.push(migration.name);
            }
        }
        Ok(applied)
    }

    /// What [`Db::migrate`] would apply, without doing it.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn migrations_missing(&self, list: &[Migration]) -> Result<Vec<&'static str>> {
        let known = list.to_vec();
        self.read(move |tx| missing(tx, &known)).await
    }
}

/// The names of what is not applied yet; changes nothing.
fn missing(tx: &mut Tx<'_>, known: &[Migration]) -> Result<Vec<&'static str>> {
    let applied = match has_ledger(tx)? {
        true => tx.all::<(i64,)>("SELECT number FROM schema_migrations", &[])?,
        false => Vec::new(),
    };
    let missing = known.iter().filter(|migration| !applied.contains(&(migration.number,)));
    Ok(missing.map(|migration| migration.name).collect())
}

/// Lays the ledger where there is none, and refuses one that the program does not know.
fn compare(tx: &mut Tx<'_>, known: &[Migration]) -> Result<()> {
    take_turn(tx)?;
    if !has_ledger(tx)? {
        tx.script(LEDGER)?;
        if tx.engine() == Engine::Pg {
            tx.script(PG_COMPANIONS)?;
        }
    }
    for (number, name) in
        tx.all::<(i64, String)>("SELECT number, name FROM schema_migrations ORDER BY number", &[])?
    {
        match known.iter().find(|migration| migration.number == number) {
            Some(migration) if migration.name == name => {}
            Some(migration) => {
                let other = migration.name;
                return Err(Error::Migration(format!(
                    "{number} is {name} in the database, {other} in the program"
                )));
            }
            None => {
                return Err(Error::Migration(format!(
                    "the database has {number} {name}: it needs a newer program"
                )));
            }
        }
    }
    Ok(())
}

/// Whether it was missing.
fn apply(tx: &mut Tx<'_>, migration: &Migration) -> Result<bool> {
    take_turn(tx)?;
    let note = "INSERT INTO schema_migrations (number, name) VALUES ($1, $2) ON CONFLICT (number) DO NOTHING";
    if tx.exec(note, &[&migration.number, &migration.name])? == 0 {
        return Ok(false);
    }
    let (bytes, json, clustered) = match tx.engine() {
        Engine::Lite => ("BLOB", "TEXT", " WITHOUT ROWID"),
        Engine::Pg => ("BYTEA", "JSONB", ""),
    };
    let sql = migration.sql.replace("{bytes}", bytes).replace("{json}", json);
    let sql = sql.replace("{clustered}", clustered);
    tx.script(&sql).map_err(|error| Error::Migration(format!("{}: {error}", migration.name)))?;
    Ok(true)
}

fn take_turn(tx: &mut Tx<'_>) -> Result<()> {
    match tx.engine() {
        // A write transaction is alone there.
        Engine::Lite => Ok(()),
        Engine::Pg => tx.script(PG_TURN),
    }
}

fn has_ledger(tx: &mut Tx<'_>) -> Result<bool> {
    let sql = match tx.engine() {
        Engine::Lite => "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'schema_migrations'",
        Engine::Pg => "SELECT to_regclass(current_schema() || '.schema_migrations') IS NOT NULL",
    };
    Ok(tx.one::<(bool,)>(sql, &[])?.0)
}
