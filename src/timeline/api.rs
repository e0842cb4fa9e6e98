//! Timelines by program: reading, writing, how far one has read, and files for a post.

mod record;
mod writing;

pub use record::{Author, Post, Posts, Removed};
pub use writing::{upload, write_post};

// The document finds what the macros made beside each handler.
#[doc(hidden)]
pub use writing::{__path_upload, __path_write_post};

use super::access::{self, Sight};
use super::{actions, opened, store};
use crate::accounts::{Caller, Calling};
use crate::phrases::api as words;
use crate::web::At;
use crate::web::api::{Answer, Asked, Body, Done, Id, Problem, done, schema};
use crate::{House, Outcome, Tx};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tasuki_law::nouns::{GroupId, PostId, Side, Who};
use utoipa::{IntoParams, ToSchema};

/// So many posts unless asked otherwise, and at most.
const PAGE: i64 = 30;
const MOST: i64 = 100;

/// The patient's side has no timeline anywhere yet: the same answer for every group, whether it is there or not.
fn professional(side: Side) -> Result<(), Problem> {
    match side {
        Side::Professional => Ok(()),
        Side::Patient => Err(Problem::new(StatusCode::NOT_FOUND, words::NO_PATIENT_SIDE)),
    }
}

const fn default_side() -> Side {
    Side::Professional
}

/// Which posts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PostsAsked {
    /// Which side of the group; `professional` unless said otherwise.
    #[serde(default = "default_side")]
    #[param(value_type = schema::Side, required = false)]
    side: Side,
    /// The newest posts before this `seq`.
    before: Option<i64>,
    /// The oldest posts after this `seq`.
    after: Option<i64>,
    /// So many at most: 1 to 100, and 30 unless said otherwise.
    limit: Option<i64>,
}

impl PostsAsked {
    /// The first and the last number asked for. Numbers leave no holes.
    fn range(&self, newest: i64) -> (i64, i64) {
        let limit = self.limit.unwrap_or(PAGE).clamp(1, MOST);
        let within = |seq: i64| seq.clamp(0, newest + 1);
        let (from, to) = match (self.before, self.after) {
            (Some(before), _) => (within(before) - limit, within(before) - 1),
            (None, Some(after)) => (within(after) + 1, within(after) + limit),
            (None, None) => (newest + 1 - limit, newest),
        };
        (from.max(1), to.min(newest))
    }
}

/// Posts of a group
///
/// The newest 30, the oldest of them first. `older` and `newer` say where to go on.
#[utoipa::path(get, path = "/api/v1/groups/{group}/posts", operation_id = "posts", tag = "posts",
    params(("group" = Id, Path, description = "The group"), PostsAsked),
    responses((status = 200, description = "Posts in the order in which they were written", body = Posts)))]
pub async fn posts(
    Calling(visitor): Calling,
    house: House,
    At(group): At<GroupId>,
    Asked(asked): Asked<PostsAsked>,
) -> Result<Response, Problem> {
    professional(asked.side)?;
    let read = move |tx: &mut Tx<'_, '_>, who: &Who| {
        let (key, _, state) = access::to_read(tx, who, group)?;
        let (from, to) = asked.range(state.seq);
        let sheet = opened::range(tx, &state, from, to)?;
        record::written(&state, &sheet, key.account, from, to)
    };
    let (_, posts) = visitor.glance(&house, read).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], posts).into_response())
}

/// One post
#[utoipa::path(get, path = "/api/v1/posts/{post}", operation_id = "post", tag = "posts",
    params(("post" = Id, Path, description = "The post")),
    responses((status = 200, description = "The post", body = Post)))]
pub async fn post(Caller(who): Caller, house: House, At(post): At<PostId>) -> Answer<Post> {
    Ok(Json(house.glance(move |tx| opened(tx, &who, post, Sight::Post)).await?))
}

fn opened(tx: &mut Tx, who: &Who, post: PostId, sight: Sight) -> Outcome<Post> {
    let (key, _) = access::to_open(tx, who, post, sight)?;
    let acknowledged = store::has_name(tx, post, key.account)?;
    let post = opened::one(tx, post)?;
    Ok(Post::of(&post, acknowledged))
}

/// How far the person has read.
#[derive(Deserialize, ToSchema)]
pub struct ReadTo {
    #[schema(value_type = schema::Side)]
    side: Side,
    /// The `seq` of the newest post that was seen.
    #[schema(minimum = 0, example = 42)]
    seq: i64,
}

/// Notes how far the person has read
///
/// Never goes back, and never beyond the newest post.
#[utoipa::path(put, path = "/api/v1/groups/{group}/read", operation_id = "read", tag = "posts",
    params(("group" = Id, Path, description = "The group")),
    request_body = ReadTo,
    responses((status = 204, description = "Noted")))]
pub async fn read(
    Caller(who): Caller,
    house: House,
    At(group): At<GroupId>,
    Body(read): Body<ReadTo>,
) -> Done {
    professional(read.side)?;
    house
        .write(move |tx| {
            let (key, _, door) = access::to_note(tx, &who, group)?;
            actions::mark_read(tx, &key, &door, read.seq)
        })
        .await?;
    done()
}
