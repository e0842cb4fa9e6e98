//! From what came in to what may be shown.

use super::{PurposeKind, Variant, shares};
use crate::{Outcome, Trouble};
use tasuki_base::files::{self, Kind, Refusal};
use tasuki_base::images::{self, Limits, Picture};
use tasuki_law::nouns::{AccountId, FileKind};

/// Long side of a portrait's large form, in pixels.
const PORTRAIT: u32 = 640;

/// A file as it will be kept.
pub struct Made {
    pub kind: FileKind,
    /// The ending its name should have.
    pub ending: &'static str,
    /// What it came as, by its content.
    pub came_as: Kind,
    pub forms: Vec<Form>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub duration_ms: Option<u64>,
}

/// One form of it, the large one first.
pub struct Form {
    pub variant: Variant,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// Looks the file through and makes it safe, away from the threads that others wait for.
pub async fn make(
    account: AccountId,
    purpose: PurposeKind,
    plain: Vec<u8>,
) -> Outcome<Result<Made, Refusal>> {
    // Images are known by their first bytes.
    let head = &plain[..plain.len().min(32)];
    let picture = files::sniff(head).is_ok_and(Kind::is_image);
    let place = shares::place(account, picture).await?;
    let work = move || {
        let _place = place;
        made(purpose, plain)
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::broken)
}

fn made(purpose: PurposeKind, plain: Vec<u8>) -> Result<Made, Refusal> {
    let kind = files::sniff(&plain)?;
    match purpose {
        PurposeKind::Profile | PurposeKind::Patient => portrait(kind, &plain),
        _ if kind.is_image() => photo(kind, &plain),
        _ if kind.is_film() => film(kind, plain),
        _ => Ok(document(kind, plain)),
    }
}

fn picture(came_as: Kind, full: Picture, thumb: Picture) -> Made {
    let (width, height, ending) = (Some(full.width), Some(full.height), full.kind.extension());
    let form =
        |variant, picture: Picture| Form { variant, media_type: picture.media_type(), bytes: picture.bytes };
    let forms = vec![form(Variant::Full, full), form(Variant::Thumb, thumb)];
    Made { kind: FileKind::Image, ending, came_as, forms, width, height, duration_ms: None }
}

fn photo(kind: Kind, plain: &[u8]) -> Result<Made, Refusal> {
    let safe = images::make_safe(plain, Limits::default())?;
    Ok(picture(kind, safe.full, safe.thumb))
}

fn portrait(kind: Kind, plain: &[u8]) -> Result<Made, Refusal> {
    let full = images::at_most(plain, PORTRAIT, Limits::default())?;
    // Out of the smaller one: the large one is decoded once.
    let face = images::face(&full.bytes, Limits::default())?;
    Ok(picture(kind, full, face))
}

fn film(kind: Kind, mut plain: Vec<u8>) -> Result<Made, Refusal> {
    let film = files::blank_locations(&mut plain)?;
    // Phones write the same into both; under its own name half the browsers refuse to play QuickTime.
    let media_type = Kind::Mp4.media_type();
    let (width, height) = film.size.unzip();
    let forms = vec![Form { variant: Variant::Full, media_type, bytes: plain }];
    let duration_ms = film.millis;
    let ending = kind.extension();
    Ok(Made { kind: FileKind::Video, ending, came_as: kind, forms, width, height, duration_ms })
}

fn document(kind: Kind, plain: Vec<u8>) -> Made {
    let forms = vec![Form { variant: Variant::Full, media_type: kind.media_type(), bytes: plain }];
    Made {
        kind: FileKind::Document,
        ending: kind.extension(),
        came_as: kind,
        forms,
        width: None,
        height: None,
        duration_ms: None,
    }
}

/// The name with an ending that tells the truth: a HEIC turned JPEG is a `.jpg`, a program called `.pdf` was
/// no PDF.
#[must_use]
pub fn true_name(name: &str, came_as: Kind, ending: &str) -> String {
    let kept = came_as.extension() == ending;
    match name.rsplit_once('.') {
        Some((stem, said)) if came_as.allows(said) && !stem.is_empty() => {
            if kept {
                name.to_owned()
            } else {
                format!("{stem}.{ending}")
            }
        }
        _ => format!("{name}.{ending}"),
    }
}

#[cfg(test)]
mod tests {
    use super::true_name;
    use tasuki_base::files::Kind;

    #[test]
    fn endings_tell_the_truth() {
        for (name, came_as, ending, wanted) in [
            ("IMG_0412.JPG", Kind::Jpeg, "jpg", "IMG_0412.JPG"),
            ("photo.webp", Kind::WebP, "jpg", "photo.jpg"),
            ("drawing.png", Kind::Png, "png", "drawing.png"),
            ("会議.pdf", Kind::Pdf, "pdf", "会議.pdf"),
            ("会議.exe", Kind::Pdf, "pdf", "会議.exe.pdf"),
            ("会議", Kind::Pdf, "pdf", "会議.pdf"),
            ("血圧.csv", Kind::Text, "txt", "血圧.csv"),
            (".jpg", Kind::Jpeg, "jpg", ".jpg.jpg"),
        ] {
            assert_eq!(true_name(name, came_as, ending), wanted);
        }
    }
}
