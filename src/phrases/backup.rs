//! What the verbs of copying say to the operator.

use jiff::civil::Date;
use std::fmt::Display;
use std::path::Path;

pub const NOT_TODAYS: &str =
    "データベースがまだ作られていないか、古い版のままです。先に tasuki migrate を実行してください。";
pub const NOT_EMPTY: &str =
    "戻す先が空ではありません。空のデータフォルダ、空の鍵束、空のデータベースを指定してください。";
pub const TURNING: &str = "暗号の鍵が入れ替わっている最中です。少し待ってから、もう一度実行してください。";

#[must_use]
pub fn no_copy(folder: &Path, error: &dyn Display) -> String {
    format!("{} にバックアップがありません（{error}）。", folder.display())
}

#[must_use]
pub fn no_generation(folder: &Path) -> String {
    format!("{} に、最後まで作られたバックアップがありません。", folder.display())
}

#[must_use]
pub fn no_place(folder: &Path, error: &dyn Display) -> String {
    format!("{} を作れません（{error}）。", folder.display())
}

#[must_use]
pub fn no_keys(keyring: &Path, master: &Path) -> String {
    format!(
        "鍵がありません。鍵束 {} とマスター鍵 {} を、控えから戻してください。",
        keyring.display(),
        master.display()
    )
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
pub fn made(folder: &Path, keys: &Path, rows: u64, files: usize) -> String {
    format!(
        "バックアップを作りました: {}（{rows}行、ファイル{files}個）\n鍵の控え: {}\nデータと鍵は、別々の場所に保管してください。マスター鍵はどちらにも入っていません。",
        folder.display(),
        keys.display()
    )
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
