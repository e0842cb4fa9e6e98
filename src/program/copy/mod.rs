//! The continuous copy of a house on SQLite: what is committed reaches a second place within a second or two.
//! How, and why nothing is lost on the way: docs/decisions/0008-continuous-copy.md.

mod base;
mod far;
mod files;
mod keys;
mod line;
mod restore;
#[cfg(test)]
mod tests;
mod verify;

pub use restore::{clock, restore};
pub use verify::{reach, verify};

use super::Said;
use super::places::place;
use crate::House;
use crate::config::{CopyTo, Database, Plan};
use far::Far;
use line::{Fate, Line, tell};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::oneshot::Receiver;

/// So often it is looked what was committed.
const LOOK: Duration = Duration::from_millis(500);
/// What was not brought over so long after the word is left for the next start.
const GOODBYE: Duration = Duration::from_secs(10);

/// Copies until the house is `quiet`: every answer is given then. Whatever happens over there, nobody here waits for it.
pub async fn run(house: House, plan: Plan, mut quiet: Receiver<()>) {
    let (Some(to), Database::Lite(file)) = (plan.copy.clone(), plan.database.clone()) else { return };
    house.pulse.copied(house.now());
    tokio::spawn(files::run(house.clone(), plan.clone(), to.clone()));
    let mut copier = Copier { house: house.clone(), plan, to, file, line: None, keys: None };
    let mut behind = None;
    loop {
        tell(&mut behind, copier.step().await.err());
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = &mut quiet => break,
        }
    }
    let _ = tokio::time::timeout(GOODBYE, copier.step()).await;
}

struct Copier {
    house: House,
    plan: Plan,
    to: CopyTo,
    file: PathBuf,
    line: Option<Line>,
    keys: Option<keys::Mirror>,
}

impl Copier {
    /// Keys first, for the rows that come after them may be sealed by them; those that are destroyed here are
    /// forgotten there only once every row is there that was sealed anew.
    async fn step(&mut self) -> Said<()> {
        let now = self.house.now();
        let keys = match &mut self.keys {
            Some(keys) => keys,
            none => none.insert(keys::Mirror::open(&self.plan, &self.to.keys).await?),
        };
        let living = keys.bring().await?;
        let line = match &mut self.line {
            Some(line) => line,
            none => {
                let far = Far::new(
                    place(&self.plan, &self.to.data)?,
                    self.house.vault.clone(),
                    self.house.chance.clone(),
                );
                let (db, clock) = (self.house.db.clone(), self.house.clock.clone());
                none.insert(Line::open(far, db, clock, self.file.clone()).await?)
            }
        };
        match line.step().await? {
            Fate::GoesOn if line.is_based() => {
                // In step is a copy that forgot what the house did, too.
                keys.forget_all_but(&living).await?;
                self.house.pulse.copied(now);
                Ok(())
            }
            Fate::GoesOn => Ok(()),
            Fate::Lost => {
                if let Some(line) = self.line.take() {
                    line.end().await;
                }
                // What lies there is looked at anew.
                self.keys = None;
                Ok(())
            }
        }
    }
}
