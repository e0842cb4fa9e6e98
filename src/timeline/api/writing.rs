//! Writing by program, and files for what is written.

use super::{Post, default_side, opened, professional};
use crate::accounts::Caller;
use crate::media::api::{FileAnnounced, UploadBegun, Uploaded};
use crate::media::{self, Announced, Parcel, Purpose, PurposeKind, Unwanted};
use crate::phrases::api as words;
use crate::timeline::actions::{self, Publication, Written};
use crate::timeline::{access, drafts};
use crate::web::api::{Body, Created, Id, Problem, created, schema};
use crate::web::{At, Errors};
use crate::{House, Outcome, Trouble, Tx};
use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tasuki_base::hash::fingerprint;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, DraftId, GroupId, Side, UploadId, Who};
use tasuki_law::{Refusal, Why};
use utoipa::ToSchema;

/// A post about to be written.
#[derive(Deserialize, ToSchema)]
pub struct PostAsked {
    /// Up to 10,000 letters; may be empty where there are attachments.
    #[schema(max_length = 10_000)]
    body: String,
    /// `professional` unless said otherwise.
    #[serde(default = "default_side")]
    #[schema(value_type = schema::Side, required = false)]
    side: Side,
    /// Uploads of this group that are in, in the order in which they are shown: up to 10, 200 MB together.
    #[serde(default)]
    #[schema(value_type = Vec<Id>)]
    attachments: Vec<UploadId>,
}

const LONGEST_KEY: usize = 64;

/// The id that stands for this one post of this author. What is made here is no id of a real draft: those are
/// version 7, this is version 8.
fn draft(headers: &HeaderMap, author: AccountId) -> Result<Option<DraftId>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        return Err(Problem::from(Trouble::Malformed).about("Idempotency-Key", words::BAD_KEY));
    }
    let hash = fingerprint([b"api post".as_slice(), author.0.as_bytes(), key.as_bytes()]);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    Ok(Some(DraftId(uuid::Builder::from_custom_bytes(id).into_uuid())))
}

enum Outcomes {
    Now(Box<Post>),
    Before(Box<Post>),
    Without(Unwanted),
}

/// Writes a post
///
/// With an `Idempotency-Key` the same request may be sent again when its answer was lost: it is one post. It is
/// durable when it is answered.
#[utoipa::path(post, path = "/api/v1/groups/{group}/posts", operation_id = "write_post", tag = "posts",
    params(
        ("group" = Id, Path, description = "The group"),
        ("Idempotency-Key" = Option<String>, Header, description = "Names this one post among all of the author's: a UUID, or any 1 to 64 ASCII letters",
            example = "0192ffee-0000-7000-8000-123456789abc"),
    ),
    request_body = PostAsked,
    responses(
        (status = 201, description = "The post", body = Post),
        (status = 200, description = "The post that the same key wrote before", body = Post),
        (status = 403, description = "Writing is closed here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key stands for another post", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The text or an attachment is wrong", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn write_post(
    Caller(who): Caller,
    house: House,
    At(group): At<GroupId>,
    headers: HeaderMap,
    Body(asked): Body<PostAsked>,
) -> Result<Response, Problem> {
    professional(asked.side)?;
    let author = who.account().ok_or(Refusal::SignIn)?;
    let draft = draft(&headers, author)?;
    let (body, files) = (text::prose(&asked.body), asked.attachments);
    let mistake = drafts::mistake(&body, files.is_empty());
    if !mistake.is_empty() {
        let mut errors = Errors::none();
        errors.add("body", mistake);
        return Err(Problem::input(&errors));
    }
    let written = house.write(move |tx| write(tx, &who, group, draft, &body, &files)).await;
    match written {
        Ok(Outcomes::Now(post)) => Ok((StatusCode::CREATED, Json(post)).into_response()),
        Ok(Outcomes::Before(post)) => Ok(Json(post).into_response()),
        Ok(Outcomes::Without(fault)) => Err(fault.into()),
        Err(Trouble::Refused(Refusal::Because(Why::AlreadyDecided))) => {
            Err(Problem::new(StatusCode::CONFLICT, words::KEY_USED))
        }
        Err(trouble) => Err(trouble.into()),
    }
}

fn write(
    tx: &mut Tx,
    who: &Who,
    group: GroupId,
    draft: Option<DraftId>,
    body: &str,
    files: &[UploadId],
) -> Outcome<Outcomes> {
    let (key, writer) = access::to_write(tx, who, group)?;
    let (once, draft) = (draft.is_some(), draft.unwrap_or_else(|| DraftId(tx.draw())));
    Ok(match actions::write(tx, &key, &writer, &Publication { draft, body, files }, once)? {
        Written::Now(new) => Outcomes::Now(Box::new(Post::new(key.account, body.to_owned(), tx.now(), new))),
        Written::Before(post) => Outcomes::Before(Box::new(opened(tx, who, post, access::Sight::Own)?)),
        Written::Without(fault) => Outcomes::Without(fault),
    })
}

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what a program sends")]
pub struct FileSent {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What an upload answers: the file where it came whole, else where its parts go.
#[derive(serde::Serialize, ToSchema)]
#[serde(untagged)]
pub enum UploadAnswer {
    In(Uploaded),
    Begun(UploadBegun),
}

/// Sends a file for a post
///
/// Whole, as `multipart/form-data` with one field `file`; or in parts: announce it as JSON, send each part with
/// `PUT /api/v1/uploads/{upload}/parts/{number}`, then finish it. What gets no post within a day is swept away.
#[utoipa::path(post, path = "/api/v1/groups/{group}/uploads", operation_id = "upload", tag = "files",
    params(("group" = Id, Path, description = "The group it is for")),
    request_body(content(
        (FileSent = "multipart/form-data"),
        (FileAnnounced = "application/json"),
    )),
    responses(
        (status = 201, description = "In, or let in", body = UploadAnswer),
        (status = 413, description = "Larger than any file may be", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The content is refused", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too much in one day", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn upload(
    Caller(who): Caller,
    house: House,
    At(group): At<GroupId>,
    request: Request,
) -> Created<UploadAnswer> {
    // The law is asked before the first byte.
    let purpose = house.read(move |tx| {
        let (key, ground) = access::may_write(tx, &who, group)?;
        let data_key = ground.data_key;
        Ok(Purpose { account: key.account, data_key, draft: None, kind: PurposeKind::Post })
    });
    let purpose = purpose.await?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let parcel = Parcel::from_request(request, &house).await?;
        return whole(&house, &purpose, parcel).await;
    }
    let Body(file) = Body::<FileAnnounced>::from_request(request, &house).await?;
    let announced = Announced::new(&house, &file.name, Some(file.size), &file.media_type);
    let begun = house.write(move |tx| media::actions::start(tx, &purpose, &announced)).await??;
    created(UploadAnswer::Begun(UploadBegun::of(begun)))
}

async fn whole(house: &House, purpose: &Purpose, parcel: Parcel) -> Created<UploadAnswer> {
    let mut unpacked = media::actions::take_multipart(house, purpose, parcel).await?;
    match (unpacked.files.pop(), unpacked.refused.pop()) {
        (_, Some((_, fault))) => Err(fault.into()),
        (Some(file), None) => created(UploadAnswer::In(file.into())),
        (None, None) => Err(Problem::from(Trouble::Malformed).about("file", words::NO_FILE)),
    }
}

#[cfg(test)]
mod tests {
    use super::{AccountId, HeaderMap, draft};
    use uuid::Uuid;

    #[test]
    fn a_key_names_one_post_of_one_author() {
        let headers =
            |key: &str| HeaderMap::from_iter([("idempotency-key".parse().unwrap(), key.parse().unwrap())]);
        let (nurse, doctor) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let id = |key, author| draft(&headers(key), author).ok().flatten();
        assert_eq!(id("a", nurse), id("a", nurse));
        assert_ne!(id("a", nurse), id("b", nurse));
        assert_ne!(id("a", nurse), id("a", doctor));
        assert_eq!(id("a", nurse).unwrap().0.get_version_num(), 8);
        assert!(draft(&headers(&"x".repeat(65)), nurse).is_err() && draft(&headers(" "), nurse).is_err());
        assert!(draft(&HeaderMap::new(), nurse).unwrap().is_none());
    }
}
