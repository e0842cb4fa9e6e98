//! Moves into an empty folder what the continuous copy holds: the last base, and the log laid over it.

use super::far::{Far, Head, Ready, Spot, Thing};
use super::files::{spot, there};
use crate::config::{Database, Files, Plan};
use crate::phrases::backup as words;
use crate::program::backup::{Place as Copy, copy_back, open_vault};
use crate::program::open::{blobs, keyring_is_empty, private_folder};
use crate::program::places::{Keys, far, is_missing, place};
use crate::program::record;
use crate::program::{Said, said};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use tasuki_base::db::tap::is_whole;
use tasuki_base::disk::{self, holds_something};
use tasuki_base::hash::fingerprint;
use tasuki_base::seal::Keyring;
use tasuki_base::{Chance, text};
use tasuki_value::Ts;

/// Fills the plan's empty data folder and keyring from a continuous copy. The master key's file is to lie where the
/// plan says, from where the operator keeps it.
///
/// # Errors
/// Says what is missing, damaged, or in the way.
pub async fn restore(plan: Plan, copy: Copy) -> Said<()> {
    let Database::Lite(file) = &plan.database else { return Err(vec![words::COPY_TO_LITE.to_owned()]) };
    if holds_something(&plan.config.data) || !keyring_is_empty(&plan).await? {
        return Err(vec![words::NOT_EMPTY.to_owned()]);
    }
    let (keys, from) = open(&plan, &copy).await?;
    let story = Story::find(&from).await?;
    private_folder(&plan.config.data)?;
    let begun = file.with_extension("begun");
    let at = story.build(&from, &begun).await?;
    if !is_whole(&begun).map_err(said)? {
        return Err(vec![words::COPY_NOT_WHOLE.to_owned()]);
    }
    copy_back(&keys.folder, &plan.keyring).await?;
    let files = bring_files(&plan, &from).await?;
    fs::rename(&begun, file).map_err(said)?;
    disk::sync_folder(&plan.config.data).map_err(said)?;
    record::restored(&plan, &clock(at)).await?;
    println!("{}", words::copy_restored(&clock(at), files));
    Ok(())
}

/// What is told of a moment.
pub fn clock(at: Ts) -> String {
    text::local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Opens a copy with the keys beside it and the master key of the plan.
pub async fn open(plan: &Plan, copy: &Copy) -> Said<(Keys, Far)> {
    if is_missing(&copy.to) {
        return Err(vec![words::no_continuous(&copy.to)]);
    }
    let keys = Keys::open(plan, &copy.keys).await?;
    let vault = open_vault(&Keyring::folder(&keys.folder), &plan.master).await?;
    Ok((keys, Far::new(place(plan, &copy.to)?, vault, Chance::system())))
}

/// A base, and the pieces of the log behind it.
pub struct Story {
    pub base: Spot,
    pub ready: Ready,
    /// The last piece of the log.
    pub last: u64,
}

impl Story {
    /// The newest.
    pub async fn find(from: &Far) -> Said<Self> {
        let things = from.things().await?;
        let whole = things.iter().filter(|thing| matches!(thing, Thing::Ready(_)));
        let base = whole.map(|thing| thing.spot()).max();
        let base = base.ok_or_else(|| vec![words::no_continuous(&from.place)])?;
        let ready: Ready = from.open_json(&Thing::Ready(base).name()).await?;
        let log =
            things.iter().filter_map(|thing| if let Thing::Log(spot) = thing { Some(*spot) } else { None });
        let last = log.filter(|spot| spot.era == base.era).map(|spot| spot.number).max().unwrap_or(0);
        // What stood before the base is forgotten; a house that is quiet since has nothing behind it.
        let last = last.max(base.number - 1);
        // Less than the base itself needs.
        if last + 1 < ready.until {
            let missing = Thing::Log(Spot { number: ready.until - 1, ..base });
            return Err(vec![words::piece_damaged(&missing.name())]);
        }
        Ok(Self { base, ready, last })
    }

    /// Lays the base down and the log over it; answers how far that reaches.
    async fn build(&self, from: &Far, path: &Path) -> Said<Ts> {
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(said)?;
        self.pieces(from, |bytes| file.write_all(bytes).map_err(said)).await?;
        let at = self.log(from, |pages| pages.lay_over(&file).map_err(said)).await?;
        File::sync_all(&file).map_err(said)?;
        Ok(at)
    }

    /// Every piece of the base.
    pub async fn pieces(&self, from: &Far, mut each: impl FnMut(&[u8]) -> Said<()>) -> Said<()> {
        let mut hash = [0; 32];
        for piece in 0..self.ready.pieces {
            let bytes = from.open(&Thing::Base(self.base, piece).name()).await?;
            hash = fingerprint([hash.as_slice(), &bytes]);
            each(&bytes)?;
        }
        match hash == self.ready.hash {
            true => Ok(()),
            false => Err(vec![words::piece_damaged(&Thing::Ready(self.base).name())]),
        }
    }

    /// Every piece of the log; one that is missing in the middle is told. Answers the moment of the last.
    pub async fn log(
        &self,
        from: &Far,
        mut each: impl FnMut(&tasuki_base::db::log::Pages) -> Said<()>,
    ) -> Said<Ts> {
        let mut at = self.ready.at;
        for number in self.base.number..=self.last {
            let (head, pages): (Head, _) = from.open_log(Spot { number, ..self.base }).await?;
            each(&pages)?;
            at = head.at;
        }
        Ok(Ts(at))
    }
}

async fn bring_files(plan: &Plan, from: &Far) -> Said<usize> {
    if !matches!(plan.files, Files::Folder(_)) {
        return Ok(0);
    }
    let (to, names) = (blobs(plan)?, there(&from.place).await?);
    for (name, _) in &names {
        let bytes = from.place.get(&spot(name)).await.map_err(|error| far(&from.place, &error))?;
        let put = to.put(name, bytes).await;
        put.map_err(|error| vec![crate::phrases::program::no_files(&error)])?;
    }
    Ok(names.len())
}
