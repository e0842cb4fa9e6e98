//! What the API says of a post.

use crate::media::FileCard;
use crate::media::api::Attachment;
use crate::timeline::Byline;
use crate::timeline::actions::Published;
use crate::timeline::store::{PostRow, State};
use crate::web::api::{Id, Time, schema};
use crate::{Outcome, Tx};
use serde::Serialize;
use tasuki_law::nouns::{AccountId, PostId, Profession, RemovalKind, TimelineId};
use tasuki_value::Ts;
use utoipa::ToSchema;

/// A part of a timeline.
#[derive(Serialize, ToSchema)]
pub struct Posts {
    #[schema(value_type = Id)]
    timeline: TimelineId,
    /// The number of the newest post.
    seq: i64,
    /// The number of the newest visible change.
    rev: i64,
    posts: Vec<Post>,
    /// `before` for the posts before these; none when these begin at the first.
    older: Option<i64>,
    /// `after` for the posts after these; none when these reach to the newest.
    newer: Option<i64>,
}

impl Posts {
    pub(super) fn of(state: &State, posts: Vec<Post>, from: i64, to: i64) -> Self {
        Self {
            timeline: state.id,
            seq: state.seq,
            rev: state.rev,
            posts,
            older: (from > 1).then_some(from),
            newer: (to < state.seq).then_some(to),
        }
    }
}

/// A post as the person sees it.
#[derive(Serialize, ToSchema)]
pub struct Post {
    #[schema(value_type = Id)]
    id: PostId,
    /// Its place in the timeline, from 1, without holes.
    seq: i64,
    /// Its newest visible change.
    rev: i64,
    posted_at: Time,
    edited_at: Option<Time>,
    author: Author,
    /// Empty once it was taken away.
    body: String,
    /// How many acknowledged it.
    acknowledgements: i64,
    /// Whether the person did.
    acknowledged: bool,
    attachments: Vec<Attachment>,
    /// Taken away: only this mark stays.
    removed: Option<Removed>,
}

/// Who wrote it, as they stood then.
#[derive(Serialize, ToSchema)]
pub struct Author {
    #[schema(value_type = Id)]
    id: AccountId,
    name: String,
    #[schema(value_type = schema::Profession)]
    profession: Profession,
    /// The workplace's name.
    facility: String,
}

impl Author {
    fn of(id: AccountId, byline: Byline) -> Self {
        Self { id, name: byline.name(), profession: byline.profession, facility: byline.facility }
    }
}

/// That and why a post was taken away.
#[derive(Serialize, ToSchema)]
pub struct Removed {
    at: Time,
    #[schema(value_type = Option<schema::RemovalKind>)]
    kind: Option<RemovalKind>,
}

impl Post {
    /// Opens a row for its viewer; whoever calls holds the key to its timeline.
    pub(super) fn of(tx: &mut Tx, row: &PostRow, files: Vec<FileCard>) -> Outcome<Self> {
        let byline = row.byline(tx)?;
        let removed = row.removed_at.map(|at| Removed { at: at.into(), kind: row.removal });
        let gone = removed.is_some();
        Ok(Self {
            id: row.id,
            seq: row.seq,
            rev: row.rev,
            posted_at: row.posted_at.into(),
            edited_at: row.edited_at.map(Time),
            author: Author::of(row.author, byline),
            body: if gone { String::new() } else { row.body(tx)? },
            acknowledgements: row.acks,
            acknowledged: row.acked,
            attachments: if gone { Vec::new() } else { attachments(row.id, files) },
            removed,
        })
    }

    /// What was just written, without looking it up again.
    pub(super) fn new(author: AccountId, body: String, at: Ts, new: Published) -> Self {
        Self {
            id: new.id,
            seq: new.seq,
            rev: new.rev,
            posted_at: at.into(),
            edited_at: None,
            author: Author::of(author, new.byline),
            body,
            acknowledgements: 0,
            acknowledged: false,
            attachments: attachments(new.id, new.files),
            removed: None,
        }
    }
}

fn attachments(post: PostId, files: Vec<FileCard>) -> Vec<Attachment> {
    files.into_iter().map(|file| Attachment::of(post, file)).collect()
}
