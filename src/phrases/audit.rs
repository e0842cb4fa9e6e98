//! What is said in a facility's record of use.

use tasuki_base::text;
use tasuki_value::Ts;

pub const RECORD: &str = "利用の記録";
pub const STAFF: &str = "職場スタッフ";
pub const HOUSE: &str = "システム";
/// Who tried something with an account and was not signed in.
pub const SOMEBODY: &str = "ログインしていない人";
pub const OPERATOR: &str = "運営者";
pub const OWN: &str = "自分の利用の記録";
pub const ELSEWHERE: &str = "ほかの施設の患者さん";
pub const ERASED: &str = "消去済みの患者さん";
pub const OLDER: &str = "前の記録を見る";

/// 「R8.11.20（金）09:00」.
#[must_use]
pub fn moment(at: Ts) -> String {
    let date = text::local_date(at);
    let day = super::patients::short_date(date);
    format!("{day}（{}）{}", text::weekday(date), text::hour_minute(at))
}

pub const FILE: &str = "ファイル";
pub const POST: &str = "投稿";
pub const CONSENT: &str = "同意";

/// 「R8.11.20（金）09:00の投稿」.
#[must_use]
pub fn of_moment(at: Ts, what: &str) -> String {
    format!("{}の{what}", moment(at))
}

/// Looks at the same thing that followed on one that has a line of its own.
#[must_use]
pub fn further(count: &str) -> String {
    format!("はじめに見てから15分以内に、ほか{count}回")
}
