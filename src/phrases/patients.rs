//! What is said of patients.

use jiff::civil::Date;
use tasuki_base::text;
use tasuki_law::nouns::ConsentState;

/// What a page says once after something was done.
#[must_use]
pub fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "patient_changed" => "患者さんの情報を保存しました。",
        "photo_changed" => "画像を保存しました。",
        "editing_opened" => "ほかの施設のメンバーも、患者さんの情報を直せるようにしました。",
        "editing_shut" => "患者さんの情報を直せるのは、連携元の施設だけにしました。",
        "consent_recorded" => "同意を記録しました。やりとりを始められます。",
        "consent_withdrawn" => "同意の撤回を記録しました。このグループへの投稿は止まりました。",
        _ => return None,
    })
}

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

// The names of the pages, and where "back" leads.
pub const LIST: &str = "患者リスト";
pub const NEW: &str = "患者情報を登録する";
pub const CARD: &str = "患者カード";
pub const EDIT: &str = "患者さんの情報を直す";
pub const HISTORY: &str = "変更の履歴";
pub const CODE: &str = "本人確認コード";
pub const PHONES: &str = "電話番号";
pub const CONSENTS: &str = "同意の記録";
pub const RECORD_CONSENT: &str = "同意を記録する";
/// What stands where a patient's name would, for those whom no consent reaches.
#[must_use]
pub const fn withheld(consent: ConsentState) -> &'static str {
    match consent {
        ConsentState::Withdrawn => "同意が撤回された患者さん",
        ConsentState::Missing => "同意がまだない患者さん",
        ConsentState::Valid => "見られなくなった患者さん",
    }
}

pub const WITHDRAW_CONSENT: &str = "同意の撤回";
pub const FORM: &str = "入力";
pub const CONFIRMATION: &str = "確認";

pub const TAB_ALL: &str = "すべて";
pub const TAB_FACILITY: &str = "施設内";
pub const TAB_MINE: &str = "担当";
pub const CONSENT_VALID: &str = "同意済み";
pub const CONSENT_ORAL: &str = "口頭・文書待ち";
pub const CONSENT_NONE: &str = "同意なし";
pub const CONSENT_WITHDRAWN: &str = "撤回";

pub const NO_PICTURE: &str = "画像を選んでください";
pub const SOMEBODY: &str = "（不明）";

/// 「岡田 久恵さん」.
#[must_use]
pub fn title(name: &str) -> String {
    format!("{name}さん")
}

/// 「R8.10.3」.
#[must_use]
pub fn short_date(date: Date) -> String {
    let (month, day) = (date.month(), date.day());
    match text::era_of(date) {
        Some((era, year)) => format!("{}{year}.{month}.{day}", era.letter),
        None => date.to_string(),
    }
}

/// The chip of a consent in force: on paper, or by word with the paper still to come.
#[must_use]
pub fn consent_given(written: bool, on: Option<Date>) -> String {
    match (written, on) {
        (true, Some(on)) => format!("同意済み（文書 {}）", short_date(on)),
        (true, None) => CONSENT_VALID.to_owned(),
        (false, _) => CONSENT_ORAL.to_owned(),
    }
}

/// The chip of a consent withdrawn.
#[must_use]
pub fn consent_withdrawn(on: Date) -> String {
    format!("撤回（{}）", short_date(on))
}

/// Several short things about a person.
#[must_use]
pub fn about(parts: &[String]) -> String {
    let said: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    said.join("・")
}

/// How many more follow in a list.
#[must_use]
pub fn more(count: usize) -> String {
    format!("続きを見る（{count}件）")
}

/// What the history says of a picture that was there.
pub const PICTURE_SET: &str = "あり";
pub const REGISTER_WORKPLACE: &str = "勤め先を登録する";
