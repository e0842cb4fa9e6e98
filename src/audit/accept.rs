//! The word of the operator that the record goes on from where the database is.

use super::chain;
use super::head::{Head, Kept, Unread, against, kept, put};
use super::store;
use crate::events::{self, Event, Marks};
use tasuki_base::db::{self, Db};
use tasuki_base::seal::Vault;

/// Says that the record goes on from where the database is, although the keyring knows of more or of less, or of nothing
/// any more: after a restore of either. The event comes first; killed between the two, it is done again.
pub async fn accept(db: &Db, vault: &Vault, marks: &Marks, event: &Event) -> Result<(), Unread> {
    let (own, event) = (marks.clone(), event.clone());
    db.write(move |tx| events::announce_beside(tx, &own, &event)).await?;
    let head = match kept(vault, marks).await? {
        Kept::Head(head) => head,
        Kept::Nothing | Kept::Damaged => return begin_anew(db, vault, marks).await,
    };
    let at = head.number;
    let (last, there) =
        db.read::<_, db::Error>(move |tx| Ok((store::last_block(tx)?, store::block_at(tx, at)?))).await?;
    if against(&head, last.as_ref(), there.as_ref()).is_none() {
        return Ok(());
    }
    let mut next = match &last {
        Some(last) => head.follows(last),
        None => Head { number: 0, hash: Vec::new(), ..head.clone() },
    };
    next.era += 1;
    if next.number < next.sealed {
        (next.sealed, next.sealed_hash) = (next.number, next.hash.clone());
    }
    put(vault, marks, Some(head), next).await
}

/// A head for a chain whose own is lost: from its last block, which bears the house's mark.
async fn begin_anew(db: &Db, vault: &Vault, marks: &Marks) -> Result<(), Unread> {
    let found = db.read::<_, db::Error>(|tx| {
        let first = store::marked_block(tx)?;
        let old = match &first {
            Some(first) => store::block_at(tx, first.number - 1)?,
            None => None,
        };
        Ok((store::accepted(tx)?, first, old, store::last_block(tx)?))
    });
    // Without a single mark the house seals what is there when it begins.
    let (era, Some(_), old, Some(last)) = found.await? else { return Ok(()) };
    if !chain::is_ours(&last, marks) {
        return Ok(());
    }
    let (sealed, sealed_hash) = old.map_or((0, Vec::new()), |old| (old.number, old.hash));
    let next = Head { era, number: last.number, at: last.made_at.0, hash: last.hash, sealed, sealed_hash };
    put(vault, marks, None, next).await
}
