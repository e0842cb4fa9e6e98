//! The chain over the chronicle: each block's hash holds its events and the hash before it, so that whoever
//! alters, removes or adds one later shows. It is made by one leased job, never inside each transaction.

use super::store::{self, Block};
use crate::errands::{self, Errand};
use crate::events::{Event, Listener};
use crate::{Outcome, Tx};
use tasuki_base::db::{self, Db};
use tasuki_base::hash::fingerprint;
use tasuki_value::MINUTE;

/// How many events a block holds at most.
const BLOCK: i64 = 1_000;
/// Events wait about this long for their block.
const WAIT: i64 = MINUTE;

/// Calls for the next block whenever something happened.
pub const LISTENER: Listener = Listener { name: "chain", hear, hints: |_| Vec::new(), at_once: |_| true };

fn hear(tx: &mut Tx<'_, '_>, _event: &Event) -> Outcome<()> {
    let soon = tx.now().plus(WAIT);
    errands::send(tx, CHAIN.kind, &(), Some(CHAIN.kind), soon)
}

/// Puts every event that has no place yet into the chain.
pub const CHAIN: Errand = Errand {
    kind: "chain",
    run: |house, _| {
        Box::pin(async move {
            while house.write(add_block).await? == BLOCK {}
            Ok(())
        })
    },
};

/// Adds one block of what waits; answers its size.
fn add_block(tx: &mut Tx<'_, '_>) -> Outcome<i64> {
    let events = store::unchained(tx, BLOCK)?;
    let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(0) };
    let before = store::last_block(tx)?;
    let number = before.as_ref().map_or(1, |block| block.number + 1);
    let hash = block_hash(before.as_ref(), number, &events);
    let size = i64::try_from(events.len()).unwrap_or(BLOCK);
    let block = Block { number, first: first.id, last: last.id, size, hash: hash.to_vec() };
    store::insert_block(tx, &block)?;
    store::chain(tx, number, &events)?;
    Ok(size)
}

fn block_hash(before: Option<&Block>, number: i64, events: &[Event]) -> [u8; 32] {
    let before = before.map(|block| block.hash.clone()).unwrap_or_default();
    let mut parts = vec![before, number.to_be_bytes().to_vec()];
    parts.extend(events.iter().map(|event| event_hash(event).to_vec()));
    fingerprint(parts)
}

fn event_hash(event: &Event) -> [u8; 32] {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    fingerprint([
        event.id.0.as_bytes().to_vec(),
        event.at.0.to_be_bytes().to_vec(),
        event.kind.code().as_bytes().to_vec(),
        id(event.account.map(|account| account.0)),
        id(event.seat.map(|seat| seat.0)),
        id(event.facility.map(|facility| facility.0)),
        id(event.group.map(|group| group.0)),
        id(event.patient.map(|patient| patient.0)),
        id(event.subject),
        id(event.other.map(|other| other.0)),
        event.note.clone().unwrap_or_default().into_bytes(),
    ])
}

/// How the chain stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    pub blocks: i64,
    /// Events in whole blocks.
    pub events: i64,
    /// The first block that is not as it was made, or is missing.
    pub broken: Option<i64>,
    /// Events that claim a place in the chain and are in no block.
    pub foreign: i64,
    /// The newest hash, in hexadecimal: written down elsewhere, it proves that nothing was cut off the end.
    pub head: String,
}

impl Chain {
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.broken.is_none() && self.foreign == 0
    }
}

/// Goes through the whole chain, block by block.
///
/// # Errors
/// When the database fails.
pub async fn verify_chain(db: &Db) -> db::Result<Chain> {
    let mut chain = Chain::default();
    let mut before: Option<Block> = None;
    loop {
        let known = before.clone();
        let next = db.read(move |tx| next_block(tx, known.as_ref())).await?;
        let Some((block, whole)) = next else { break };
        if !whole {
            chain.broken = Some(chain.blocks + 1);
            break;
        }
        chain.blocks = block.number;
        chain.events += block.size;
        chain.head = block.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        before = Some(block);
    }
    if chain.broken.is_none() {
        chain.foreign = db.read(store::foreign).await?;
    }
    Ok(chain)
}

fn next_block(tx: &mut db::Tx<'_>, before: Option<&Block>) -> db::Result<Option<(Block, bool)>> {
    let number = before.map_or(1, |block| block.number + 1);
    let Some(block) = store::block_from(tx, number)? else { return Ok(None) };
    let events = store::in_block(tx, &block)?;
    let hash = block_hash(before, number, &events);
    let whole = block.number == number && block.hash == hash;
    Ok(Some((block, whole)))
}
