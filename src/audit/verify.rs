//! Goes through the whole record and names the first place that is not as the house wrote it.

use super::chain::{BLOCK, block_hash, is_ours};
use super::head::{self, Head, Kept};
use super::store::{self, Block};
use crate::events::{Marks, Written};
use crate::{Outcome, Trouble};
use tasuki_base::db::{self, Db};
use tasuki_base::hash::hex;
use tasuki_base::seal::Vault;
use tasuki_law::nouns::EventId;
use tasuki_value::Ts;
use uuid::Uuid;

/// What was done to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// An event is not as it was written, or was put there by somebody else.
    Event,
    /// Events of a block are gone.
    Removed {
        count: i64,
    },
    /// There are more events in a block than it was made of.
    Added {
        count: i64,
    },
    /// A block was made or made anew by somebody else.
    BlockForged,
    /// A block does not follow from the one before it.
    BlockAltered,
    BlockMissing,
    /// Events claim a place in a block that is not theirs.
    Foreign {
        count: i64,
    },
    /// The record ends before what the keyring knows of.
    CutOff {
        until: i64,
    },
    /// At the block which the keyring knows another stands here.
    Rewritten,
    /// The head in the keyring is older than a kill can leave it.
    HeadOld {
        head: i64,
    },
    HeadMissing,
    HeadDamaged,
}

/// The first wrong place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub flaw: Flaw,
    /// 0: among what has no block yet.
    pub block: i64,
    pub at: Option<Ts>,
    /// What the event says it is.
    pub kind: Option<String>,
}

impl Wrong {
    pub(super) const fn of(flaw: Flaw, block: i64) -> Self {
        Self { flaw, block, at: None, kind: None }
    }

    pub(super) fn event(event: &Written, block: i64) -> Self {
        Self { at: Some(event.at), kind: Some(event.kind.clone()), ..Self::of(Flaw::Event, block) }
    }
}

/// How the record stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    pub blocks: i64,
    /// Events in whole blocks.
    pub events: i64,
    /// Events that wait for their block.
    pub waiting: i64,
    pub wrong: Option<Wrong>,
    /// The newest hash, in hexadecimal.
    pub head: String,
    /// When the last block was made.
    pub at: Option<Ts>,
}

impl Chain {
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.wrong.is_none()
    }
}

/// Goes through the whole record, block by block, and holds its end against the head in the keyring.
///
/// # Errors
/// When the database fails, or the keyring cannot be read.
pub async fn verify_chain(db: &Db, marks: &Marks, vault: &Vault) -> Outcome<Chain> {
    let before = head::kept(vault, marks).await?;
    let sealed = if let Kept::Head(head) = &before { head.sealed } else { i64::MAX };
    let mut walk = Walk { marks: marks.clone(), sealed, chain: Chain::default(), last: None };
    walk.blocks(db).await?;
    if walk.chain.wrong.is_none() {
        walk.chain.wrong = walk.waiting(db).await?;
    }
    if walk.chain.wrong.is_none() {
        let (blocks, events) = (walk.chain.blocks, walk.chain.events);
        let count = db.read(move |tx| store::claimed(tx, blocks)).await? - events;
        walk.chain.wrong = (count != 0).then(|| Wrong::of(Flaw::Foreign { count }, blocks));
    }
    if walk.chain.wrong.is_none() {
        let after = head::kept(vault, marks).await?;
        walk.chain.wrong = walk.ends(db, before, &after).await?;
    }
    Ok(walk.chain)
}

struct Walk {
    marks: Marks,
    sealed: i64,
    chain: Chain,
    last: Option<Block>,
}

/// A block, and what is wrong with it.
type Seen = (Block, i64, Option<Wrong>);

impl Walk {
    async fn blocks(&mut self, db: &Db) -> Outcome<()> {
        loop {
            let (before, marks, sealed) = (self.last.clone(), self.marks.clone(), self.sealed);
            let next = db.read(move |tx| next_block(tx, &marks, sealed, before.as_ref())).await;
            let Some((block, events, wrong)) = readable(next, self.chain.blocks + 1)? else { return Ok(()) };
            if wrong.is_some() {
                self.chain.wrong = wrong;
                return Ok(());
            }
            self.chain.blocks = block.number;
            self.chain.events += events;
            self.chain.head = hex(&block.hash);
            self.chain.at = Some(block.made_at);
            self.last = Some(block);
        }
    }

    /// The first event without a block that is not the house's; in a house that was never sealed none bears a mark.
    async fn waiting(&mut self, db: &Db) -> Outcome<Option<Wrong>> {
        let (mut after, unsealed) = (EventId(Uuid::nil()), self.sealed == i64::MAX);
        loop {
            let waiting = db.read(move |tx| store::unchained(tx, after, BLOCK)).await;
            let waiting = match waiting {
                Err(db::Error::Column(_)) => return Ok(Some(Wrong::of(Flaw::Event, 0))),
                waiting => waiting?,
            };
            let Some(last) = waiting.last() else { return Ok(None) };
            after = last.id;
            self.chain.waiting += i64::try_from(waiting.len()).unwrap_or(0);
            let stray = |event: &&Written| !(event.is_ours(&self.marks) || (unsealed && event.mac.is_none()));
            if let Some(event) = waiting.iter().find(stray) {
                return Ok(Some(Wrong::event(event, 0)));
            }
        }
    }

    /// The head before the walk must be in what was walked, and what was walked not beyond the one after it.
    async fn ends(&self, db: &Db, before: Kept, after: &Kept) -> Outcome<Option<Wrong>> {
        let last = self.last.as_ref();
        let (Kept::Head(before), Kept::Head(after)) = (before, after) else {
            let marked = last.is_some_and(|last| last.mac.is_some());
            let flaw = match after {
                Kept::Damaged => Flaw::HeadDamaged,
                _ => Flaw::HeadMissing,
            };
            let wrong = marked || matches!(after, Kept::Damaged);
            return Ok(wrong.then(|| Wrong::of(flaw, self.chain.blocks)));
        };
        let numbers = (before.number, before.sealed);
        let there = db.read::<_, db::Error>(move |tx| {
            Ok((store::block_at(tx, numbers.0)?, store::block_at(tx, numbers.1)?))
        });
        let (there, sealed) = there.await?;
        Ok(compare(&before, after, last, there.as_ref(), sealed.as_ref()))
    }
}

fn compare(
    before: &Head,
    after: &Head,
    last: Option<&Block>,
    there: Option<&Block>,
    sealed: Option<&Block>,
) -> Option<Wrong> {
    let over = before.sealed > 0 && sealed.is_none_or(|block| block.hash != before.sealed_hash);
    if over {
        return Some(Wrong::of(Flaw::Rewritten, before.sealed));
    }
    match head::against(before, last, there) {
        // Blocks were made while it was walked: then the head has followed.
        Some(Wrong { flaw: Flaw::HeadOld { .. }, .. }) => {
            let last = last.map_or(0, |last| last.number);
            let old = last > after.number + 1;
            old.then(|| Wrong::of(Flaw::HeadOld { head: after.number }, last))
        }
        wrong => wrong,
    }
}

/// A row that cannot be read is a row that the house did not write.
fn readable(next: db::Result<Option<Seen>>, number: i64) -> Outcome<Option<Seen>> {
    match next {
        Err(db::Error::Column(_)) => {
            let nil = EventId(Uuid::nil());
            let (hash, mac) = (Vec::new(), None);
            let block = Block { number, first: nil, last: nil, size: 0, hash, made_at: Ts(0), mac };
            Ok(Some((block, 0, Some(Wrong::of(Flaw::BlockAltered, number)))))
        }
        next => next.map_err(Trouble::from),
    }
}

fn next_block(
    tx: &mut db::Tx<'_>,
    marks: &Marks,
    sealed: i64,
    before: Option<&Block>,
) -> db::Result<Option<Seen>> {
    let number = before.map_or(1, |block| block.number + 1);
    let Some(block) = store::block_from(tx, number)? else { return Ok(None) };
    let events = store::in_block(tx, &block)?;
    let wrong = flaw(marks, sealed, before, &block, &events);
    let count = i64::try_from(events.len()).unwrap_or(0);
    Ok(Some((block, count, wrong)))
}

/// What is wrong with a block and its events, the events first: they can be named.
pub(super) fn flaw(
    marks: &Marks,
    sealed: i64,
    before: Option<&Block>,
    block: &Block,
    events: &[Written],
) -> Option<Wrong> {
    let number = before.map_or(1, |block| block.number + 1);
    let made = Some(block.made_at);
    if block.number != number {
        return Some(Wrong::of(Flaw::BlockMissing, number));
    }
    let follows = block.hash == block_hash(before, number, events);
    // In a house that was never sealed, blocks may bear a mark and need not.
    let ours = if number <= sealed { block.mac.is_none() } else { is_ours(block, marks) };
    if follows && (ours || (sealed == i64::MAX && is_ours(block, marks))) {
        return None;
    }
    let altered = |event: &&Written| match event.mac {
        Some(_) => !event.is_ours(marks),
        None => number > sealed,
    };
    if let Some(event) = events.iter().find(altered) {
        return Some(Wrong::event(event, number));
    }
    let count = i64::try_from(events.len()).unwrap_or(0) - block.size;
    let flaw = match count {
        ..0 => Flaw::Removed { count: -count },
        0 if follows => Flaw::BlockForged,
        0 => Flaw::BlockAltered,
        1.. => Flaw::Added { count },
    };
    Some(Wrong { at: made, ..Wrong::of(flaw, number) })
}
