//! What the API says of a post.

use crate::media::FileCard;
use crate::media::api::Attachment;
use crate::timeline::Byline;
use crate::timeline::actions::Published;
use crate::timeline::opened::{Opened, Sheet};
use crate::timeline::store::State;
use crate::web::api::{Id, Time, schema};
use crate::{Outcome, Trouble};
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

/// A [`Posts`] as it is sent. Posts are put into words once for all their readers: only whether one's own name stands
/// under a post differs.
pub(super) fn written(
    state: &State,
    sheet: &Sheet,
    reader: AccountId,
    from: i64,
    to: i64,
) -> Outcome<String> {
    let around = Posts {
        timeline: state.id,
        seq: state.seq,
        rev: state.rev,
        posts: Vec::new(),
        older: (from > 1).then_some(from),
        newer: (to < state.seq).then_some(to),
    };
    let around = serde_json::to_string(&around).map_err(Trouble::broken)?;
    let (before, after) = around.split_once(EMPTY).ok_or_else(|| Trouble::broken("no list"))?;
    let pieces: Vec<_> =
        sheet.read_by(Some(reader)).map(|(post, mine)| Ok((words(post)?, mine))).collect::<Outcome<_>>()?;
    let length: usize = pieces.iter().map(|((head, tail), _)| head.len() + tail.len() + 6).sum();
    let mut text = String::with_capacity(around.len() + length);
    text += before;
    text += LIST;
    for (at, ((head, tail), mine)) in pieces.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text += head;
        text += if mine { "true" } else { "false" };
        text += tail;
    }
    text += "]";
    text += after;
    Ok(text)
}

const LIST: &str = "\"posts\":[";
const EMPTY: &str = "\"posts\":[]";
/// Cannot stand inside a text: quotes are escaped there.
const DIFFERS: &str = "\"acknowledged\":";

/// The post as JSON, before and after the word that differs from reader to reader.
fn words(post: &Opened) -> Outcome<&(String, String)> {
    if let Some(words) = post.kept.json.get() {
        return Ok(words);
    }
    let text = serde_json::to_string(&Post::of(post, false)).map_err(Trouble::broken)?;
    let (head, tail) = text.split_once(DIFFERS).ok_or_else(|| Trouble::broken("no word that differs"))?;
    let tail = tail.strip_prefix("false").ok_or_else(|| Trouble::broken("no word that differs"))?;
    Ok(post.kept.json.get_or_init(|| (format!("{head}{DIFFERS}"), tail.to_owned())))
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
    fn of(id: AccountId, byline: &Byline) -> Self {
        Self { id, name: byline.name(), profession: byline.profession, facility: byline.facility.clone() }
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
    /// For one reader; whoever calls holds the key to its timeline.
    pub(super) fn of(post: &Opened, acknowledged: bool) -> Self {
        Self {
            id: post.id,
            seq: post.seq,
            rev: post.rev,
            posted_at: post.at.into(),
            edited_at: post.edited_at.map(Time),
            author: Author::of(post.author, &post.byline),
            body: post.text.clone(),
            acknowledgements: post.acks,
            acknowledged,
            attachments: attachments(post.id, post.files.clone()),
            removed: post.removed_at.map(|at| Removed { at: at.into(), kind: post.removal }),
        }
    }

    /// What was just written, without looking it up again.
    pub(super) fn new(author: AccountId, body: String, at: Ts, new: Published) -> Self {
        Self {
            id: new.id,
            seq: new.seq,
            rev: new.rev,
            posted_at: at.into(),
            edited_at: None,
            author: Author::of(author, &new.byline),
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
