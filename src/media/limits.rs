//! How much may come in, and why something does not.

use super::{Purpose, store};
use crate::phrases::files as words;
use crate::web::Form;
use crate::{House, Outcome, Tx};
use tasuki_base::files::Refusal;
use tasuki_base::text;
use tasuki_value::DAY;

const MB: u64 = 1024 * 1024;
/// Bytes of a part; the last may hold fewer.
pub const PART: u64 = 5 * MB;
/// Files of one post.
pub const FILES_A_POST: i64 = 10;
/// Bytes of one post's files together.
pub const BYTES_A_POST: u64 = 200 * MB;
/// Bytes one account may send in 24 hours.
pub const BYTES_A_DAY: u64 = 2048 * MB;
/// Characters of a file name, its ending included.
const NAME: usize = 100;

/// How many parts a file of this size has.
#[must_use]
pub const fn parts_of(size: u64) -> u64 {
    size.div_ceil(PART)
}

/// The bytes of part `number`; none when the file has no such part.
#[must_use]
pub fn length_of(size: u64, number: u32) -> Option<u64> {
    let from = u64::from(number) * PART;
    size.checked_sub(from).filter(|&rest| rest > 0).map(|rest| rest.min(PART))
}

/// Why a file does not come in: told at the field, never an error page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwanted {
    /// Its content.
    Content(Refusal),
    /// Larger than any file may be.
    TooLarge { film: bool, most: u64, size: Option<u64> },
    /// One file more than a post may have.
    TooMany,
    /// More bytes than a post may have.
    PostTooLarge,
    /// More bytes than a person may send in a day.
    DayFull,
    /// More or other bytes than were announced.
    Changed,
    /// Parts are missing.
    Incomplete,
    /// The store of files does not answer.
    NotNow,
    /// The disk of the files is nearly full.
    NoRoom,
    /// Not there, not theirs, or part of something else already.
    Unknown,
}

impl Unwanted {
    /// What the person reads.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Content(refusal) => words::refusal(refusal).to_owned(),
            Self::TooLarge { film, most, size } => words::too_large(film, most, size),
            Self::TooMany => words::too_many(FILES_A_POST),
            Self::PostTooLarge => words::post_too_large(BYTES_A_POST),
            Self::DayFull => words::day_full(BYTES_A_DAY),
            Self::Changed => words::CHANGED.to_owned(),
            Self::Incomplete => words::INCOMPLETE.to_owned(),
            Self::NotNow => words::NOT_NOW.to_owned(),
            Self::NoRoom => words::NO_ROOM.to_owned(),
            Self::Unknown => words::UNKNOWN.to_owned(),
        }
    }
}

/// A file as it is announced, before its first byte.
#[derive(Clone, Debug)]
pub struct Announced {
    pub(super) name: String,
    /// None: it will be seen when it ends, as in a form without script.
    pub(super) size: Option<u64>,
    pub(super) film: bool,
    /// The largest file of this house.
    pub(super) most: u64,
    /// Whether the disk has room for files.
    room: bool,
}

impl Announced {
    /// What the page's script says: `name`, `size`, `type`. A size that is none is no size at all.
    #[must_use]
    pub fn read(house: &House, form: &Form) -> Self {
        let size = form.pick("size").unwrap_or_default();
        Self::new(house, form.path("name"), Some(size), form.code("type"))
    }

    /// What a program says: the size is counted as it comes when it is not told.
    #[must_use]
    pub fn new(house: &House, name: &str, size: Option<u64>, media_type: &str) -> Self {
        let film = media_type.starts_with("video/");
        let room = house.blobs.has_room();
        Self { name: tidy(name), size, film, most: house.config.max_file, room }
    }

    /// What can be told without asking the database.
    pub(super) fn fault(&self) -> Option<Unwanted> {
        match self.size {
            _ if !self.room => Some(Unwanted::NoRoom),
            Some(0) => Some(Unwanted::Content(Refusal::Empty)),
            Some(size) if size > self.most => {
                Some(Unwanted::TooLarge { film: self.film, most: self.most, size: Some(size) })
            }
            _ => None,
        }
    }
}

/// The last part of a path, in one line, not too long; the ending stays.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line = text::thinned(&text::line(last));
    let line = if line.is_empty() { words::NO_NAME.to_owned() } else { line };
    if !text::is_longer(&line, NAME) {
        return line;
    }
    let (stem, ending) = line.rsplit_once('.').unwrap_or((&line, ""));
    let ending: String = ending.chars().take(10).collect();
    let stem: String = stem.chars().take(NAME - 12).collect();
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

/// Whether this account may send so many bytes more today.
pub(super) fn day(tx: &mut Tx, purpose: &Purpose, more: u64) -> Outcome<Result<(), Unwanted>> {
    let from = tx.now().minus(DAY);
    let sent = store::since(tx, purpose.account, from)?;
    Ok(if sent.cast_unsigned() + more > BYTES_A_DAY { Err(Unwanted::DayFull) } else { Ok(()) })
}

/// Whether the draft may have one file more, of so many bytes.
pub(super) fn post(tx: &mut Tx, purpose: &Purpose, more: u64) -> Outcome<Result<(), Unwanted>> {
    let Some(draft) = purpose.draft else { return Ok(Ok(())) };
    let (files, bytes) = store::in_draft(tx, draft)?;
    Ok(match () {
        () if files >= FILES_A_POST => Err(Unwanted::TooMany),
        () if bytes.cast_unsigned() + more > BYTES_A_POST => Err(Unwanted::PostTooLarge),
        () => Ok(()),
    })
}

#[cfg(test)]
mod tests {
    use super::{PART, length_of, parts_of, tidy};

    #[test]
    fn parts_add_up() {
        for size in [1, PART - 1, PART, PART + 1, 50 * 1024 * 1024] {
            let lengths = (0..).map_while(|number| length_of(size, number)).collect::<Vec<_>>();
            assert_eq!(lengths.len() as u64, parts_of(size), "{size}");
            assert_eq!(lengths.iter().sum::<u64>(), size);
        }
        assert_eq!(length_of(0, 0), None);
        assert_eq!(length_of(PART, 1), None);
        assert_eq!(length_of(u64::MAX, u32::MAX), Some(PART));
    }

    #[test]
    fn names_are_one_short_line_without_a_path() {
        assert_eq!(tidy("C:\\患者\\褥瘡 右.jpg"), "褥瘡 右.jpg");
        assert_eq!(tidy("../../etc/passwd"), "passwd");
        assert_eq!(tidy(" \u{202e}gpj.exe\r\n"), "gpj.exe");
        assert_eq!(tidy("/"), "ファイル");
        let marked = tidy(&format!("{}.docx", "a\u{301}".to_owned() + "\u{301}".repeat(70_000).as_str()));
        assert!(marked.ends_with(".docx") && marked.len() < 100, "{}", marked.len());
        let long = tidy(&format!("{}.docx", "長".repeat(300)));
        assert!(long.ends_with("長.docx") && long.chars().count() <= 100, "{long}");
    }
}
