//! Opens everything that moving in would need.

use super::far::{ALIVE, Alive, Far, Spot, Thing};
use super::restore::{Story, clock, open};
use crate::config::Plan;
use crate::phrases::backup as words;
use crate::program::backup::Place as Copy;
use crate::program::places::{is_missing, place};
use crate::program::{Said, said};
use tasuki_base::Chance;
use tasuki_base::seal::Vault;
use tasuki_value::Ts;

/// Opens the newest base and every piece of the log behind it.
///
/// # Errors
/// Says what is damaged or missing.
pub async fn verify(plan: Plan, copy: Copy) -> Said<()> {
    let (_keys, from) = open(&plan, &copy).await?;
    let story = Story::find(&from).await?;
    story.pieces(&from, |_| Ok(())).await?;
    let at = story.log(&from, |_| Ok(())).await?;
    let alive: Alive = from.open_json(ALIVE).await?;
    // The end was cut off.
    if alive.era == story.base.era && alive.number > story.last {
        let missing = Thing::Log(Spot { number: story.last + 1, ..story.base });
        return Err(vec![words::piece_damaged(&missing.name())]);
    }
    let pieces = story.last + 1 - story.base.number;
    println!("{}", words::copy_whole(&clock(at.max(Ts(alive.at))), story.ready.pieces, pieces));
    Ok(())
}

/// How far the copy of a plan reaches, for who looks from outside; `None` before there is one.
///
/// # Errors
/// Says what is missing.
pub async fn reach(plan: &Plan, vault: Vault) -> Said<Option<Ts>> {
    let Some(to) = &plan.copy else { return Ok(None) };
    // Looking must not make it.
    if is_missing(&to.data) {
        return Ok(None);
    }
    let from = Far::new(place(plan, &to.data)?, vault, Chance::system());
    if !from.holds(ALIVE).await? {
        return Ok(None);
    }
    let alive: Alive = from.open_json(ALIVE).await.map_err(|why| said(why.join(" ")))?;
    Ok(Some(Ts(alive.at)))
}
