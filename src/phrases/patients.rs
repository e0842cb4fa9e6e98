//! What is said of patients.

use jiff::civil::Date;
use tasuki_base::text;

/// 「昭和14年3月2日（1939年）」.
#[must_use]
pub fn birth(date: Date) -> String {
    format!("{}（{}年）", text::era_date(date), date.year())
}

#[must_use]
pub fn age(years: u16) -> String {
    format!("{years}歳")
}

/// Several short things in one line.
#[must_use]
pub fn together(parts: &[String]) -> String {
    parts.join("、")
}

/// A contact in one line: name, relationship, number.
#[must_use]
pub fn contact(name: &str, relationship: Option<&str>, phone: &str) -> String {
    let who = relationship.map_or_else(|| name.to_owned(), |word| format!("{name}（{word}）"));
    format!("{who} {phone}").trim().to_owned()
}

pub const FAMILY: &str = "姓を入力してください";
pub const SEX: &str = "性別を選んでください";
pub const BIRTH: &str =
    "生年月日が読み取れません。「昭和14年3月2日」「S14.3.2」「1939/3/2」のように入力してください";
pub const BIRTH_TO_COME: &str = "生年月日が今日より後になっています";
pub const POSTAL_CODE: &str = "郵便番号は7けたの数字で入力してください";
pub const PHONE: &str = "電話番号は市外局番から、10けたか11けたの数字で入力してください";
pub const KANA: &str = "ふりがなはひらがなで入力してください";
pub const CONTACT_NAME: &str = "緊急連絡先の名前を入力してください";
pub const PRIVATE_USE: &str = "外字は使えません。ほかの文字に置きかえてください";
pub const CHANGED_MEANWHILE: &str = "入力しているあいだに、ほかの人がこの患者さんの情報を直しました。変更の履歴を確かめてから、もう一度保存してください";

#[must_use]
pub fn too_long(most: usize) -> String {
    format!("{most}文字までで入力してください")
}

#[must_use]
pub fn too_many(most: usize) -> String {
    format!("{most}個までで入力してください")
}
