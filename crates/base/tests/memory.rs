//! What opening a picture really takes: every byte that is asked for is counted, one picture after another. Alone in
//! its program, so that nothing else is counted.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageBuffer, ImageEncoder as _, ImageFormat, Luma, LumaA, Rgb, Rgba};
use peak_alloc::PeakAlloc;
use std::io::Cursor;
use std::time::Instant;
use tasuki_base::files::Refusal;
use tasuki_base::images::{Limits, at_most, face, make_safe};

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// The most bytes that were asked for during the work, beyond those held before it.
fn most(work: impl FnOnce()) -> u64 {
    COUNTED.reset_peak_usage();
    let before = COUNTED.current_usage();
    work();
    COUNTED.peak_usage().saturating_sub(before) as u64
}

fn noise(x: u32, y: u32, colour: u32) -> u8 {
    (x.wrapping_mul(31) ^ y.wrapping_mul(17) ^ colour.wrapping_mul(97)) as u8
}

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::NoFilter);
    image.write_with_encoder(encoder).expect("a PNG");
    bytes
}

fn jpeg(width: u32, height: u32, turned: Option<u8>) -> Vec<u8> {
    let image =
        ImageBuffer::from_fn(width, height, |x, y| Rgb([noise(x / 9, y / 9, 0), 90, noise(x / 7, y, 2) / 4]));
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 60);
    if let Some(turned) = turned {
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([turned, 0, 0, 0, 0, 0, 0, 0]);
        encoder.set_exif_metadata(exif).expect("notes");
    }
    DynamicImage::from(image).write_with_encoder(encoder).expect("a JPEG");
    bytes
}

fn wide(width: u32, height: u32) -> Vec<u8> {
    let pixel = |x, y| Rgba([u16::from(noise(x, y, 0)) << 8, 9, u16::from(noise(y, x, 1)) << 7, 30_000]);
    png(&ImageBuffer::from_fn(width, height, pixel).into())
}

fn clear(width: u32, height: u32) -> DynamicImage {
    ImageBuffer::from_fn(width, height, |x, y| Rgba([noise(x / 8, y, 0), 3, 200, noise(y / 8, 1, 1)])).into()
}

fn other(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A small picture whose frame says that it is progressive, of four colours, or larger than it is: the coefficients
/// are asked for all the same.
fn coefficients(file: &[u8], side: u16) -> Vec<u8> {
    let mut bytes = file.to_vec();
    let frame = bytes.windows(2).position(|two| matches!(two, [0xFF, 0xC0 | 0xC2])).expect("a frame");
    bytes[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
    bytes
}

type Case = (&'static str, Vec<u8>, bool);

/// Name, file, whether it must be taken.
fn cases() -> Vec<Box<dyn Fn() -> Case>> {
    const PROGRESSIVE: &[u8] = include_bytes!("../../../tests/fixtures/progressive.jpg");
    const CMYK: &[u8] = include_bytes!("../../../tests/fixtures/cmyk.jpg");
    vec![
        Box::new(|| ("a phone's forty-eight million", jpeg(8064, 6048, Some(8)), true)),
        Box::new(|| ("a panorama", jpeg(16_000, 3000, None), true)),
        Box::new(|| ("a tower", jpeg(2600, 19_000, Some(7)), true)),
        Box::new(|| ("fifty million, see-through", png(&clear(8660, 5773)), true)),
        Box::new(|| ("sixteen bits, eleven million", wide(3400, 3400), true)),
        Box::new(|| {
            let grey = ImageBuffer::from_fn(7000, 7000, |x, y| LumaA([noise(x, y, 0), noise(y, x, 3)]));
            ("grey, see-through", png(&DynamicImage::ImageLumaA8(grey)), false)
        }),
        Box::new(|| {
            let grey = ImageBuffer::from_fn(7000, 7000, |x, y| Luma([u16::from(noise(x, y, 0)) << 8]));
            ("grey of sixteen bits", png(&DynamicImage::ImageLuma16(grey)), false)
        }),
        Box::new(|| {
            // Few colours: choosing 256 of many takes the encoder a minute.
            let flat =
                ImageBuffer::from_fn(2500, 2500, |x, y| Rgba([(x / 16) as u8, 3, 200, (y & 1) as u8 * 255]));
            ("a GIF", other(&flat.into(), ImageFormat::Gif), true)
        }),
        Box::new(|| ("a WebP", other(&clear(3000, 3000), ImageFormat::WebP), true)),
        Box::new(|| {
            (
                "a WebP of colours",
                other(&DynamicImage::from(clear(4000, 3000).to_rgb8()), ImageFormat::WebP),
                false,
            )
        }),
        Box::new(|| ("progressive", coefficients(PROGRESSIVE, 5000), false)),
        Box::new(|| ("progressive, too large", coefficients(PROGRESSIVE, 7000), false)),
        Box::new(|| ("four colours", coefficients(CMYK, 7000), false)),
    ]
}

#[test]
fn no_picture_takes_more_memory_than_is_said() {
    let limits = Limits::default();
    for case in cases() {
        let (name, file, must) = case();
        let mut answers = Vec::new();
        let begun = Instant::now();
        let measured = most(|| {
            answers.push(make_safe(&file, limits).map(|_| ()));
            if !must {
                // The same door; smaller forms take less.
                answers.push(at_most(&file, 640, limits).map(|_| ()));
                answers.push(face(&file, limits).map(|_| ()));
            }
        });
        println!("{name}: {} MiB, {:?}, {answers:?}", measured >> 20, begun.elapsed());
        assert!(measured <= limits.memory, "{name}: {} MiB", measured >> 20);
        assert!(measured > 1 << 20 || answers.iter().all(Result::is_err), "{name}: it was counted");
        for answer in answers {
            match answer {
                Ok(()) => {}
                Err(Refusal::TooManyPixels | Refusal::Broken) if !must => {}
                Err(other) => panic!("{name}: {other:?}"),
            }
        }
    }
}
