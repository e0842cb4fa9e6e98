//! Where the samples of a track lie in the file.

use std::ops::Range;

use super::Refusal;
use super::boxes::{Place, boxes, u32_at, u64_at};

/// Chunks of one track: an hour of positions has 3,600.
const MAX_CHUNKS: usize = 200_000;

/// The byte ranges of all samples told of in a sample table (`stbl`), one for each chunk.
pub(super) fn ranges(bytes: &[u8], table: &Place) -> Result<Vec<Range<usize>>, Refusal> {
    let parts = boxes(bytes, table.body.clone())?;
    let part = |kind: &[u8; 4]| parts.iter().find(|place| &place.kind == kind);
    let (list, width) = match (part(b"stco"), part(b"co64")) {
        (Some(list), _) => (list, 4),
        (None, Some(list)) => (list, 8),
        (None, None) => return Ok(Vec::new()),
    };
    let offsets = rows(bytes, list, 8, width)?;
    if offsets.len() > MAX_CHUNKS {
        return Err(Refusal::Bomb);
    }
    let sizes = Sizes::read(bytes, part(b"stsz").ok_or(Refusal::Broken)?)?;
    let runs = part(b"stsc").ok_or(Refusal::Broken)?;
    let mut run = rows(bytes, runs, 8, 12)?.map(|at| Ok((u32_at(bytes, at)?, u32_at(bytes, at + 4)?)));
    let mut coming = run.next().transpose()?;
    let mut found = Vec::new();
    let mut sample = 0;
    let mut total = 0;
    let mut per_chunk = 0;
    for (chunk, at) in (1..).zip(offsets) {
        let offset = if width == 8 { u64_at(bytes, at)? } else { u64::from(u32_at(bytes, at)?) };
        while let Some((first, samples)) = coming
            && first <= chunk
        {
            per_chunk = samples;
            coming = run.next().transpose()?;
        }
        let length = sizes.sum(bytes, sample, per_chunk)?;
        sample += u64::from(per_chunk);
        total += length;
        let end =
            offset.checked_add(length).filter(|&end| end <= bytes.len() as u64).ok_or(Refusal::Broken)?;
        // Chunks lie side by side; a table that adds up to more than the file is made to keep us busy.
        if total > bytes.len() as u64 {
            return Err(Refusal::Broken);
        }
        // Both fit: they are not beyond the end of a slice.
        found.push(offset as usize..end as usize);
    }
    Ok(found)
}

/// Where the rows of a list begin: four bytes of version, four of count, then `width` bytes each. They are read one
/// by one, for a list may be as long as the file.
fn rows(
    bytes: &[u8],
    list: &Place,
    head: usize,
    width: usize,
) -> Result<impl ExactSizeIterator<Item = usize> + use<>, Refusal> {
    let count = u32_at(bytes, list.body.start + head - 4)? as usize;
    let room = list.body.len().checked_sub(head).ok_or(Refusal::Broken)?;
    if count.checked_mul(width).is_none_or(|needed| needed > room) {
        return Err(Refusal::Broken);
    }
    let from = list.body.start + head;
    Ok((0..count).map(move |row| from + row * width))
}

enum Sizes {
    Same(u32),
    /// How many rows of four bytes, from where.
    Each(usize, usize),
}

impl Sizes {
    fn read(bytes: &[u8], list: &Place) -> Result<Self, Refusal> {
        match u32_at(bytes, list.body.start + 4)? {
            0 => Ok(Self::Each(rows(bytes, list, 12, 4)?.len(), list.body.start + 12)),
            same => Ok(Self::Same(same)),
        }
    }

    /// The length of `count` samples from number `first` on.
    fn sum(&self, bytes: &[u8], first: u64, count: u32) -> Result<u64, Refusal> {
        match *self {
            Self::Same(size) => Ok(u64::from(size) * u64::from(count)),
            Self::Each(rows, from) => {
                let first = usize::try_from(first).map_err(|_| Refusal::Broken)?;
                let last = first.checked_add(count as usize).filter(|&last| last <= rows);
                let last = last.ok_or(Refusal::Broken)?;
                (first..last).try_fold(0, |sum, row| Ok(sum + u64::from(u32_at(bytes, from + row * 4)?)))
            }
        }
    }
}
