//! What happens to files: announced, sent in parts, finished, taken back.

use super::limits::{Announced, PART, Unwanted, length_of, parts_of};
use super::store::{self, UploadRow};
use super::{ContentId, FileCard, Meta, Purpose, access, finishing, limits, shares, shelf};
use crate::errands::{self, Errand, Failed};
use crate::{House, Outcome, Trouble, Tx};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tasuki_base::blobs::Name;
use tasuki_base::files;
use tasuki_base::seal::DataKey;
use tasuki_law::nouns::{UploadId, Who};
use tasuki_value::DAY;

pub use super::parcel::take_multipart;

/// Longer than the page's script waits for one part.
const PATIENCE: Duration = Duration::from_secs(130);
/// What is not finished by then is swept away.
const LIFE: i64 = DAY;

/// Lets a file begin, before its first byte. `purpose` says that the calling room has asked the law.
pub fn start(tx: &mut Tx, purpose: &Purpose, file: &Announced) -> Outcome<Result<UploadId, Unwanted>> {
    let more = file.size.unwrap_or_default();
    if let Some(fault) = file.fault() {
        return Ok(Err(fault));
    }
    if let Err(full) = limits::day(tx, purpose, more)? {
        return Ok(Err(full));
    }
    if let Err(full) = limits::post(tx, purpose, more)? {
        return Ok(Err(full));
    }
    let id = UploadId(tx.draw());
    let meta = Meta { name: file.name.clone(), ..Meta::default() };
    // Room for the largest is held until the end is seen.
    let size = i64::try_from(file.size.unwrap_or(file.most)).map_err(Trouble::broken)?;
    store::insert(tx, id, purpose, size, &meta)?;
    let due = tx.now().plus(LIFE);
    errands::send(tx, EXPIRE.kind, &Waiting { upload: id }, None, due)?;
    Ok(Ok(id))
}

/// An upload under way, with what is needed to add to it.
#[derive(Clone)]
pub(super) struct Coming {
    pub id: UploadId,
    pub size: u64,
    pub key: DataKey,
}

/// Where an upload stands: which of its parts are here.
#[derive(Debug, Serialize)]
pub struct State {
    pub id: UploadId,
    pub size: i64,
    pub part_size: u64,
    pub parts: Vec<i64>,
    pub ready: bool,
}

/// For going on where a broken line ended.
pub fn state(tx: &mut Tx, who: &Who, upload: UploadId) -> Outcome<State> {
    let row = access::own(tx, who, upload)?;
    let parts = store::parts(tx, upload)?;
    Ok(State { id: row.id, size: row.size, part_size: PART, parts, ready: row.ready_at.is_some() })
}

/// Takes part `number` of one's own upload; durable when it returns. The same part may come again.
pub async fn take_part<E>(
    house: &House,
    who: &Who,
    upload: UploadId,
    number: u32,
    bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Outcome<Result<(), Unwanted>> {
    let asker = who.clone();
    let coming = house.read(move |tx| {
        let row = access::own_coming(tx, &asker, upload)?;
        Ok(Coming { id: row.id, size: row.size.cast_unsigned(), key: tx.key(row.data_key)?.clone() })
    });
    let coming = coming.await?;
    let length = length_of(coming.size, number).ok_or(Trouble::Malformed)?;
    let account = who.account().ok_or(tasuki_law::Refusal::SignIn)?;
    let _share = shares::receiving(account, length).await?;
    let read = tokio::time::timeout(PATIENCE, gather(bytes, length)).await;
    let Some(plain) = read.map_err(|_| Trouble::Malformed)?? else {
        let most = house.config.max_file;
        let over = Unwanted::TooLarge { film: false, most, size: None };
        return Ok(Err(if coming.size == most { over } else { Unwanted::Changed }));
    };
    if plain.len() as u64 != length {
        return Err(Trouble::Malformed);
    }
    keep_part(house, &coming, number, plain).await
}

/// Exactly `length` bytes, or fewer when they end early; none when they are more.
async fn gather<E>(
    mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    length: u64,
) -> Outcome<Option<Vec<u8>>> {
    // Never more than a part.
    let mut plain = Vec::with_capacity(usize::try_from(length).map_err(Trouble::broken)?);
    loop {
        let next = tokio::time::timeout(shares::PAUSE, bytes.next()).await;
        let Some(piece) = next.map_err(|_| Trouble::Malformed)? else { return Ok(Some(plain)) };
        let piece = piece.map_err(|_| Trouble::Malformed)?;
        if (plain.len() + piece.len()) as u64 > length {
            return Ok(None);
        }
        plain.extend_from_slice(&piece);
    }
}

/// Looks at the first bytes, seals, writes, and notes that it is there.
pub(super) async fn keep_part(
    house: &House,
    coming: &Coming,
    number: u32,
    plain: Vec<u8>,
) -> Outcome<Result<(), Unwanted>> {
    let (id, size) = (coming.id, plain.len() as i64);
    if !house.blobs.has_room() {
        return Ok(Err(Unwanted::NoRoom));
    }
    if number == 0
        && let Err(refusal) = files::glance(&plain[..plain.len().min(4096)])
    {
        house.write(move |tx| super::erase_one(tx, id)).await?;
        return Ok(Err(Unwanted::Content(refusal)));
    }
    shelf::put_part(house, &coming.key, id, number, plain).await?;
    let noted = house.write(move |tx| {
        store::lock(tx, id)?;
        let here = store::find(tx, id)?.is_some_and(|row| row.ready_at.is_none());
        if here {
            store::insert_part(tx, id, i64::from(number), size)?;
        }
        Ok(here)
    });
    if !noted.await? {
        shelf::forget_part(house, id, number).await?;
        return Err(Trouble::unseen());
    }
    Ok(Ok(()))
}

/// Finishes one's own upload: looked through, made safe, sealed; durable when it returns. Asking twice is
/// asking once.
pub async fn complete(house: &House, who: &Who, upload: UploadId) -> Outcome<Result<FileCard, Unwanted>> {
    let account = who.account().ok_or(tasuki_law::Refusal::SignIn)?;
    if !house.blobs.has_room() {
        return Ok(Err(Unwanted::NoRoom));
    }
    finishing::complete(house, account, upload).await
}

/// Takes one's own file back, as long as it has no place yet.
pub fn remove(tx: &mut Tx, who: &Who, upload: UploadId) -> Outcome<()> {
    store::lock(tx, upload)?;
    let row = access::own(tx, who, upload)?;
    if row.post.is_some() || row.kept_at.is_some() {
        return Err(Trouble::because(tasuki_law::Why::AlreadyDecided));
    }
    drop_upload(tx, &row)
}

/// A portrait that the calling room holds in memory: safe and sealed, and swept away in a day unless
/// [`super::keep`] gives it a place.
pub async fn keep_photo(
    house: &House,
    purpose: &Purpose,
    name: &str,
    bytes: Bytes,
) -> Outcome<Result<UploadId, Unwanted>> {
    let (purpose, file) = (*purpose, Announced::new(house, name, Some(bytes.len() as u64), ""));
    let begun = house.write(move |tx| {
        let begun = start(tx, &purpose, &file)?;
        Ok((begun, tx.key(purpose.data_key)?.clone()))
    });
    let (begun, key) = begun.await?;
    let id = match begun {
        Ok(id) => id,
        Err(fault) => return Ok(Err(fault)),
    };
    let coming = Coming { id, size: bytes.len() as u64, key };
    for (number, part) in (0..).zip(bytes.chunks(PART as usize)) {
        if let Err(fault) = keep_part(house, &coming, number, part.to_vec()).await? {
            return Ok(Err(fault));
        }
    }
    Ok(finishing::complete(house, purpose.account, id).await?.map(|card| card.id))
}

/// Sealed bytes that nobody will ask for again.
#[derive(Serialize, Deserialize)]
struct Litter {
    upload: UploadId,
    parts: u32,
    content: Option<ContentId>,
}

/// Takes away what lies in the store of a file whose row is gone.
pub const CLEAR: Errand =
    Errand { kind: "media.clear", run: |house, text| Box::pin(async move { clear(&house, &text).await }) };

async fn clear(house: &House, text: &str) -> Result<(), Failed> {
    let litter: Litter = errands::payload(text)?;
    let parts = (0..litter.parts).map(|number| Name::part(litter.upload.0, number));
    let forms =
        litter.content.into_iter().flat_map(|id| [Name::form(id.0, "full"), Name::form(id.0, "thumb")]);
    for name in parts.chain(forms) {
        house.blobs.delete(&name).await.map_err(|_| Failed::again("store"))?;
    }
    Ok(())
}

/// Has the parts of an upload taken away, the forms of an attempt, or both.
pub(super) fn clear_away(
    tx: &mut Tx,
    upload: UploadId,
    size: i64,
    content: Option<ContentId>,
    wait: i64,
) -> Outcome<()> {
    let parts = u32::try_from(parts_of(size.cast_unsigned())).map_err(Trouble::broken)?;
    let due = tx.now().plus(wait);
    errands::send(tx, CLEAR.kind, &Litter { upload, parts, content }, None, due)
}

/// The row goes now, and with the transaction the way to the bytes; the bytes go by errand, and once more a
/// day later, for what was just being written.
pub(super) fn drop_upload(tx: &mut Tx, row: &UploadRow) -> Outcome<()> {
    store::delete(tx, row.id)?;
    if row.ready_at.is_some() {
        return clear_away(tx, row.id, 0, row.content, 0);
    }
    clear_away(tx, row.id, row.size, row.content, 0)?;
    clear_away(tx, row.id, row.size, row.content, DAY)
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    upload: UploadId,
}

/// Sweeps away what was begun a day ago and has found no place.
pub const EXPIRE: Errand =
    Errand { kind: "media.expire", run: |house, text| Box::pin(async move { expire(&house, &text).await }) };

async fn expire(house: &House, text: &str) -> Result<(), Failed> {
    let Waiting { upload } = errands::payload(text)?;
    let swept = house.write(move |tx| {
        store::lock(tx, upload)?;
        let Some(row) = store::find(tx, upload)? else { return Ok(()) };
        let waits_in_a_draft = row.draft.is_some() && row.ready_at.is_some();
        let placed = row.post.is_some() || row.kept_at.is_some() || waits_in_a_draft;
        if placed { Ok(()) } else { drop_upload(tx, &row) }
    });
    Ok(swept.await?)
}
