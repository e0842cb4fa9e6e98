//! Files on their way in, and in: a pantry used by rooms. Who may put something in, and who may see it, is
//! asked by the room that owns the place; only what is one's own and still on its way is asked for here.

mod access;
pub mod actions;
pub mod api;
mod finishing;
mod limits;
mod making;
pub mod pages;
mod parcel;
mod serving;
mod shares;
mod shelf;
mod store;

pub use limits::{Announced, BYTES_A_DAY, BYTES_A_POST, FILES_A_POST, Unwanted};
pub use parcel::{Parcel, Unpacked};
pub use serving::FileToServe;
pub(crate) use store::STATEMENTS;

use crate::{Outcome, Trouble, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, DraftId, FileKind, PostId, TimelineId, UploadId};

tasuki_value::id! {
    /// One attempt to finish a file, and the bytes that came of it.
    ContentId;
}

tasuki_value::words! {
    /// What a file is for: the room that shows it.
    pub PurposeKind {
        Post = "post", "post";
        Profile = "profile", "profile";
        Patient = "patient", "patient";
        Consent = "consent", "consent";
    }
}

impl PurposeKind {
    /// Whether it is about a patient or said in a place, and not one's own face.
    #[must_use]
    pub const fn is_of_a_place(self) -> bool {
        !matches!(self, Self::Profile)
    }
}

/// What a room has found out before it lets a file in: its access has asked the law.
#[derive(Clone, Copy, Debug)]
pub struct Purpose {
    pub account: AccountId,
    /// Of the group, patient or account the file is for; durable already.
    pub data_key: KeyId,
    pub draft: Option<DraftId>,
    pub kind: PurposeKind,
}

/// A file that is in, as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCard {
    pub id: UploadId,
    pub kind: FileKind,
    /// As which it is served.
    pub media_type: String,
    /// Whether there is a small form.
    pub has_thumb: bool,
    pub name: String,
    /// In bytes, of the large form.
    pub size: i64,
    /// In pixels, of pictures and most films.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Of films that tell.
    pub duration_ms: Option<u64>,
    /// Its place among the files of its post.
    pub place: i64,
}

/// The forms in which a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// The file itself; of a photo at most 2560 pixels long, of a portrait 640.
    Full,
    /// Of a photo at most 480 pixels long; of a portrait a square of 256.
    Thumb,
}

impl Variant {
    /// The word for it in the store, and what its bytes are sealed to.
    const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Thumb => "thumb",
        }
    }
}

/// What is sealed of a file beside its bytes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Meta {
    name: String,
    width: Option<u32>,
    height: Option<u32>,
    duration_ms: Option<u64>,
    forms: Vec<FormMeta>,
}

/// One form, as it is served.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct FormMeta {
    variant: Variant,
    /// Plain bytes.
    size: u64,
    media_type: String,
}

/// The files of a draft that are in, in their order.
pub fn of_draft(tx: &mut Tx, draft: DraftId) -> Outcome<Vec<FileCard>> {
    store::of_draft(tx, draft)?.into_iter().map(|row| row.card(tx)).collect()
}

/// The files of the posts of a timeline from one number to another, both included.
pub fn of_posts(
    tx: &mut Tx,
    timeline: TimelineId,
    from_seq: i64,
    to_seq: i64,
) -> Outcome<HashMap<PostId, Vec<FileCard>>> {
    let mut posts: HashMap<PostId, Vec<FileCard>> = HashMap::new();
    for row in store::of_posts(tx, timeline, from_seq, to_seq)? {
        let Some(post) = row.post else { continue };
        posts.entry(post).or_default().push(row.card(tx)?);
    }
    Ok(posts)
}

/// Moves the files of a draft that are in to its post, and answers how many they are. What is still on its
/// way goes: nobody waits for it any more.
pub fn attach(tx: &mut Tx, draft: DraftId, post: PostId) -> Outcome<i64> {
    store::lock_draft(tx, draft)?;
    let moved = store::attach(tx, draft, post)?;
    for late in store::coming_to_draft(tx, draft)? {
        actions::drop_upload(tx, &late)?;
    }
    Ok(moved)
}

/// Files that came without a draft go with a post that is about to be written, in this order. Only what was sent by
/// this account for this place, is in and has no other place goes; nothing is changed where one does not.
pub fn adopt(tx: &mut Tx, purpose: &Purpose, files: &[UploadId]) -> Outcome<Result<Vec<FileCard>, Unwanted>> {
    let Some(draft) = purpose.draft.filter(|_| !files.is_empty()) else { return Ok(Ok(Vec::new())) };
    if files.len() as i64 > FILES_A_POST {
        return Ok(Err(Unwanted::TooMany));
    }
    let (mut cards, mut bytes) = (Vec::new(), 0);
    for (place, &file) in (0..).zip(files) {
        store::lock(tx, file)?;
        let Some(mut row) = store::find(tx, file)?.filter(|row| row.waits_for(purpose)) else {
            return Ok(Err(Unwanted::Unknown));
        };
        if files[..cards.len()].contains(&file) {
            return Ok(Err(Unwanted::Unknown));
        }
        bytes += row.size.cast_unsigned();
        row.place = place;
        cards.push(row.card(tx)?);
    }
    if bytes > BYTES_A_POST {
        return Ok(Err(Unwanted::PostTooLarge));
    }
    for card in &cards {
        store::adopt(tx, card.id, draft, card.place)?;
    }
    Ok(Ok(cards))
}

/// Erases the files of a post, for good.
pub fn erase(tx: &mut Tx, post: PostId) -> Outcome<()> {
    for row in store::of_post(tx, post)? {
        actions::drop_upload(tx, &row)?;
    }
    Ok(())
}

/// Erases one file, for good: a portrait that another takes the place of.
pub fn erase_one(tx: &mut Tx, upload: UploadId) -> Outcome<()> {
    store::lock(tx, upload)?;
    match store::find(tx, upload)? {
        Some(row) => actions::drop_upload(tx, &row),
        None => Ok(()),
    }
}

/// Gives a portrait or a scan that is in its place in the room it was sent to. What gets no place within a
/// day is swept away. Only what was sent by this account, under this key and for this kind is taken.
pub fn keep(tx: &mut Tx, purpose: &Purpose, upload: UploadId) -> Outcome<()> {
    store::lock(tx, upload)?;
    let row = access::own_of(tx, purpose.account, upload)?;
    if row.data_key != purpose.data_key || row.purpose != purpose.kind || row.ready_at.is_none() {
        return Err(Trouble::unseen());
    }
    store::keep(tx, upload)
}

/// A file of a post, to be served once the law has opened the post.
pub fn in_post(tx: &mut Tx, post: PostId, upload: UploadId) -> Outcome<FileToServe> {
    let row = store::one(tx, upload)?;
    if row.post == Some(post) { FileToServe::of(tx, row) } else { Err(Trouble::unseen()) }
}

/// A file of a draft, to be served to the one who writes it.
pub fn in_draft(tx: &mut Tx, draft: DraftId, upload: UploadId) -> Outcome<FileToServe> {
    let row = store::one(tx, upload)?;
    if row.draft == Some(draft) { FileToServe::of(tx, row) } else { Err(Trouble::unseen()) }
}

/// A portrait or a scan that has its place, to be served once the law has opened that place.
pub fn in_place(tx: &mut Tx, kind: PurposeKind, upload: UploadId) -> Outcome<FileToServe> {
    let row = store::one(tx, upload)?;
    if row.purpose == kind && row.kept_at.is_some() {
        FileToServe::of(tx, row)
    } else {
        Err(Trouble::unseen())
    }
}

/// Erases everything of a draft, in or on its way.
pub fn erase_draft(tx: &mut Tx, draft: DraftId) -> Outcome<()> {
    store::lock_draft(tx, draft)?;
    let rows = [store::of_draft(tx, draft)?, store::coming_to_draft(tx, draft)?].concat();
    rows.iter().try_for_each(|row| actions::drop_upload(tx, row))
}

#[cfg(test)]
mod tests;
