//! The master key on paper: printed, typed in again, and held against this installation.

use crate::config::{Database, Plan};
use crate::phrases::keys as words;
use crate::phrases::program::no_vault;
use crate::program::open::{database, missing_migrations, own_key_opens};
use crate::program::{Said, off};
use crate::web::Qr;
use askama::Template;
use std::fmt::Display;
use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;
use tasuki_base::seal::{Keyring, MasterKey, Vault, VaultError, was_before, wrapped_epochs};
use tasuki_base::{Clock, disk};

#[derive(Template)]
#[template(path = "program/keys/sheet.html")]
struct Sheet<'s> {
    name: &'s str,
    printed: String,
    mark: String,
    /// Label and letters.
    lines: Vec<(String, &'s str)>,
    qr: Qr,
}

/// Writes the recovery sheet, for its owner alone.
///
/// # Errors
/// Says what is missing or in the way.
pub async fn sheet(plan: Plan, to: PathBuf) -> Said<()> {
    if to.exists() {
        return Err(vec![words::in_the_way(&to)]);
    }
    let read = MasterKey::read(&plan.master).map_err(|error| vec![no_vault(&error)])?;
    let key = read.ok_or_else(|| vec![words::no_master(&plan.master)])?;
    // What does not open this house is not printed as if it did.
    if let Some(keyring) = keyring(&plan).await? {
        opens(&keyring, key.clone()).await?;
    }
    let page = page(&plan.config.name, &key)?;
    disk::write(&to, page.as_bytes()).map_err(|error| vec![words::no_sheet(&to, &error)])?;
    println!("{}", words::sheet_written(&to, key.mark()));
    Ok(())
}

fn page(name: &str, key: &MasterKey) -> Said<String> {
    let lines = key.to_lines();
    let qr = Qr::of(&lines.each_ref().map(|line| line.as_str()).join("/")).map_err(unlikely)?;
    let numbered = lines.iter().zip(1..).map(|(line, number)| (words::line_label(number), line.as_str()));
    let sheet = Sheet {
        name,
        printed: words::printed_on(Clock::system().now()),
        mark: key.mark().to_string(),
        lines: numbered.collect(),
        qr,
    };
    sheet.render().map_err(unlikely)
}

fn unlikely(error: impl Display) -> Vec<String> {
    vec![error.to_string()]
}

/// Where the four lines come from.
pub enum Typed {
    File(PathBuf),
    Keyboard,
}

impl Typed {
    fn read(&self) -> Said<MasterKey> {
        let text = match self {
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|error| vec![words::no_sheet(path, &error)])?
            }
            Self::Keyboard => {
                if std::io::stdin().is_terminal() {
                    eprintln!("{}", words::SHEET_HINT);
                }
                four_lines(std::io::stdin().lock())
            }
        };
        MasterKey::from_lines(&text).map_err(|slips| slips.iter().map(words::slip).collect())
    }
}

/// So that nobody needs to know how a terminal says that nothing more comes.
fn four_lines(from: impl BufRead) -> String {
    let mut text = String::new();
    for line in from.lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()).take(4) {
        let all_on_one = line.len() > 60;
        text.push_str(&line);
        text.push('\n');
        if all_on_one {
            break;
        }
    }
    text
}

/// Says whether what was typed is what stands on a sheet, and whether it opens this installation. Writes nothing.
///
/// # Errors
/// Says which line was mistyped, or what the sheet does not open.
pub async fn check(plan: Plan, typed: Typed) -> Said<()> {
    let key = typed.read()?;
    println!("{}", words::typed_well(key.mark()));
    let keyring = keyring(&plan).await?.ok_or_else(|| vec![words::nothing_to_try(&plan.keyring)])?;
    let vault = opens(&keyring, key).await?;
    println!("{}", words::sheet_opens(&keyring, vault.newest()));
    println!(
        "{}",
        if opens_data(&plan, &vault).await? { words::SHEET_OPENS_DATA } else { words::NO_DATA_YET }
    );
    Ok(())
}

/// Writes the master key's file from what was typed; never over one that is there.
///
/// # Errors
/// Says which line was mistyped, what is in the way, or that the keyring is another's.
pub async fn recover(plan: Plan, typed: Typed) -> Said<()> {
    if plan.master.exists() {
        return Err(vec![words::in_the_way(&plan.master)]);
    }
    let key = typed.read()?;
    let mark = key.mark();
    let tried = match keyring(&plan).await? {
        Some(keyring) => {
            let vault = opens(&keyring, key.clone()).await?;
            Some(opens_data(&plan, &vault).await?)
        }
        None => None,
    };
    key.write(&plan.master).map_err(|error| vec![no_vault(&error)])?;
    println!("{}", words::recovered(&plan.master, mark));
    if tried.is_none() {
        println!("{}", words::RECOVERED_UNTRIED);
    }
    Ok(())
}

/// The keyring to try a sheet on: its own place, or its copy where the machine was lost.
async fn keyring(plan: &Plan) -> Said<Option<Keyring>> {
    let copy = plan.config.keys_copy.as_deref().map(Keyring::folder);
    let places = [Some(plan.keyring.clone()), copy];
    off(move || {
        for place in places.into_iter().flatten() {
            match wrapped_epochs(&place) {
                Ok(_) => return Ok(Some(place)),
                // That it does not answer does not say that it holds nothing.
                Err(error @ VaultError::Away(..)) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(None)
    })
    .await
}

async fn opens(keyring: &Keyring, key: MasterKey) -> Said<Vault> {
    let (keyring, mark) = (keyring.clone(), key.mark());
    let looked = off(move || {
        let looked = Vault::look(&keyring, key);
        let by = wrapped_epochs(&keyring).ok().and_then(|epochs| epochs.last().map(|(_, by)| *by));
        let before = was_before(&keyring, mark);
        Ok((looked, by, before))
    });
    let (looked, by, before) = looked.await?;
    looked.map_err(|error| {
        vec![match (error, by) {
            (VaultError::WrongMaster, _) if before => words::sheet_of_before(mark),
            (VaultError::WrongMaster, Some(by)) => words::sheet_of_another(mark, by),
            (error, _) => no_vault(&error),
        }]
    })
}

/// Whether there is a database to try; one that does not open is an error.
async fn opens_data(plan: &Plan, vault: &Vault) -> Said<bool> {
    if matches!(&plan.database, Database::Lite(file) if !file.exists()) {
        return Ok(false);
    }
    if !missing_migrations(plan).await?.is_empty() {
        return Ok(false);
    }
    own_key_opens(&database(plan).await?, vault).await.map(|()| true)
}
