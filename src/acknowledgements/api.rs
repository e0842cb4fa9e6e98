//! Acknowledging by program.

use super::actions;
use crate::House;
use crate::accounts::Caller;
use crate::timeline::access;
use crate::web::At;
use crate::web::api::{Done, Id, Problem, done};
use tasuki_law::nouns::{PostId, Who};

/// Acknowledges a post
///
/// One's own name stands under it from now on, for everybody in the place to see. Sent again, it changes nothing.
#[utoipa::path(put, path = "/api/v1/posts/{post}/acknowledgement", operation_id = "acknowledge", tag = "posts",
    params(("post" = Id, Path, description = "The post")),
    responses(
        (status = 204, description = "It stands there"),
        (status = 403, description = "Not here, or not now", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn acknowledge(Caller(who): Caller, house: House, At(post): At<PostId>) -> Done {
    set(&house, who, post, true).await
}

/// Takes one's acknowledgement back
#[utoipa::path(delete, path = "/api/v1/posts/{post}/acknowledgement", operation_id = "unacknowledge", tag = "posts",
    params(("post" = Id, Path, description = "The post")),
    responses((status = 204, description = "It does not stand there")))]
pub async fn unacknowledge(Caller(who): Caller, house: House, At(post): At<PostId>) -> Done {
    set(&house, who, post, false).await
}

async fn set(house: &House, who: Who, post: PostId, wanted: bool) -> Done {
    house
        .write(move |tx| {
            let (key, ground) = access::to_acknowledge(tx, &who, post)?;
            actions::set(tx, &key, ground, wanted)
        })
        .await?;
    done()
}
