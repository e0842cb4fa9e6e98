//! Files by program: what the API says of one, and sending one in parts.

use super::actions::{self, State};
use super::limits::PART;
use super::{FileCard, Unwanted};
use crate::House;
use crate::accounts::Caller;
use crate::web::api::{Answer, Done, Id, Problem, done, schema};
use crate::web::{At, Errors};
use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{FileKind, PostId, UploadId};
use utoipa::ToSchema;

/// A file of a post.
#[derive(Serialize, ToSchema)]
pub struct Attachment {
    #[schema(value_type = Id)]
    id: UploadId,
    #[schema(value_type = schema::FileKind)]
    kind: FileKind,
    #[schema(example = "image/jpeg")]
    media_type: String,
    name: String,
    /// In bytes.
    size: i64,
    /// In pixels, of pictures and most films.
    width: Option<u32>,
    height: Option<u32>,
    /// Of films that tell.
    duration_ms: Option<u64>,
    /// Where its bytes are, for whoever reads the post; ranges are answered.
    url: String,
    /// A small form, where there is one.
    thumb: Option<String>,
}

impl Attachment {
    #[must_use]
    pub fn of(post: PostId, file: FileCard) -> Self {
        let url = format!("/posts/{post}/files/{}", file.id);
        Self {
            id: file.id,
            kind: file.kind,
            media_type: file.media_type,
            name: file.name,
            size: file.size,
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            thumb: file.has_thumb.then(|| format!("{url}/thumb")),
            url,
        }
    }
}

/// A file that is in and waits for its post.
#[derive(Serialize, ToSchema)]
pub struct Uploaded {
    #[schema(value_type = Id)]
    id: UploadId,
    #[schema(value_type = schema::FileKind)]
    kind: FileKind,
    media_type: String,
    name: String,
    size: i64,
    width: Option<u32>,
    height: Option<u32>,
    duration_ms: Option<u64>,
}

impl From<FileCard> for Uploaded {
    fn from(file: FileCard) -> Self {
        Self {
            id: file.id,
            kind: file.kind,
            media_type: file.media_type,
            name: file.name,
            size: file.size,
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
        }
    }
}

/// A file announced before its first byte.
#[derive(Clone, Deserialize, ToSchema)]
pub struct FileAnnounced {
    #[schema(example = "photo.jpg")]
    pub name: String,
    /// In bytes.
    #[schema(example = 2_345_678)]
    pub size: u64,
    /// What the sender takes it for; the content decides.
    #[serde(default)]
    #[schema(example = "image/jpeg")]
    pub media_type: String,
}

/// An upload that was let in; its parts are waited for.
#[derive(Serialize, ToSchema)]
pub struct UploadBegun {
    #[schema(value_type = Id)]
    id: UploadId,
    /// Bytes of each part but the last.
    part_size: u64,
}

impl UploadBegun {
    #[must_use]
    pub const fn of(id: UploadId) -> Self {
        Self { id, part_size: PART }
    }
}

/// Why a file does not come in, at the field that names it.
impl From<Unwanted> for Problem {
    fn from(fault: Unwanted) -> Self {
        let mut errors = Errors::none();
        errors.add("attachments", fault.words());
        let problem = Self::input(&errors);
        match fault {
            Unwanted::TooLarge { .. } => problem.with_status(StatusCode::PAYLOAD_TOO_LARGE),
            Unwanted::DayFull => problem.with_status(StatusCode::TOO_MANY_REQUESTS),
            _ => problem,
        }
    }
}

/// Where an upload stands.
#[derive(Serialize, ToSchema)]
pub struct UploadState {
    #[schema(value_type = Id)]
    id: UploadId,
    size: i64,
    part_size: u64,
    /// The numbers of the parts that are here, from 0.
    parts: Vec<i64>,
    /// It is in.
    ready: bool,
}

impl From<State> for UploadState {
    fn from(state: State) -> Self {
        let State { id, size, part_size, parts, ready } = state;
        Self { id, size, part_size, parts, ready }
    }
}

/// Where an upload in parts stands
#[utoipa::path(get, path = "/api/v1/uploads/{upload}", operation_id = "upload_state", tag = "files",
    params(("upload" = Id, Path, description = "The upload")),
    responses((status = 200, description = "Which parts are here", body = UploadState)))]
pub async fn upload_state(
    Caller(who): Caller,
    house: House,
    At(upload): At<UploadId>,
) -> Answer<UploadState> {
    let state = house.read(move |tx| actions::state(tx, &who, upload)).await?;
    Ok(Json(state.into()))
}

/// Sends a part
///
/// Exactly `part_size` bytes, the last part fewer. A part may be sent again.
#[utoipa::path(put, path = "/api/v1/uploads/{upload}/parts/{number}", operation_id = "send_part", tag = "files",
    params(("upload" = Id, Path, description = "The upload"), ("number" = u32, Path, description = "The part, from 0")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes"),
    responses(
        (status = 204, description = "The part is kept"),
        (status = 422, description = "The content is refused", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn send_part(
    Caller(who): Caller,
    house: House,
    At((upload, number)): At<(UploadId, u32)>,
    body: Body,
) -> Done {
    actions::take_part(&house, &who, upload, number, body.into_data_stream()).await??;
    done()
}

/// Finishes an upload in parts
///
/// Looked through, made safe, sealed; durable when it answers. Asking twice is asking once.
#[utoipa::path(post, path = "/api/v1/uploads/{upload}/completion", operation_id = "finish_upload", tag = "files",
    params(("upload" = Id, Path, description = "The upload")),
    responses(
        (status = 200, description = "The file is in", body = Uploaded),
        (status = 422, description = "Parts are missing, or the content is refused", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn finish_upload(Caller(who): Caller, house: House, At(upload): At<UploadId>) -> Answer<Uploaded> {
    let file = actions::complete(&house, &who, upload).await??;
    Ok(Json(file.into()))
}

/// Takes an upload back
///
/// As long as it is part of nothing.
#[utoipa::path(delete, path = "/api/v1/uploads/{upload}", operation_id = "remove_upload", tag = "files",
    params(("upload" = Id, Path, description = "The upload")),
    responses((status = 204, description = "It is gone")))]
pub async fn remove_upload(Caller(who): Caller, house: House, At(upload): At<UploadId>) -> Done {
    house.write(move |tx| actions::remove(tx, &who, upload)).await?;
    done()
}
