//! `tasuki key …`: the master key and the epochs, beside an open house or before there is one.

mod moving;
mod night;
mod paper;
#[cfg(test)]
mod tests;

pub use moving::move_to;
pub use night::{call, errand, next as next_night};
pub use paper::{Typed, check, recover, sheet};

use super::backup::{self, open_vault};
use super::open::{database, missing_migrations, own_key_opens};
use super::{Said, off, said};
use crate::config::Plan;
use crate::phrases::keys as words;
use std::path::Path;
use tasuki_base::db::Db;
use tasuki_base::seal::{self, Keyring, Vault, wrapped_epochs};
use tasuki_base::{Chance, Clock};

/// Says how the keys stand, and no secret.
///
/// # Errors
/// Says what is missing or does not open.
pub async fn status(plan: Plan) -> Said<()> {
    let (db, vault) = opened(&plan).await?;
    println!("{}", words::master(vault.mark(), vault.former_marks().len()));
    let epochs = vault.epochs();
    if let Some(newest) = epochs.last() {
        println!("{}", words::epoch(newest, epochs.len() - 1));
    }
    let found = seal::verify(&db, &vault).await.map_err(|error| vec![words::no_turn(&error)])?;
    println!("{}", words::wrapped(found.living, found.lost));
    let outstanding = db.read(seal::store::outstanding).await.map_err(said)?;
    println!("{}", words::outstanding(outstanding, plan.config.nightly_turn));
    println!("{}", copy_in_words(&plan).await);
    Ok(())
}

/// Another master key.
///
/// # Errors
/// Says what is missing; the old key is in use then.
pub async fn rotate(plan: Plan) -> Said<()> {
    let (db, vault) = opened(&plan).await?;
    let before = vault.mark();
    let turning = vault.clone();
    let after = off(move || turning.rotate(&Chance::system())).await?;
    println!("{}", words::rotated(before, after, &plan.master));
    copied(&plan, &db, &vault).await
}

/// Another epoch: of what was destroyed, no copy opens any more.
///
/// # Errors
/// Says what is missing; nothing is destroyed then, and everything still opens.
pub async fn turn(plan: Plan) -> Said<()> {
    let (db, vault) = opened(&plan).await?;
    let turned = seal::turn(&db, &vault, &Chance::system(), Clock::system().now()).await;
    println!("{}", words::turned(&turned.map_err(|error| vec![words::no_turn(&error)])?));
    copied(&plan, &db, &vault).await
}

/// The database and the keys of an installation that is there already: nothing is made.
async fn opened(plan: &Plan) -> Said<(Db, Vault)> {
    if !missing_migrations(plan).await?.is_empty() {
        return Err(vec![crate::phrases::backup::NOT_TODAYS.to_owned()]);
    }
    let (db, vault) = (database(plan).await?, open_vault(&plan.keyring, &plan.master).await?);
    own_key_opens(&db, &vault).await?;
    Ok((db, vault))
}

/// Brings the keys' own copy up to today, where there is to be one.
async fn copied(plan: &Plan, db: &Db, vault: &Vault) -> Said<()> {
    let Some(to) = &plan.config.keys_copy else {
        println!("{}", words::NO_COPY_PLACE);
        return Ok(());
    };
    backup::copy_keys(db, vault, &Chance::system(), to).await?;
    println!("{}", words::copied(to));
    Ok(())
}

/// Whether the keys' own copy holds just the epochs there are, under the master key in use.
pub async fn copy_is_newest(keyring: &Keyring, copy: &Path) -> bool {
    let (keyring, copy) = (keyring.clone(), Keyring::folder(copy));
    off(move || Ok(wrapped_epochs(&keyring)? == wrapped_epochs(&copy)?)).await.unwrap_or(false)
}

async fn copy_in_words(plan: &Plan) -> String {
    match &plan.config.keys_copy {
        None => words::NO_COPY_PLACE.to_owned(),
        Some(copy) if copy_is_newest(&plan.keyring, copy).await => words::copy_newest(copy),
        Some(copy) => words::copy_old(copy),
    }
}
