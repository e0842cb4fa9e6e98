//! From the last part to a file that is in: gathered, looked through, made safe, sealed, noted.

use super::actions::{clear_away, drop_upload};
use super::limits::{Unwanted, length_of, parts_of};
use super::making::{Made, make, true_name};
use super::store::{self, Finished};
use super::{ContentId, FileCard, FormMeta, Meta, Purpose, PurposeKind, access, limits, shares, shelf};
use crate::{House, Outcome, Trouble, Tx};
use tasuki_base::seal::{DataKey, KeyId};
use tasuki_law::nouns::{AccountId, DraftId, UploadId};

/// What one attempt to finish knows.
#[derive(Clone)]
struct Work {
    id: UploadId,
    account: AccountId,
    purpose: PurposeKind,
    draft: Option<DraftId>,
    data_key: KeyId,
    key: DataKey,
    content: ContentId,
    /// As announced.
    size: i64,
    name: String,
}

enum Begun {
    Already(FileCard),
    Incomplete,
    Now(Box<Work>),
}

pub(super) async fn complete(
    house: &House,
    account: AccountId,
    upload: UploadId,
) -> Outcome<Result<FileCard, Unwanted>> {
    let turn = shares::finishing(account).await?;
    let house = house.clone();
    // What was begun is ended though nobody waits for it any more: who asks again finds it in, and works nobody twice.
    let work = tokio::spawn(async move {
        let _turn = turn;
        in_turn(&house, account, upload).await
    });
    work.await.map_err(Trouble::broken)?
}

async fn in_turn(house: &House, account: AccountId, upload: UploadId) -> Outcome<Result<FileCard, Unwanted>> {
    match house.write(move |tx| begin(tx, account, upload)).await? {
        Begun::Already(card) => Ok(Ok(card)),
        Begun::Incomplete => Ok(Err(Unwanted::Incomplete)),
        Begun::Now(work) => finish(house, *work).await,
    }
}

/// Notes where this attempt will write, before it does. Of two attempts the later one counts; the earlier
/// finds out at its end.
fn begin(tx: &mut Tx, account: AccountId, upload: UploadId) -> Outcome<Begun> {
    store::lock(tx, upload)?;
    let row = access::own_of(tx, account, upload)?;
    if row.ready_at.is_some() {
        return Ok(Begun::Already(row.card(tx)?));
    }
    let here = store::parts(tx, upload)?.len() as u64;
    if here != parts_of(row.size.cast_unsigned()) {
        return Ok(Begun::Incomplete);
    }
    if row.content.is_some() {
        clear_away(tx, upload, 0, row.content, 0)?;
        clear_away(tx, upload, 0, row.content, tasuki_value::HOUR)?;
    }
    let content = ContentId(tx.draw());
    store::begin(tx, upload, content)?;
    let name = row.meta(tx)?.name;
    let key = tx.key(row.data_key)?.clone();
    Ok(Begun::Now(Box::new(Work {
        id: upload,
        account,
        purpose: row.purpose,
        draft: row.draft,
        data_key: row.data_key,
        key,
        content,
        size: row.size,
        name,
    })))
}

async fn finish(house: &House, work: Work) -> Outcome<Result<FileCard, Unwanted>> {
    let _table = shares::table(work.account, work.size.cast_unsigned()).await?;
    let plain = gather(house, &work).await?;
    let made = match make(work.account, work.purpose, plain).await? {
        Ok(made) => made,
        Err(refusal) => {
            let id = work.id;
            house.write(move |tx| super::erase_one(tx, id)).await?;
            return Ok(Err(Unwanted::Content(refusal)));
        }
    };
    let done = write_forms(house, &work, made).await?;
    house.write(move |tx| settle(tx, &work, &done)).await
}

async fn gather(house: &House, work: &Work) -> Outcome<Vec<u8>> {
    let size = work.size.cast_unsigned();
    let mut whole = Vec::with_capacity(usize::try_from(size).map_err(Trouble::broken)?);
    for (number, length) in (0..).map_while(|number| Some((number, length_of(size, number)?))) {
        shelf::append_part(house, &work.key, work.id, (number, length), &mut whole).await?;
    }
    Ok(whole)
}

/// What is noted once the forms are written.
struct Done {
    kind: tasuki_law::nouns::FileKind,
    media_type: &'static str,
    size: i64,
    meta: Meta,
}

async fn write_forms(house: &House, work: &Work, made: Made) -> Outcome<Done> {
    let mut meta = Meta {
        name: true_name(&work.name, made.came_as, made.ending),
        width: made.width,
        height: made.height,
        duration_ms: made.duration_ms,
        forms: Vec::new(),
    };
    let (media_type, size) = made.forms.first().map_or(("", 0), |full| (full.media_type, full.bytes.len()));
    for form in made.forms {
        let (size, media_type) = (form.bytes.len() as u64, form.media_type.to_owned());
        meta.forms.push(FormMeta { variant: form.variant, size, media_type });
        shelf::put_form(house, &work.key, work.content, form.variant, form.bytes).await?;
    }
    Ok(Done { kind: made.kind, media_type, size: i64::try_from(size).map_err(Trouble::broken)?, meta })
}

/// The end of an attempt. The draft is asked once more whether it has room: others may have been quicker.
fn settle(tx: &mut Tx, work: &Work, done: &Done) -> Outcome<Result<FileCard, Unwanted>> {
    if let Some(draft) = work.draft {
        store::lock_draft(tx, draft)?;
    }
    store::lock(tx, work.id)?;
    let row = store::find(tx, work.id)?.filter(|row| row.content == Some(work.content));
    let Some(row) = row.filter(|row| row.ready_at.is_none()) else {
        // Taken back, or a later attempt was begun: what this one wrote is nobody's.
        clear_away(tx, work.id, 0, Some(work.content), 0)?;
        return Ok(Err(Unwanted::Incomplete));
    };
    let purpose =
        Purpose { account: work.account, data_key: work.data_key, draft: work.draft, kind: work.purpose };
    if let Err(full) = limits::post(tx, &purpose, done.size.cast_unsigned())? {
        drop_upload(tx, &row)?;
        return Ok(Err(full));
    }
    let meta = store::seal_meta(tx, work.id, work.data_key, &done.meta)?;
    let Done { kind, media_type, size, .. } = *done;
    let told = Finished { id: work.id, content: work.content, kind, media_type, size, meta: &meta };
    store::finish(tx, &told)?;
    store::delete_parts(tx, work.id)?;
    clear_away(tx, work.id, work.size, None, 0)?;
    Ok(Ok(store::one(tx, work.id)?.card(tx)?))
}
