//! What the operator does with all that the house keeps is on the record, too: every verb of the program has its line
//! here, and `main` calls none of them but through this door.

use super::backup::open_vault;
use super::open::{database, missing_migrations};
use super::{Said, said};
use crate::config::{Database, Plan};
use crate::events::{self, Event, Marks};
use crate::house::store;
use crate::phrases::record as words;
use crate::{House, audit, serve};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use tasuki_base::db::Db;
use tasuki_base::seal::Vault;
use tasuki_base::{Chance, Clock};
use tasuki_law::nouns::{EventId, EventKind};
use tasuki_value::Ts;

/// How a verb comes onto the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Before it does anything, whatever becomes of it.
    Before(EventKind),
    /// Once it is done: before, there is nothing to write into.
    After(EventKind),
    /// It writes its own line, with what it knows.
    Itself(EventKind),
    /// Nothing of anybody is read or changed; why.
    Not(&'static str),
}

/// Every verb of the program.
pub const VERBS: &[(&str, Told)] = &[
    ("demo", Told::Not("made-up people in a folder of their own")),
    ("sample", Told::Not("made-up people in a house where nobody lives")),
    ("serve", Told::Itself(EventKind::HouseStarted)),
    ("migrate", Told::After(EventKind::DatabaseMigrated)),
    ("migrate --check", Told::Not("says what a migration would do; reads no row of anybody")),
    ("backup", Told::Before(EventKind::BackupMade)),
    ("backup --prune", Told::Before(EventKind::BackupPruned)),
    ("verify", Told::Before(EventKind::BackupVerified)),
    ("restore", Told::Itself(EventKind::Restored)),
    ("doctor", Told::Before(EventKind::HouseExamined)),
    ("key status", Told::Before(EventKind::KeysSeen)),
    ("key rotate", Told::Before(EventKind::MasterRotated)),
    ("key turn", Told::Before(EventKind::EpochTurned)),
    ("key move", Told::Before(EventKind::KeyringMoved)),
    ("key sheet", Told::Before(EventKind::KeySheetWritten)),
    ("key check", Told::Before(EventKind::KeySheetChecked)),
    ("key recover", Told::After(EventKind::MasterRecovered)),
    ("record check", Told::Before(EventKind::RecordSeen)),
    ("record accept", Told::Itself(EventKind::RecordAccepted)),
];

/// How a verb comes onto the record; `None` for one that nobody has thought of.
#[must_use]
pub fn told(verb: &str) -> Option<Told> {
    VERBS.iter().find(|(name, _)| *name == verb).map(|(_, told)| *told)
}

/// Does what a verb does, and has it on the record. Whoever cannot be written down is told so, and works all the same: a
/// damaged or read-only house is to be looked into and copied.
///
/// # Errors
/// Those of the work.
pub async fn around<W: Future<Output = Said<()>>>(
    verb: &str,
    plan: Plan,
    work: impl FnOnce(Plan) -> W,
) -> Said<()> {
    let told = told(verb).ok_or_else(|| vec![format!("{verb}?")])?;
    if let Told::Before(kind) = told {
        note(&plan, kind).await;
    }
    let done = work(plan.clone()).await;
    if let (Told::After(kind), Ok(())) = (told, &done) {
        note(&plan, kind).await;
    }
    done
}

/// A line about the operator, with the moment and an id of its own.
#[must_use]
pub fn line(kind: EventKind, note: Option<String>) -> Event {
    let at = Clock::system().now();
    Event { id: EventId(Chance::system().uuid(at)), at, note, ..Event::new(kind) }
}

/// Writes a line, or keeps it for the next start, or says why neither.
async fn note(plan: &Plan, kind: EventKind) {
    let event = line(kind, None);
    if !is_there(plan) {
        return eprintln!("{}", words::NO_HOUSE_HERE);
    }
    if let Err(why) = write(plan, &event).await {
        match wait(plan, &event) {
            Ok(()) => eprintln!("{}", words::told_later(&why.join(" "))),
            Err(error) => eprintln!("{}", words::not_told(&why.join(" "), &error)),
        }
    }
}

/// Looking must not make a house.
fn is_there(plan: &Plan) -> bool {
    match &plan.database {
        Database::Lite(file) => file.exists(),
        Database::Pg { .. } => true,
    }
}

async fn write(plan: &Plan, event: &Event) -> Said<()> {
    if !missing_migrations(plan).await?.is_empty() {
        return Err(vec![crate::phrases::backup::NOT_TODAYS.to_owned()]);
    }
    let (db, _, marks) = record(plan).await?;
    let event = event.clone();
    let written = db.write(move |tx| events::announce_beside(tx, &marks, &event)).await;
    written.map_err(said)
}

/// The record of a house that is there: where it stands, what opens it, and what it is signed with.
///
/// # Errors
/// Says what is missing.
pub async fn record(plan: &Plan) -> Said<(Db, Vault, Marks)> {
    let db = database(plan).await?;
    let signed =
        signed(plan, &db).await?.ok_or_else(|| vec![crate::phrases::program::NEW_HOUSE.to_owned()])?;
    Ok((db, signed.0, signed.1))
}

/// What opens the record in this database and what it is signed with; nothing in a house that was never opened.
///
/// # Errors
/// Says what is missing.
pub async fn signed(plan: &Plan, db: &Db) -> Said<Option<(Vault, Marks)>> {
    let Some(own) = store::own_key(db).await.map_err(said)? else { return Ok(None) };
    let vault = open_vault(&plan.keyring, &plan.master).await?;
    let marks = serve::marks(db, &vault, own).await;
    Ok(Some((vault, marks.map_err(|error| vec![crate::phrases::program::no_own_key(&error.to_string())])?)))
}

/// Where lines wait for the next start.
fn waiting(plan: &crate::config::Config) -> PathBuf {
    plan.data.join("acts.waiting")
}

fn wait(plan: &Plan, event: &Event) -> std::io::Result<()> {
    let mut open = std::fs::OpenOptions::new();
    let mut file = open.append(true).create(true).mode(0o600).open(waiting(&plan.config))?;
    writeln!(file, "{} {}", event.at.0, event.kind.code())?;
    file.sync_all()
}

/// At the start of a house: what waited is written down, and the record's end is held against the keyring.
pub async fn begin(house: &House) {
    if let Err(error) = write_waiting(house).await {
        eprintln!("{}", words::not_told(&error, &waiting(&house.config).display()));
    }
    match audit::settle(house).await {
        Ok(audit::Stand::Fine(head)) => audit::tell(&head),
        Ok(audit::Stand::Wrong(wrong)) => {
            audit::cry(&wrong);
            eprintln!("{}", words::wrong(&wrong));
        }
        Err(why) => tracing::warn!(?why, "the record's head cannot be asked for"),
    }
}

async fn write_waiting(house: &House) -> Result<(), String> {
    let file = waiting(&house.config);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let read = |line: &str| {
        let (at, kind) = line.split_once(' ')?;
        Some((Ts(at.parse().ok()?), kind.parse().ok()?))
    };
    let lines: Vec<(Ts, EventKind)> = text.lines().filter_map(read).collect();
    let write = move |tx: &mut crate::Tx<'_, '_>| {
        // When it was done stands in the note: the line itself is of now.
        lines.iter().try_for_each(|(at, kind)| {
            events::announce(tx, &Event::new(*kind).noting((at.0 / 1_000_000).to_string()))
        })
    };
    house.write(write).await.map_err(|trouble| format!("{trouble:?}"))?;
    std::fs::remove_file(&file).map_err(|error| error.to_string())
}

/// That the house was started.
pub async fn started(house: &House) {
    let event = Event::new(EventKind::HouseStarted);
    if let Err(trouble) = house.write(move |tx| events::announce(tx, &event)).await {
        trouble.log();
    }
}
