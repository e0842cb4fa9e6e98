//! Making a picture smaller with little memory beside it.

use fast_image_resize::images::ImageRef;
use fast_image_resize::{IntoImageView as _, MulDiv, ResizeOptions, Resizer};
use image::DynamicImage;

use super::cost::LARGE;
use crate::files::Refusal;

/// `side` times `to` by `from`, rounded, at least one.
pub(super) fn scaled(side: u32, to: u32, from: u32) -> u32 {
    let scaled = (u64::from(side) * u64::from(to) + u64::from(from) / 2) / u64::from(from);
    u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
}

/// The image with its long side at most `longest`.
pub(super) fn shrink(mut image: DynamicImage, longest: u32) -> Result<DynamicImage, Refusal> {
    let (width, height) = (image.width(), image.height());
    let long = width.max(height);
    if long <= longest {
        return Ok(image);
    }
    let (small_width, small_height) = (scaled(width, longest, long), scaled(height, longest, long));
    let mut small = DynamicImage::new(small_width, small_height, image.color());
    let see_through = image.color().has_alpha();
    // Colours are weighed by how much is seen of them. Where it lies: the resizer would make a copy for it.
    if see_through {
        MulDiv::new().multiply_alpha_inplace(&mut image).map_err(|_| Refusal::Broken)?;
    }
    let (width, height) = halve(&mut image, longest);
    let kind = image.pixel_type().ok_or(Refusal::Broken)?;
    let length = width as usize * height as usize * kind.size();
    let lying = image.as_bytes().get(..length).ok_or(Refusal::Broken)?;
    let lying = ImageRef::new(width, height, lying, kind).map_err(|_| Refusal::Broken)?;
    // The image crate's own filter takes twenty times as long, and a copy of 16 bytes for each pixel.
    let plainly = ResizeOptions::new().use_alpha(false);
    Resizer::new().resize(&lying, &mut small, &plainly).map_err(|_| Refusal::Broken)?;
    drop(image);
    if see_through {
        MulDiv::new().divide_alpha_inplace(&mut small).map_err(|_| Refusal::Broken)?;
    }
    Ok(small)
}

/// Halves a large picture in its own memory as long as it stays at least `longest` long; answers how wide and high
/// what lies at the front of it is now.
fn halve(image: &mut DynamicImage, longest: u32) -> (u32, u32) {
    let (mut width, mut height) = (image.width(), image.height());
    if (image.as_bytes().len() as u64) <= LARGE {
        return (width, height);
    }
    while width.max(height) / 2 >= longest && width.min(height) >= 2 {
        match image {
            DynamicImage::ImageLuma8(image) => quarter(image, width, height, 1),
            DynamicImage::ImageLumaA8(image) => quarter(image, width, height, 2),
            DynamicImage::ImageRgb8(image) => quarter(image, width, height, 3),
            DynamicImage::ImageRgba8(image) => quarter(image, width, height, 4),
            _ => break,
        }
        (width, height) = (width / 2, height / 2);
    }
    (width, height)
}

/// Four pixels become their mean, written over what was read before.
fn quarter(samples: &mut [u8], width: u32, height: u32, colours: usize) {
    let (width, row) = (width as usize, width as usize * colours);
    let mut to = 0;
    for y in 0..height as usize / 2 {
        for x in 0..width / 2 {
            for colour in 0..colours {
                let from = 2 * y * row + 2 * x * colours + colour;
                let places = [from, from + colours, from + row, from + row + colours];
                let sum: u16 = places.iter().map(|&place| u16::from(samples[place])).sum();
                // A mean of four bytes is one.
                samples[to] = ((sum + 2) / 4) as u8;
                to += 1;
            }
        }
    }
}
