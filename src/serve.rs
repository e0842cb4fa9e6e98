//! The lists of the house: its migrations, its listeners, its errands, its statements; and how it settles.

use crate::errands::{self, Errand};
use crate::events::{self, Listener};
use crate::house::store;
use crate::{House, Outcome};
use tasuki_base::Chance;
use tasuki_base::db::{Db, Migration};
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

/// What the house does by itself.
#[must_use]
pub fn errands() -> Vec<Errand> {
    let rooms: &[&[Errand]] = &[
        &[crate::media::actions::CLEAR, crate::media::actions::EXPIRE],
        &[crate::invitations::errand()],
        &crate::notifications::ERRANDS,
    ];
    rooms.concat()
}

/// Every SQL text of the house: each is prepared on the engine in use, by a test and by `tasuki doctor`.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let rooms: &[&[&'static str]] = &[
        store::STATEMENTS,
        seal::store::STATEMENTS,
        crate::events::STATEMENTS,
        crate::web::STATEMENTS,
        crate::accounts::STATEMENTS,
        crate::media::STATEMENTS,
        crate::facilities::STATEMENTS,
        crate::groups::STATEMENTS,
        crate::connections::STATEMENTS,
        crate::invitations::STATEMENTS,
        crate::notifications::STATEMENTS,
    ];
    rooms.concat()
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
