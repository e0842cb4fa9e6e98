//! Where a copy lies, and what is found there.

use super::manifest::Manifest;
use crate::config::Plan;
use crate::phrases::backup as words;
use crate::program::places::{Keys, far, is_missing, place};
use crate::program::{Said, said};
use std::path::PathBuf;
use tasuki_base::blobs::Place as Store;
use tasuki_base::{Chance, seal::Vault};

/// Where a copy lies: folders, or `s3://bucket/prefix`.
#[derive(Clone, Debug)]
pub struct Place {
    /// Data: any number of generations.
    pub to: String,
    /// Keys, in their newest state only; to be kept apart from the data.
    pub keys: String,
}

impl Place {
    /// `keys`: beside the data, with `.keys` behind its name, unless said otherwise.
    #[must_use]
    pub fn new(to: &str, keys: Option<&str>) -> Self {
        let to = to.trim_end_matches('/').to_owned();
        let keys = keys.map_or_else(|| format!("{to}.keys"), str::to_owned);
        Self { to, keys }
    }

    /// Opens it for writing: what is missing is made.
    pub(super) async fn make(&self, plan: &Plan) -> Said<Shelf> {
        let store = place(plan, &self.to)?;
        let afar = Keys::open(plan, &self.keys).await?;
        Ok(Shelf { store, keys: afar.folder.clone(), afar })
    }

    /// Opens what is there.
    pub(super) async fn open(&self, plan: &Plan) -> Said<Shelf> {
        if is_missing(&self.to) {
            return Err(vec![words::no_copy(&self.to)]);
        }
        self.make(plan).await
    }
}

/// A copy that was opened.
pub struct Shelf {
    pub store: Store,
    /// Where its keys lie on this machine.
    pub keys: PathBuf,
    /// Where they come from.
    pub afar: Keys,
}

pub const GENERATIONS: &str = "generations";
/// What stands behind the name of a generation that an older program did not finish.
const UNFINISHED: &str = ".unfinished";

impl Shelf {
    /// Every generation that was begun.
    pub async fn begun(&self) -> Said<Vec<String>> {
        self.store.folders(GENERATIONS).await.map_err(|error| far(&self.store, &error))
    }

    /// The names of the whole generations, oldest first: those with a manifest, the last thing written.
    pub async fn names(&self) -> Said<Vec<String>> {
        let mut whole = Vec::new();
        for name in self.begun().await? {
            if !name.ends_with(UNFINISHED) && self.is_whole(&name).await? {
                whole.push(name);
            }
        }
        Ok(whole)
    }

    pub async fn is_whole(&self, name: &str) -> Said<bool> {
        let holds = self.store.holds(&spot(name, Manifest::FILE)).await;
        holds.map_err(|error| far(&self.store, &error))
    }

    /// A small sealed thing.
    pub async fn note(&self, vault: &Vault, spot: &str, context: &[&[u8]]) -> Said<Vec<u8>> {
        let sealed = self.store.get(spot).await.map_err(|error| far(&self.store, &error))?;
        vault.open_copy(context, &sealed).map_err(|_| vec![words::damaged(spot)])
    }

    /// Forgets it.
    pub async fn delete(&self, spot: &str) -> Said<()> {
        self.store.delete(spot).await.map_err(|error| far(&self.store, &error))
    }
}

/// Where a part of a generation lies.
pub fn spot(generation: &str, part: &str) -> String {
    format!("{GENERATIONS}/{generation}/{part}")
}

/// Seals a small thing and puts it.
pub async fn put_note(
    store: &Store,
    vault: &Vault,
    spot: &str,
    context: &[&[u8]],
    what: &impl serde::Serialize,
) -> Said<()> {
    let json = serde_json::to_vec(what).map_err(said)?;
    let sealed = vault.seal_copy(&Chance::system(), context, &json);
    store.put(spot, sealed.into()).await.map(drop).map_err(|error| far(store, &error))
}
