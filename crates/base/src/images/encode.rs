//! Writing a picture anew, with nothing beside it but its colour profile.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder};

use super::Picture;
use crate::files::{Kind, Refusal};

/// Larger colour profiles are those of printing machines, or no profiles.
const MAX_PROFILE: usize = 64 << 10;

/// `image` must not be see-through; `quality` is of 100.
pub(super) fn jpeg(image: &DynamicImage, quality: u8, profile: Option<&[u8]>) -> Result<Picture, Refusal> {
    let mut bytes = Vec::new();
    write(image, JpegEncoder::new_with_quality(&mut bytes, quality), profile)?;
    Ok(Picture { bytes, width: image.width(), height: image.height(), kind: Kind::Jpeg })
}

pub(super) fn png(image: &DynamicImage, profile: Option<&[u8]>) -> Result<Picture, Refusal> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    write(image, encoder, profile)?;
    Ok(Picture { bytes, width: image.width(), height: image.height(), kind: Kind::Png })
}

fn write(
    image: &DynamicImage,
    mut encoder: impl ImageEncoder,
    profile: Option<&[u8]>,
) -> Result<(), Refusal> {
    if let Some(profile) = profile.filter(|profile| fits(profile, image)) {
        // Both encoders take profiles; without one the picture is still the picture.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
    image.write_with_encoder(encoder).map_err(|_| Refusal::Broken)
}

/// Whether the profile speaks of the colours that the image has now: a CMYK photo becomes RGB in
/// decoding, and its own profile would paint it wrong.
fn fits(profile: &[u8], image: &DynamicImage) -> bool {
    let space: &[u8] = if image.color().has_color() { b"RGB " } else { b"GRAY" };
    profile.len() <= MAX_PROFILE && profile.get(16..20) == Some(space) && profile.get(36..40) == Some(b"acsp")
}
