//! What the page's script asks while a file is on its way, and how a file is answered.

use super::FileCard;
use super::actions::{self, State};
use super::limits::{PART, Unwanted};
use crate::House;
use crate::accounts::Known;
use crate::phrases::files::megabytes;
use crate::web::{At, Page, json, page};
use askama::Template;
use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use tasuki_law::nouns::{FileKind, UploadId};

pub use super::serving::serve;

/// The row of a file that is in, in a list of uploads.
#[derive(Template)]
#[template(path = "media/upload.html")]
pub struct UploadLine<'a> {
    pub file: &'a FileCard,
}

impl UploadLine<'_> {
    fn size(&self) -> String {
        megabytes(self.file.size.cast_unsigned())
    }
}

/// What the script needs to send the parts.
#[derive(Serialize)]
struct Begun {
    id: UploadId,
    part_size: u64,
}

/// The answer to `POST …/uploads` of whichever room was asked.
pub fn started(begun: Result<UploadId, Unwanted>) -> Page {
    match begun {
        Ok(id) => json(&Begun { id, part_size: PART }),
        Err(fault) => Ok(said(fault)),
    }
}

/// Plain words, shown by the script as they are.
fn said(fault: Unwanted) -> axum::response::Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::UNPROCESSABLE_ENTITY, kind, fault.words()).into_response()
}

pub async fn part(
    Known(who): Known,
    house: House,
    At((upload, number)): At<(UploadId, u32)>,
    body: Body,
) -> Page {
    match actions::take_part(&house, &who, upload, number, body.into_data_stream()).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(fault) => Ok(said(fault)),
    }
}

pub async fn state(Known(who): Known, house: House, At(upload): At<UploadId>) -> Page {
    let state: State = house.read(move |tx| actions::state(tx, &who, upload)).await?;
    json(&state)
}

pub async fn completion(Known(who): Known, house: House, At(upload): At<UploadId>) -> Page {
    match actions::complete(&house, &who, upload).await? {
        Ok(file) => page(&UploadLine { file: &file }),
        Err(fault) => Ok(said(fault)),
    }
}

/// Answers nothing: without script the page stays as it is, its text unlost.
pub async fn removal(Known(who): Known, house: House, At(upload): At<UploadId>) -> Page {
    house.write(move |tx| actions::remove(tx, &who, upload)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
