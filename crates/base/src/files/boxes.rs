//! The boxes of an ISO base media file: length, four letters, body.

use std::ops::Range;

use super::Refusal;

/// More boxes side by side than any film has.
const MAX_SIBLINGS: usize = 10_000;

#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) kind: [u8; 4],
    /// Where the box begins, with its length.
    pub(super) start: usize,
    pub(super) body: Range<usize>,
}

/// The boxes that fill `within`, in order.
pub(super) fn boxes(bytes: &[u8], within: Range<usize>) -> Result<Vec<Place>, Refusal> {
    let mut found = Vec::new();
    let mut at = within.start;
    while at < within.end {
        // QuickTime ends some lists with a few zero bytes.
        if within.end - at < 8 && bytes[at..within.end].iter().all(|&byte| byte == 0) {
            break;
        }
        let place = one(bytes, at, within.end)?;
        at = place.body.end;
        found.push(place);
        if found.len() > MAX_SIBLINGS {
            return Err(Refusal::Broken);
        }
    }
    Ok(found)
}

fn one(bytes: &[u8], start: usize, end: usize) -> Result<Place, Refusal> {
    let kind = array(bytes, start + 4)?;
    let (header, length) = match u32_at(bytes, start)? {
        // Up to the end of the file: only a last box at the top says so.
        0 if end == bytes.len() => (8, (end - start) as u64),
        1 => (16, u64_at(bytes, start + 8)?),
        short => (8, u64::from(short)),
    };
    let length = usize::try_from(length).map_err(|_| Refusal::Broken)?;
    let stop = start.checked_add(length).filter(|&stop| stop <= end).ok_or(Refusal::Broken)?;
    if length < header {
        return Err(Refusal::Broken);
    }
    Ok(Place { kind, start, body: start + header..stop })
}

/// The first box along `path`, each inside the last.
pub(super) fn inside(bytes: &[u8], outer: &Place, path: &[&[u8; 4]]) -> Result<Option<Place>, Refusal> {
    let mut place = outer.clone();
    for kind in path {
        match boxes(bytes, place.body)?.into_iter().find(|inner| inner.kind == **kind) {
            Some(inner) => place = inner,
            None => return Ok(None),
        }
    }
    Ok(Some(place))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Refusal> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Result<u64, Refusal> {
    array(bytes, at).map(u64::from_be_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Refusal> {
    let end = at.checked_add(N).ok_or(Refusal::Broken)?;
    bytes.get(at..end).and_then(|some| some.try_into().ok()).ok_or(Refusal::Broken)
}
