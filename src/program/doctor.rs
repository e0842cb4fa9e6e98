//! Looks at everything a plan names and says in words what is wrong.

use super::backup::open_vault;
use super::keys::copy_is_newest;
use super::open::{blobs, database, keys_are_there, mailer, own_key_opens, own_things};
use super::{Said, acts, copy, off};
use crate::audit;
use crate::config::{Database, Plan};
use crate::house::store;
use crate::phrases::{keys, program as words, record as record_words};
use crate::serve;
use tasuki_base::Clock;
use tasuki_base::db::Db;
use tasuki_base::disk;
use tasuki_base::seal;
use tasuki_value::MINUTE;

/// The copy says once a minute how far it is.
const COPY_BEHIND: i64 = 5 * MINUTE;

/// What was found, in the order of looking.
#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
}

impl Findings {
    fn fine(&mut self, what: &str) {
        println!("  {} {what}", words::FINE_MARK);
    }

    fn warn(&mut self, what: &str) {
        println!("  {} {what}", words::WARN_MARK);
    }

    fn wrong(&mut self, what: String) {
        println!("  {} {what}", words::WRONG_MARK);
        self.wrong.push(what);
    }
}

/// Changes nothing but the record, on which it leaves its line (see [`acts`]). A house that was never opened is well as long as it can be.
///
/// # Errors
/// How many faults were found; each was printed with what to do.
pub async fn doctor(plan: Plan) -> Said<()> {
    let mut found = Findings::default();
    println!("{}", words::LOOKING);
    folder(&plan, &mut found);
    alone(&plan, &mut found);
    if is_new(&plan) {
        found.warn(words::NEW_HOUSE);
    } else {
        look_into(&plan, &mut found).await;
    }
    files(&plan, &mut found).await;
    copied(&plan, &mut found).await;
    nats(&plan, &mut found).await;
    mail(&plan, &mut found).await;
    desk(&plan, &mut found);
    match found.wrong.len() {
        0 => {
            println!("{}", words::FINE);
            Ok(())
        }
        count => Err(vec![words::faults(count)]),
    }
}

fn is_new(plan: &Plan) -> bool {
    matches!(&plan.database, Database::Lite(file) if !file.exists())
}

fn folder(plan: &Plan, found: &mut Findings) {
    let data = &plan.config.data;
    match std::fs::metadata(data) {
        Ok(about) if about.is_dir() => found.fine(&words::data_folder(data)),
        Ok(_) => found.wrong(words::no_data_folder(data)),
        Err(_) => found.warn(&words::folder_will_be_made(data)),
    }
    if plan.master.starts_with(data)
        || plan.keyring.as_folder().is_some_and(|folder| folder.starts_with(data))
    {
        found.warn(words::KEYS_BESIDE_DATA);
    }
}

async fn look_into(plan: &Plan, found: &mut Findings) {
    let db = match database(plan).await {
        Ok(db) => db,
        Err(wrong) => return wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    };
    match db.migrations_missing(&serve::migrations()).await {
        Ok(missing) if missing.is_empty() => found.fine(words::DATABASE_FINE),
        Ok(missing) => {
            found.warn(&words::migrations_missing(missing.len()));
            return;
        }
        Err(error) => return found.wrong(words::no_migration(&error)),
    }
    match db.prepare_all(serve::statements()).await {
        Ok(refused) => refused.iter().for_each(|(sql, error)| found.wrong(format!("{error}: {sql}"))),
        Err(error) => found.wrong(words::no_database(&error)),
    }
    keys(plan, &db, found).await;
    jobs(&db, found).await;
    if store::has_keys(&db).await.unwrap_or(false) {
        record(plan, found).await;
    }
}

/// The record, as far as the house's key opens: without it nobody can tell.
async fn record(plan: &Plan, found: &mut Findings) {
    let Ok((db, vault, marks)) = acts::record(plan).await else {
        return found.wrong(record_words::NO_KEY.to_owned());
    };
    match audit::verify_chain(&db, &marks, &vault).await {
        Ok(chain) => match &chain.wrong {
            None => found.fine(&record_words::whole(&chain)),
            Some(wrong) => found.wrong(record_words::wrong(wrong)),
        },
        Err(trouble) => found.wrong(format!("{trouble:?}")),
    }
}

async fn keys(plan: &Plan, db: &Db, found: &mut Findings) {
    if !store::has_keys(db).await.unwrap_or(false) {
        return found.warn(words::NEW_HOUSE);
    }
    match keys_are_there(plan).await {
        Ok(true) => {}
        Ok(false) => return found.wrong(words::keys_lost(&plan.master, &plan.keyring)),
        Err(wrong) => return wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    }
    match open_own_key(plan, db).await {
        Ok(()) => found.fine(words::KEYS_FINE),
        Err(wrong) => wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    }
    let keyring = plan.keyring.clone();
    if let Err(wrong) = off(move || keyring.fits()).await {
        wrong.into_iter().for_each(|wrong| found.wrong(wrong));
    }
    key_copies(plan, db, found).await;
}

async fn open_own_key(plan: &Plan, db: &Db) -> Said<()> {
    let vault = open_vault(&plan.keyring, &plan.master).await?;
    own_key_opens(db, &vault).await
}

/// Whether what was destroyed is gone everywhere, and whether the keys' own copy would open what there is.
async fn key_copies(plan: &Plan, db: &Db, found: &mut Findings) {
    match &plan.config.keys_copy {
        None => found.warn(keys::NO_COPY_PLACE),
        Some(copy) if copy_is_newest(&plan.keyring, copy).await => found.fine(&keys::copy_newest(copy)),
        Some(copy) => found.warn(&keys::copy_old(copy)),
    }
    match db.read(seal::store::outstanding).await {
        Ok(0) => {}
        Ok(count) => found.warn(&keys::outstanding(count, plan.config.nightly_turn)),
        Err(error) => found.wrong(words::no_database(&error)),
    }
    let next = seal::next_of(&plan.master);
    if next.exists() {
        found.warn(&keys::half_rotated(&next));
    }
}

/// Everything of the house is its owner's alone; the next start takes it back.
fn alone(plan: &Plan, found: &mut Findings) {
    for thing in own_things(plan) {
        match disk::open_to_others(&thing) {
            Ok(Some(open)) => found.wrong(words::open_to_others(&open)),
            Ok(None) => {}
            Err(error) => found.wrong(words::no_folder(&thing, &error)),
        }
    }
}

/// Whether there is room for more files.
fn room(plan: &Plan, found: &mut Findings) {
    let Ok(blobs) = blobs(plan) else { return };
    if let Some((space, floor)) = blobs.space()
        && space.free < floor
    {
        found.warn(&crate::phrases::files::disk_nearly_full(space.free, floor));
    }
}

async fn jobs(db: &Db, found: &mut Findings) {
    match db.read(tasuki_base::jobs::dead).await {
        Ok(dead) if !dead.is_empty() => found.warn(&words::dead_jobs(dead.len())),
        _ => {}
    }
}

async fn files(plan: &Plan, found: &mut Findings) {
    let checked = match blobs(plan) {
        // A folder is made with the house; nothing to try before.
        Ok(_) if is_new(plan) && matches!(plan.files, crate::config::Files::Folder(_)) => return,
        Ok(blobs) => blobs.check().await.map_err(|error| vec![words::no_files(&error)]),
        Err(wrong) => Err(wrong),
    };
    match checked {
        Ok(()) => {
            found.fine(words::FILES_FINE);
            room(plan, found);
        }
        Err(wrong) => wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    }
}

/// How far the continuous copy reaches, when there is to be one.
async fn copied(plan: &Plan, found: &mut Findings) {
    let Some(to) = &plan.copy else { return };
    if is_new(plan) {
        return;
    }
    let now = Clock::system().now();
    let Ok(vault) = open_vault(&plan.keyring, &plan.master).await else { return };
    match copy::reach(plan, vault).await {
        Ok(Some(at)) if now.since(at) < COPY_BEHIND => found.fine(&words::copied_until(&copy::clock(at))),
        Ok(Some(at)) => found.warn(&words::copy_behind(&copy::clock(at))),
        Ok(None) => found.warn(&words::no_copy_yet(&to.data)),
        Err(wrong) => wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    }
}

async fn nats(plan: &Plan, found: &mut Findings) {
    let Some(settings) = &plan.nats else { return };
    match settings.check().await {
        Ok(()) => found.fine(words::NATS_FINE),
        Err(error) => found.wrong(words::no_nats(&error)),
    }
    if matches!(plan.database, Database::Lite(_)) {
        found.warn(words::NATS_ALONE);
    }
}

async fn mail(plan: &Plan, found: &mut Findings) {
    if plan.mail.is_none() {
        return found.warn(words::MAIL_HELD);
    }
    let checked = match mailer(plan) {
        Ok(mailer) => mailer.check().await.map_err(|error| vec![words::no_mail(&error)]),
        Err(wrong) => Err(wrong),
    };
    match checked {
        Ok(()) => found.fine(words::MAIL_FINE),
        Err(wrong) => wrong.into_iter().for_each(|wrong| found.wrong(wrong)),
    }
}

/// Who answers questions stands under every mail: an empty desk helps nobody.
fn desk(plan: &Plan, found: &mut Findings) {
    let support = &plan.config.support;
    if support.phone.is_empty() && support.mail.is_empty() {
        found.warn(words::NO_SUPPORT);
    }
    if !plan.config.secure && !plan.config.demo {
        found.warn(words::NOT_SECURE);
    }
}
