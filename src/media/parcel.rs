//! A form that brings its files along: the way without script. Files are never held whole: they go to the
//! store part by part as they come.

use super::actions::{self, Coming};
use super::limits::{self, Announced, PART, Unwanted};
use super::{FileCard, Purpose, finishing, shares, store};
use crate::web::Form;
use crate::{House, Outcome, Trouble, Tx};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::header;
use tasuki_base::files::Refusal;
use tasuki_law::nouns::UploadId;

/// A form as it comes in, its files still outside.
pub enum Parcel {
    Files(Multipart),
    Words(Form),
}

/// Words of a form with files, together.
const WORDS: usize = 512 * 1024;
const FIELDS: usize = 200;

impl FromRequest<House> for Parcel {
    type Rejection = Trouble;

    async fn from_request(mut request: Request, house: &House) -> Result<Self, Trouble> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Form::from_request(request, house).await.map(Self::Words);
        }
        // The limits here are ours: of each file, each post, each day.
        DefaultBodyLimit::disable().apply(&mut request);
        Multipart::from_request(request, house).await.map(Self::Files).map_err(|_| Trouble::Malformed)
    }
}

/// What a form brought.
#[derive(Debug, Default)]
pub struct Unpacked {
    /// Its words.
    pub form: Form,
    /// The files that are in.
    pub files: Vec<FileCard>,
    /// The names of those that are not, each with the reason.
    pub refused: Vec<(String, Unwanted)>,
}

/// Takes a form and its files. `purpose` says that the calling room has asked the law.
pub async fn take_multipart(house: &House, purpose: &Purpose, parcel: Parcel) -> Outcome<Unpacked> {
    let mut multipart = match parcel {
        Parcel::Words(form) => return Ok(Unpacked { form, ..Unpacked::default() }),
        Parcel::Files(multipart) => multipart,
    };
    let _share = shares::receiving(purpose.account, PART).await?;
    let (mut unpacked, mut words, mut room) = (Unpacked::default(), Vec::new(), WORDS);
    for _ in 0..FIELDS {
        let field = tokio::time::timeout(shares::PAUSE, multipart.next_field()).await;
        let field = field.map_err(|_| Trouble::Malformed)?;
        let Some(mut field) = field.map_err(|_| Trouble::Malformed)? else {
            unpacked.form = Form::of_pairs(words);
            return Ok(unpacked);
        };
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None => words.push((name, text(&mut field, &mut room).await?)),
            // A file field left empty.
            Some(file) if file.is_empty() => {}
            Some(file) => match take_file(house, purpose, &file, &mut field).await {
                Ok(Ok(card)) => unpacked.files.push(card),
                Ok(Err(fault)) => unpacked.refused.push((file, fault)),
                // What was typed beside it is not to be lost.
                Err(Trouble::Away(_)) => unpacked.refused.push((file, Unwanted::NotNow)),
                Err(trouble) => return Err(trouble),
            },
        }
    }
    Err(Trouble::Malformed)
}

async fn next(field: &mut Field<'_>) -> Outcome<Option<bytes::Bytes>> {
    let piece = tokio::time::timeout(shares::PAUSE, field.chunk()).await;
    piece.map_err(|_| Trouble::Malformed)?.map_err(|_| Trouble::Malformed)
}

async fn text(field: &mut Field<'_>, room: &mut usize) -> Outcome<String> {
    let mut bytes = Vec::new();
    while let Some(piece) = next(field).await? {
        *room = room.checked_sub(piece.len()).ok_or(Trouble::Malformed)?;
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Trouble::Malformed)
}

async fn take_file(
    house: &House,
    purpose: &Purpose,
    name: &str,
    field: &mut Field<'_>,
) -> Outcome<Result<FileCard, Unwanted>> {
    let file = Announced::new(house, name, None, field.content_type().unwrap_or_default());
    let (purpose, most, film) = (*purpose, file.most, file.film);
    let begun = house.write(move |tx| {
        let begun = actions::start(tx, &purpose, &file)?;
        Ok((begun, tx.key(purpose.data_key)?.clone()))
    });
    let (id, key) = match begun.await? {
        (Ok(id), key) => (id, key),
        (Err(fault), _) => return Ok(Err(fault)),
    };
    let coming = Coming { id, size: most, key };
    let mut intake = Intake { house, coming, film, part: Vec::new(), number: 0, size: 0 };
    let received = intake.receive(field).await;
    let size = intake.size;
    if !matches!(received, Ok(Ok(()))) {
        house.write(move |tx| super::erase_one(tx, id)).await?;
    }
    if let Err(fault) = received? {
        return Ok(Err(fault));
    }
    match house.write(move |tx| measure(tx, &purpose, id, size)).await? {
        Ok(()) => {
            let done = finishing::complete(house, purpose.account, id).await;
            if matches!(done, Err(Trouble::Away(_))) {
                house.write(move |tx| super::erase_one(tx, id)).await?;
            }
            done
        }
        Err(full) => Ok(Err(full)),
    }
}

/// The size is known now: once more, whether the day has room.
fn measure(tx: &mut Tx, purpose: &Purpose, id: UploadId, size: u64) -> Outcome<Result<(), Unwanted>> {
    store::resize(tx, id, i64::try_from(size).map_err(Trouble::broken)?)?;
    let room = limits::day(tx, purpose, 0)?;
    if room.is_err() {
        super::erase_one(tx, id)?;
    }
    Ok(room)
}

/// One file of a form, part after part.
struct Intake<'a> {
    house: &'a House,
    coming: Coming,
    film: bool,
    part: Vec<u8>,
    number: u32,
    size: u64,
}

impl Intake<'_> {
    async fn receive(&mut self, field: &mut Field<'_>) -> Outcome<Result<(), Unwanted>> {
        while let Some(piece) = next(field).await? {
            if let Err(fault) = self.add(&piece).await? {
                return Ok(Err(fault));
            }
        }
        match self.size {
            0 => Ok(Err(Unwanted::Content(Refusal::Empty))),
            _ if self.part.is_empty() => Ok(Ok(())),
            _ => self.flush().await,
        }
    }

    async fn add(&mut self, mut piece: &[u8]) -> Outcome<Result<(), Unwanted>> {
        self.size += piece.len() as u64;
        if self.size > self.coming.size {
            let most = self.coming.size;
            return Ok(Err(Unwanted::TooLarge { film: self.film, most, size: None }));
        }
        while !piece.is_empty() {
            let room = PART as usize - self.part.len();
            let (now, later) = piece.split_at(piece.len().min(room));
            self.part.extend_from_slice(now);
            piece = later;
            if self.part.len() as u64 == PART
                && let Err(fault) = self.flush().await?
            {
                return Ok(Err(fault));
            }
        }
        Ok(Ok(()))
    }

    async fn flush(&mut self) -> Outcome<Result<(), Unwanted>> {
        let (part, number) = (std::mem::take(&mut self.part), self.number);
        self.number += 1;
        actions::keep_part(self.house, &self.coming, number, part).await
    }
}
