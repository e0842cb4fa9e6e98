//! Where the samples of a track lie in the file.

use std::ops::Range;

use super::Refusal;
use super::boxes::{Place, boxes, u32_at, u64_at};

/// The byte ranges of all samples told of in a sample table (`stbl`), one for each chunk.
pub(super) fn ranges(bytes: &[u8], table: &Place) -> Result<Vec<Range<usize>>, Refusal> {
    let parts = boxes(bytes, table.body.clone())?;
    let part = |kind: &[u8; 4]| parts.iter().find(|place| &place.kind == kind);
    let offsets = match (part(b"stco"), part(b"co64")) {
        (Some(list), _) => offsets(bytes, list, 4)?,
        (None, Some(list)) => offsets(bytes, list, 8)?,
        (None, None) => return Ok(Vec::new()),
    };
    let sizes = Sizes::read(bytes, part(b"stsz").ok_or(Refusal::Broken)?)?;
    let runs = runs(bytes, part(b"stsc").ok_or(Refusal::Broken)?)?;
    let mut found = Vec::new();
    let mut sample = 0;
    let mut total = 0;
    let mut run = runs.iter().peekable();
    let mut per_chunk = 0;
    for (chunk, offset) in (1..).zip(offsets) {
        while let Some((_, samples)) = run.next_if(|(first, _)| *first <= chunk) {
            per_chunk = *samples;
        }
        let length = sizes.sum(sample, per_chunk)?;
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

/// The rows of a list: four bytes of version, four of count, then `width` bytes each.
fn rows(bytes: &[u8], list: &Place, head: usize, width: usize) -> Result<Vec<usize>, Refusal> {
    let count = u32_at(bytes, list.body.start + head - 4)? as usize;
    let room = list.body.len().checked_sub(head).ok_or(Refusal::Broken)?;
    if count.checked_mul(width).is_none_or(|needed| needed > room) {
        return Err(Refusal::Broken);
    }
    Ok((0..count).map(|row| list.body.start + head + row * width).collect())
}

fn offsets(bytes: &[u8], list: &Place, width: usize) -> Result<Vec<u64>, Refusal> {
    let read = |at| if width == 8 { u64_at(bytes, at) } else { u32_at(bytes, at).map(u64::from) };
    rows(bytes, list, 8, width)?.into_iter().map(read).collect()
}

/// From which chunk on how many samples lie in each.
fn runs(bytes: &[u8], list: &Place) -> Result<Vec<(u32, u32)>, Refusal> {
    let read = |at| Ok((u32_at(bytes, at)?, u32_at(bytes, at + 4)?));
    rows(bytes, list, 8, 12)?.into_iter().map(read).collect()
}

enum Sizes {
    Same(u32),
    Each(Vec<u32>),
}

impl Sizes {
    fn read(bytes: &[u8], list: &Place) -> Result<Self, Refusal> {
        match u32_at(bytes, list.body.start + 4)? {
            0 => {
                let rows = rows(bytes, list, 12, 4)?.into_iter();
                Ok(Self::Each(rows.map(|at| u32_at(bytes, at)).collect::<Result<_, _>>()?))
            }
            same => Ok(Self::Same(same)),
        }
    }

    /// The length of `count` samples from number `first` on.
    fn sum(&self, first: u64, count: u32) -> Result<u64, Refusal> {
        match self {
            Self::Same(size) => Ok(u64::from(*size) * u64::from(count)),
            Self::Each(sizes) => {
                let first = usize::try_from(first).map_err(|_| Refusal::Broken)?;
                let last = first.checked_add(count as usize).ok_or(Refusal::Broken)?;
                let some = sizes.get(first..last).ok_or(Refusal::Broken)?;
                Ok(some.iter().map(|&size| u64::from(size)).sum())
            }
        }
    }
}
