//! Keys to search and compare by: never shown, never stored in place of what was typed.

use super::compatible;
use super::forms::modern;
use unicode_normalization::char::compose;

/// Kana as it is stored: NFKC (half-width kana joins its voicing marks), katakana made hiragana, trimmed.
#[must_use]
pub fn kana(text: &str) -> String {
    compatible(text).trim().chars().map(hiragana).collect()
}

/// The search key of a text: NFKC, without variation selectors and blanks, old character forms made new,
/// marks of repetition written out, katakana made hiragana, lower case. The long vowel mark stays.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut before = None;
    compatible(text)
        .chars()
        .filter(|&c| !is_variation_selector(c) && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|c| match hiragana(modern(c)) {
            // 龍ヶ崎 and 龍ケ崎 are one place.
            'ゖ' => 'け',
            'ゕ' => 'か',
            c => c,
        })
        .map(|c| {
            let said = match (c, before) {
                ('々' | '〻' | 'ゝ', Some(before)) => before,
                ('ゞ', Some(before)) => compose(before, '\u{3099}').unwrap_or(before),
                (c, _) => c,
            };
            before = Some(said);
            said
        })
        .collect()
}

/// The search key of a person's name: [`fold`] without the dots, commas and dashes of foreign names.
#[must_use]
pub fn name_key(text: &str) -> String {
    let mut key = fold(text);
    key.retain(char::is_alphanumeric);
    key
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        c => c,
    }
}

const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}
