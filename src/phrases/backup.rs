//! What the verbs of copying say to the operator.

use jiff::civil::Date;
use std::fmt::Display;
use std::path::Path;
use tasuki_base::seal::Keyring;

pub const NOT_TODAYS: &str =
    "データベースがまだ作られていないか、古い版のままです。先に tasuki migrate を実行してください。";
pub const NOT_EMPTY: &str =
    "戻す先が空ではありません。空のデータフォルダ、空の鍵束、空のデータベースを指定してください。";
pub const TURNING: &str = "暗号の鍵が入れ替わっている最中です。少し待ってから、もう一度実行してください。";

pub const SAME_SECOND: &str =
    "同じ時刻のバックアップがすでにあります。少し待ってから、もう一度実行してください。";

#[must_use]
pub fn no_copy(place: &str) -> String {
    format!("{place} にバックアップがありません。")
}

#[must_use]
pub fn no_generation(place: &dyn Display) -> String {
    format!("{place} に、最後まで作られたバックアップがありません。")
}

#[must_use]
pub fn no_place(place: &(impl Display + ?Sized), error: &dyn Display) -> String {
    format!("{place} を使えません（{error}）。")
}

#[must_use]
pub fn far_away(place: &dyn Display, error: &dyn Display) -> String {
    format!(
        "控えの置き場所 {place} を読み書きできません（{error}）。権限や TASUKI_BACKUP_S3_… の設定を確かめてください。"
    )
}

#[must_use]
pub fn changing(place: &dyn Display) -> String {
    format!("{place} をほかの作業が書き換えています。少し待ってから、もう一度実行してください。")
}

#[must_use]
pub fn keys_are_kept(place: &dyn Display) -> String {
    format!(
        "{place} は古い版を残すバケット（バージョニング）です。消した鍵が残ってしまうため、鍵の控えは --keys や TASUKI_COPY_KEYS_TO で、古い版を残さない場所に置いてください。"
    )
}

#[must_use]
pub fn no_keys(keyring: &Keyring, master: &Path) -> String {
    format!("鍵がありません。鍵束 {keyring} とマスター鍵 {} を、控えから戻してください。", master.display())
}

#[must_use]
pub fn no_key_copy(folder: &Path) -> String {
    format!("鍵の控え {} を開けません。マスター鍵が違うか、控えが壊れています。", folder.display())
}

#[must_use]
pub fn damaged(name: &str) -> String {
    format!("バックアップ {name} は壊れているか、別のマスター鍵で作られています。")
}

#[must_use]
pub fn other_version(name: &str) -> String {
    format!("バックアップ {name} は、別の版のプログラムで作られています。")
}

#[must_use]
pub fn file_damaged(name: &str) -> String {
    format!("バックアップのファイル {name} がないか、壊れています。")
}

#[must_use]
pub fn made(to: &str, name: &str, keys: &str, rows: u64, files: usize) -> String {
    format!(
        "バックアップを作りました: {to} の {name}（{rows}行、ファイル{files}個）\n鍵の控え: {keys}\nデータと鍵は、別々の場所に保管してください。マスター鍵はどちらにも入っていません。"
    )
}

#[must_use]
pub fn locked_until(at: &str, bucket: bool) -> String {
    match bucket {
        true => format!("{at} まで、だれにも書き換えや削除ができません。"),
        false => format!("{at} までは整理の対象にせず、読み取り専用にしました。"),
    }
}

#[must_use]
pub fn pruned(kept: &[String], removed: &[String], files: usize, unread: &[String]) -> String {
    let mut said = format!("残したもの（{}）: {}", kept.len(), kept.join(" "));
    if !removed.is_empty() {
        said += &format!("\n整理したもの（{}）: {}", removed.len(), removed.join(" "));
    }
    if files > 0 {
        said += &format!("\nどのバックアップにも入っていないファイル{files}個を消しました。");
    }
    if !unread.is_empty() {
        said +=
            &format!("\n開けないので、そのまま残したもの（ファイルも消していません）: {}", unread.join(" "));
    }
    said
}

pub const COPY_BEHIND: &str = "the continuous copy is behind";
pub const COPY_BACK: &str = "the continuous copy has caught up";
pub const COPY_TO_LITE: &str = "継続コピーは SQLite にだけ戻せます。DATABASE_URL を外して戻し、backup と restore で PostgreSQL に移してください。";
pub const COPY_NOT_WHOLE: &str = "継続コピーから作ったデータベースを SQLite が正しいと認めません。tasuki backup の控えから戻してください。";

#[must_use]
pub fn no_continuous(place: &dyn Display) -> String {
    format!("{place} に、戻せる継続コピーがありません。")
}

#[must_use]
pub fn piece_damaged(name: &str) -> String {
    format!("継続コピーの {name} がないか、壊れているか、別のマスター鍵で作られています。")
}

#[must_use]
pub fn copy_whole(at: &str, base: u64, log: u64) -> String {
    format!("継続コピーはすべて開けました。{at} まで届いています（土台{base}個、記録{log}個）。")
}

#[must_use]
pub fn copy_restored(at: &str, files: usize) -> String {
    format!("継続コピーから {at} までを戻しました（ファイル{files}個）。")
}

#[must_use]
pub fn whole(name: &str, rows: u64, files: usize, living: usize, dead: usize) -> String {
    let gone = if dead > 0 { format!("、消去されて開けない鍵{dead}個") } else { String::new() };
    format!("{name}: すべて開けました（{rows}行、ファイル{files}個、生きている鍵{living}個{gone}）")
}

#[must_use]
pub fn restored(name: &str, rows: u64, files: usize, dead: usize) -> String {
    let gone = if dead > 0 {
        format!("\n消去された鍵{dead}個で封じた内容は、戻しても読めません。")
    } else {
        String::new()
    };
    format!(
        "{name} を戻しました（{rows}行、ファイル{files}個）。みなさんにログインし直してもらってください。{gone}"
    )
}

/// 「2026年11月23日」.
fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[must_use]
pub fn gone_since(since: Date, count: usize) -> String {
    format!("{}から、消去した鍵{count}個の写しは、どの控えにも残っていません。", day(since))
}

pub const ONE_COPY_ONLY: &str =
    "（鍵の控えがこの1つだけのとき。ほかの場所に古い鍵の控えがあれば、それも消してください。）";

#[must_use]
pub fn lingering(count: usize) -> String {
    format!(
        "消去した鍵{count}個は、古い控えの写しでまだ開けるおそれがあります。tasuki key turn で鍵の世代を替え、鍵の控えを取り直してください。"
    )
}

/// Before what is wrong with the record in it.
#[must_use]
pub fn record_of(name: &str) -> String {
    format!("控え {name} の中の利用の記録:")
}
