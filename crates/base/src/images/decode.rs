//! Opening an image without being overwhelmed by it.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::Limits;
use crate::files::{self, Kind, Refusal};

pub(super) struct Opened {
    pub(super) image: DynamicImage,
    pub(super) orientation: Orientation,
    pub(super) profile: Option<Vec<u8>>,
    pub(super) kind: Kind,
}

pub(super) fn open(bytes: &[u8], limits: Limits) -> Result<Opened, Refusal> {
    let kind = files::sniff(bytes)?;
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
        Kind::Gif => ImageFormat::Gif,
        _ => return Err(Refusal::NotAnImage),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = image::Limits::default();
    allowed.max_alloc = Some(limits.memory);
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    check_size(&decoder, bytes, kind, limits)?;
    // Damaged notes about a good picture are no reason to refuse it.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    Ok(Opened { image, orientation, profile, kind })
}

/// Asked before the first pixel is decoded.
fn check_size(decoder: &impl ImageDecoder, bytes: &[u8], kind: Kind, limits: Limits) -> Result<(), Refusal> {
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Refusal::Broken);
    }
    let mut memory = decoder.total_bytes();
    if kind == Kind::Jpeg && is_progressive(bytes) {
        // All coefficients, two bytes each for up to three colours, stay in memory until the last scan;
        // the decoder does not count them.
        memory = memory.saturating_add(pixels * 6);
    }
    let too_large = pixels > limits.pixels || memory > limits.memory;
    if too_large { Err(Refusal::TooManyPixels) } else { Ok(()) }
}

/// Whether the frame header of a JPEG is one of the progressive kinds. A JPEG whose segments cannot be
/// walked counts as progressive.
fn is_progressive(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            0xFF => at += 1,
            0xC2 | 0xC6 | 0xCA | 0xCE => return true,
            0xC0 | 0xC1 | 0xC3 | 0xC5 | 0xC7 | 0xC9 | 0xCB | 0xCD | 0xCF => return false,
            0x01 | 0xD0..=0xD8 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    true
}

/// Eight bits a colour, and see-through only where something really is.
pub(super) fn plain(image: DynamicImage) -> DynamicImage {
    let colour = image.color();
    if colour.has_alpha() {
        let image = image.into_rgba8();
        let see_through = image.pixels().any(|pixel| pixel.0[3] < 255);
        // A grey picture gets colours here; it is one in a thousand and looks the same.
        return if see_through { image.into() } else { DynamicImage::from(image).into_rgb8().into() };
    }
    if colour.has_color() { image.into_rgb8().into() } else { image.into_luma8().into() }
}

fn refusal(error: ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Broken,
    }
}
