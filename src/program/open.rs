//! Opens everything a plan names.

use super::{Said, acts, off, said};
use crate::config::{Database, Files, Plan};
use crate::events::Relay;
use crate::house::{Closing, Meter, Presence, Pulse, Rooms, store};
use crate::phrases::program as words;
use crate::{House, serve};
use std::path::{Path, PathBuf};
use tasuki_base::blobs::{Blobs, Heard};
use tasuki_base::bus::Bus;
use tasuki_base::db::Db;
use tasuki_base::mail::Mailer;
use tasuki_base::password::Hasher;
use tasuki_base::seal::{self, KeyId, Opened, SealError, Vault, VaultError};
use tasuki_base::{Chance, Clock, disk};

/// Opens everything a plan names and brings the database up to today.
///
/// # Errors
/// Says what is missing.
pub async fn open(plan: &Plan) -> Said<House> {
    let (chance, clock) = (Chance::system(), Clock::system());
    private_folder(&plan.config.data)?;
    tighten(plan).await?;
    let db = database(plan).await?;
    db.migrate(&serve::migrations()).await.map_err(|error| vec![words::no_migration(&error)])?;
    let vault = vault(plan, &db, &chance, &clock).await?;
    let own_key = serve::own_key(&db, &vault, &chance, clock.now()).await;
    let own_key = own_key.map_err(|trouble| vec![words::no_own_key(&format!("{trouble:?}"))])?;
    let marks = serve::marks(&db, &vault, own_key)
        .await
        .map_err(|error| vec![words::no_own_key(&error.to_string())])?;
    let house = House::new(Rooms {
        config: plan.config.clone(),
        db,
        vault,
        blobs: match (&plan.copy, &plan.files) {
            (Some(_), Files::Folder(_)) if !plan.config.demo => blobs(plan)?.heard_by(Heard::default()),
            _ => blobs(plan)?,
        },
        mailer: mailer(plan)?,
        hasher: Hasher::new(),
        clock,
        chance,
        relay: Relay::over(bus(plan, own_key)),
        looks: crate::audit::Looks::default(),
        recent: crate::audit::Recent::default(),
        shelf: crate::house::Shelf::default(),
        presence: Presence::default(),
        pulse: Pulse::default(),
        meter: Meter::default(),
        closing: Closing::default(),
        own_key,
        marks,
    });
    acts::begin(&house).await;
    Ok(house)
}

/// Brings the database up to today, or only says what that would do.
///
/// # Errors
/// Says what is missing.
pub async fn migrate(plan: Plan, check: bool) -> Said<()> {
    if check {
        let missing = missing_migrations(&plan).await?;
        missing.iter().for_each(|name| println!("{}", words::would_migrate(name)));
        println!("{}", if missing.is_empty() { words::MIGRATED } else { words::NOT_MIGRATED });
        return Ok(());
    }
    private_folder(&plan.config.data)?;
    let db = database(&plan).await?;
    let applied =
        db.migrate(&serve::migrations()).await.map_err(|error| vec![words::no_migration(&error)])?;
    for name in &applied {
        println!("{}", words::migrated(name));
    }
    println!("{}", words::MIGRATED);
    Ok(())
}

/// The names of the steps that [`migrate`] would take.
///
/// # Errors
/// Says what is missing.
pub async fn missing_migrations(plan: &Plan) -> Said<Vec<&'static str>> {
    match &plan.database {
        // Looking must not make the file.
        Database::Lite(file) if !file.exists() => {
            Ok(serve::migrations().iter().map(|one| one.name).collect())
        }
        Database::Lite(_) | Database::Pg { .. } => {
            let missing = database(plan).await?.migrations_missing(&serve::migrations()).await;
            missing.map_err(|error| vec![words::no_migration(&error)])
        }
    }
}

/// Nobody else on the machine looks into the data.
pub fn private_folder(folder: &Path) -> Said<()> {
    let made = disk::make_folder(folder).and_then(|()| disk::tighten(folder));
    made.map_err(|error| vec![words::no_folder(folder, &error)])
}

/// What an older version or another hand left open: the data, the keys and what lies beside them.
pub fn own_things(plan: &Plan) -> Vec<PathBuf> {
    let mut things =
        vec![plan.config.data.clone(), plan.master.clone(), tasuki_base::seal::next_of(&plan.master)];
    things.extend(plan.keyring.as_folder().map(Path::to_owned));
    if let Database::Lite(file) = &plan.database {
        let beside = |end: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        things.extend([file.clone(), beside("-wal"), beside("-shm")]);
    }
    things.extend(plan.config.keys_copy.clone());
    let places = plan.copy.iter().flat_map(|copy| [&copy.data, &copy.keys]);
    things.extend(places.filter(|place| !place.contains("://")).map(PathBuf::from));
    things
}

/// Takes all of it from everybody but its owner.
async fn tighten(plan: &Plan) -> Said<()> {
    let things = own_things(plan);
    let work = move || {
        things.iter().try_for_each(|thing| {
            disk::tighten_all(thing).map_err(|error| vec![words::no_folder(thing, &error)])
        })
    };
    tokio::task::spawn_blocking(work).await.map_err(super::said)?
}

pub async fn database(plan: &Plan) -> Said<Db> {
    match &plan.database {
        Database::Lite(file) => Db::lite(file, readers()).map_err(|error| vec![words::no_database(&error)]),
        Database::Pg { url, threads } => {
            let (url, threads) = (url.clone(), *threads);
            let opened = tokio::task::spawn_blocking(move || Db::pg(&url, threads, None)).await;
            opened.map_err(said)?.map_err(|error| vec![words::no_database(&error)])
        }
    }
}

/// One reading connection a core, and at least two.
fn readers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 16)
}

/// New keys are made for a new house only: over data sealed with keys that are gone they would hide the loss.
async fn vault(plan: &Plan, db: &Db, chance: &Chance, clock: &Clock) -> Said<Vault> {
    if store::has_keys(db).await.map_err(said)? && !keys_are_there(plan).await? {
        return Err(vec![words::keys_lost(&plan.master, &plan.keyring)]);
    }
    let (keyring, master) = (plan.keyring.clone(), plan.master.clone());
    let (chance, now) = (chance.clone(), clock.now());
    let opened = off(move || {
        let opened = Vault::open_or_make(&keyring, &master, &chance, now)?;
        match keyring.fits() {
            // Whoever may only read there serves all the same, and leaves turns to others.
            Err(error @ VaultError::Away(..)) => tracing::warn!(%error, "the keyring cannot be tried out"),
            fits => fits?,
        }
        Ok(opened)
    });
    let (vault, keys) = opened.await?;
    if keys == Opened::Made && !plan.config.demo {
        eprintln!("{}", words::keys_made(&plan.master, &plan.keyring));
    }
    own_key_opens(db, &vault).await?;
    Ok(vault)
}

/// Keys that fit each other may still be those of another house, or of yesterday.
pub async fn own_key_opens(db: &Db, vault: &Vault) -> Said<()> {
    let Some(own) = store::own_key(db).await.map_err(said)? else { return Ok(()) };
    let vault = vault.clone();
    let unlocked = db.read(move |tx| seal::unlock(tx, &vault, own).map(|_| ())).await;
    unlocked.map_err(|error| {
        vec![match error {
            seal::Error::Seal(SealError::Refused | SealError::Malformed) => words::KEYS_OF_ANOTHER.to_owned(),
            seal::Error::Seal(SealError::EpochGone(epoch)) => words::epoch_missing(epoch),
            other => words::no_own_key(&other.to_string()),
        }]
    })
}

/// Whether no keys lie where the plan says.
///
/// # Errors
/// When the keyring cannot be read.
pub async fn keyring_is_empty(plan: &Plan) -> Said<bool> {
    let keyring = plan.keyring.clone();
    off(move || keyring.is_empty()).await
}

/// Whether both the master key and the keyring lie where the plan says.
///
/// # Errors
/// When the keyring cannot be read.
pub async fn keys_are_there(plan: &Plan) -> Said<bool> {
    Ok(plan.master.is_file() && !keyring_is_empty(plan).await?)
}

pub fn blobs(plan: &Plan) -> Said<Blobs> {
    let opened = match &plan.files {
        Files::Folder(path) => Blobs::folder(path).map(|blobs| blobs.with_floor(plan.config.disk_floor)),
        Files::Bucket(bucket) => Blobs::s3(bucket),
    };
    opened.map_err(|error| vec![words::no_files(&error)])
}

/// Houses that share a server are told apart by their own key's name.
fn bus(plan: &Plan, own_key: KeyId) -> Bus {
    let name = tasuki_value::encode_id(own_key.0);
    plan.nats.as_ref().map_or_else(Bus::none, |settings| Bus::nats(settings, &name))
}

pub fn mailer(plan: &Plan) -> Said<Mailer> {
    match &plan.mail {
        Some(settings) => Mailer::smtp(settings).map_err(|error| vec![words::no_mail(&error)]),
        None => Ok(Mailer::held()),
    }
}
