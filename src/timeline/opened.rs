//! Posts as they were opened: what is the same for all their readers, shared by (post, rev).

use super::access::post_facts;
use super::byline::Byline;
use super::store::{self, PostRow};
use super::text;
use crate::house::{Label, What};
use crate::media::{self, FileCard};
use crate::{Outcome, Tx, phrases};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tasuki_base::text::local_date;
use tasuki_law::nouns::{AccountId, PostId, RemovalKind, TimelineId};
use tasuki_law::rules::timeline::PostFacts;
use tasuki_value::Ts;

/// A post with its seal broken.
#[derive(Debug)]
pub struct Opened {
    pub id: PostId,
    pub seq: i64,
    pub rev: i64,
    pub author: AccountId,
    pub byline: Arc<Byline>,
    pub at: Ts,
    /// 「2026-11-20」.
    pub day: String,
    pub edited_at: Option<Ts>,
    pub removed_at: Option<Ts>,
    pub removal: Option<RemovalKind>,
    /// How many names stand under it.
    pub acks: i64,
    /// Empty once it was taken away.
    pub text: String,
    pub files: Vec<FileCard>,
    /// Taken away: by whom and when.
    pub gone: Option<(String, String)>,
    pub edited: Option<String>,
    pub name: String,
    /// 「看護師・あおやま訪問看護」.
    pub post: String,
    /// The text with its links, safe to be shown.
    pub html: String,
    pub kept: Kept,
}

/// What was made of a post already.
#[derive(Debug, Default)]
pub struct Kept {
    /// As programs get it, before and after the one word that differs from reader to reader.
    pub json: OnceLock<(String, String)>,
    /// As pages show it, by what differs from reader to reader.
    drawn: Mutex<Vec<(u64, Arc<str>)>>,
}

impl Kept {
    /// The drawing for such a reader, made once.
    pub fn drawing<E>(&self, reader: u64, draw: impl FnOnce() -> Result<String, E>) -> Result<Arc<str>, E> {
        let found = |drawn: &[(u64, Arc<str>)]| {
            drawn.iter().find(|(kind, _)| *kind == reader).map(|(_, text)| Arc::clone(text))
        };
        if let Some(text) = found(&self.drawn.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(text);
        }
        let text: Arc<str> = draw()?.into();
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner).push((reader, Arc::clone(&text)));
        Ok(text)
    }
}

impl Opened {
    fn of(tx: &mut Tx, row: &PostRow, files: Vec<FileCard>) -> Outcome<Self> {
        let byline = row.byline(tx)?;
        let gone = row.removed_at.map(|at| (row.remover(), phrases::timeline::short(at)));
        let text = if gone.is_some() { String::new() } else { row.body(tx)? };
        Ok(Self {
            id: row.id,
            seq: row.seq,
            rev: row.rev,
            author: row.author,
            name: byline.name(),
            post: phrases::timeline::post(byline.profession.word(), &byline.facility),
            byline,
            at: row.posted_at,
            day: local_date(row.posted_at).to_string(),
            edited_at: row.edited_at,
            removed_at: row.removed_at,
            removal: row.removal,
            acks: row.acks,
            html: text::html(&text)?,
            text,
            edited: row.edited_at.map(|at| phrases::timeline::near(at, row.posted_at)),
            files: if gone.is_some() { Vec::new() } else { files },
            gone,
            kept: Kept::default(),
        })
    }

    /// With all that is made of it.
    fn weight(&self) -> usize {
        4096 + 12 * self.text.len() + 1024 * self.files.len()
    }

    /// What the law asks of it.
    #[must_use]
    pub fn facts(&self) -> PostFacts {
        post_facts(self.id, self.author, self.removed_at.is_some(), self.removal)
    }
}

/// A row opened, or as it was opened before.
fn open(tx: &mut Tx, row: &PostRow, files: Vec<FileCard>) -> Outcome<Arc<Opened>> {
    let label = Label { what: What::Post, id: row.id.0, rev: row.rev, part: (0, 0) };
    tx.shared(label, Opened::weight, |tx| Opened::of(tx, row, files))
}

/// One post.
pub fn one(tx: &mut Tx, post: PostId) -> Outcome<Arc<Opened>> {
    let row = store::one(tx, post)?;
    let files = match row.files {
        0 => Vec::new(),
        _ => media::of_posts(tx, row.timeline, row.seq, row.seq)?.remove(&post).unwrap_or_default(),
    };
    open(tx, &row, files)
}

/// Whether there is a photo of a person, as long as nobody's came or went.
pub fn has_photo(tx: &mut Tx, account: AccountId, faces: i64) -> Outcome<bool> {
    let label = Label { what: What::Face, id: account.0, rev: faces, part: (0, 0) };
    Ok(*tx.shared(label, |_| 64, |tx| store::has_photo(tx, account))?)
}

/// Posts of one timeline, and who has put their name under which.
#[derive(Debug)]
pub struct Sheet {
    pub posts: Vec<Arc<Opened>>,
    /// A bit for each post, in their order.
    names: HashMap<AccountId, u128>,
}

/// A sheet holds no more.
pub const MOST: i64 = 128;

impl Sheet {
    fn of(
        tx: &mut Tx,
        timeline: TimelineId,
        rows: &[PostRow],
        names: Vec<(PostId, AccountId)>,
    ) -> Outcome<Self> {
        let numbers = |rows: &[PostRow]| {
            let with_files = || rows.iter().filter(|row| row.files > 0).map(|row| row.seq);
            Some((with_files().min()?, with_files().max()?))
        };
        let mut files = match numbers(rows) {
            Some((first, last)) => media::of_posts(tx, timeline, first, last)?,
            None => HashMap::default(),
        };
        let place: HashMap<PostId, usize> = rows.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let mut bits: HashMap<AccountId, u128> = HashMap::new();
        for (post, account) in names {
            if let Some(at) = place.get(&post) {
                *bits.entry(account).or_default() |= 1 << at;
            }
        }
        let opened = |row: &PostRow| open(tx, row, files.remove(&row.id).unwrap_or_default());
        Ok(Self { posts: rows.iter().map(opened).collect::<Outcome<_>>()?, names: bits })
    }

    fn weight(&self) -> usize {
        512 + 32 * self.posts.len() + 48 * self.names.len()
    }

    /// For one reader: each post, and whether their name stands under it.
    pub fn read_by(&self, reader: Option<AccountId>) -> impl Iterator<Item = (&Arc<Opened>, bool)> {
        let bits = reader.and_then(|reader| self.names.get(&reader)).copied().unwrap_or(0);
        self.posts.iter().enumerate().map(move |(at, post)| (post, bits >> at & 1 == 1))
    }
}

/// The posts from one number to another, oldest first, as they stand at a revision of their timeline.
pub fn range(tx: &mut Tx, state: &store::State, from: i64, to: i64) -> Outcome<Arc<Sheet>> {
    let to = to.min(from + MOST - 1);
    let label = Label { what: What::Posts, id: state.id.0, rev: state.rev, part: (from, to) };
    tx.shared(label, Sheet::weight, |tx| {
        let rows = store::range(tx, state.id, from, to)?;
        let names = store::names(tx, state.id, from, to)?;
        Sheet::of(tx, state.id, &rows, names)
    })
}

/// What changed after a revision, in the order of the changes, so many at most.
pub fn since(tx: &mut Tx, state: &store::State, rev: i64, limit: i64) -> Outcome<Arc<Sheet>> {
    let label = Label { what: What::News, id: state.id.0, rev: state.rev, part: (rev, limit) };
    tx.shared(label, Sheet::weight, |tx| {
        let rows = store::since(tx, state.id, rev, limit.min(MOST))?;
        let names = store::names_since(tx, state.id, rev)?;
        Sheet::of(tx, state.id, &rows, names)
    })
}
