//! Dates in both reckonings.

use super::{compatible, is_dash};
use jiff::civil::{Date, Weekday};

/// A reign: its name, the letter that forms use for it, and its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Era {
    pub name: &'static str,
    pub letter: char,
    pub first: Date,
}

/// Newest first. A new reign is one more line.
const ERAS: [Era; 5] = [
    Era { name: "令和", letter: 'R', first: Date::constant(2019, 5, 1) },
    Era { name: "平成", letter: 'H', first: Date::constant(1989, 1, 8) },
    Era { name: "昭和", letter: 'S', first: Date::constant(1926, 12, 25) },
    Era { name: "大正", letter: 'T', first: Date::constant(1912, 7, 30) },
    Era { name: "明治", letter: 'M', first: Date::constant(1868, 1, 25) },
];

impl Era {
    /// Every reign that a date can be given in, newest first.
    pub const ALL: &'static [Self] = &ERAS;

    fn year_of(self, date: Date) -> i16 {
        date.year() - self.first.year() + 1
    }
}

/// The reign of a day and the year within it; `None` before the oldest.
#[must_use]
pub fn era_of(date: Date) -> Option<(Era, i16)> {
    ERAS.into_iter().find(|era| era.first <= date).map(|era| (era, era.year_of(date)))
}

/// A date as people write it: by reign (令和8年11月20日, 昭和元年12月25日, R8.11.20, S140302) or with four
/// digits of the year (2026/11/20, 2026年11月20日, 20261120), full width or not, a weekday in brackets, 「生」 or a
/// time of day behind it or not.
///
/// A day that does not exist, or lies outside the reign it is given in, is `None`.
#[must_use]
pub fn date(text: &str) -> Option<Date> {
    let plain = without_time(&compatible(text)).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let bare = plain.split_once('(').map_or(plain.as_str(), |(before, _)| before);
    let bare = ["生まれ", "生"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    match ERAS.into_iter().find_map(|era| Some((era, without_era(bare, era)?))) {
        Some((era, rest)) => date_in(era, rest),
        None => western(bare),
    }
}

/// A day without the time of day that tables and programs write behind it: `1939/3/2 0:00:00`, `1939-03-02T00:00`.
fn without_time(text: &str) -> &str {
    let is_time = |end: &str| {
        end.contains(':')
            && end.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+' | '-'))
    };
    match text.trim().rsplit_once([' ', 'T']) {
        Some((day, end)) if is_time(end) && day.contains(|c: char| c.is_ascii_digit()) => day,
        _ => text,
    }
}

/// 「令和8年11月20日」, the first year as 元年; days before the oldest reign by the western year.
#[must_use]
pub fn era_date(date: Date) -> String {
    let (month, day) = (date.month(), date.day());
    match era_of(date) {
        Some((era, 1)) => format!("{}元年{month}月{day}日", era.name),
        Some((era, year)) => format!("{}{year}年{month}月{day}日", era.name),
        None => format!("{}年{month}月{day}日", date.year()),
    }
}

/// The one kanji of a weekday.
#[must_use]
pub fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

/// The age in whole years, which grows on the birthday (of 29 February: on 1 March in a common year);
/// `None` before birth.
#[must_use]
pub fn age_on(birth: Date, today: Date) -> Option<u16> {
    let before_birthday = (today.month(), today.day()) < (birth.month(), birth.day());
    u16::try_from(today.year() - birth.year() - i16::from(before_birthday)).ok()
}

fn without_era(text: &str, era: Era) -> Option<&str> {
    text.strip_prefix(era.name).or_else(|| text.strip_prefix([era.letter, era.letter.to_ascii_lowercase()]))
}

fn date_in(era: Era, rest: &str) -> Option<Date> {
    let (year, month, day) = match rest.strip_prefix('元') {
        Some(rest) => parts(&format!("1{rest}"), 2)?,
        None => parts(rest, 2)?,
    };
    let date = Date::new(era.first.year().checked_add(year)?.checked_sub(1)?, month, day).ok()?;
    // Seen from the other side: the day belongs to a later reign, or to none yet.
    (year >= 1 && era_of(date).is_some_and(|(of_day, _)| of_day == era)).then_some(date)
}

fn western(text: &str) -> Option<Date> {
    let (year, month, day) = parts(text, 4)?;
    (year >= 1000).then(|| Date::new(year, month, day).ok())?
}

/// Year, month and day, apart from each other or with `year_digits` digits for the year and two for each other.
fn parts(text: &str, year_digits: usize) -> Option<(i16, i8, i8)> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = text.len() == year_digits + 4;
        let (year, rest) = text.split_at_checked(year_digits).filter(|_| whole)?;
        return Some((year.parse().ok()?, rest[..2].parse().ok()?, rest[2..].parse().ok()?));
    }
    let apart = |c: char| is_dash(c) || matches!(c, '.' | '/' | '年' | '月' | '・' | '、' | ',' | '。');
    let mut numbers = text.strip_suffix('日').unwrap_or(text).split(apart);
    let mut next =
        || numbers.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let (year, month, day) = (next()?, next()?, next()?);
    let full = year.len() <= year_digits && numbers.next().is_none();
    full.then_some((year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))
}
