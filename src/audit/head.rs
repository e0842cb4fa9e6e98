//! The head of the chain: number, hash and time of the last block, in the keyring, where whoever writes into the database
//! does not reach it. It follows the database by one block at most, is never ahead of it, and never goes back unless the
//! operator says so, which is on the record. Why in this order: docs/decisions/0018-record-under-a-key.md.

use super::chain::{self, BLOCK};
use super::store::{self, Block};
use super::verify::{Flaw, Wrong};
use crate::events::{self, Event, Marks, Written};
use crate::phrases::record as words;
use crate::{House, Trouble};
use tasuki_base::db;
use tasuki_base::hash::hex;
use tasuki_base::seal::{Vault, VaultError};
use tasuki_law::nouns::{EventId, EventKind};
use tasuki_value::Ts;
use uuid::Uuid;

/// What stands in the keyring, in every backup, and goes out to where it cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// How often the operator has said that the record goes on from an earlier block.
    pub era: i64,
    pub number: i64,
    /// When that block was made.
    pub at: i64,
    pub hash: Vec<u8>,
    /// Up to here blocks bear no mark: they are from before there were any.
    pub sealed: i64,
    pub sealed_hash: Vec<u8>,
}

const TITLE: &str = "tasuki-record-1";

impl Head {
    /// As it lies in the keyring: one line, signed.
    fn to_note(&self, marks: &Marks) -> Vec<u8> {
        let Self { era, number, at, hash, sealed, sealed_hash } = self;
        let said = format!("{TITLE} {era} {number} {at} {} {sealed} {}", hex(hash), hex(sealed_hash));
        let signed = hex(&marks.head().sign(&[said.as_bytes()]));
        format!("{said} {signed}\n").into_bytes()
    }

    /// `None` for what this house did not write.
    fn from_note(note: &[u8], marks: &Marks) -> Option<Self> {
        let (said, signed) = std::str::from_utf8(note).ok()?.trim_end().rsplit_once(' ')?;
        let signed = unhex(signed).filter(|signed| signed.len() == 32)?;
        if !marks.head().is(&[said.as_bytes()], &signed) {
            return None;
        }
        let words: Vec<&str> = said.split(' ').collect();
        let [TITLE, era, number, at, hash, sealed, sealed_hash] = words[..] else { return None };
        Some(Self {
            era: era.parse().ok()?,
            number: number.parse().ok()?,
            at: at.parse().ok()?,
            hash: unhex(hash)?,
            sealed: sealed.parse().ok()?,
            sealed_hash: unhex(sealed_hash)?,
        })
    }

    /// Some letters of it, for the eye.
    #[must_use]
    pub fn short(&self) -> String {
        hex(&self.hash).chars().take(16).collect()
    }

    pub(super) fn follows(&self, last: &Block) -> Self {
        Self { number: last.number, at: last.made_at.0, hash: last.hash.clone(), ..self.clone() }
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if digits.len().is_multiple_of(2) { pairs.collect() } else { None }
}

/// How the chain's end and the head stand to each other.
pub enum Stand {
    Fine(Head),
    Wrong(Wrong),
}

/// Why it is not known.
#[derive(Debug)]
pub enum Unread {
    Trouble(Trouble),
    Keyring(VaultError),
}

impl From<Trouble> for Unread {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<db::Error> for Unread {
    fn from(error: db::Error) -> Self {
        Self::Trouble(error.into())
    }
}

/// What lies in the keyring: nothing, a head, or what is none of this house.
pub enum Kept {
    Nothing,
    Damaged,
    Head(Head),
}

impl Kept {
    fn of(note: Option<&[u8]>, marks: &Marks) -> Self {
        match note.map(|note| Head::from_note(note, marks)) {
            None => Self::Nothing,
            Some(None) => Self::Damaged,
            Some(Some(head)) => Self::Head(head),
        }
    }
}

/// Asks the keyring, away from the threads that others wait for.
pub async fn kept(vault: &Vault, marks: &Marks) -> Result<Kept, Unread> {
    let looking = vault.clone();
    let note = tokio::task::spawn_blocking(move || looking.note()).await.map_err(Trouble::broken)?;
    Ok(Kept::of(note.map_err(Unread::Keyring)?.as_deref(), marks))
}

/// Puts a head in the place of the one that was read; leaves a newer one.
pub(super) async fn put(
    vault: &Vault,
    marks: &Marks,
    before: Option<Head>,
    next: Head,
) -> Result<(), Unread> {
    let (vault, marks) = (vault.clone(), marks.clone());
    let write = move || {
        vault.write_note(|note| match (Kept::of(note, &marks), &before) {
            (Kept::Nothing | Kept::Damaged, None) => Some(next.to_note(&marks)),
            (Kept::Head(there), Some(before))
                if there == *before && (there.era, there.number) < (next.era, next.number) =>
            {
                Some(next.to_note(&marks))
            }
            // Another node was quicker: it never goes back.
            _ => None,
        })
    };
    let written = tokio::task::spawn_blocking(write).await.map_err(Trouble::broken)?;
    written.map(drop).map_err(Unread::Keyring)
}

/// Brings the head to the end of the chain, by one block at most; seals what is there in a house that has no head yet.
pub async fn settle(house: &House) -> Result<Stand, Unread> {
    let mut before = None;
    loop {
        match bring(house).await? {
            // Another node may have gone on between the two looks: a head that does not move is old.
            Stand::Wrong(Wrong { flaw: Flaw::HeadOld { head }, .. }) if before != Some(head) => {
                before = Some(head);
            }
            stand => return Ok(stand),
        }
    }
}

async fn bring(house: &House) -> Result<Stand, Unread> {
    let (db, vault, marks) = (&house.db, &house.vault, &house.marks);
    // The head first: the database may only be further by then.
    let head = match kept(vault, marks).await? {
        Kept::Head(head) => head,
        Kept::Damaged => return Ok(Stand::Wrong(Wrong::of(Flaw::HeadDamaged, 0))),
        Kept::Nothing => {
            if let Some(block) = db.read(store::marked_block).await? {
                return Ok(Stand::Wrong(Wrong::of(Flaw::HeadMissing, block.number)));
            }
            let (now, marks_here) = (house.now(), marks.clone());
            let event = house.chance.uuid(now);
            let sealed = db.write(move |tx| seal(tx, &marks_here, now, event)).await;
            let sealed = sealed.map_err(Unread::from)?;
            put(vault, marks, None, sealed).await?;
            match kept(vault, marks).await? {
                Kept::Head(head) => head,
                _ => return Ok(Stand::Wrong(Wrong::of(Flaw::HeadDamaged, 0))),
            }
        }
    };
    let at = head.clone();
    let (last, there) = db
        .read::<_, db::Error>(move |tx| Ok((store::last_block(tx)?, store::block_at(tx, at.number)?)))
        .await?;
    if let Some(wrong) = against(&head, last.as_ref(), there.as_ref()) {
        return Ok(Stand::Wrong(wrong));
    }
    let Some(last) = last.filter(|last| last.number > head.number) else { return Ok(Stand::Fine(head)) };
    if !chain::is_ours(&last, marks) {
        return Ok(Stand::Wrong(Wrong::of(Flaw::BlockForged, last.number)));
    }
    let next = head.follows(&last);
    put(vault, marks, Some(head), next.clone()).await?;
    Ok(Stand::Fine(next))
}

/// What is wrong between a head and a chain that was read after it; one more block may be there.
pub fn against(head: &Head, last: Option<&Block>, there: Option<&Block>) -> Option<Wrong> {
    let last = last.map_or(0, |last| last.number);
    let flaw = if last < head.number {
        Flaw::CutOff { until: head.number }
    } else if head.number > 0 && there.is_none_or(|block| block.hash != head.hash) {
        Flaw::Rewritten
    } else if last > head.number + 1 {
        Flaw::HeadOld { head: head.number }
    } else {
        return None;
    };
    let wrong = if matches!(flaw, Flaw::Rewritten) { head.number } else { last };
    Some(Wrong { at: Some(Ts(head.at)), ..Wrong::of(flaw, wrong) })
}

/// Takes over a record from before there were marks: what has no block yet gets one of the old kind, and the head that
/// is made of this is a seal over all of it.
fn seal(tx: &mut db::Tx<'_>, marks: &Marks, now: Ts, event: Uuid) -> db::Result<Head> {
    let (mut after, mut old): (_, Vec<Written>) = (EventId(Uuid::nil()), Vec::new());
    loop {
        let waiting = store::unchained(tx, after, BLOCK)?;
        let Some(last) = waiting.last() else { break };
        after = last.id;
        old.extend(waiting.into_iter().filter(|event| event.mac.is_none()));
    }
    for events in old.chunks(usize::try_from(BLOCK).unwrap_or(1)) {
        chain::put_block(tx, None, now, events)?;
    }
    let Some(last) = store::last_block(tx)? else {
        return Ok(Head {
            era: 0,
            number: 0,
            at: now.0,
            hash: Vec::new(),
            sealed: 0,
            sealed_hash: Vec::new(),
        });
    };
    let said = Event { id: EventId(event), at: now, ..Event::new(EventKind::RecordSealed) };
    events::announce_beside(tx, marks, &said.noting(last.number.to_string()))?;
    let (number, hash) = (last.number, last.hash);
    Ok(Head { era: 0, number, at: last.made_at.0, hash: hash.clone(), sealed: number, sealed_hash: hash })
}

/// So loud that nobody overlooks it; people go on working meanwhile.
pub fn cry(wrong: &Wrong) {
    metrics::gauge!("tasuki_record_wrong").set(1.0);
    tracing::error!(block = wrong.block, "{}", words::wrong(wrong));
}

/// Out to where it cannot be taken back: the log, and whoever counts.
pub fn tell(head: &Head) {
    metrics::gauge!("tasuki_record_wrong").set(0.0);
    metrics::gauge!("tasuki_record_block").set(head.number as f64);
    metrics::gauge!("tasuki_record_time_seconds").set((head.at / 1_000_000) as f64);
    // Six bytes are as much as a gauge holds exactly.
    let short = head.hash.iter().take(6).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    metrics::gauge!("tasuki_record_head").set(short as f64);
    tracing::info!(block = head.number, era = head.era, head = %head.short(), "the record's head");
}
