//! `tasuki record …`: the record of use, held against the head in the keyring; and the word of the operator that it goes
//! on from where it is.

mod daily;

pub use daily::{call, errand, letter};

use super::acts::{line, record, signed};
use super::{Said, said};
use crate::audit::{self, Flaw};
use crate::config::Plan;
use crate::phrases::record as words;
use tasuki_law::nouns::EventKind;

/// Goes through the whole record.
///
/// # Errors
/// Says the first wrong place.
pub async fn check(plan: Plan) -> Said<()> {
    let (db, vault, marks) = record(&plan).await?;
    let chain =
        audit::verify_chain(&db, &marks, &vault).await.map_err(|trouble| said(format!("{trouble:?}")))?;
    match &chain.wrong {
        None => println!("{}", words::whole(&chain)),
        Some(wrong) => return Err(vec![words::wrong(wrong)]),
    }
    Ok(())
}

/// Lets the record go on from where the database is, where an older state of it or of the keyring was put back on
/// purpose. What was altered within it is not to be accepted.
///
/// # Errors
/// When there is nothing to accept, or something else is wrong.
pub async fn accept(plan: Plan) -> Said<()> {
    let (db, vault, marks) = record(&plan).await?;
    let chain =
        audit::verify_chain(&db, &marks, &vault).await.map_err(|trouble| said(format!("{trouble:?}")))?;
    let until = match chain.wrong {
        None => return Err(vec![words::NOTHING_TO_ACCEPT.to_owned()]),
        Some(audit::Wrong { flaw: Flaw::CutOff { until }, .. }) => until,
        // The chain itself was gone through before these are said.
        Some(audit::Wrong { flaw: Flaw::HeadOld { .. } | Flaw::HeadMissing | Flaw::HeadDamaged, .. }) => {
            chain.blocks
        }
        Some(wrong) => return Err(vec![words::wrong(&wrong), words::NOT_ACCEPTED.to_owned()]),
    };
    let event = line(EventKind::RecordAccepted, Some(format!("{}/{until}", chain.blocks)));
    audit::accept(&db, &vault, &marks, &event).await.map_err(|why| said(format!("{why:?}")))?;
    println!("{}", words::accepted(chain.blocks, until));
    Ok(())
}

/// After a restore: a line about it, and the head goes on from what was restored. `from`: a generation's name.
///
/// # Errors
/// When it cannot be written.
pub async fn restored(plan: &Plan, from: &str) -> Said<()> {
    let db = super::open::database(plan).await?;
    db.migrate(&crate::serve::migrations()).await.map_err(said)?;
    let Some((vault, marks)) = signed(plan, &db).await? else {
        // A copy of a house that was never opened.
        return Ok(());
    };
    let event = line(EventKind::Restored, Some(from.to_owned()));
    audit::accept(&db, &vault, &marks, &event).await.map_err(|why| said(format!("{why:?}")))
}

#[cfg(test)]
mod tests;
