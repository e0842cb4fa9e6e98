//! Opening an image without being overwhelmed by it.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageBuffer, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::Limits;
use super::cost::Head;
use crate::files::{self, Kind, Refusal};

/// Profiles and words of a PNG together.
const BESIDE: u64 = 16 << 20;

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
    // What stands beside the pixels: a profile or words packed small would unpack to all there is. GIF counts its
    // own picture by it.
    allowed.max_alloc = Some(if kind == Kind::Png { BESIDE } else { limits.memory });
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    check_size(&decoder, bytes, kind, limits)?;
    // Damaged notes about a good picture are no reason to refuse it.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let image = pixels(decoder)?;
    Ok(Opened { image, orientation, profile, kind })
}

/// Eight bits a colour, made where sixteen lie: a second picture beside a large one would be too much.
fn pixels(decoder: impl ImageDecoder) -> Result<DynamicImage, Refusal> {
    let (width, height) = decoder.dimensions();
    let colour = decoder.color_type();
    let mut bytes = vec![0; usize::try_from(decoder.total_bytes()).map_err(|_| Refusal::TooManyPixels)?];
    decoder.read_image(&mut bytes).map_err(refusal)?;
    if matches!(colour, ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16) {
        for at in 0..bytes.len() / 2 {
            let wide = u32::from(u16::from_ne_bytes([bytes[2 * at], bytes[2 * at + 1]]));
            // At most 255.
            bytes[at] = ((wide + 128) / 257) as u8;
        }
        bytes.truncate(bytes.len() / 2);
    }
    let image = match colour.channel_count() {
        1 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLuma8),
        2 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageLumaA8),
        3 => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        _ => ImageBuffer::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
    };
    image.ok_or(Refusal::Broken)
}

/// Asked before the first pixel is decoded.
fn check_size(decoder: &impl ImageDecoder, bytes: &[u8], kind: Kind, limits: Limits) -> Result<(), Refusal> {
    let (width, height) = decoder.dimensions();
    let depth = u64::from(decoder.color_type().channel_count());
    let head = Head { bytes, kind, width, height, total: decoder.total_bytes(), depth };
    match head.pixels() {
        0 => Err(Refusal::Broken),
        pixels if pixels > limits.pixels || head.memory() > limits.memory => Err(Refusal::TooManyPixels),
        _ if head.is_bomb() => Err(Refusal::Bomb),
        _ => Ok(()),
    }
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
