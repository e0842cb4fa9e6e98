//! Making images safe: decoded within limits, turned upright, shrunk, and written anew, so that nothing
//! but the picture and its colour profile remains.
//!
//! Everything here computes for a while and takes much memory: call it from a blocking thread, one
//! image at a time.

mod cost;
mod decode;
mod encode;
mod shrink;
#[cfg(test)]
mod tests;

use std::fmt;

use image::DynamicImage;

use crate::files::{Kind, Refusal};
use decode::Opened;
use shrink::{scaled, shrink};

/// Long side of what is shown large, in pixels.
const FULL: u32 = 2560;
/// Long side of what stands in a list, in pixels.
const THUMB: u32 = 480;
/// Both sides of a portrait, in pixels.
const FACE: u32 = 256;
/// Up to this many pixels a drawing stays PNG, whose letters have clean edges.
const SMALL: u64 = 1_000_000;

/// What an image may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Width times height.
    pub pixels: u64,
    /// Bytes needed in all beside the file itself: for decoding, shrinking and writing anew.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { pixels: 50_000_000, memory: 256 << 20 }
    }
}

/// An image that may be shown.
#[derive(Clone)]
pub struct Picture {
    pub bytes: Vec<u8>,
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// JPEG or PNG.
    pub kind: Kind,
}

impl Picture {
    /// What goes into `Content-Type`.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        self.kind.media_type()
    }
}

/// One image in the two sizes in which it is shown.
#[derive(Clone, Debug)]
pub struct Safe {
    /// At most 2560 pixels long; JPEG, or PNG when it is see-through or a small drawing.
    pub full: Picture,
    /// At most 480 pixels long; always JPEG, on white.
    pub thumb: Picture,
}

/// Reads a JPEG, PNG, WebP or GIF (of moving ones the first picture) and writes it anew.
///
/// # Errors
/// Those of [`crate::files::sniff`], and [`Refusal::NotAnImage`], [`Refusal::TooManyPixels`] or
/// [`Refusal::Broken`].
pub fn make_safe(bytes: &[u8], limits: Limits) -> Result<Safe, Refusal> {
    let Opened { image, orientation, profile, kind } = decode::open(bytes, limits)?;
    let mut image = shrink(image, FULL)?;
    image.apply_orientation(orientation);
    let image = decode::plain(image);
    let see_through = image.color().has_alpha();
    let small_drawing = kind != Kind::Jpeg && pixels(&image) <= SMALL;
    let full = if see_through || small_drawing {
        encode::png(&image, profile.as_deref())?
    } else {
        encode::jpeg(&image, 85, profile.as_deref())?
    };
    let thumb = encode::jpeg(&on_white(shrink(image, THUMB)?), 80, profile.as_deref())?;
    Ok(Safe { full, thumb })
}

/// The whole image at most `longest` pixels long, upright; always JPEG, on white.
///
/// # Errors
/// As [`make_safe`].
pub fn at_most(bytes: &[u8], longest: u32, limits: Limits) -> Result<Picture, Refusal> {
    let Opened { image, orientation, profile, .. } = decode::open(bytes, limits)?;
    let mut image = shrink(image, longest)?;
    image.apply_orientation(orientation);
    encode::jpeg(&on_white(decode::plain(image)), 85, profile.as_deref())
}

/// A portrait: a square cut out of the image, at most 256 pixels wide; always JPEG, on white.
/// Of a tall picture the cut is a third from the top, where faces are.
///
/// # Errors
/// As [`make_safe`].
pub fn face(bytes: &[u8], limits: Limits) -> Result<Picture, Refusal> {
    let Opened { image, orientation, profile, .. } = decode::open(bytes, limits)?;
    let (long, short) = (image.width().max(image.height()), image.width().min(image.height()));
    let mut image = shrink(image, scaled(long, FACE, short).max(FACE))?;
    image.apply_orientation(orientation);
    let side = image.width().min(image.height());
    let (spare_width, spare_height) = (image.width() - side, image.height() - side);
    let square = image.crop_imm(spare_width / 2, spare_height / 3, side, side);
    encode::jpeg(&on_white(decode::plain(shrink(square, FACE)?)), 85, profile.as_deref())
}

fn pixels(image: &DynamicImage) -> u64 {
    u64::from(image.width()) * u64::from(image.height())
}

fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let see_through = image.into_rgba8();
    let blend = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        // At most 255: a mean of two bytes.
        ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    let white = image::RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [red, green, blue, alpha] = see_through.get_pixel(x, y).0;
        image::Rgb([red, green, blue].map(|colour| blend(colour, alpha)))
    });
    white.into()
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height, bytes) = (self.width, self.height, self.bytes.len());
        write!(f, "Picture({:?}, {width} × {height}, {bytes} bytes)", self.kind)
    }
}
