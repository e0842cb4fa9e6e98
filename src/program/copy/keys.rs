//! The keyring beside the copy: the epoch keys, the newest state only, for without them the newest rows could not be
//! opened, and with older ones what was destroyed could; and the former master keys, which open what was sealed before
//! the master key was rotated.

use crate::config::Plan;
use crate::program::places::{far, forgets, place};
use crate::program::{Said, off};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use tasuki_base::blobs::Place;
use tasuki_base::seal::Keyring;

pub struct Mirror {
    keyring: Keyring,
    place: Place,
    /// What lies there.
    there: BTreeSet<String>,
    /// What was put there by us: a rotation writes the same names anew.
    put: BTreeMap<String, Bytes>,
}

impl Mirror {
    pub async fn open(plan: &Plan, to: &str) -> Said<Self> {
        let place = place(plan, to)?;
        forgets(&place).await?;
        let there = place.list("").await.map_err(|error| far(&place, &error))?;
        let there = there.into_iter().map(|(name, _)| name).filter(|name| is_epoch(name) || is_former(name));
        let there = there.collect();
        Ok(Self { keyring: plan.keyring.clone(), place, there, put: BTreeMap::new() })
    }

    /// Puts what is new; answers all epochs that live.
    pub async fn bring(&mut self) -> Said<BTreeSet<String>> {
        // Formers first, the newest before the others: what lies there opens at any time.
        let files = self.read().await?;
        let (mut formers, epochs): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(name, _)| is_former(name));
        formers.sort_by_key(|(name, _)| self.there.contains(name));
        let living = epochs.iter().map(|(name, _)| name.clone()).filter(|name| is_epoch(name)).collect();
        for (name, bytes) in formers.into_iter().chain(epochs) {
            if self.put.get(&name) == Some(&bytes) {
                continue;
            }
            let put = self.place.put(&name, bytes.clone()).await;
            put.map_err(|error| far(&self.place, &error))?;
            self.there.insert(name.clone());
            self.put.insert(name, bytes);
        }
        Ok(living)
    }

    async fn read(&self) -> Said<Vec<(String, Bytes)>> {
        let keyring = self.keyring.clone();
        let files = off(move || keyring.files()).await?;
        Ok(files.into_iter().map(|(name, bytes)| (name, bytes.into())).collect())
    }

    /// Former master keys stay: what they sealed may be there for long.
    pub async fn forget_all_but(&mut self, living: &BTreeSet<String>) -> Said<()> {
        // A keyring that vanished with the machine's disk is no reason to destroy its copy.
        if living.is_empty() {
            return Ok(());
        }
        let dead = self.there.difference(living).filter(|name| is_epoch(name));
        let dead: Vec<String> = dead.cloned().collect();
        for name in dead {
            self.place.delete(&name).await.map_err(|error| far(&self.place, &error))?;
            self.there.remove(&name);
            self.put.remove(&name);
        }
        Ok(())
    }
}

fn is_epoch(name: &str) -> bool {
    name.starts_with("epoch-") && name.ends_with(".key")
}

fn is_former(name: &str) -> bool {
    name.starts_with("former-") && name.ends_with(".key")
}
