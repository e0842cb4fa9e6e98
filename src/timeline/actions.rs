//! What happens in a timeline. Each verb writes the state and the event together.

use super::byline::Byline;
use super::drafts;
use super::store::bylines::Writer;
use super::store::door::Door;
use super::store::{self, NewPost, Removal};
use crate::events::{Event, Topic, announce};
use crate::groups::Ground;
use crate::media::{self, FileCard, Purpose, PurposeKind, Unwanted};
use crate::{Outcome, Trouble, Tx};
use tasuki_base::hash::fingerprint;
use tasuki_law::nouns::{
    AccountId, DraftId, EventKind, FacilityId, PostId, RemovalKind, TimelineId, UploadId,
};
use tasuki_law::rules::timeline::{EditPost, ErasePost, ReadTimeline, RemovePost, WriteTimeline};
use tasuki_law::{Key, Why};

/// What is posted.
#[derive(Clone, Debug)]
pub struct Publication<'a> {
    /// The key that makes posting twice post once: the same one with the same words is the same post.
    pub draft: DraftId,
    pub body: &'a str,
    /// The files of the draft, in their order.
    pub files: &'a [UploadId],
}

/// A post as it was just written.
pub struct Published {
    pub id: PostId,
    pub seq: i64,
    pub rev: i64,
    pub byline: Byline,
    pub files: Vec<FileCard>,
}

/// What came of writing without a draft.
pub enum Written {
    Now(Published),
    /// The same was written here under this key before.
    Before(PostId),
    /// A file does not go with it.
    Without(Unwanted),
}

/// Posts a draft. A repeat of what was posted already answers with that post; other words under the same key
/// are refused.
pub fn publish(
    tx: &mut Tx,
    key: &Key<'_, WriteTimeline>,
    writer: &Writer,
    what: &Publication<'_>,
) -> Outcome<PostId> {
    let digest = digest(what.body, what.files);
    if let Some((post, _)) = repeated(tx, key.account, what.draft, &digest)? {
        return Ok(post);
    }
    if !media::of_draft(tx, what.draft)?.iter().map(|file| file.id).eq(what.files.iter().copied()) {
        return Err(Trouble::Malformed);
    }
    let post = put(tx, key, writer, what, digest)?.id;
    let files = media::attach(tx, what.draft, post)?;
    if usize::try_from(files) != Ok(what.files.len()) {
        // One more came in since they were looked at: confirm again.
        return Err(Trouble::Busy);
    }
    store::set_files(tx, post, files)?;
    drafts::actions::become_post(tx, writer.ground.data_key, key.account, what.draft, post)?;
    Ok(post)
}

/// The same for words that never were a draft, with files that came by themselves. `once`: the draft's id was not drawn
/// for this alone, so it may have been written before.
pub fn write(
    tx: &mut Tx,
    key: &Key<'_, WriteTimeline>,
    writer: &Writer,
    what: &Publication<'_>,
    once: bool,
) -> Outcome<Written> {
    let digest = digest(what.body, what.files);
    let before = if once { repeated(tx, key.account, what.draft, &digest)? } else { None };
    if let Some((post, timeline)) = before {
        // The key names one post of this author, wherever it stands.
        let here = timeline == key.timeline;
        return if here { Ok(Written::Before(post)) } else { Err(Trouble::because(Why::AlreadyDecided)) };
    }
    let (account, data_key) = (key.account, writer.ground.data_key);
    let purpose = Purpose { account, data_key, draft: Some(what.draft), kind: PurposeKind::Post };
    let files = match media::adopt(tx, &purpose, what.files)? {
        Ok(files) => files,
        Err(fault) => return Ok(Written::Without(fault)),
    };
    let published = put(tx, key, writer, what, digest)?;
    if !files.is_empty() {
        let count = media::attach(tx, what.draft, published.id)?;
        store::set_files(tx, published.id, count)?;
    }
    Ok(Written::Now(Published { files, ..published }))
}

fn put(
    tx: &mut Tx,
    key: &Key<'_, WriteTimeline>,
    writer: &Writer,
    what: &Publication<'_>,
    digest: [u8; 32],
) -> Outcome<Published> {
    let id = PostId(tx.draw());
    let new = NewPost {
        id,
        timeline: key.timeline,
        author: key.account,
        seat: key.seat,
        byline: writer.number(tx)?,
        body: what.body,
        draft: what.draft,
        digest,
        data_key: writer.ground.data_key,
    };
    let (seq, rev) = store::insert(tx, &new)?;
    let published = Event::new(EventKind::PostPublished).by(key.account).seated(key.seat);
    let published = published.about(id.0).written_in(key.timeline);
    announce(tx, &in_place(published, writer.ground, Some(writer.facility)))?;
    Ok(Published { id, seq, rev, byline: writer.byline.clone(), files: Vec::new() })
}

/// What is told apart by it: these words with these files.
#[must_use]
pub fn digest(body: &str, files: &[UploadId]) -> [u8; 32] {
    let ids = files.iter().map(|file| file.0.as_bytes().to_vec());
    fingerprint(std::iter::once(body.as_bytes().to_vec()).chain(ids))
}

/// The post that a draft became already, if it did, and where it stands; the same words must stand under the same key.
pub fn repeated(
    tx: &mut Tx,
    author: AccountId,
    draft: DraftId,
    digest: &[u8],
) -> Outcome<Option<(PostId, TimelineId)>> {
    match store::repeats::posted(tx, author, draft, digest)? {
        Some((post, timeline, true)) => Ok(Some((post, timeline))),
        Some((.., false)) => Err(Trouble::because(Why::AlreadyDecided)),
        None => Ok(None),
    }
}

/// Corrects one's own post; what it said before is kept. The same words change nothing.
pub fn edit(tx: &mut Tx, key: &Key<'_, EditPost>, ground: Ground, body: &str) -> Outcome<()> {
    let before = store::body(tx, key.post)?;
    if before == body {
        return Ok(());
    }
    store::edit(tx, ground.data_key, key.timeline, key.post, &before, body)?;
    let edited = Event::new(EventKind::PostEdited).by(key.account);
    announce(tx, &in_place(edited, ground, None).about(key.post.0))
}

/// Takes a post out of sight; the text stays sealed, a mark stays visible.
pub fn remove(tx: &mut Tx, key: &Key<'_, RemovePost>, ground: Ground, reason: &str) -> Outcome<()> {
    let kind = if key.as_admin { RemovalKind::ByAdmin } else { RemovalKind::ByAuthor };
    let removal = Removal { post: key.post, timeline: key.timeline, by: key.account, kind, reason };
    take_away(tx, ground, &removal)
}

/// Erases text, earlier texts and files at once; only the mark stays.
pub fn erase(tx: &mut Tx, key: &Key<'_, ErasePost>, ground: Ground, reason: &str) -> Outcome<()> {
    let kind = RemovalKind::WrongPatient;
    let removal = Removal { post: key.post, timeline: key.timeline, by: key.account, kind, reason };
    take_away(tx, ground, &removal)?;
    media::erase(tx, key.post)?;
    store::forget(tx, ground.data_key, key.post)
}

fn take_away(tx: &mut Tx, ground: Ground, removal: &Removal<'_>) -> Outcome<()> {
    store::remove(tx, ground.data_key, removal)?;
    let removed = Event::new(EventKind::PostRemoved).by(removal.by).noting(removal.kind.code());
    announce(tx, &in_place(removed, ground, None).about(removal.post.0))
}

/// The reader has seen everything up to `seq`, which is never beyond the newest post. `door`: what the key was cut from.
pub fn mark_read(tx: &mut Tx, key: &Key<'_, ReadTimeline>, door: &Door, seq: i64) -> Outcome<()> {
    store::mark_read(tx, key.timeline, key.account, seq.min(door.seq))?;
    // The person's other open pages count fewer now.
    tx.hint(Topic::Person(key.account));
    Ok(())
}

/// The next number of a visible change, for a post that gets it in the same statement as the change; the caller holds
/// the lock.
pub(crate) fn bump(tx: &mut Tx, timeline: TimelineId) -> Outcome<i64> {
    store::bump(tx, timeline)
}

/// Puts an event where its place belongs: the originating facility's record, or else the person's own.
pub(crate) fn in_place(event: Event, ground: Ground, own: Option<FacilityId>) -> Event {
    let mut event = event.in_group(ground.group);
    event.facility = ground.facility.or(own);
    event.patient = ground.patient;
    event
}

/// Everybody has read all but the newest posts of every place, and was told of those: for made-up days, where
/// nobody was there to look.
pub fn read_almost_all(tx: &mut Tx, but: i64) -> Outcome<()> {
    store::read_almost_all(tx, but)
}
