//! Numbers and codes as they are typed into forms.

use super::{compatible, is_dash};

/// A code or choice typed by hand: NFKC, ends trimmed.
#[must_use]
pub fn code_like(text: &str) -> String {
    compatible(text.trim()).trim().to_owned()
}

/// The ASCII digits of a number written with any dashes, blanks and brackets; `None` when it holds
/// anything else, or nothing.
#[must_use]
pub fn digits(text: &str) -> Option<String> {
    let bare: String = compatible(text).chars().filter(|&c| !is_grouping(c)).collect();
    (!bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

/// A number as typed into a form, full width or not, with any kind of point.
#[must_use]
pub fn decimal(text: &str) -> Option<f64> {
    let plain: String = code_like(text)
        .chars()
        .map(|c| match c {
            '。' => '.',
            '−' => '-',
            c => c,
        })
        .collect();
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) {
        return None;
    }
    plain.parse().ok()
}

pub(super) fn is_grouping(c: char) -> bool {
    is_dash(c) || c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']')
}
