//! The chain over the chronicle: each block's hash holds its events and the hash before it, and its mark, made with a
//! key that is not in the database, holds the block. It is made by one leased job, never inside each transaction.

use super::head::{self, Stand};
use super::store::{self, Block};
use crate::errands::{self, Errand, Failed};
use crate::events::{Event, Listener, Marks, Written};
use crate::{House, Outcome, Trouble, Tx};
use tasuki_base::db;
use tasuki_base::hash::fingerprint;
use tasuki_law::nouns::EventId;
use tasuki_value::{MINUTE, Ts};
use uuid::Uuid;

/// How many events a block holds at most.
pub(super) const BLOCK: i64 = 1_000;
/// Events wait about this long for their block.
const WAIT: i64 = MINUTE;

/// Calls for the next block whenever something happened.
pub const LISTENER: Listener = Listener { name: "chain", hear, hints: |_| Vec::new(), at_once: |_| true };

fn hear(tx: &mut Tx<'_, '_>, _event: &Event) -> Outcome<()> {
    let soon = tx.now().plus(WAIT);
    errands::send(tx, CHAIN.kind, &(), Some(CHAIN.kind), soon)
}

/// Puts every event that has no place yet into the chain.
pub const CHAIN: Errand = Errand { kind: "chain", run: |house, _| Box::pin(extend(house)) };

/// Block by block, and the head in the keyring behind each: it is never more than one block behind, and never ahead.
async fn extend(house: House) -> Result<(), Failed> {
    loop {
        let head = match head::settle(&house).await? {
            Stand::Fine(head) => head,
            Stand::Wrong(wrong) => {
                // Nothing is built on what may have been altered; people go on, and their events wait with their own
                // marks.
                head::cry(&wrong);
                return Ok(());
            }
        };
        match house.write(move |tx| add_block(tx, head.number)).await? {
            // A lease that ran out, or what happened meanwhile, has called another: the head follows before either adds.
            None => {}
            Some(size) if size < BLOCK => break,
            Some(_) => {}
        }
    }
    match head::settle(&house).await? {
        Stand::Wrong(wrong) => head::cry(&wrong),
        Stand::Fine(head) => head::tell(&head),
    }
    Ok(())
}

/// Adds one block of what waits and bears the house's mark, behind the block that the head knows; answers its size, or
/// nothing where another is there already. What bears no mark stays outside, where whoever verifies finds it.
fn add_block(tx: &mut Tx<'_, '_>, head: i64) -> Outcome<Option<i64>> {
    let (marks, now) = (tx.marks(), tx.now());
    if store::last_block(tx)?.map_or(0, |last| last.number) != head {
        return Ok(None);
    }
    let (mut events, mut after): (Vec<Written>, _) = (Vec::new(), EventId(Uuid::nil()));
    while events.is_empty() {
        let waiting = store::unchained(tx, after, BLOCK)?;
        let Some(last) = waiting.last() else { return Ok(Some(0)) };
        after = last.id;
        events.extend(waiting.into_iter().filter(|event| event.is_ours(marks)));
    }
    Ok(Some(put_block(tx, Some(marks), now, &events)?))
}

/// `marks`: none for what was there before there were any.
pub(super) fn put_block(
    tx: &mut db::Tx<'_>,
    marks: Option<&Marks>,
    now: Ts,
    events: &[Written],
) -> db::Result<i64> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(0) };
    let before = store::last_block(tx)?;
    let number = before.as_ref().map_or(1, |block| block.number + 1);
    let hash = block_hash(before.as_ref(), number, events).to_vec();
    let size = i64::try_from(events.len()).unwrap_or(BLOCK);
    let mut block = Block { number, first: first.id, last: last.id, size, hash, made_at: now, mac: None };
    block.mac = marks.map(|marks| marks.block().sign(&parts(&block).each_ref().map(Vec::as_slice)).to_vec());
    store::insert_block(tx, &block)?;
    store::chain(tx, number, events)?;
    Ok(size)
}

/// What a block's mark is over.
pub(super) fn parts(block: &Block) -> [Vec<u8>; 6] {
    [
        block.number.to_be_bytes().to_vec(),
        block.first.0.as_bytes().to_vec(),
        block.last.0.as_bytes().to_vec(),
        block.size.to_be_bytes().to_vec(),
        block.made_at.0.to_be_bytes().to_vec(),
        block.hash.clone(),
    ]
}

/// Whether the house made this block so.
pub(super) fn is_ours(block: &Block, marks: &Marks) -> bool {
    let mac = block.mac.as_deref().filter(|mac| mac.len() == 32);
    mac.is_some_and(|mac| marks.block().is(&parts(block).each_ref().map(Vec::as_slice), mac))
}

/// As it was before there were marks, too: what a house has chained so far stays as it is.
pub(super) fn block_hash(before: Option<&Block>, number: i64, events: &[Written]) -> [u8; 32] {
    let mut parts =
        vec![before.map(|block| block.hash.clone()).unwrap_or_default(), number.to_be_bytes().to_vec()];
    parts.extend(events.iter().map(|event| event.digest.to_vec()));
    fingerprint(parts)
}

impl From<head::Unread> for Failed {
    fn from(unread: head::Unread) -> Self {
        match unread {
            head::Unread::Trouble(trouble) => trouble.into(),
            head::Unread::Keyring(error) => {
                tracing::warn!(%error, "the record's head cannot be written: its blocks wait");
                Self::again("keyring")
            }
        }
    }
}

impl From<head::Unread> for Trouble {
    fn from(unread: head::Unread) -> Self {
        match unread {
            head::Unread::Trouble(trouble) => trouble,
            head::Unread::Keyring(error) => tasuki_base::seal::Error::from(error).into(),
        }
    }
}
