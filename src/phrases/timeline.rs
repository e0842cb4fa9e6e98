//! Timelines, drafts, 了解.

use tasuki_base::text;
use tasuki_law::nouns::GroupKind;
use tasuki_value::Ts;

pub const HOME: &str = "ホーム";
pub const PATIENTS: &str = "患者リスト";
pub const GROUPS: &str = "グループ";
pub const WORKPLACE: &str = "職場の情報共有";
pub const EDIT: &str = "投稿を直す";
pub const HISTORY: &str = "直した履歴";
pub const REMOVAL: &str = "投稿を取り消す";
pub const CONFIRM: &str = "確認";
pub const WRITE: &str = "投稿を書く";
pub const DRAFT_TOO_LONG: &str = "長すぎて、下書きに残せません。20000文字より短くしてください";
pub const REWRITE: &str = "書き直す";
pub const LEAVE_DRAFT: &str = "やめる";
pub const ACKNOWLEDGED: &str = "了解した人";
pub const PHOTO: &str = "写真";

/// A file that did not get in, and why.
#[must_use]
pub fn refused(name: &str, why: &str) -> String {
    format!("{name}: {why}")
}

pub const EMPTY: &str = "本文を書くか、写真やファイルを選んでください";
pub const PRIVATE_USE: &str = "外字は使えません。ふつうの文字に置きかえてください";
pub const TOO_LONG: &str = "1つの投稿は10,000文字までです。分けて投稿してください";
pub const REASON_LONG: &str = "理由は200文字までで入力してください";

pub const REMOVED: &str = "投稿は取り消されました";

/// A post without words.
#[must_use]
pub fn files(count: i64) -> String {
    format!("写真・ファイル{count}件")
}

/// A place in one word.
#[must_use]
pub const fn kind(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Patient => "患者",
        GroupKind::Free => "自由",
        GroupKind::Facility => "職場",
    }
}

/// What calls for a telephone, not for a post.
const URGENT: &[&str] = &[
    "急変",
    "意識がない",
    "意識なし",
    "呼吸がない",
    "息をしていない",
    "心肺停止",
    "119",
    "１１９",
    "救急車",
];

/// Whether a text reads like an emergency.
#[must_use]
pub fn is_urgent(text: &str) -> bool {
    URGENT.iter().any(|words| text.contains(words))
}

#[must_use]
pub fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "posted" => "投稿しました。",
        "read" => "ここまで読んだことを記録しました。",
        "edited" => "投稿を直しました。直す前の内容は履歴に残ります。",
        "removed" => "投稿を取り消しました。",
        "erased" => "投稿の内容を消しました。",
        "draft_changed" => "下書きがほかの画面で変わりました。内容をもう一度お確かめください。",
        _ => return None,
    })
}

/// 「看護師・あおぞら在宅クリニック」.
#[must_use]
pub fn post(profession: &str, facility: &str) -> String {
    format!("{profession}・{facility}")
}

/// 「11/21 09:40」.
#[must_use]
pub fn short(at: Ts) -> String {
    let date = text::local_date(at);
    format!("{}/{} {}", date.month(), date.day(), text::hour_minute(at))
}

/// The time alone on the same day, else with the day.
#[must_use]
pub fn near(at: Ts, base: Ts) -> String {
    if text::local_date(at) == text::local_date(base) { text::hour_minute(at) } else { short(at) }
}

/// As lists show it: today 「14:05」, else 「11/18（水）」, in another year 「2025/11/18」.
#[must_use]
pub fn listed(at: Ts, now: Ts) -> String {
    let (day, today) = (text::local_date(at), text::local_date(now));
    if day == today {
        text::hour_minute(at)
    } else if day.year() == today.year() {
        format!("{}/{}（{}）", day.month(), day.day(), text::weekday(day))
    } else {
        format!("{}/{}/{}", day.year(), day.month(), day.day())
    }
}

#[must_use]
pub fn picture(number: usize, all: usize, name: &str, at: Ts) -> String {
    let date = text::local_date(at);
    format!("写真{number}/{all}（{name}、{}月{}日 {}）", date.month(), date.day(), text::hour_minute(at))
}

#[must_use]
pub fn older(count: i64) -> String {
    format!("前の投稿を見る（{count}件）")
}

#[must_use]
pub fn newer(count: i64) -> String {
    format!("続きの投稿を見る（{count}件）")
}
