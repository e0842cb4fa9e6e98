//! Reads SQLite's write-ahead log from the outside: whole committed transactions, in their order.
//!
//! The layout is SQLite's own and fixed (sqlite.org/fileformat2.html, section 4): a head of 32 bytes, then frames of
//! 24 bytes and a page. Each frame carries the salts of its log and a checksum over all before it, so what is torn,
//! left over from an earlier log, or not yet written is not taken.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

const HEAD: u64 = 32;
const FRAME: u64 = 24;
/// A look takes no more than this, except that a transaction is never cut in two.
const MOST: usize = 16 * 1024 * 1024;

/// How far a log was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Tell this log from the one before and the one after.
    salts: [u32; 2],
    /// Frames read.
    pub frames: u32,
    /// Over all of them.
    sums: [u32; 2],
}

impl Mark {
    /// Whether both are in the same log.
    #[must_use]
    pub fn same_log(&self, other: &Self) -> bool {
        self.salts == other.salts
    }
}

/// Pages that commits left behind, the newest state of each, and how many pages the database has then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    pub size: u32,
    pub pages: BTreeMap<u32, Vec<u8>>,
}

/// What a look at the log found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing new, or not yet whole.
    Nothing,
    /// New commits; there may be more behind them.
    Pages(Pages),
    /// The log goes on from somewhere else: what was between is not known.
    Lost,
}

/// The head of a log.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// Whether checksums are made of big-endian words.
    big: bool,
    page: u32,
    salts: [u32; 2],
    sums: [u32; 2],
}

/// Reads one log after the other.
#[derive(Debug)]
pub struct Reader {
    log: File,
    /// `None`: no log was seen yet.
    pub mark: Option<Mark>,
    /// All of the log that was read is in the database's file, and nothing else is: the log may begin anew.
    pub whole: bool,
}

impl Reader {
    /// Begins at `mark`.
    pub const fn new(log: File, mark: Option<Mark>) -> Self {
        Self { log, mark, whole: false }
    }

    /// The mark behind so many frames of the log that is there: all that counts of them is their last checksum.
    pub fn mark_at(&self, frames: u32) -> io::Result<Option<Mark>> {
        let Some(head) = self.head()? else { return Ok(None) };
        let mut mark = Mark { salts: head.salts, frames, sums: head.sums };
        if frames > 0 {
            let frame = self.frame_head(head, frames - 1)?.filter(|frame| frame.salts == head.salts);
            let Some(frame) = frame else { return Ok(None) };
            mark.sums = frame.sums;
        }
        Ok(Some(mark))
    }

    /// The commits behind the mark, which moves on.
    pub fn take(&mut self) -> io::Result<Found> {
        let Some(head) = self.head()? else {
            let nothing_missed = self.whole || self.mark.is_none_or(|mark| mark.frames == 0);
            return Ok(if nothing_missed { Found::Nothing } else { Found::Lost });
        };
        let begins = Mark { salts: head.salts, frames: 0, sums: head.sums };
        let mark = match self.mark {
            None => begins,
            Some(mark) if mark.salts == head.salts => {
                if self.mark_at(mark.frames)? != Some(mark) {
                    return Ok(Found::Lost);
                }
                mark
            }
            Some(_) if self.whole => begins,
            Some(_) => return Ok(Found::Lost),
        };
        let (mark, pages) = self.walk(head, mark)?;
        if pages.pages.is_empty() {
            return Ok(Found::Nothing);
        }
        (self.mark, self.whole) = (Some(mark), false);
        Ok(Found::Pages(pages))
    }

    /// From frame to frame, as long as each follows from the one before; up to the last commit.
    fn walk(&self, head: Head, from: Mark) -> io::Result<(Mark, Pages)> {
        let (mut kept, mut pages) = (from, Pages::default());
        let (mut at, mut open) = (from, BTreeMap::new());
        let mut page = vec![0; head.page as usize];
        while let Some(frame) = self.frame_head(head, at.frames)?.filter(|frame| frame.salts == head.salts) {
            if !fill(&self.log, &mut page, offset(head, at.frames) + FRAME)? {
                break;
            }
            at.sums = sum(head.big, sum(head.big, at.sums, &frame.said), &page);
            if at.sums != frame.sums {
                break;
            }
            at.frames += 1;
            open.insert(frame.number, page.clone());
            if frame.size > 0 {
                pages.pages.append(&mut open);
                (kept, pages.size) = (at, frame.size);
                if pages.pages.len() * page.len() >= MOST {
                    break;
                }
            }
        }
        Ok((kept, pages))
    }

    /// `None` when there is none, or only a part of one.
    fn head(&self) -> io::Result<Option<Head>> {
        let mut bytes = [0; HEAD as usize];
        if !fill(&self.log, &mut bytes, 0)? {
            return Ok(None);
        }
        let magic = word(&bytes, 0);
        let (big, sums) = (magic & 1 == 1, [word(&bytes, 24), word(&bytes, 28)]);
        let ours = magic & !1 == 0x377f_0682 && sum(big, [0; 2], &bytes[..24]) == sums;
        let salts = [word(&bytes, 16), word(&bytes, 20)];
        Ok(ours.then(|| Head { big, page: word(&bytes, 8), salts, sums }))
    }

    fn frame_head(&self, head: Head, index: u32) -> io::Result<Option<FrameHead>> {
        let mut bytes = [0; FRAME as usize];
        if !fill(&self.log, &mut bytes, offset(head, index))? {
            return Ok(None);
        }
        let mut said = [0; 8];
        said.copy_from_slice(&bytes[..8]);
        Ok(Some(FrameHead {
            number: word(&bytes, 0),
            size: word(&bytes, 4),
            said,
            salts: [word(&bytes, 8), word(&bytes, 12)],
            sums: [word(&bytes, 16), word(&bytes, 20)],
        }))
    }
}

struct FrameHead {
    /// Of the page, from 1.
    number: u32,
    /// Of the database in pages, when a transaction ends here; else 0.
    size: u32,
    /// Both of them, as they are summed.
    said: [u8; 8],
    salts: [u32; 2],
    sums: [u32; 2],
}

fn offset(head: Head, index: u32) -> u64 {
    HEAD + u64::from(index) * (FRAME + u64::from(head.page))
}

/// Whether there was enough to fill it.
fn fill(file: &File, bytes: &mut [u8], at: u64) -> io::Result<bool> {
    match file.read_exact_at(bytes, at) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// SQLite's checksum of the log, over pairs of words.
fn sum(big: bool, mut sums: [u32; 2], bytes: &[u8]) -> [u32; 2] {
    let (pairs, _) = bytes.as_chunks::<8>();
    for pair in pairs {
        let (words, _) = pair.as_chunks::<4>();
        for (word, turn) in words.iter().zip([0, 1]) {
            let word = if big { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) };
            sums[turn] = sums[turn].wrapping_add(word).wrapping_add(sums[1 - turn]);
        }
    }
    sums
}

impl Pages {
    /// As bytes: the size of a page, the number of pages, then each page behind its number.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let page = self.pages.values().next().map_or(0, Vec::len);
        let mut bytes = Vec::with_capacity(8 + self.pages.len() * (page + 4));
        bytes.extend((page as u32).to_be_bytes());
        bytes.extend(self.size.to_be_bytes());
        for (number, page) in &self.pages {
            bytes.extend(number.to_be_bytes());
            bytes.extend(page);
        }
        bytes
    }

    /// Back from bytes; `None` when they are not that.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (page, rest) = bytes.split_first_chunk::<4>()?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let page = u32::from_be_bytes(*page) as usize;
        let mut pages = BTreeMap::new();
        let pieces = rest.chunks_exact(page + 4);
        if page == 0 || !pieces.remainder().is_empty() {
            return None;
        }
        for piece in pieces {
            pages.insert(word(piece, 0), piece[4..].to_vec());
        }
        Some(Self { size: u32::from_be_bytes(*size), pages })
    }

    /// Lays the pages over a database's file, which nobody has open.
    ///
    /// # Errors
    /// The disk's.
    pub fn lay_over(&self, file: &File) -> io::Result<()> {
        let mut length = 0;
        for (number, page) in &self.pages {
            length = page.len() as u64;
            let at = number.checked_sub(1).ok_or_else(|| io::Error::from(ErrorKind::InvalidData))?;
            file.write_all_at(page, u64::from(at) * length)?;
        }
        file.set_len(u64::from(self.size) * length)
    }
}
