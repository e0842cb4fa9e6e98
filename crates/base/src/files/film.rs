//! Films keep where they were taken in many places: `©xyz` and `loci` among the user data, keys of
//! Apple's in `meta`, makers' own boxes, whole tracks of positions. Rather than know them all, only
//! what playing needs is kept; every other box becomes `free` space filled with zeroes. No byte moves,
//! so no offset has to be rewritten.

use std::ops::Range;

use super::boxes::{Place, boxes, inside, u32_at, u64_at};
use super::{Refusal, samples};

/// What playing needs, at the top, in `moov` and in each `trak`.
const TOP: &[&[u8; 4]] =
    &[b"ftyp", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"pdin", b"prft", b"imda"];
const MOVIE: &[&[u8; 4]] = &[b"mvhd", b"iods", b"mvex", b"prfl", b"clip"];
const TRACK: &[&[u8; 4]] =
    &[b"tkhd", b"edts", b"mdia", b"tref", b"tapt", b"load", b"clip", b"matt", b"imap", b"txas", b"trgr"];
/// Picture, sound, captions, time code.
const PLAYED: &[&[u8; 4]] = &[b"vide", b"auxv", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd"];
/// Picture, sound, captions, and what cameras tell beside: a phone writes six, a film for many countries twenty.
const MAX_TRACKS: usize = 64;
const SPACE: &[&[u8; 4]] = &[b"free", b"skip", b"wide"];

/// What was found out about a film on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Film {
    /// How many boxes and tracks held something and hold zeroes now.
    pub blanked: usize,
    /// Duration in milliseconds, if the film tells.
    pub millis: Option<u64>,
    /// Width and height in pixels, as shown upright.
    pub size: Option<(u32, u32)>,
}

/// Blanks, in place, everything in an MP4 or QuickTime film that is not needed for playing it: locations
/// above all, but also names, makers and dates in words. The length stays the same. Doing it twice is
/// doing it once.
///
/// # Errors
/// [`Refusal::Broken`]; then nothing was changed.
pub fn blank_locations(bytes: &mut [u8]) -> Result<Film, Refusal> {
    let mut survey = Survey { bytes, film: Film::default(), renamed: Vec::new(), zeroed: Vec::new() };
    survey.file()?;
    let Survey { mut film, renamed, zeroed, .. } = survey;
    let zeroed = apart(zeroed);
    film.blanked +=
        zeroed.iter().filter(|range| bytes[(*range).clone()].iter().any(|&byte| byte != 0)).count();
    for at in renamed {
        bytes[at..at + 4].copy_from_slice(b"free");
    }
    for range in zeroed {
        bytes[range].fill(0);
    }
    Ok(film)
}

/// The same bytes, each in one range only: tracks that tell of the same samples cost what one costs.
fn apart(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let touches = next.start < last.end || next == last;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    ranges
}

struct Survey<'a> {
    bytes: &'a [u8],
    film: Film,
    /// Where the four letters of boxes stand that become `free`.
    renamed: Vec<usize>,
    zeroed: Vec<Range<usize>>,
}

impl Survey<'_> {
    fn file(&mut self) -> Result<(), Refusal> {
        let mut movie = None;
        for place in boxes(self.bytes, 0..self.bytes.len())? {
            match &place.kind {
                b"moov" if movie.is_some() => return Err(Refusal::Broken),
                b"moov" => movie = Some(place),
                kind if TOP.contains(&kind) => {}
                _ => self.blank(&place),
            }
        }
        self.movie(&movie.ok_or(Refusal::Broken)?)
    }

    fn movie(&mut self, movie: &Place) -> Result<(), Refusal> {
        let inner = boxes(self.bytes, movie.body.clone())?;
        if inner.iter().filter(|place| &place.kind == b"trak").count() > MAX_TRACKS {
            return Err(Refusal::Bomb);
        }
        let in_pieces = inner.iter().any(|place| &place.kind == b"mvex");
        for place in inner {
            match &place.kind {
                b"mvhd" => self.film.millis = millis(self.bytes, &place)?,
                b"trak" => self.track(&place, in_pieces)?,
                kind if MOVIE.contains(&kind) => {}
                _ => self.blank(&place),
            }
        }
        Ok(())
    }

    fn track(&mut self, track: &Place, in_pieces: bool) -> Result<(), Refusal> {
        let handler = inside(self.bytes, track, &[b"mdia", b"hdlr"])?.ok_or(Refusal::Broken)?;
        let handler = u32_at(self.bytes, handler.body.start + 8)?.to_be_bytes();
        if !PLAYED.contains(&&handler) {
            // The samples of a film in pieces are told of elsewhere; no phone writes positions so.
            return if in_pieces { Err(Refusal::Broken) } else { self.drop_track(track) };
        }
        for place in boxes(self.bytes, track.body.clone())? {
            match &place.kind {
                b"tkhd" if &handler == b"vide" && self.film.size.is_none() => {
                    self.film.size = size(self.bytes, &place)?;
                }
                kind if TRACK.contains(&kind) => {}
                _ => self.blank(&place),
            }
        }
        Ok(())
    }

    /// Positions, faces, motion: the samples go with the track that tells of them.
    fn drop_track(&mut self, track: &Place) -> Result<(), Refusal> {
        if let Some(table) = inside(self.bytes, track, &[b"mdia", b"minf", b"stbl"])? {
            self.zeroed.extend(samples::ranges(self.bytes, &table)?);
        }
        self.blank(track);
        Ok(())
    }

    fn blank(&mut self, place: &Place) {
        if !SPACE.contains(&&place.kind) {
            self.renamed.push(place.start + 4);
        }
        self.zeroed.push(place.body.clone());
    }
}

fn millis(bytes: &[u8], header: &Place) -> Result<Option<u64>, Refusal> {
    let at = header.body.start;
    let (scale, duration) = match bytes.get(at) {
        Some(0) => (u32_at(bytes, at + 12)?, u64::from(u32_at(bytes, at + 16)?)),
        Some(1) => (u32_at(bytes, at + 20)?, u64_at(bytes, at + 24)?),
        _ => return Err(Refusal::Broken),
    };
    let unknown = scale == 0 || duration == 0 || duration == u64::from(u32::MAX) || duration == u64::MAX;
    let millis = u128::from(duration) * 1000 / u128::from(scale.max(1));
    Ok(if unknown { None } else { u64::try_from(millis).ok() })
}

fn size(bytes: &[u8], header: &Place) -> Result<Option<(u32, u32)>, Refusal> {
    let matrix = header.body.start + if bytes.get(header.body.start) == Some(&1) { 52 } else { 40 };
    // Fixed point, sixteen bits behind the point.
    let (width, height) = (u32_at(bytes, matrix + 36)? >> 16, u32_at(bytes, matrix + 40)? >> 16);
    let on_its_side = u32_at(bytes, matrix)? == 0 && u32_at(bytes, matrix + 16)? == 0;
    let upright = if on_its_side { (height, width) } else { (width, height) };
    Ok(Some(upright).filter(|&(width, height)| width > 0 && height > 0))
}
