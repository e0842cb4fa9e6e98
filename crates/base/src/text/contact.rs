//! Mail addresses, telephone numbers, postal codes.

use super::number::{digits, is_grouping};
use super::{code_like, compatible, is_dash};
use std::borrow::Cow;

/// A mail address as it is stored and written to: NFKC, with dots and dashes as an input method left on types them,
/// trimmed also of a closing full stop or comma, the domain in lower case.
#[must_use]
pub fn email(text: &str) -> String {
    let plain: String = code_like(text)
        .chars()
        .map(|c| match c {
            '。' => '.',
            c if is_dash(c) => '-',
            c => c,
        })
        .collect();
    let bare = plain.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '、' | '.' | ','));
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    match bare.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => bare.to_owned(),
    }
}

/// What makes a mail address unique: phones like to begin it with a capital.
#[must_use]
pub fn email_key(text: &str) -> String {
    email(text).to_lowercase()
}

/// Whether a text of [`email`] is an address that mail can be sent to: the mailer itself must take it.
#[must_use]
pub fn looks_like_email(text: &str) -> bool {
    if text.len() > 254 {
        return false;
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_fits = (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte));
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    local_fits
        && domain.split('.').all(label_fits)
        && top.len() >= 2
        && !top.bytes().all(|byte| byte.is_ascii_digit())
        && envelope(text).parse::<lettre::Address>().is_ok()
}

/// An address as it stands in a mail: telephone companies have given out such with dots in a row or before the `@`,
/// whose local part must be quoted (RFC 5321, 4.1.2).
#[must_use]
pub fn envelope(address: &str) -> Cow<'_, str> {
    match address.rsplit_once('@') {
        Some((local, domain))
            if (local.contains("..") || local.ends_with('.')) && !local.starts_with('"') =>
        {
            format!("\"{local}\"@{domain}").into()
        }
        _ => address.into(),
    }
}

/// The seven digits of a postal code, whatever stands between and before them.
#[must_use]
pub fn postal_code(text: &str) -> Option<String> {
    let bare = text.trim().trim_start_matches(['〒', '〶', '〠']);
    digits(bare).filter(|code| code.len() == 7)
}

/// A number without what says that it is a switchboard's: 「（代）」, 「（代表）」.
fn switchboard(text: &str) -> &str {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ')' | '）'));
    let end = ["代表", "代"].iter().find_map(|end| bare.strip_suffix(end));
    end.map_or(text, |bare| bare.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '（')))
}

/// The ten or eleven digits of a Japanese telephone number, beginning with 0.
/// Dashes of all kinds, blanks and brackets fall away; `+81` becomes 0.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let bare: String = switchboard(&compatible(text)).chars().filter(|&c| !is_grouping(c)).collect();
    let home = match bare.strip_prefix("+81") {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => bare,
    };
    let fits = matches!(home.len(), 10 | 11)
        && home.bytes().all(|byte| byte.is_ascii_digit())
        && home.starts_with('0')
        // 00 leads abroad; 000 leads nowhere, and stands in samples.
        && (!home.starts_with("00") || home.starts_with("000"));
    fits.then_some(home)
}

/// A number of [`phone`] with its groups as they were typed, a hyphen between them: 「086-225-0001」.
/// Typed without groups it gets those that every number of its kind has, if there are such: how many
/// digits an area code has cannot be told from the number alone.
#[must_use]
pub fn phone_groups(text: &str) -> Option<String> {
    let digits = phone(text)?;
    let plain = compatible(text);
    let plain = switchboard(&plain);
    let typed: Vec<&str> = plain.split(is_grouping).filter(|group| !group.is_empty()).collect();
    if typed.len() > 1 && typed.concat() == digits {
        return Some(typed.join("-"));
    }
    let (first, second) = match digits.get(..4)? {
        "0120" | "0570" | "0990" if digits.len() == 10 => (4, 7),
        "0800" if digits.len() == 11 => (4, 7),
        start if digits.len() == 11 && ["020", "050", "070", "080", "090"].contains(&&start[..3]) => (3, 7),
        start if digits.len() == 10 && ["03", "06"].contains(&&start[..2]) => (2, 6),
        _ => return Some(digits),
    };
    Some(format!("{}-{}-{}", &digits[..first], &digits[first..second], &digits[second..]))
}

/// A number of [`phone`] in the form that a `tel:` link wants: `+81…`.
#[must_use]
pub fn phone_link(digits: &str) -> String {
    format!("+81{}", digits.strip_prefix('0').unwrap_or(digits))
}
