//! The epoch keys beside the copy: the newest state only. Without them the newest rows could not be opened, and with
//! older ones what was destroyed could.

use crate::config::Plan;
use crate::program::places::{far, forgets, place};
use crate::program::{Said, said};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use tasuki_base::blobs::Place;

pub struct Mirror {
    keyring: PathBuf,
    place: Place,
    /// What lies there.
    there: BTreeSet<String>,
    /// What was put there by us, so that it is today's.
    put: BTreeSet<String>,
}

impl Mirror {
    pub async fn open(plan: &Plan, to: &str) -> Said<Self> {
        let place = place(plan, to)?;
        forgets(&place).await?;
        let there = place.list("").await.map_err(|error| far(&place, &error))?;
        let there = there.into_iter().map(|(name, _)| name).filter(|name| is_epoch(name)).collect();
        Ok(Self { keyring: plan.keyring.clone(), place, there, put: BTreeSet::new() })
    }

    /// Puts what is new; answers all that live.
    pub async fn bring(&mut self) -> Said<BTreeSet<String>> {
        let mut living = BTreeSet::new();
        for entry in fs::read_dir(&self.keyring).map_err(said)? {
            let name = entry.map_err(said)?.file_name().to_string_lossy().into_owned();
            if !is_epoch(&name) {
                continue;
            }
            if !self.put.contains(&name) {
                match fs::read(self.keyring.join(&name)) {
                    Ok(bytes) => {
                        let put = self.place.put(&name, bytes.into()).await;
                        put.map(drop).map_err(|error| far(&self.place, &error))?;
                    }
                    // Destroyed since it was listed.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(said(error)),
                }
                self.put.insert(name.clone());
                self.there.insert(name.clone());
            }
            living.insert(name);
        }
        Ok(living)
    }

    pub async fn forget_all_but(&mut self, living: &BTreeSet<String>) -> Said<()> {
        // A keyring that vanished with the machine's disk is no reason to destroy its copy.
        if living.is_empty() {
            return Ok(());
        }
        let dead: Vec<String> = self.there.difference(living).cloned().collect();
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
