//! Japanese text as people type it, and as it is stored, compared and shown.
//!
//! Free text keeps every character that was typed ([`line()`], [`prose`]): kana and letters join their marks, and
//! no character becomes another. What is a code in disguise (numbers, addresses, dates) is read through NFKC; what
//! is searched goes through [`fold`].

mod contact;
mod date;
mod fold;
mod forms;
mod number;
mod packed;
mod romaji;
mod time;

#[cfg(test)]
mod tests;

pub use contact::{
    email, email_key, envelope, looks_like_email, phone, phone_groups, phone_link, postal_code,
};
pub use date::{Era, age_on, date, era_date, era_of, weekday};
pub use fold::{fold, kana, name_key};
pub use number::{code_like, decimal, digits};
pub use packed::{pack, unpack};
pub use romaji::romaji;
pub use time::{hour_minute, local, local_date, midnight};

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation as _;

/// One line of free text, such as a facility's name: marks joined, ends trimmed, line breaks and tabs made blanks,
/// other control characters removed. Empty where nothing of it can be seen.
#[must_use]
pub fn line(text: &str) -> String {
    let flat = composed(unified_breaks(text).map(|c| if c == '\n' { ' ' } else { c }).collect());
    if is_visible(&flat) { flat.trim().to_owned() } else { String::new() }
}

/// Free text of several lines, as typed: marks joined, every line break `\n`, tabs made blanks, other control
/// characters removed. The ends are not trimmed. Empty where nothing of it can be seen.
#[must_use]
pub fn prose(text: &str) -> String {
    let text = composed(unified_breaks(text).collect());
    if is_visible(&text) { text } else { String::new() }
}

/// NFC, but for the characters that it would make others: 神 (U+FA19), 﨑 and their kin stand in family registers.
fn composed(text: String) -> String {
    // Nearly every text is composed already, which is seen much faster than it is done again.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    let becomes_another = |c: &char| is_nfc_quick(std::iter::once(*c)) == IsNormalized::No;
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| becomes_another(c)) {
        kept.extend(rest[..at].nfc());
        kept.push(c);
        rest = &rest[at + c.len_utf8()..];
    }
    kept.extend(rest.nfc());
    kept
}

/// Whether a reader sees anything of a text.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(|c| {
        !(c.is_whitespace() || c.is_control() || c == '\u{2800}' || is_unseen(c) || draws_nothing(c))
    })
}

/// A part of a person's name: a [`line()`] in which a run of blanks is one.
#[must_use]
pub fn name(text: &str) -> String {
    line(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the text holds a character of a private use area: one that only its writer's system can draw.
#[must_use]
pub fn has_private_use(text: &str) -> bool {
    text.chars().any(
        |c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}'),
    )
}

/// Whether the text holds a character as wide as a kanji: in a password, a sign of an input method left on.
#[must_use]
pub fn has_full_width(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
    })
}

/// How many characters a reader counts: an emoji of many parts is one, a letter with its marks is one.
#[must_use]
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// What stands for a name in a round face: its first character with its variant, as a reader counts it.
#[must_use]
pub fn initial(name: &str) -> String {
    name.graphemes(true).next().unwrap_or_default().to_owned()
}

/// So many bytes a letter of free text may have on average: a family of emoji has 25, a kanji 3.
const BYTES_A_LETTER: usize = 16;
/// Room for a short field whose few letters are all large.
const BYTES_SPARE: usize = 64;
/// A letter and the marks over it. No script that people write puts more than a few on one.
const MARKS_AND_LETTER: usize = 9;
/// The parts of one emoji: the largest has 11.
const PARTS: usize = 16;

/// Whether a text is more than a field for `most` characters takes, as a reader counts them, or in bytes; or
/// whether one of its letters carries so many marks that it would cover its neighbours.
#[must_use]
pub fn is_longer(text: &str, most: usize) -> bool {
    // Each has at least one byte: most texts need not be counted.
    text.len() > bytes_for(most)
        || (text.len() > most && text.graphemes(true).nth(most).is_some())
        || is_crowded(text)
}

const fn bytes_for(most: usize) -> usize {
    most.saturating_mul(BYTES_A_LETTER).saturating_add(BYTES_SPARE)
}

/// Whether a letter carries more than eight marks.
#[must_use]
pub fn is_crowded(text: &str) -> bool {
    // Only a long run of what is neither ASCII, kana nor kanji can hold one: few texts need to be taken apart.
    let mut run = 0;
    let suspect = text.chars().any(|c| {
        run = if stands_alone(c) { 0 } else { run + 1 };
        run >= MARKS_AND_LETTER
    });
    suspect && text.graphemes(true).any(letter_is_crowded)
}

const fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\u{7f}' | '\u{3000}'..='\u{3029}' | '\u{3040}'..='\u{3098}' | '\u{309b}'..='\u{30ff}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff9d}')
}

fn letter_is_crowded(letter: &str) -> bool {
    let (mut run, mut parts) = (0, 0);
    letter.chars().any(|c| {
        // A joiner begins the next part of an emoji.
        run = if c == '\u{200d}' { 0 } else { run + 1 };
        parts += 1;
        run > MARKS_AND_LETTER || parts > PARTS
    })
}

/// The text with eight marks a letter at the most.
#[must_use]
pub fn thinned(text: &str) -> String {
    if !is_crowded(text) {
        return text.to_owned();
    }
    let bare = |letter: &str| letter.chars().take(MARKS_AND_LETTER).collect::<String>();
    text.graphemes(true)
        .map(|letter| if letter_is_crowded(letter) { bare(letter) } else { letter.to_owned() })
        .collect()
}

/// The start of what was typed into a field for `most` characters: all of it where it fits, else just enough
/// that [`is_longer`] still says so. What is done with it afterwards costs no more than a full field.
#[must_use]
pub fn cut(text: &str, most: usize) -> &str {
    let bytes = &text[..text.floor_char_boundary(bytes_for(most) + BYTES_SPARE)];
    if bytes.len() <= most {
        return bytes;
    }
    bytes.grapheme_indices(true).nth(most + 1).map_or(bytes, |(end, _)| &bytes[..end])
}

/// The start of a text in one line, for lists: so many characters as a reader counts them, and 「…」 if there
/// is more.
#[must_use]
pub fn start(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = line.graphemes(true);
    let start: String = rest.by_ref().take(most).collect();
    if rest.next().is_some() { start + "…" } else { start }
}

/// The characters with every kind of line break as `\n`, tabs as blanks, and without what nobody sees.
fn unified_breaks(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut after_return = false;
    text.chars().filter_map(move |c| {
        let second_half = after_return && c == '\n';
        after_return = c == '\r';
        match c {
            '\n' if second_half => None,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            // Removed, it would glue two measured values into one.
            '\t' => Some(' '),
            c if is_unseen(c) => None,
            c => Some(c),
        }
    })
}

/// Control characters, and the formatting ones that carry no text: direction overrides (they can make a
/// name read as another), zero-width blanks, byte order marks, the mark that stands for a dictated or pasted object.
/// What shapes its neighbours stays: emoji joiners, variation selectors, the tags of flags.
fn is_unseen(c: char) -> bool {
    let shapes = matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
        | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}');
    let noncharacter =
        matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff) || matches!(c, '\u{fdd0}'..='\u{fdef}');
    c.is_control() || matches!(c, '\u{fff9}'..='\u{fffc}') || noncharacter || (!shapes && draws_nothing(c))
}

/// What Unicode calls ignorable: nothing is drawn for it.
fn draws_nothing(c: char) -> bool {
    // Almost all text is Latin, kana and kanji: spare it the look-up.
    !matches!(c, ' '..='~' | '\u{3001}'..='\u{3163}' | '\u{3190}'..='\u{9fff}')
        && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// NFKC without what nobody sees. A free-standing voicing mark joins the kana before it.
fn compatible(text: &str) -> String {
    let joined = text.chars().filter(|&c| !is_unseen(c)).map(|c| match c {
        '\u{309b}' => '\u{3099}',
        '\u{309c}' => '\u{309a}',
        c => c,
    });
    joined.nfkc().collect()
}

/// Everything that people type for a dash: hyphens, minus signs, the long vowel mark, ruled lines.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{207b}'
                | '\u{208b}'
                | '\u{2212}'
                | '\u{2500}'
                | '\u{2501}'
                | '\u{30fc}'
                | '\u{fe58}'
                | '\u{fe63}'
                | '\u{ff0d}'
                | '\u{ff70}'
    )
}
