//! The lists of the house: its migrations, its listeners, its errands, its statements; and how it settles.

use crate::errands::{self, Errand};
use crate::events::{self, Listener};
use crate::house::store;
use crate::config::{Database, Files, Plan};
use crate::errands;
use crate::events::{self, Relay};
use crate::house::{Presence, Pulse, Rooms, store};
use crate::phrases::program as words;
pub use crate::roster::{errands, listeners, migrations, statements};
use crate::{House, Outcome};
use tasuki_base::Chance;
use tasuki_base::db::Db;
use tasuki_base::jobs;
use tasuki_base::seal::{self, KeyId, Vault};
use tasuki_value::Ts;

macro_rules! migrations {
    ($($number:literal $name:literal;)+) => {
        vec![$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        },)+]
    };
}

/// Every step from an empty database to today's.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    migrations! {
        1 "0001_ground";
        2 "0002_accounts";
        3 "0003_facilities";
        4 "0004_groups";
        5 "0005_patients";
        6 "0006_invitations";
        7 "0007_timelines";
        8 "0008_media";
        12 "0012_connections";
        13 "0013_media_more";
    }
}

/// Who hears events.
#[must_use]
pub fn listeners() -> Vec<Listener> {
    vec![
        crate::invitations::listener(),
        crate::notifications::LISTENER,
    ]
/// What can be said to the operator, one sentence a line.
type Said<T> = Result<T, Vec<String>>;

fn said(error: impl std::fmt::Display) -> Vec<String> {
    vec![error.to_string()]
}

/// Opens everything a plan names and brings the database up to today.
///
/// # Errors
/// Says what is missing.
pub async fn open(plan: &Plan) -> Said<House> {
    let (chance, clock) = (Chance::system(), Clock::system());
    std::fs::create_dir_all(&plan.config.data).map_err(said)?;
    let db = match &plan.database {
        Database::Lite(file) => Db::lite(file, 2).map_err(said)?,
        Database::Pg { url, threads } => {
            let (url, threads) = (url.clone(), *threads);
            let opened = tokio::task::spawn_blocking(move || Db::pg(&url, threads, None)).await;
            opened.map_err(said)?.map_err(said)?
        }
    };
    db.migrate(&migrations()).await.map_err(said)?;
    let (vault, keys) =
        Vault::open_or_make(&plan.keyring, &plan.master, &chance, clock.now()).map_err(said)?;
    if keys == Opened::Made {
        let (master, keyring) = (plan.master.display().to_string(), plan.keyring.display().to_string());
        eprintln!("{}", words::KEYS_MADE.replace("{master}", &master).replace("{keyring}", &keyring));
    }
    let blobs = match &plan.files {
        Files::Folder(path) => Blobs::folder(path),
        Files::Bucket(bucket) => Blobs::s3(bucket),
    };
    let own_key = own_key(&db, &vault, &chance, clock.now()).await.map_err(|t| vec![format!("{t:?}")])?;
    Ok(House::new(Rooms {
        config: plan.config.clone(),
        db,
        vault,
        blobs: blobs.map_err(said)?,
        mailer: mailer(plan)?,
        hasher: Hasher::new(),
        clock,
        chance,
        relay: Relay::default(),
        looks: crate::audit::Looks::default(),
        presence: Presence::default(),
        pulse: Pulse::default(),
        own_key,
    }))
}

fn mailer(plan: &Plan) -> Said<Mailer> {
    match &plan.mail {
        Some(settings) => Mailer::smtp(settings).map_err(said),
        None => Ok(Mailer::held()),
    }
}

/// Runs the house until it is asked to stop.
///
/// # Errors
/// Says what is missing.
pub async fn serve(plan: Plan) -> Said<()> {
    let house = open(&plan).await?;
    if plan.mail.is_none() {
        eprintln!("{}", words::MAIL_HELD);
    }
    listen(house).await
}

/// Serves an open house.
///
/// # Errors
/// When the address is taken.
pub async fn listen(house: House) -> Said<()> {
    let listener = tokio::net::TcpListener::bind(house.config.listen).await.map_err(said)?;
    eprintln!("{}: {}", words::READY, house.config.url);
    let relay = tokio::spawn(events::run(house.clone(), listeners()));
    let work = tokio::spawn(errands::run(house.clone(), errands(), std::future::pending()));
    let hub = house.relay.hub().clone();
    let router = crate::router::router(house).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router).with_graceful_shutdown(async move {
        asked_to_stop().await;
        // Open streams would keep it waiting.
        hub.close();
    });
    let served = served.await;
    relay.abort();
    work.abort();
    served.map_err(said)
}

async fn asked_to_stop() {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
    eprintln!("{}", words::CLOSING);
}

/// Brings the database up to today and names what was done.
///
/// # Errors
/// Says what is missing.
pub async fn migrate(plan: Plan) -> Said<()> {
    open(&plan).await.map(drop)
}

/// Looks at everything a plan names and says what is wrong.
///
/// # Errors
/// Every fault found, as a sentence.
pub async fn doctor(plan: Plan) -> Said<()> {
    let house = open(&plan).await?;
    let mut wrong = Vec::new();
    let refused = house.db.prepare_all(statements()).await.map_err(said)?;
    wrong.extend(refused.into_iter().map(|(sql, error)| format!("{error}: {sql}")));
    if let Err(error) = house.blobs.check().await {
        wrong.push(error.to_string());
    }
    if !house.mailer.is_held()
        && let Err(error) = house.mailer.check().await
    {
        wrong.push(error.to_string());
    }
    if wrong.is_empty() {
        println!("{}", words::FINE);
        Ok(())
    } else {
        Err(wrong)
    }
}

/// Structured lines on standard error; `RUST_LOG` chooses how many.
pub fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,tasuki=info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
}

/// The installation's own data key, minted at the first start.
pub async fn own_key(db: &Db, vault: &Vault, chance: &Chance, now: Ts) -> Outcome<KeyId> {
    if let Some(key) = store::own_key(db).await? {
        return Ok(key);
    }
    let key = seal::mint(db, vault, chance, now).await?.id();
    store::keep_own_key(db, key, now).await?;
    Ok(store::own_key(db).await?.unwrap_or(key))
}

/// Delivers events and does due jobs until nothing is due: for tests and the demo's seed.
pub async fn settle(house: &House) -> Outcome<()> {
    loop {
        let heard = events::deliver(house, &listeners()).await?;
        let done = errands::work(house, &errands()).await?;
        if heard + done == 0 {
            return Ok(());
        }
    }
}

/// What a settled house should not have: undelivered events, due jobs, dead jobs.
pub async fn leftovers(house: &House) -> Outcome<Vec<String>> {
    house
        .read(|tx| {
            let now = tx.now();
            let mut left = Vec::new();
            let unheard = events::unheard(tx)?;
            if unheard > 0 {
                left.push(format!("{unheard} events not heard"));
            }
            if jobs::next_at(tx)?.is_some_and(|due| due <= now) {
                left.push("a job is due".to_owned());
            }
            left.extend(jobs::dead(tx)?.into_iter().map(|job| format!("{} died", job.kind)));
            Ok(left)
        })
        .await
}
