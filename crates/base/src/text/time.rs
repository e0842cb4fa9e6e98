//! Moments in the time zone of the people who read them.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use std::sync::LazyLock;
use tasuki_value::Ts;

/// Asia/Tokyo; nine hours ahead of UTC also where the machine has no zone data.
static TOKYO: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Asia/Tokyo").unwrap_or_else(|_| TimeZone::fixed(Offset::constant(9))));

/// A moment on the clocks of Japan. Moments beyond the year 9999 stop there.
#[must_use]
pub fn local(at: Ts) -> Zoned {
    let end = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(at.0).unwrap_or(end).to_zoned(TOKYO.clone())
}

/// The day it is in Japan.
#[must_use]
pub fn local_date(at: Ts) -> Date {
    local(at).date()
}

/// 「14:05」.
#[must_use]
pub fn hour_minute(at: Ts) -> String {
    let time = local(at).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The moment at which a day begins in Japan; `None` at the ends of the calendar.
#[must_use]
pub fn midnight(date: Date) -> Option<Ts> {
    let start = date.to_zoned(TOKYO.clone()).ok()?;
    Some(Ts(start.timestamp().as_microsecond()))
}
