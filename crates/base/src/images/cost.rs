//! What opening a picture costs, told from its structure before the first pixel is decoded.

use super::FULL;
use crate::files::Kind;

/// Sides of which no camera's picture is longer.
const LONGEST: u32 = 65_535;
/// Scans of a progressive JPEG: programs write ten or twenty. Each is a walk over the whole picture.
const MAX_SCANS: u64 = 40;
/// Pixels walked over in all scans together.
const MAX_WALK: u64 = 800_000_000;
/// Row buffers, tables, profiles, and what the allocator loses.
const SPARE: u64 = 4 << 20;
/// Above so many bytes a picture is halved where it lies before it is resized.
pub(super) const LARGE: u64 = 64 << 20;

/// What is known of a picture from its head.
pub(super) struct Head<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) kind: Kind,
    pub(super) width: u32,
    pub(super) height: u32,
    /// Of the decoded picture.
    pub(super) total: u64,
    /// Bytes of a pixel once it has eight bits a colour.
    pub(super) depth: u64,
}

impl Head<'_> {
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The most bytes that lie in memory at once beside the file itself.
    pub(super) fn memory(&self) -> u64 {
        let pixels = self.pixels();
        let beside = match self.kind {
            // The decoder copies the file.
            Kind::Jpeg => jpeg(self.bytes).coefficients * 2 * pixels + self.bytes.len() as u64,
            Kind::WebP => webp(self.bytes, pixels),
            Kind::Gif => gif(self.bytes, pixels),
            _ => 0,
        };
        self.total + SPARE + beside.max(self.shrinking())
    }

    /// Whether it would keep the processor busy beyond its size.
    pub(super) fn is_bomb(&self) -> bool {
        if self.width.max(self.height) > LONGEST {
            return true;
        }
        let scans = if self.kind == Kind::Jpeg { jpeg(self.bytes).scans } else { 0 };
        scans > MAX_SCANS || scans * self.pixels() > MAX_WALK
    }

    /// Between its own size and the small one lie the small one and a picture as wide as it, as high as the large one.
    fn shrinking(&self) -> u64 {
        let (mut width, mut height) = (self.width, self.height);
        if self.depth * self.pixels() > LARGE {
            while width.max(height) / 2 >= FULL {
                (width, height) = ((width / 2).max(1), (height / 2).max(1));
            }
        }
        let long = u64::from(width.max(height));
        if long <= u64::from(FULL) {
            return 0;
        }
        let narrow = u64::from(width) * u64::from(FULL) / long + 1;
        narrow * self.depth * (u64::from(height) + u64::from(FULL).min(u64::from(height)))
    }
}

#[derive(Default)]
struct Jpeg {
    scans: u64,
    /// How many colours' coefficients stay in memory until the last scan.
    coefficients: u64,
}

/// Walks the segments of a JPEG. One without a frame counts as the dearest kind.
fn jpeg(bytes: &[u8]) -> Jpeg {
    let (mut found, mut at, mut frame) = (Jpeg::default(), 2, None);
    while let Some(&[first, marker]) = bytes.get(at..at + 2) {
        if first != 0xFF || matches!(marker, 0x00 | 0xFF | 0x01 | 0xD0..=0xD8) {
            // Between segments, or within a scan, until the next mark.
            at += 1;
            continue;
        }
        let length =
            bytes.get(at + 2..at + 4).map_or(2, |two| usize::from(two[0]) << 8 | usize::from(two[1]));
        match marker {
            0xD9 => break,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let colours = u64::from(bytes.get(at + 9).copied().unwrap_or(4)).clamp(1, 4);
                let kept = matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
                frame = Some(colours);
                found.coefficients = found.coefficients.max(if kept { colours } else { 0 });
            }
            0xDA => {
                found.scans += 1;
                // A scan that brings some colours only: the others are waited for.
                let colours = bytes.get(at + 4).copied().map_or(0, u64::from);
                if let Some(all) = frame.filter(|&all| colours < all) {
                    found.coefficients = found.coefficients.max(all);
                }
            }
            _ => {}
        }
        at += 2 + length.max(2);
    }
    if frame.is_none() {
        found.coefficients = 4;
    }
    found
}

/// Beside the decoded picture: what the frames inside say of their size counts, not only the outermost.
fn webp(bytes: &[u8], pixels: u64) -> u64 {
    let (mut beside, mut animated, mut at) = (0, false, 12);
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let body = bytes.get(at + 8..).unwrap_or_default();
        let two =
            |at: usize| body.get(at..at + 2).map_or(0, |two| u64::from(two[0]) | u64::from(two[1]) << 8);
        match &head[..4] {
            // Brightness and colours, and room for another picture of them all.
            b"VP8 " => {
                let inside = (two(6) & 0x3FFF) * (two(8) & 0x3FFF);
                beside = beside.max(6 * inside.max(pixels));
            }
            // A picture of four bytes, and tables that a short file can ask for by the thousand.
            b"VP8L" => beside = beside.max(5 * pixels + 48 * length.min(bytes.len()) as u64),
            b"ALPH" => beside = beside.max(8 * pixels + 48 * length.min(bytes.len()) as u64),
            b"ANMF" => {
                animated = true;
                // Only the first is shown; its chunks lie behind sixteen bytes.
                at += 8 + 16;
                if beside > 0 {
                    break;
                }
                continue;
            }
            _ => {}
        }
        at = match at.checked_add(8 + length + length % 2) {
            Some(next) => next,
            None => break,
        };
    }
    beside + if animated { 8 * pixels } else { 0 }
}

/// The first picture of a GIF is drawn apart when it does not fill the screen; it may be larger than that.
fn gif(bytes: &[u8], pixels: u64) -> u64 {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + bytes.get(10).map_or(0, |&flags| colours(flags));
    while bytes.get(at) == Some(&0x21) {
        at += 2;
        while let Some(&length) = bytes.get(at) {
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
    }
    let two =
        |from: usize| bytes.get(from..from + 2).map_or(0, |two| u64::from(two[0]) | u64::from(two[1]) << 8);
    let drawn = if bytes.get(at) == Some(&0x2C) { two(at + 5) * two(at + 7) } else { pixels };
    4 * drawn
}
