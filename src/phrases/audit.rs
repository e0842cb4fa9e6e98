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

/// Looks that followed shortly on the one before this.
#[must_use]
pub fn further(count: &str) -> String {
    format!("直前の閲覧のあと15分以内に、ほか{count}回")
}
