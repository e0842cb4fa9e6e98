//! What opening a picture really takes: the high-water mark of this process, one picture after another. Alone in its
//! program, so that nothing else is measured.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageBuffer, ImageEncoder as _, ImageFormat, Luma, LumaA, Rgb, Rgba};
use std::fs;
use std::io::Cursor;
use std::time::Instant;
use tasuki_base::files::Refusal;
use tasuki_base::images::{Limits, at_most, face, make_safe};

/// Kilobytes, as the kernel counts them.
fn line(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
}

/// The most that lay in memory during the work, beyond what lay there before; none where the mark cannot be reset.
fn most(work: impl FnOnce()) -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = line("VmRSS:");
    work();
    Some(line("VmHWM:").saturating_sub(before) * 1024)
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
        Box::new(|| ("sixteen bits, thirty-three million", wide(5792, 5792), false)),
        Box::new(|| {
            let grey = ImageBuffer::from_fn(7000, 7000, |x, y| LumaA([noise(x, y, 0), noise(y, x, 3)]));
            ("grey, see-through", png(&DynamicImage::ImageLumaA8(grey)), false)
        }),
        Box::new(|| {
            let grey = ImageBuffer::from_fn(7000, 7000, |x, y| Luma([u16::from(noise(x, y, 0)) << 8]));
            ("grey of sixteen bits", png(&DynamicImage::ImageLuma16(grey)), false)
        }),
        Box::new(|| ("a GIF", other(&clear(2500, 2500), ImageFormat::Gif), true)),
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
        let Some(measured) = measured else {
            eprintln!("not measured: the kernel's mark cannot be reset here");
            return;
        };
        println!("{name}: {} MiB, {:?}, {answers:?}", measured >> 20, begun.elapsed());
        assert!(measured <= limits.memory, "{name}: {} MiB", measured >> 20);
        for answer in answers {
            match answer {
                Ok(()) => {}
                Err(Refusal::TooManyPixels | Refusal::Broken) if !must => {}
                Err(other) => panic!("{name}: {other:?}"),
            }
        }
    }
}
