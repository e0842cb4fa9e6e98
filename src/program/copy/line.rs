//! The log's way into the second place.

use super::base;
use super::far::{ALIVE, Alive, Far, Head, Ready, Spot};
use crate::phrases::backup as words;
use crate::program::{Said, said};
use bytes::Bytes;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tasuki_base::Clock;
use tasuki_base::db::log::{Found, Pages};
use tasuki_base::db::tap::Tap;
use tasuki_base::db::{Db, Tx};
use tasuki_value::{DAY, MINUTE, Ts};
use tokio::task::{JoinHandle, spawn_blocking};

/// A base so often: it bounds how long moving in takes, and how long what was destroyed stays.
const BASE_EVERY: i64 = DAY;
/// How long the log may grow while the place is away. Then it is let go, and an era begins once the place is back.
const LOG_LIMIT: u64 = 256 * 1024 * 1024;

/// A base on its way.
struct Laying {
    spot: Spot,
    begun: Ts,
    work: JoinHandle<Said<(u64, [u8; 32])>>,
}

/// An era under way.
pub struct Line {
    far: Far,
    db: Db,
    clock: Clock,
    tap: Arc<Mutex<Tap>>,
    era: u64,
    /// Of the next piece of the log.
    number: u64,
    /// Drawn and not yet there.
    pending: Option<Bytes>,
    laying: Option<Laying>,
    based_at: Option<Ts>,
    stepped_at: Ts,
    alive_at: Ts,
    pub log_limit: u64,
}

/// Whether a line goes on, or another era is to begin.
pub enum Fate {
    GoesOn,
    Lost,
}

impl Line {
    /// Goes on where the newest era ended, if the log still has that place; else a new era begins.
    pub async fn open(far: Far, db: Db, clock: Clock, file: PathBuf) -> Said<Self> {
        let newest = far.newest_era().await?;
        let last = far.log_of(newest).await?.pop();
        let mark = match last {
            Some(number) => far.open_log(Spot { era: newest, number }).await?.0.mark,
            None => None,
        };
        let opened = db.between(move |tx| Ok(Arc::new(Mutex::new(Tap::open(tx, &file, mark)?)))).await;
        let tap = opened.map_err(said)?;
        let goes_on = tap.lock().unwrap_or_else(PoisonError::into_inner).goes_on(mark);
        let (era, number) = if goes_on { (newest, last.unwrap_or(0) + 1) } else { (newest + 1, 1) };
        let based_at = if goes_on { newest_base(&far, era).await? } else { None };
        tracing::info!(era, goes_on, "the continuous copy has begun");
        Ok(Self {
            far,
            db,
            clock,
            tap,
            era,
            number,
            pending: None,
            laying: None,
            based_at,
            stepped_at: Ts(0),
            alive_at: Ts(0),
            log_limit: LOG_LIMIT,
        })
    }

    /// Brings everything over that was committed until now.
    pub async fn step(&mut self) -> Said<Fate> {
        let now = self.clock.now();
        match self.bring(now).await {
            Ok(Fate::GoesOn) => {}
            Ok(Fate::Lost) => return Ok(Fate::Lost),
            Err(why) if self.is_too_long() => {
                tracing::warn!("the log is let go: {}", why.join(" "));
                return Ok(Fate::Lost);
            }
            Err(why) => return Err(why),
        }
        self.stepped_at = now;
        self.base(now).await?;
        if now.since(self.alive_at) < MINUTE {
            return Ok(Fate::GoesOn);
        }
        // Somebody emptied the place, or another disk is there now.
        if self.alive_at.0 > 0 && !self.far.holds(ALIVE).await? {
            return Ok(Fate::Lost);
        }
        self.say_alive().await.map(|()| Fate::GoesOn)
    }

    /// Lets the log be moved as ever.
    pub async fn end(self) {
        let _ = self.db.between(Tap::let_go).await;
    }

    /// Writes down how far the copy is, after a step.
    pub async fn say_alive(&mut self) -> Said<()> {
        let alive = Alive { at: self.stepped_at.0, era: self.era, number: self.number - 1 };
        self.far.put(ALIVE, self.far.seal_json(ALIVE, &alive)).await?;
        self.alive_at = self.stepped_at;
        Ok(())
    }

    async fn bring(&mut self, now: Ts) -> Said<Fate> {
        self.send().await?;
        loop {
            match self.with_tap(Tap::take).await? {
                Found::Nothing => break,
                Found::Lost => return Ok(Fate::Lost),
                Found::Pages(pages) => self.pack(now, &pages),
            }
            self.send().await?;
        }
        if !self.with_tap(|tap| Ok(tap.is_long())).await? && !self.wants_base(now) {
            return Ok(Fate::GoesOn);
        }
        match self.turn_over().await? {
            Found::Nothing => {}
            Found::Lost => return Ok(Fate::Lost),
            Found::Pages(pages) => self.pack(now, &pages),
        }
        let whole = self.with_tap(|tap| Ok(tap.is_whole())).await?;
        // What was just drawn comes before the base, whether it is there yet or not.
        if whole && self.wants_base(now) {
            let spot = self.spot(self.number + u64::from(self.pending.is_some()));
            let work = tokio::spawn(base::lay(self.far.clone(), Arc::clone(&self.tap), spot));
            self.laying = Some(Laying { spot, begun: now, work });
        }
        self.send().await.map(|()| Fate::GoesOn)
    }

    async fn turn_over(&self) -> Said<Found> {
        let before = self.with_tap(|tap| Ok(tap.mark())).await?;
        let tap = Arc::clone(&self.tap);
        let turn = move |_: &mut Tx<'_>| tap.lock().unwrap_or_else(PoisonError::into_inner).turn_over();
        match self.db.between(turn).await {
            Ok(found) => Ok(found),
            // What was drawn did not come out: the era goes on from what is over there, if the log still has it.
            Err(_) if self.with_tap(|tap| Ok(tap.mark())).await? != before => Ok(Found::Lost),
            Err(error) => Err(said(error)),
        }
    }

    fn pack(&mut self, now: Ts, pages: &Pages) {
        let mark = self.tap.lock().unwrap_or_else(PoisonError::into_inner).mark();
        self.pending = Some(self.far.seal_log(self.spot(self.number), &Head { at: now.0, mark }, pages));
    }

    async fn send(&mut self) -> Said<()> {
        let Some(sealed) = self.pending.clone() else { return Ok(()) };
        let name = super::far::Thing::Log(self.spot(self.number)).name();
        self.far.put(&name, sealed).await?;
        self.pending = None;
        self.number += 1;
        Ok(())
    }

    const fn spot(&self, number: u64) -> Spot {
        Spot { era: self.era, number }
    }

    fn wants_base(&self, now: Ts) -> bool {
        let due = self.based_at.is_none_or(|at| now.since(at) >= BASE_EVERY);
        self.laying.is_none() && due
    }

    /// Says that a base is whole once all that was written while it was copied is over there too.
    async fn base(&mut self, now: Ts) -> Said<()> {
        let Some(mut laying) = self.laying.take_if(|laying| laying.work.is_finished()) else {
            return Ok(());
        };
        let (pieces, hash) = (&mut laying.work).await.map_err(said)??;
        let before = self.based_at.replace(laying.begun);
        let finished = self.finish_base(now, &laying, pieces, hash).await;
        if !matches!(finished, Ok(Fate::GoesOn)) {
            self.based_at = before;
        }
        finished.map(drop)
    }

    async fn finish_base(&mut self, now: Ts, laying: &Laying, pieces: u64, hash: [u8; 32]) -> Said<Fate> {
        // Drawn after the last piece of the base was read.
        if let Fate::Lost = self.bring(now).await? {
            return Ok(Fate::Lost);
        }
        let ready = Ready { at: laying.begun.0, until: self.number, pieces, hash };
        base::finish(&self.far, laying.spot, &ready).await?;
        base::forget(&self.far).await.map(|()| Fate::GoesOn)
    }

    /// Whether one could move in from this era.
    pub const fn is_based(&self) -> bool {
        self.based_at.is_some()
    }

    async fn with_tap<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tap) -> tasuki_base::db::Result<T> + Send + 'static,
    ) -> Said<T> {
        let tap = Arc::clone(&self.tap);
        let work = move || work(&mut tap.lock().unwrap_or_else(PoisonError::into_inner));
        spawn_blocking(work).await.map_err(said)?.map_err(said)
    }

    fn is_too_long(&self) -> bool {
        self.tap.lock().unwrap_or_else(PoisonError::into_inner).log_size() > self.log_limit
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(laying) = &self.laying {
            laying.work.abort();
        }
    }
}

async fn newest_base(far: &Far, era: u64) -> Said<Option<Ts>> {
    let whole = far.things().await?.into_iter().filter(|thing| matches!(thing, super::far::Thing::Ready(_)));
    let Some(newest) = whole.filter(|thing| thing.spot().era == era).max_by_key(|thing| thing.spot()) else {
        return Ok(None);
    };
    let ready: Ready = far.open_json(&newest.name()).await?;
    Ok(Some(Ts(ready.at)))
}

/// What is said once when the copy falls behind, and once when it is back.
pub fn tell(before: &mut Option<String>, now: Option<Vec<String>>) {
    match (before.as_ref(), &now) {
        (None, Some(why)) => tracing::warn!("{}: {}", words::COPY_BEHIND, why.join(" ")),
        (Some(_), None) => tracing::info!("{}", words::COPY_BACK),
        _ => {}
    }
    *before = now.map(|why| why.join(" "));
}
