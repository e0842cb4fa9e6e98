use super::{ContentId, FileCard, Meta, Purpose, PurposeKind, Variant};
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, DraftId, FileKind, PostId, TimelineId, UploadId};
use tasuki_value::Ts;

macro_rules! uploads {
    ($rest:literal) => {
        concat!(
            "SELECT u.id, u.account, u.data_key, u.draft, u.post, u.place, u.kind, u.media_type, u.size, u.meta,
              u.ready_at, u.purpose, u.content, u.kept_at FROM ",
            $rest
        )
    };
}

const ONE: &str = uploads!("uploads u WHERE u.id = $1");
const LOCK: &str = "SELECT id FROM uploads WHERE id = $1";
const LOCK_DRAFT: &str = "SELECT id FROM uploads WHERE draft = $1 ORDER BY id";
const OF_DRAFT: &str =
    uploads!("uploads u WHERE u.draft = $1 AND u.ready_at IS NOT NULL ORDER BY u.place, u.id");
const COMING_TO_DRAFT: &str = uploads!("uploads u WHERE u.draft = $1 AND u.ready_at IS NULL ORDER BY u.id");
const OF_POST: &str = uploads!("uploads u WHERE u.post = $1 ORDER BY u.place, u.id");
const OF_POSTS: &str = uploads!(
    "posts p JOIN uploads u ON u.post = p.id
      WHERE p.timeline = $1 AND p.seq BETWEEN $2 AND $3 AND p.files > 0 ORDER BY p.seq, u.place, u.id"
);
const IN_DRAFT: &str = "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM uploads
  WHERE draft = $1 AND ready_at IS NOT NULL";
const SINCE: &str =
    "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM uploads WHERE account = $1 AND made_at > $2";

const INSERT: &str = "INSERT INTO uploads (id, account, data_key, draft, place, size, meta, made_at, purpose)
  VALUES ($1, $2, $3, $4, (SELECT coalesce(max(o.place), -1) + 1 FROM uploads o WHERE o.draft = $4),
    $5, $6, $7, $8)";
const RESIZE: &str = "UPDATE uploads SET size = $2 WHERE id = $1 AND ready_at IS NULL";
const BEGIN: &str = "UPDATE uploads SET content = $2 WHERE id = $1 AND ready_at IS NULL";
const FINISH: &str = "UPDATE uploads SET kind = $3, media_type = $4, size = $5, meta = $6, ready_at = $7
  WHERE id = $1 AND content = $2 AND ready_at IS NULL";
const ATTACH: &str =
    "UPDATE uploads SET post = $2, draft = NULL WHERE draft = $1 AND post IS NULL AND ready_at IS NOT NULL";
const ADOPT: &str = "UPDATE uploads SET draft = $2, place = $3 WHERE id = $1";
const KEEP: &str = "UPDATE uploads SET kept_at = $2 WHERE id = $1";
const DELETE: &str = "DELETE FROM uploads WHERE id = $1";

const PARTS: &str = "SELECT number FROM upload_parts WHERE upload = $1 ORDER BY number";
const INSERT_PART: &str = "INSERT INTO upload_parts (upload, number, size) VALUES ($1, $2, $3)
  ON CONFLICT (upload, number) DO NOTHING";
const DELETE_PARTS: &str = "DELETE FROM upload_parts WHERE upload = $1";

pub const STATEMENTS: &[&str] = &[
    ONE,
    LOCK,
    LOCK_DRAFT,
    OF_DRAFT,
    COMING_TO_DRAFT,
    OF_POST,
    OF_POSTS,
    IN_DRAFT,
    SINCE,
    INSERT,
    RESIZE,
    BEGIN,
    FINISH,
    ATTACH,
    ADOPT,
    KEEP,
    DELETE,
    PARTS,
    INSERT_PART,
    DELETE_PARTS,
];

/// An upload as it is stored, what it is called still sealed.
#[derive(Clone, Debug)]
pub struct UploadRow {
    pub id: UploadId,
    pub account: AccountId,
    pub data_key: KeyId,
    pub draft: Option<DraftId>,
    pub post: Option<PostId>,
    pub place: i64,
    pub kind: Option<FileKind>,
    pub media_type: Option<String>,
    /// As announced; once it is in, of the large form.
    pub size: i64,
    pub meta: Vec<u8>,
    pub ready_at: Option<Ts>,
    pub purpose: PurposeKind,
    pub content: Option<ContentId>,
    pub kept_at: Option<Ts>,
}
columns!(UploadRow: id, account, data_key, draft, post, place, kind, media_type, size, meta, ready_at, purpose,
    content, kept_at);

impl UploadRow {
    /// Whether it is in, for this place, and part of nothing yet.
    pub fn waits_for(&self, purpose: &Purpose) -> bool {
        let theirs = self.account == purpose.account && self.data_key == purpose.data_key;
        let free = self.draft.is_none() && self.post.is_none() && self.ready_at.is_some();
        theirs && free && self.purpose == purpose.kind
    }

    /// Opens what is sealed of it.
    pub fn meta(&self, tx: &mut Tx) -> Outcome<Meta> {
        tx.open_json(cell("uploads", "meta", self.id.0), &self.meta)
    }

    /// As a page shows it; only what is in has a card.
    pub fn card(self, tx: &mut Tx) -> Outcome<FileCard> {
        let meta = self.meta(tx)?;
        Ok(FileCard {
            id: self.id,
            kind: self.kind.unwrap_or(FileKind::Document),
            media_type: self.media_type.unwrap_or_default(),
            has_thumb: meta.forms.iter().any(|form| form.variant == Variant::Thumb),
            name: meta.name,
            size: self.size,
            width: meta.width,
            height: meta.height,
            duration_ms: meta.duration_ms,
            place: self.place,
        })
    }
}

pub fn seal_meta(tx: &mut Tx, id: UploadId, key: KeyId, meta: &Meta) -> Outcome<Vec<u8>> {
    tx.seal_json(key, cell("uploads", "meta", id.0), meta)
}

pub fn one(tx: &mut Tx, id: UploadId) -> Outcome<UploadRow> {
    Ok(tx.one(ONE, &[&id])?)
}

/// As [`one`], when it may be gone.
pub fn find(tx: &mut Tx, id: UploadId) -> Outcome<Option<UploadRow>> {
    Ok(tx.opt(ONE, &[&id])?)
}

/// Locks the row until the transaction ends: whoever changes it or its parts does so first.
pub fn lock(tx: &mut Tx, id: UploadId) -> Outcome<()> {
    tx.lock_rows::<(UploadId,)>(LOCK, &[&id])?;
    Ok(())
}

/// Locks everything of a draft, in the order of the ids.
pub fn lock_draft(tx: &mut Tx, draft: DraftId) -> Outcome<()> {
    tx.lock_rows::<(UploadId,)>(LOCK_DRAFT, &[&draft])?;
    Ok(())
}

pub fn of_draft(tx: &mut Tx, draft: DraftId) -> Outcome<Vec<UploadRow>> {
    Ok(tx.all(OF_DRAFT, &[&draft])?)
}

pub fn coming_to_draft(tx: &mut Tx, draft: DraftId) -> Outcome<Vec<UploadRow>> {
    Ok(tx.all(COMING_TO_DRAFT, &[&draft])?)
}

pub fn of_post(tx: &mut Tx, post: PostId) -> Outcome<Vec<UploadRow>> {
    Ok(tx.all(OF_POST, &[&post])?)
}

pub fn of_posts(tx: &mut Tx, timeline: TimelineId, from: i64, to: i64) -> Outcome<Vec<UploadRow>> {
    Ok(tx.all(OF_POSTS, &[&timeline, &from, &to])?)
}

/// How many files of a draft are in, and their bytes.
pub fn in_draft(tx: &mut Tx, draft: DraftId) -> Outcome<(i64, i64)> {
    Ok(tx.one(IN_DRAFT, &[&draft])?)
}

/// The bytes an account has sent, or said it would send, since a moment, as far as they are still kept.
pub fn since(tx: &mut Tx, account: AccountId, moment: Ts) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(SINCE, &[&account, &moment])?.0)
}

pub fn insert(tx: &mut Tx, id: UploadId, purpose: &Purpose, size: i64, meta: &Meta) -> Outcome<()> {
    let now = tx.now();
    let meta = seal_meta(tx, id, purpose.data_key, meta)?;
    tx.exec(
        INSERT,
        &[&id, &purpose.account, &purpose.data_key, &purpose.draft, &size, &meta, &now, &purpose.kind],
    )?;
    Ok(())
}

pub fn resize(tx: &mut Tx, id: UploadId, size: i64) -> Outcome<()> {
    tx.exec(RESIZE, &[&id, &size])?;
    Ok(())
}

/// Says where the finished forms will lie, before the first of them is written.
pub fn begin(tx: &mut Tx, id: UploadId, content: ContentId) -> Outcome<()> {
    tx.exec(BEGIN, &[&id, &content])?;
    Ok(())
}

pub struct Finished<'a> {
    pub id: UploadId,
    pub content: ContentId,
    pub kind: FileKind,
    pub media_type: &'a str,
    pub size: i64,
    pub meta: &'a [u8],
}

/// Whether this attempt was the one that finished it.
pub fn finish(tx: &mut Tx, done: &Finished<'_>) -> Outcome<bool> {
    let now = tx.now();
    let told = [
        &done.id as &dyn tasuki_value::Bind,
        &done.content,
        &done.kind,
        &done.media_type,
        &done.size,
        &done.meta,
        &now,
    ];
    Ok(tx.exec(FINISH, &told)? == 1)
}

pub fn attach(tx: &mut Tx, draft: DraftId, post: PostId) -> Outcome<i64> {
    let moved = tx.exec(ATTACH, &[&draft, &post])?;
    i64::try_from(moved).map_err(crate::Trouble::broken)
}

/// Puts a file among those of a draft, at a place.
pub fn adopt(tx: &mut Tx, id: UploadId, draft: DraftId, place: i64) -> Outcome<()> {
    tx.exec(ADOPT, &[&id, &draft, &place])?;
    Ok(())
}

pub fn keep(tx: &mut Tx, id: UploadId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(KEEP, &[&id, &now])?;
    Ok(())
}

/// The row and those of its parts; the caller sees to what lies in the store.
pub fn delete(tx: &mut Tx, id: UploadId) -> Outcome<()> {
    delete_parts(tx, id)?;
    tx.exec(DELETE, &[&id])?;
    Ok(())
}

/// The numbers of the parts that are here.
pub fn parts(tx: &mut Tx, id: UploadId) -> Outcome<Vec<i64>> {
    Ok(tx.all::<(i64,)>(PARTS, &[&id])?.into_iter().map(|(number,)| number).collect())
}

pub fn insert_part(tx: &mut Tx, id: UploadId, number: i64, size: i64) -> Outcome<()> {
    tx.exec(INSERT_PART, &[&id, &number, &size])?;
    Ok(())
}

pub fn delete_parts(tx: &mut Tx, id: UploadId) -> Outcome<()> {
    tx.exec(DELETE_PARTS, &[&id])?;
    Ok(())
}
