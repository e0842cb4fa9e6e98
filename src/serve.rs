//! How a house begins, settles, and is found to have settled.

use crate::events::{self, Marks};
use crate::house::store;
pub use crate::roster::{errands, listeners, migrations, statements};
use crate::{House, Outcome, audit, errands as work};
use tasuki_base::Chance;
use tasuki_base::db::Db;
use tasuki_base::jobs;
use tasuki_base::seal::{self, KeyId, Vault};
use tasuki_value::Ts;

/// The installation's own data key, minted at the first start.
pub async fn own_key(db: &Db, vault: &Vault, chance: &Chance, now: Ts) -> Outcome<KeyId> {
    if let Some(key) = store::own_key(db).await? {
        return Ok(key);
    }
    let key = seal::mint(db, vault, chance, now).await?.id();
    store::keep_own_key(db, key, now).await?;
    Ok(store::own_key(db).await?.unwrap_or(key))
}

/// What the house signs its record with: see [`Marks`].
pub async fn marks(db: &Db, vault: &Vault, own_key: KeyId) -> Result<Marks, seal::Error> {
    let vault = vault.clone();
    db.read(move |tx| Ok(Marks::of(&seal::unlock(tx, &vault, own_key)?))).await
}

/// Delivers events and does due jobs until nothing is due: for tests and the demo's seed.
pub async fn settle(house: &House) -> Outcome<()> {
    audit::count_looks(house, false).await?;
    loop {
        let heard = events::deliver(house, &listeners()).await?;
        let done = work::work(house, &errands()).await?;
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
