use super::byline::Byline;
use crate::house::cell;
use crate::{Outcome, Tx};
use std::sync::Arc;
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, DraftId, GroupId, PostId, RemovalKind, SeatId, TimelineId, TimelineKind};
use tasuki_value::Ts;
use uuid::Uuid;

pub mod bylines;
pub mod corrections;
pub mod door;
pub mod repeats;
pub use corrections::{Removal, body, edit, forget, remove, versions};

macro_rules! posts {
    ($which:literal) => {
        concat!(
            "SELECT p.id, p.timeline, p.seq, p.rev, p.author, b.id, coalesce(b.sealed, p.byline), p.body, p.files,
    p.acks, p.posted_at, p.edited_at, p.removed_at, p.removal, r.family, r.given
  FROM posts p LEFT JOIN accounts r ON r.id = p.removed_by ",
            bylines::named!(),
            " WHERE ",
            $which
        )
    };
}

const ONE: &str = posts!("p.id = $1");
const RANGE: &str = posts!("p.timeline = $1 AND p.seq BETWEEN $2 AND $3 ORDER BY p.seq");
const SINCE: &str = posts!("p.timeline = $1 AND p.rev > $2 ORDER BY p.rev LIMIT $3");

const NAMES: &str = "SELECT k.post, k.account FROM posts p JOIN acknowledgements k ON k.post = p.id
  WHERE p.timeline = $1 AND p.seq BETWEEN $2 AND $3 AND p.acks > 0";
const NAMES_SINCE: &str = "SELECT k.post, k.account FROM posts p JOIN acknowledgements k ON k.post = p.id
  WHERE p.timeline = $1 AND p.rev > $2 AND p.acks > 0";
const HAS_NAME: &str = "SELECT post FROM acknowledgements WHERE post = $1 AND account = $2";
const MEMBERS: &str = "SELECT g.members FROM timelines t JOIN groups g ON g.id = t.group_id WHERE t.id = $1";
const HAS_PHOTO: &str = "SELECT id FROM accounts WHERE id = $1 AND photo IS NOT NULL";

const NEXT: &str = "UPDATE timelines SET seq = seq + 1, rev = rev + 1, last_post = $2, last_at = $3
  WHERE id = $1 RETURNING seq, rev";
const INSERT: &str = "INSERT INTO posts
  (id, timeline, seq, rev, author, seat, byline_number, byline, body, draft, digest, posted_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const SET_FILES: &str = "UPDATE posts SET files = $2 WHERE id = $1";
const OWN_IS_READ: &str = "UPDATE reads SET
    own = CASE WHEN seq + own + 1 = $3 THEN 0 ELSE own + 1 END,
    seq = CASE WHEN seq + own + 1 = $3 THEN $3 ELSE seq END
  WHERE timeline = $1 AND account = $2";

const BUMP: &str = "UPDATE timelines SET rev = rev + 1 WHERE id = $1 RETURNING rev";
const READ_SEQ: &str = "SELECT seq FROM reads WHERE timeline = $1 AND account = $2";
// Who comes back after a year reads to the end: what was written meanwhile is not walked through for that.
const MARK_READ: &str = "UPDATE reads SET seq = $3, looked_at = $4,
    own = CASE WHEN own = 0 OR $3 = (SELECT t.seq FROM timelines t WHERE t.id = $1) THEN 0
      ELSE own - (SELECT count(*) FROM posts p
        WHERE p.timeline = $1 AND p.seq > reads.seq AND p.seq <= $3 AND p.author = $2) END
  WHERE timeline = $1 AND account = $2 AND seq <= $3";

const READ_ALMOST_ALL: &str = "UPDATE reads SET looked_at = $1,
    seq = (SELECT CASE WHEN t.seq > $2 THEN t.seq - $2 ELSE 0 END FROM timelines t WHERE t.id = reads.timeline),
    mailed_seq = (SELECT t.seq FROM timelines t WHERE t.id = reads.timeline),
    own = (SELECT count(*) FROM posts p JOIN timelines t ON t.id = p.timeline
      WHERE p.timeline = reads.timeline AND p.author = reads.account AND p.seq > t.seq - $2)";

pub const STATEMENTS: &[&str] = &[
    READ_ALMOST_ALL,
    ONE,
    RANGE,
    SINCE,
    NAMES,
    NAMES_SINCE,
    HAS_NAME,
    HAS_PHOTO,
    MEMBERS,
    NEXT,
    INSERT,
    SET_FILES,
    OWN_IS_READ,
    BUMP,
    READ_SEQ,
    MARK_READ,
];

/// Where a timeline stands.
#[derive(Clone, Copy, Debug)]
pub struct State {
    pub id: TimelineId,
    pub group: GroupId,
    pub kind: TimelineKind,
    pub seq: i64,
    pub rev: i64,
    /// Raised whenever somebody gets a photo, or has none any more.
    pub faces: i64,
    /// How many people are in the place.
    pub members: i64,
}

/// A post as it is stored.
#[derive(Clone, Debug)]
pub struct PostRow {
    pub id: PostId,
    pub timeline: TimelineId,
    pub seq: i64,
    pub rev: i64,
    pub author: AccountId,
    byline_id: Option<Uuid>,
    byline: Vec<u8>,
    body: Vec<u8>,
    pub files: i64,
    pub acks: i64,
    pub posted_at: Ts,
    pub edited_at: Option<Ts>,
    pub removed_at: Option<Ts>,
    pub removal: Option<RemovalKind>,
    remover_family: Option<String>,
    remover_given: Option<String>,
}
columns!(PostRow: id, timeline, seq, rev, author, byline_id, byline, body, files, acks, posted_at, edited_at,
    removed_at, removal, remover_family, remover_given);

impl PostRow {
    pub fn byline(&self, tx: &mut Tx) -> Outcome<Arc<Byline>> {
        bylines::of_post(tx, self.id, self.byline_id, &self.byline)
    }

    pub fn body(&self, tx: &mut Tx) -> Outcome<String> {
        open_body(tx, self.id, &self.body)
    }

    pub fn remover(&self) -> String {
        [&self.remover_family, &self.remover_given]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

pub fn open_body(tx: &mut Tx, post: PostId, sealed: &[u8]) -> Outcome<String> {
    tx.open_text(cell("posts", "body", post.0), sealed)
}

pub fn one(tx: &mut Tx, post: PostId) -> Outcome<PostRow> {
    Ok(tx.one(ONE, &[&post])?)
}

pub fn range(tx: &mut Tx, timeline: TimelineId, from: i64, to: i64) -> Outcome<Vec<PostRow>> {
    Ok(tx.all(RANGE, &[&timeline, &from, &to])?)
}

pub fn since(tx: &mut Tx, timeline: TimelineId, rev: i64, limit: i64) -> Outcome<Vec<PostRow>> {
    Ok(tx.all(SINCE, &[&timeline, &rev, &limit])?)
}

/// Whose names stand under the posts from one number to another.
pub fn names(tx: &mut Tx, timeline: TimelineId, from: i64, to: i64) -> Outcome<Vec<(PostId, AccountId)>> {
    Ok(tx.all(NAMES, &[&timeline, &from, &to])?)
}

/// Whose names stand under the posts that changed after a revision.
pub fn names_since(tx: &mut Tx, timeline: TimelineId, rev: i64) -> Outcome<Vec<(PostId, AccountId)>> {
    Ok(tx.all(NAMES_SINCE, &[&timeline, &rev])?)
}

/// Whether a person's name stands under a post.
pub fn has_name(tx: &mut Tx, post: PostId, account: AccountId) -> Outcome<bool> {
    Ok(tx.opt::<(PostId,)>(HAS_NAME, &[&post, &account])?.is_some())
}

/// Whether there is a photo of a person.
/// How many people are in the place of a timeline.
pub fn members(tx: &mut Tx, timeline: TimelineId) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(MEMBERS, &[&timeline])?.0)
}

pub fn has_photo(tx: &mut Tx, account: AccountId) -> Outcome<bool> {
    Ok(tx.opt::<(AccountId,)>(HAS_PHOTO, &[&account])?.is_some())
}

pub struct NewPost<'a> {
    pub id: PostId,
    pub timeline: TimelineId,
    pub author: AccountId,
    pub seat: SeatId,
    /// Which of their bylines in this timeline.
    pub byline: i64,
    pub body: &'a str,
    pub draft: DraftId,
    pub digest: [u8; 32],
    pub data_key: KeyId,
}

/// What stands where posts of before hold their byline.
const NOTHING: &[u8] = &[];

/// Writes the post at the next place of its timeline; the author has read it. Answers its place and revision.
pub fn insert(tx: &mut Tx, new: &NewPost<'_>) -> Outcome<(i64, i64)> {
    let now = tx.now();
    let (seq, rev) = tx.one::<(i64, i64)>(NEXT, &[&new.timeline, &new.id, &now])?;
    let body = tx.seal_packed(new.data_key, cell("posts", "body", new.id.0), new.body)?;
    let digest = repeats::code(tx, new.data_key, new.id, &new.digest)?;
    tx.put(
        INSERT,
        &[
            &new.id,
            &new.timeline,
            &seq,
            &rev,
            &new.author,
            &new.seat,
            &new.byline,
            &NOTHING,
            &body,
            &new.draft,
            &digest.as_slice(),
            &now,
        ],
    )?;
    tx.put(OWN_IS_READ, &[&new.timeline, &new.author, &seq])?;
    Ok((seq, rev))
}

pub fn set_files(tx: &mut Tx, post: PostId, files: i64) -> Outcome<()> {
    Ok(tx.put(SET_FILES, &[&post, &files])?)
}

/// The next number of a visible change.
pub fn bump(tx: &mut Tx, timeline: TimelineId) -> Outcome<i64> {
    Ok(tx.one::<(i64,)>(BUMP, &[&timeline])?.0)
}

/// How far a person has read.
#[derive(Clone, Copy, Debug)]
pub struct ReadTo {
    pub seq: i64,
    pub own: i64,
    pub looked_at: Ts,
}

/// Locks the row first, so that a post of one's own that is being written meanwhile is counted.
pub fn mark_read(tx: &mut Tx, timeline: TimelineId, account: AccountId, seq: i64) -> Outcome<()> {
    let now = tx.now();
    tx.lock(READ_SEQ, &[&timeline, &account])?;
    Ok(tx.put(MARK_READ, &[&timeline, &account, &seq, &now])?)
}

pub fn read_almost_all(tx: &mut Tx, but: i64) -> Outcome<()> {
    let now = tx.now();
    tx.exec(READ_ALMOST_ALL, &[&now, &but])?;
    Ok(())
}
