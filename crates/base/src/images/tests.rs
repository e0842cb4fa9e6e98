use std::io::Cursor;

use exif::{In, Tag};
use image::{ImageDecoder, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const PHOTO: &[u8] = include_bytes!("../../../../tests/fixtures/photo.jpg");
const WEBP: &[u8] = include_bytes!("../../../../tests/fixtures/photo.webp");
const DRAWING: &[u8] = include_bytes!("../../../../tests/fixtures/drawing.png");
const CLEAR: &[u8] = include_bytes!("../../../../tests/fixtures/clear.png");
const GIF: &[u8] = include_bytes!("../../../../tests/fixtures/moving.gif");
const MOVING: &[u8] = include_bytes!("../../../../tests/fixtures/moving.webp");
const CMYK: &[u8] = include_bytes!("../../../../tests/fixtures/cmyk.jpg");
const PROGRESSIVE: &[u8] = include_bytes!("../../../../tests/fixtures/progressive.jpg");
const HEIC: &[u8] = include_bytes!("../../../../tests/fixtures/photo.heic");
const PDF: &[u8] = include_bytes!("../../../../tests/fixtures/page.pdf");

/// The corners of the fixtures: red, green, blue, white.
const CORNERS: [[u8; 3]; 4] = [[220, 30, 30], [30, 180, 30], [30, 30, 220], [250, 250, 250]];

fn safe(bytes: &[u8]) -> Safe {
    make_safe(bytes, Limits::default()).unwrap()
}

fn corners(picture: &Picture) -> [[u8; 3]; 4] {
    let image = image::load_from_memory(&picture.bytes).unwrap().into_rgb8();
    assert_eq!((image.width(), image.height()), (picture.width, picture.height));
    let (right, low) = (image.width() * 3 / 4, image.height() * 3 / 4);
    let (left, high) = (image.width() / 4, image.height() / 4);
    [(left, high), (right, high), (left, low), (right, low)].map(|(x, y)| image.get_pixel(x, y).0)
}

#[track_caller]
fn near(found: [[u8; 3]; 4], wanted: [[u8; 3]; 4], tolerance: u8) {
    let far = found.iter().flatten().zip(wanted.iter().flatten()).any(|(a, b)| a.abs_diff(*b) > tolerance);
    assert!(!far, "{found:?} is not near {wanted:?}");
}

fn exif(bytes: &[u8]) -> Result<exif::Exif, exif::Error> {
    let mut reader = exif::Reader::new();
    // The library that wrote the fixtures leaves small faults, as phones do.
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut Cursor::new(bytes));
    read.or_else(|error| error.distill_partial_result(|_| {}))
}

fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    reader.into_decoder().unwrap().icc_profile().unwrap()
}

#[track_caller]
fn bare(picture: &Picture) {
    assert!(matches!(exif(&picture.bytes), Err(exif::Error::NotFound(_))), "Exif data remains");
    for word in ["Exif", "Somebody", "Fixture", "GPS", "+35.6812", "2026:11:20", "xmpmeta"] {
        let found = picture.bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!found, "{word:?} remains");
    }
}

fn written(image: impl Into<image::DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_phone_photo_loses_its_place_and_stands_upright() {
    let before = exif(PHOTO).unwrap();
    assert!(before.get_field(Tag::GPSLatitude, In::PRIMARY).is_some(), "the fixture must have a place");
    let turned = before.get_field(Tag::Orientation, In::PRIMARY).unwrap();
    assert_eq!(turned.value.get_uint(0), Some(6), "the fixture must lie on its side");

    let Safe { full, thumb } = safe(PHOTO);
    for picture in [&full, &thumb] {
        assert_eq!((picture.width, picture.height, picture.media_type()), (60, 80, "image/jpeg"));
        near(corners(picture), CORNERS, 12);
        bare(picture);
        assert!(!picture.bytes.windows(2).any(|two| two == [0xFF, 0xFE]), "a comment remains");
    }
}

#[test]
fn the_colour_profile_is_kept() {
    let before = profile(PHOTO).expect("the fixture must have a profile");
    assert_eq!(profile(&safe(PHOTO).full.bytes), Some(before));
}

#[test]
fn a_profile_of_other_colours_is_dropped() {
    let mut cmyk = profile(PHOTO).unwrap();
    cmyk[16..20].copy_from_slice(b"CMYK");
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    image::ImageEncoder::set_icc_profile(&mut encoder, cmyk).unwrap();
    RgbImage::new(8, 8).write_with_encoder(encoder).unwrap();
    assert!(profile(&bytes).is_some());
    assert_eq!(profile(&safe(&bytes).full.bytes), None);
}

#[test]
fn webp_and_png_lose_their_notes() {
    for (bytes, kind, tolerance) in [(WEBP, Kind::Png, 12), (DRAWING, Kind::Png, 0)] {
        assert!(exif(bytes).unwrap().get_field(Tag::GPSLatitude, In::PRIMARY).is_some());
        let Safe { full, thumb } = safe(bytes);
        assert_eq!((full.kind, thumb.kind), (kind, Kind::Jpeg));
        near(corners(&full), CORNERS, tolerance);
        bare(&full);
        bare(&thumb);
    }
}

#[test]
fn a_png_holds_nothing_but_the_picture() {
    let bytes = safe(DRAWING).full.bytes;
    let mut at = 8;
    while at < bytes.len() {
        let kind = &bytes[at + 4..at + 8];
        assert!([b"IHDR", b"IDAT", b"IEND"].iter().any(|known| *known == kind), "{kind:?}");
        at += 12 + u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    }
}

#[test]
fn a_see_through_picture_stays_so_and_has_a_thumb_on_white() {
    let Safe { full, thumb } = safe(CLEAR);
    let image = image::load_from_memory(&full.bytes).unwrap().into_rgba8();
    assert_eq!((image.get_pixel(10, 10).0[3], image.get_pixel(50, 10).0[3]), (0, 255));
    assert_eq!(thumb.kind, Kind::Jpeg);
    near(corners(&thumb), [[255; 3], CORNERS[1], CORNERS[2], CORNERS[3]], 12);
}

#[test]
fn a_large_drawing_without_holes_becomes_a_jpeg() {
    let opaque = RgbaImage::from_pixel(1200, 1000, Rgba([9, 99, 199, 255]));
    let full = safe(&written(opaque, ImageFormat::Png)).full;
    assert_eq!((full.kind, full.width, full.height), (Kind::Jpeg, 1200, 1000));
}

#[test]
fn of_moving_pictures_the_first_is_shown() {
    for bytes in [GIF, MOVING] {
        let Safe { full, .. } = safe(bytes);
        near(corners(&full), [[254, 0, 0]; 4], 2);
    }
}

#[test]
fn print_and_sixteen_bit_photos_become_ordinary_ones() {
    near(corners(&safe(CMYK).full), CORNERS, 60);
    let deep = image::ImageBuffer::<image::Luma<u16>, _>::from_pixel(30, 30, image::Luma([0x8000]));
    near(corners(&safe(&written(deep, ImageFormat::Png)).full), [[128; 3]; 4], 1);
}

#[test]
fn large_photos_are_shrunk_in_proportion() {
    let striped =
        RgbImage::from_fn(5300, 1325, |x, _| if x < 2650 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) });
    let Safe { full, thumb } = safe(&written(striped, ImageFormat::Jpeg));
    assert_eq!((full.width, full.height), (2560, 640));
    assert_eq!((thumb.width, thumb.height), (480, 120));
    near(corners(&thumb), [[200, 0, 0], [0, 0, 200], [200, 0, 0], [0, 0, 200]], 8);
}

#[test]
fn a_line_one_pixel_high_keeps_its_pixel() {
    let Safe { full, thumb } = safe(&written(RgbImage::new(9000, 1), ImageFormat::Png));
    assert_eq!((full.width, full.height, thumb.width, thumb.height), (2560, 1, 480, 1));
}

#[test]
fn limits_are_asked_before_decoding() {
    let pixels = |pixels| Limits { pixels, ..Limits::default() };
    assert!(make_safe(PHOTO, pixels(60 * 80)).is_ok());
    assert_eq!(make_safe(PHOTO, pixels(60 * 80 - 1)).unwrap_err(), Refusal::TooManyPixels);

    // A header that promises 3.6 thousand million pixels, in a file of a few bytes.
    let mut bomb = DRAWING.to_vec();
    for at in [16, 20] {
        bomb[at..at + 4].copy_from_slice(&60_000_u32.to_be_bytes());
    }
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(make_safe(&bomb, Limits::default()).unwrap_err(), Refusal::TooManyPixels);
}

#[test]
fn progressive_photos_count_with_what_they_keep_in_memory() {
    let memory = |memory| Limits { memory, ..Limits::default() };
    // Beside the pixels: a copy of the file, and four megabytes for all that is small.
    let needed = |file: &[u8], bytes: u64| 60 * 80 * bytes + file.len() as u64 + (4 << 20);
    assert!(make_safe(PROGRESSIVE, memory(needed(PROGRESSIVE, 9))).is_ok());
    assert_eq!(
        make_safe(PROGRESSIVE, memory(needed(PROGRESSIVE, 9) - 1)).unwrap_err(),
        Refusal::TooManyPixels
    );
    assert!(make_safe(PHOTO, memory(needed(PHOTO, 3))).is_ok(), "a baseline photo needs only its pixels");
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[test]
fn a_face_is_cut_square_from_the_upper_part() {
    let tall = RgbImage::from_fn(600, 1200, |_, y| match y {
        0..200 => Rgb([255, 0, 0]),
        200..800 => Rgb([0, 255, 0]),
        _ => Rgb([0, 0, 255]),
    });
    let picture = face(&written(tall, ImageFormat::Png), Limits::default()).unwrap();
    assert_eq!((picture.width, picture.height, picture.kind), (256, 256, Kind::Jpeg));
    near(corners(&picture), [[0, 255, 0]; 4], 4);

    let upright = face(PHOTO, Limits::default()).unwrap();
    assert_eq!((upright.width, upright.height), (60, 60), "small ones are not blown up");
    near(corners(&upright), CORNERS, 12);
    bare(&upright);
}

#[test]
fn what_is_no_image_is_refused() {
    assert_eq!(make_safe(HEIC, Limits::default()).unwrap_err(), Refusal::HeicNotConverted);
    assert_eq!(make_safe(PDF, Limits::default()).unwrap_err(), Refusal::NotAnImage);
    assert_eq!(make_safe(&PHOTO[..300], Limits::default()).unwrap_err(), Refusal::Broken);
    assert_eq!(face(b"", Limits::default()).unwrap_err(), Refusal::Empty);
}

#[test]
fn damaged_images_never_panic() {
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    let mut roll = |sides: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % sides as u64) as usize
    };
    let limits = Limits { pixels: 100_000, memory: 4 << 20 };
    for original in [PHOTO, WEBP, DRAWING, CLEAR, GIF, MOVING, CMYK, PROGRESSIVE] {
        for _ in 0..60 {
            let mut bytes = original.to_vec();
            for _ in 0..=roll(6) {
                let at = roll(bytes.len());
                bytes[at] = roll(256) as u8;
            }
            bytes.truncate(bytes.len() - roll(2) * roll(bytes.len()));
            let _ = make_safe(&bytes, limits);
        }
    }
}

/// A JPEG with more scans than any program writes: each is a walk over the whole picture.
#[test]
fn a_jpeg_of_very_many_scans_is_refused_before_the_first() {
    const PROGRESSIVE: &[u8] = include_bytes!("../../../../tests/fixtures/progressive.jpg");
    assert!(make_safe(PROGRESSIVE, Limits::default()).is_ok());
    let scan = PROGRESSIVE.windows(2).rposition(|two| two == [0xFF, 0xDA]).unwrap();
    let end = PROGRESSIVE.len() - 2;
    let mut bytes = PROGRESSIVE[..scan].to_vec();
    for _ in 0..60 {
        bytes.extend_from_slice(&PROGRESSIVE[scan..end]);
    }
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    assert_eq!(make_safe(&bytes, Limits::default()).err(), Some(Refusal::Bomb));
}

#[test]
fn what_a_gif_or_webp_says_inside_counts_and_not_only_its_outermost_size() {
    let mut gif = written(RgbaImage::from_pixel(8, 8, image::Rgba([1, 2, 3, 255])), ImageFormat::Gif);
    let frame = gif.windows(5).position(|five| five == [0x2C, 0, 0, 0, 0]).unwrap();
    gif[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(make_safe(&gif, Limits::default()).err(), Some(Refusal::TooManyPixels));
    // A lossy picture of 16383 by 16383 in a container that says 1 by 1.
    let mut webp = b"RIFF\x3c\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0VP8 \x1e\0\0\0".to_vec();
    webp.extend_from_slice(b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f");
    webp.extend_from_slice(&[0; 20]);
    assert_eq!(make_safe(&webp, Limits::default()).err(), Some(Refusal::TooManyPixels));
}
