//! Files: chunks of 64 KiB, each sealed by itself, so that a range opens only its chunks.
//!
//! The nonce is the chunk's number and whether it is the last; file, variant and total length are bound to
//! every chunk. Nothing is random here: **one pair of file and variant is sealed once, with one content**.
//! A second content takes a new file id or a new variant name; under the same it would give both away.

use super::SealError;
use super::key::framed;
use crate::seal::DataKey;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::fmt;
use std::ops::Range;
use uuid::Uuid;

/// Plain bytes in a chunk; the last one may hold fewer.
pub const CHUNK: usize = 64 * 1024;
/// Bytes of a sealed full chunk.
pub const CHUNK_SEALED: usize = CHUNK + TAG;
const TAG: usize = 16;

/// Seals and opens one variant of one file.
pub struct FileKey {
    cipher: LessSafeKey,
    /// File and variant, as every chunk is bound to them.
    context: Vec<u8>,
}

/// Which chunks hold a range, and where they lie in the sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: u32,
    pub last: u32,
    pub sealed: Range<u64>,
}

impl DataKey {
    /// The key of one variant (the original, a thumbnail, an upload part) of a file.
    #[must_use]
    pub fn file_key(&self, file: Uuid, variant: &str) -> FileKey {
        let purpose: [&[u8]; 3] = [b"tasuki file 1", file.as_bytes(), variant.as_bytes()];
        let key: UnboundKey = self.secret().derive(&purpose, &AES_256_GCM);
        FileKey { cipher: LessSafeKey::new(key), context: framed(&purpose) }
    }
}

impl FileKey {
    /// Chunk number `no` of a file of `total` plain bytes.
    #[must_use]
    pub fn seal_chunk(&self, no: u32, last: bool, total: u64, plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(plain.len() + TAG);
        sealed.extend_from_slice(plain);
        let context = Aad::from(self.bound_to(total));
        self.cipher
            .seal_in_place_append_tag(nonce(no, last), context, &mut sealed)
            .expect("a chunk is short enough");
        sealed
    }

    /// The plain bytes of a chunk.
    ///
    /// # Errors
    /// [`SealError::Refused`] when the chunk was changed, or is another one than asked for.
    pub fn open_chunk(&self, no: u32, last: bool, total: u64, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut plain = sealed.to_vec();
        let context = Aad::from(self.bound_to(total));
        let opened = self.cipher.open_in_place(nonce(no, last), context, &mut plain);
        let length = opened.map_err(|_| SealError::Refused)?.len();
        plain.truncate(length);
        Ok(plain)
    }

    /// A whole file that fits into memory.
    ///
    /// # Panics
    /// Beyond 256 TiB.
    #[must_use]
    pub fn seal_whole(&self, plain: &[u8]) -> Vec<u8> {
        let total = plain.len() as u64;
        let last = last_chunk(total).expect("the file is shorter than 256 TiB");
        let mut sealed = Vec::with_capacity(plain.len() + (last as usize + 1) * TAG);
        for no in 0..=last {
            let start = no as usize * CHUNK;
            let chunk = &plain[start..plain.len().min(start + CHUNK)];
            sealed.extend_from_slice(&self.seal_chunk(no, no == last, total, chunk));
        }
        sealed
    }

    /// A range of plain bytes out of the sealed chunks that hold it: those of [`chunks_for`], and no others.
    ///
    /// # Errors
    /// [`SealError::OutOfRange`] for a range beyond the file, [`SealError::Refused`] when a chunk is missing,
    /// changed, or in another's place.
    pub fn open_range(&self, total: u64, range: Range<u64>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let span = chunks_for(range.clone(), total).ok_or(SealError::OutOfRange)?;
        let last = last_chunk(total).ok_or(SealError::OutOfRange)?;
        if sealed.len() as u64 != span.sealed.end - span.sealed.start {
            return Err(SealError::Refused);
        }
        let mut plain = Vec::with_capacity(sealed.len());
        for (no, chunk) in (span.first..=span.last).zip(sealed.chunks(CHUNK_SEALED)) {
            plain.extend_from_slice(&self.open_chunk(no, no == last, total, chunk)?);
        }
        // Both within the chunks just opened, hence within memory.
        let before = (range.start - u64::from(span.first) * CHUNK as u64) as usize;
        plain.drain(..before);
        plain.truncate((range.end - range.start) as usize);
        Ok(plain)
    }

    fn bound_to(&self, total: u64) -> Vec<u8> {
        [self.context.as_slice(), &total.to_be_bytes()].concat()
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(…)")
    }
}

/// The length of a file of `total` plain bytes once it is sealed.
#[must_use]
pub const fn sealed_len(total: u64) -> u64 {
    total.saturating_add(chunks_in(total).saturating_mul(TAG as u64))
}

/// The chunks that hold a range of plain bytes; `None` when the range is empty or goes beyond the file.
/// Only an empty file has an empty range, in its one empty chunk.
#[must_use]
pub fn chunks_for(range: Range<u64>, total: u64) -> Option<Span> {
    let empty_file = total == 0 && range == (0..0);
    if !empty_file && (range.start >= range.end || range.end > total) {
        return None;
    }
    last_chunk(total)?;
    let first = range.start / CHUNK as u64;
    let last = range.end.saturating_sub(1) / CHUNK as u64;
    let start = first * CHUNK_SEALED as u64;
    let end = sealed_len(total).min((last + 1) * CHUNK_SEALED as u64);
    Some(Span { first: u32::try_from(first).ok()?, last: u32::try_from(last).ok()?, sealed: start..end })
}

/// An empty file still has one chunk, so that its emptiness is sealed.
const fn chunks_in(total: u64) -> u64 {
    if total == 0 { 1 } else { total.div_ceil(CHUNK as u64) }
}

fn last_chunk(total: u64) -> Option<u32> {
    u32::try_from(chunks_in(total) - 1).ok()
}

fn nonce(no: u32, last: bool) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[7..11].copy_from_slice(&no.to_be_bytes());
    nonce[11] = u8::from(last);
    Nonce::assume_unique_for_key(nonce)
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, CHUNK_SEALED, FileKey, SealError, Span, chunks_for, sealed_len};
    use crate::Chance;
    use crate::seal::{DataKey, Vault};
    use uuid::Uuid;

    const FILE: Uuid = Uuid::from_u128(5);

    fn data_key() -> DataKey {
        let chance = Chance::seeded(1);
        Vault::in_memory(&chance).mint(&chance).0
    }

    fn file_key() -> FileKey {
        data_key().file_key(FILE, "full")
    }

    /// `length` bytes of which no two chunks are alike.
    fn content(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        Chance::seeded(9).fill(&mut bytes);
        bytes
    }

    #[test]
    fn whole_files_of_every_awkward_length() {
        let key = file_key();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let plain = content(length);
            let sealed = key.seal_whole(&plain);
            let total = length as u64;
            assert_eq!(sealed.len() as u64, sealed_len(total), "{length}");
            assert_eq!(key.open_range(total, 0..total, &sealed).unwrap(), plain, "{length}");
        }
    }

    #[test]
    fn a_range_opens_only_its_chunks() {
        let key = file_key();
        let plain = content(4 * CHUNK + 100);
        let total = plain.len() as u64;
        let mut sealed = key.seal_whole(&plain);
        // The first chunk and the last are spoilt: a range between them must not care.
        sealed[3] ^= 1;
        *sealed.last_mut().unwrap() ^= 1;
        let chunk = CHUNK as u64;
        for range in [chunk..chunk + 1, chunk..3 * chunk, 2 * chunk - 1..2 * chunk + 1, chunk + 5..4 * chunk]
        {
            let span = chunks_for(range.clone(), total).unwrap();
            let part = &sealed[span.sealed.start as usize..span.sealed.end as usize];
            let wanted = &plain[range.start as usize..range.end as usize];
            assert_eq!(key.open_range(total, range.clone(), part).unwrap(), wanted, "{range:?}");
        }
        for range in [0..1, total - 1..total] {
            let span = chunks_for(range.clone(), total).unwrap();
            let part = &sealed[span.sealed.start as usize..span.sealed.end as usize];
            assert_eq!(key.open_range(total, range, part), Err(SealError::Refused));
        }
    }

    #[test]
    fn spans() {
        let (chunk, sealed) = (CHUNK as u64, CHUNK_SEALED as u64);
        let total = 2 * chunk + 10;
        let span = |first, last, from, to| Some(Span { first, last, sealed: from..to });
        assert_eq!(chunks_for(0..1, total), span(0, 0, 0, sealed));
        assert_eq!(chunks_for(chunk - 1..chunk + 1, total), span(0, 1, 0, 2 * sealed));
        assert_eq!(chunks_for(2 * chunk..total, total), span(2, 2, 2 * sealed, 2 * sealed + 26));
        assert_eq!(chunks_for(0..2 * chunk, 2 * chunk), span(0, 1, 0, 2 * sealed));
        assert_eq!(chunks_for(0..0, 0), span(0, 0, 0, 16));
        for bad in [0..0, 5..5, 0..total + 1, total..total + 1, u64::MAX - 1..u64::MAX] {
            assert_eq!(chunks_for(bad.clone(), total), None, "{bad:?}");
        }
        assert_eq!(chunks_for(0..1, u64::MAX), None, "more chunks than can be numbered");
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let key = file_key();
        let sealed = key.seal_whole(b"short");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open_range(5, 0..5, &changed), Err(SealError::Refused), "byte {at}");
        }
    }

    #[test]
    fn cut_files_are_refused_whatever_length_is_claimed() {
        let key = file_key();
        let plain = content(2 * CHUNK);
        let sealed = key.seal_whole(&plain);
        let (total, half) = (plain.len() as u64, CHUNK as u64);
        assert_eq!(key.open_range(total, 0..total, &sealed[..CHUNK_SEALED]), Err(SealError::Refused));
        assert_eq!(key.open_range(half, 0..half, &sealed[..CHUNK_SEALED]), Err(SealError::Refused));
        // Even one who may rewrite the stored length cannot make the first chunk the last one.
        assert_eq!(key.open_chunk(0, true, total, &sealed[..CHUNK_SEALED]), Err(SealError::Refused));
        assert_eq!(key.open_chunk(1, false, total, &sealed[CHUNK_SEALED..]), Err(SealError::Refused));
        for claimed in [total - 1, total + 1, 3 * half] {
            assert_eq!(key.open_chunk(0, false, claimed, &sealed[..CHUNK_SEALED]), Err(SealError::Refused));
        }
        assert!(key.open_chunk(0, false, total, &sealed[..CHUNK_SEALED]).is_ok());
    }

    #[test]
    fn reordered_chunks_are_refused() {
        let key = file_key();
        let plain = content(3 * CHUNK);
        let sealed = key.seal_whole(&plain);
        let (first, rest) = sealed.split_at(CHUNK_SEALED);
        let (second, third) = rest.split_at(CHUNK_SEALED);
        let total = plain.len() as u64;
        for order in [[second, first, third], [first, first, third], [third, second, first]] {
            assert_eq!(key.open_range(total, 0..total, &order.concat()), Err(SealError::Refused));
        }
    }

    #[test]
    fn another_file_variant_or_key_is_refused() {
        let sealed = file_key().seal_whole(b"picture");
        let chance = Chance::seeded(2);
        let (stranger, _) = Vault::in_memory(&chance).mint(&chance);
        let others = [
            data_key().file_key(Uuid::from_u128(6), "full"),
            data_key().file_key(FILE, "thumb"),
            stranger.file_key(FILE, "full"),
        ];
        for other in others {
            assert_eq!(other.open_range(7, 0..7, &sealed), Err(SealError::Refused));
        }
        assert!(data_key().file_key(FILE, "full").open_range(7, 0..7, &sealed).is_ok());
    }
}
