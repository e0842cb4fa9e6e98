//! What the made-up people wrote.

use super::crowd::Shared;
use super::{LASTING, chain, words};
use crate::timeline::actions::{Publication, publish};
use crate::{House, Outcome, Tx, acknowledgements, events, timeline};
use indicatif::ProgressBar;
use std::sync::Arc;
use tasuki_base::Clock;
use tasuki_law::nouns::DraftId;

/// So many share a transaction: enough that a page is not written anew for every post, few enough to be kept in memory.
const AT_ONCE: usize = 2_000;
/// After so many transactions the record of use is chained.
const CHAINED: usize = 20;

/// Where and how much they wrote.
pub struct Notes {
    /// Everywhere the same, round by round, so that a month passes in every place.
    pub places: Vec<Shared>,
    pub posts: usize,
    /// Letters of a post at least.
    pub letters: usize,
    /// A place in which so many posts more were written between the others.
    pub long: Option<(Shared, usize)>,
}

impl Notes {
    fn total(&self) -> usize {
        self.posts + self.long.as_ref().map_or(0, |(_, posts)| *posts)
    }

    /// In which place the post of this number stands.
    fn place(&self, number: usize) -> &Shared {
        let before = |number: usize| number * self.posts / self.total();
        match &self.long {
            Some((place, _)) if before(number) == before(number + 1) => place,
            _ => &self.places[before(number) % self.places.len()],
        }
    }

    /// As many as come round once: posts of one transaction are of one moment.
    fn round(&self) -> usize {
        (self.places.len() * self.total() / self.posts.max(1)).clamp(150, AT_ONCE)
    }
}

/// Writes all of it, from the clock's moment on.
pub async fn write(house: &House, clock: &Clock, notes: Notes, bar: &ProgressBar) -> Outcome<()> {
    let (total, round) = (notes.total(), notes.round());
    let span = LASTING / i64::try_from(total).unwrap_or(1).max(1);
    let notes = Arc::new(notes);
    for (turn, first) in (0..total).step_by(round).enumerate() {
        let (notes, until) = (Arc::clone(&notes), total.min(first + round));
        house
            .write(move |tx| {
                (first..until).try_for_each(|number| one(tx, number, &notes))?;
                events::hush(tx)
            })
            .await?;
        clock.advance(span * i64::try_from(until - first).unwrap_or_default());
        if turn % CHAINED == CHAINED - 1 {
            chain(house).await?;
        }
        bar.inc((until - first) as u64);
    }
    Ok(())
}

fn one(tx: &mut Tx, number: usize, notes: &Notes) -> Outcome<()> {
    let place = notes.place(number);
    // Everyone has their turn, in an order that looks like none.
    let member =
        |turn: usize| place.members[number.wrapping_mul(31).wrapping_add(turn) % place.members.len()];
    let (key, writer) = timeline::access::to_write(tx, &member(0).who(), place.group)?;
    let draft = DraftId(tx.draw());
    let body = words::note(number, notes.letters);
    let post = publish(tx, &key, &writer, &Publication { draft, body: &body, files: &[] })?;
    if number.is_multiple_of(4) && place.members.len() > 1 {
        let (key, ground) = timeline::access::to_acknowledge(tx, &member(1).who(), post)?;
        acknowledgements::actions::set(tx, &key, ground, true)?;
    }
    Ok(())
}
