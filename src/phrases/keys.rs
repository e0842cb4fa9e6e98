//! What the verbs of the keys say to the operator, and what stands on the recovery sheet.

use super::program::{no_database, no_vault};
use std::fmt::Display;
use std::path::Path;
use tasuki_base::seal::{Epoch, Error, Keyring, Mark, Slip, Turned};
use tasuki_base::text;

// status, rotate, turn

#[must_use]
pub fn master(mark: Mark, former: usize) -> String {
    let before =
        if former > 0 { format!("（これまでに{former}回替えました）") } else { String::new() };
    format!("マスター鍵   照合値 {mark}{before}")
}

#[must_use]
pub fn epoch(newest: &Epoch, older: usize) -> String {
    let at = text::local(newest.made_at).strftime("%Y年%-m月%-d日 %H:%M").to_string();
    let left = if older > 0 {
        format!("（前の世代が{older}つ残っています。tasuki key turn で終わらせます）")
    } else {
        String::new()
    };
    format!("鍵の世代     {}（{at}から）{left}", newest.number)
}

#[must_use]
pub fn wrapped(living: u64, lost: u64) -> String {
    let lost = if lost > 0 { format!("、どの世代でも開かない{lost}個") } else { String::new() };
    format!("包んだ鍵     生きている{living}個{lost}（すべて開けて確かめました）")
}

#[must_use]
pub fn outstanding(count: i64, nightly: bool) -> String {
    match (count, nightly) {
        (0, _) => "消去した鍵   古い控えで開くものはありません".to_owned(),
        (count, true) => {
            format!(
                "消去した鍵{count}個は、古い控えではまだ開きます。今夜3時に世代を替えると開かなくなります。"
            )
        }
        (count, false) => format!(
            "消去した鍵{count}個は、古い控えではまだ開きます。tasuki key turn で世代を替えると開かなくなります。"
        ),
    }
}

pub const NO_COPY_PLACE: &str = "鍵の控えの置き場所（TASUKI_KEYS_COPY）が未設定です。世代やマスター鍵を替えると、それまでの鍵の控えは古くなります。tasuki backup を実行して、鍵の控えを取り直してください。";

#[must_use]
pub fn copy_newest(copy: &Path) -> String {
    format!("鍵の控え {} は、いまの鍵束と同じです。", copy.display())
}

#[must_use]
pub fn copy_old(copy: &Path) -> String {
    format!(
        "鍵の控え {} がないか、いまの鍵束より古いままです。tasuki key turn か tasuki backup --keys で取り直してください。",
        copy.display()
    )
}

#[must_use]
pub fn copied(copy: &Path) -> String {
    format!("鍵の控えを新しくしました: {}（前の控えは残していません）", copy.display())
}

#[must_use]
pub fn half_rotated(next: &Path) -> String {
    format!(
        "マスター鍵を替える途中で止まった跡（{}）があります。いまの鍵はそのまま使えます。替えるには tasuki key rotate をもう一度実行してください。",
        next.display()
    )
}

#[must_use]
pub fn rotated(before: Mark, after: Mark, master: &Path) -> String {
    format!(
        "マスター鍵を替えました。\n  前   {before}\n  いま {after}\n  場所 {}\n\
         これまでの復旧用紙と、マスター鍵の控えでは、もう開けません。いますぐ tasuki key sheet で新しい用紙を印刷し、前のものは細かく裁断してください。\n\
         これまでのバックアップは、新しい鍵でそのまま開けます。動いているたすきは止めなくてかまいません。\n\
         マスター鍵を別々に置いている機械があるときは、次に世代を替える前に、新しいファイルを配ってください。",
        master.display()
    )
}

#[must_use]
pub fn moved(from: &Keyring, to: &Keyring, living: u64) -> String {
    format!(
        "鍵束を {from} から {to} に移し、生きている{living}個の鍵をすべて開けて確かめました。\n\
         次に、どのノードも TASUKI_KEYRING={to} にして、1つずつ起動し直してください。動いているノードは、それまでそのまま使えます。\n\
         すべてのノードが移るまで、世代（tasuki key turn）とマスター鍵（tasuki key rotate）は替えないでください。移り終えたら、{from} を消してください。"
    )
}

#[must_use]
pub fn moved_to_itself(place: &Keyring) -> String {
    format!("鍵束はもう {place} にあります。")
}

#[must_use]
pub fn turned(turned: &Turned) -> String {
    let Turned { epoch, rewrapped, lost, destroyed } = turned;
    let lost = if *lost > 0 {
        format!("（どの世代でも開かない行が{lost}個あります）")
    } else {
        String::new()
    };
    format!(
        "鍵の世代を {epoch} に替え、{rewrapped}個の鍵を包み直し、すべて開けて確かめました{lost}。\n\
         前の世代{}つの鍵を消しました。これまでに消去した鍵は、データのどの控えからも、もう開けません（前の鍵の控えがどこかに残っていれば、それも新しくしてください）。",
        destroyed.len()
    )
}

#[must_use]
pub fn no_turn(error: &Error) -> String {
    match error {
        Error::Vault(error) => no_vault(error),
        Error::Db(error) => no_database(error),
        Error::Seal(error) => no_own_key(error),
        Error::Damaged(id) => format!(
            "鍵 {id} の行が壊れています。よい控えが残っているかもしれないので、世代を替えずに止めました。データベースを控えと見比べてください。"
        ),
        Error::KeyringBehind { database, keyring } => format!(
            "データベースは世代 {database} なのに、鍵束は世代 {keyring} までしかありません。鍵束が古い控えです。いちばん新しい鍵の控えを戻してください。"
        ),
    }
}

fn no_own_key(error: &dyn Display) -> String {
    super::program::no_own_key(&error.to_string())
}

// the sheet

pub const SHEET_HINT: &str =
    "用紙の4行を、1行ずつ打ち込んでください（大文字小文字、全角半角、区切りの - は、どれでもかまいません）。";

#[must_use]
pub fn line_label(number: usize) -> String {
    format!("{number}行目")
}

#[must_use]
pub fn slip(slip: &Slip) -> String {
    match slip {
        Slip::Lines(0) => "何も打ち込まれていません。用紙の4行を打ち込んでください。".to_owned(),
        Slip::Lines(count) => {
            format!("用紙は4行ですが、{count}行ありました。抜けた行や余分な行がないか確かめてください。")
        }
        Slip::Length { line, count } => {
            format!(
                "{line}行目: 1行は16文字ですが、{count}文字ありました。抜けた文字や余分な文字がないか確かめてください。"
            )
        }
        Slip::Letter { line, letter } => {
            format!(
                "{line}行目: 「{letter}」は用紙で使わない文字です。よく似た文字でないか確かめてください。"
            )
        }
        Slip::Sum { line } => {
            format!("{line}行目: どこかの文字が用紙と違います。1文字ずつ見比べてください。")
        }
    }
}

#[must_use]
pub fn typed_well(mark: Mark) -> String {
    format!("4行とも、正しく打ち込まれています（照合値 {mark}）。")
}

#[must_use]
pub fn sheet_opens(keyring: &Keyring, newest: i64) -> String {
    format!("この用紙で鍵束 {keyring} が開きました（世代 {newest}）。")
}

pub const SHEET_OPENS_DATA: &str = "データベースの鍵も開きました。この用紙は、このたすきのものです。";
pub const NO_DATA_YET: &str = "データベースがまだないので、データの鍵は試していません。";

#[must_use]
pub fn nothing_to_try(keyring: &Keyring) -> String {
    format!(
        "鍵束 {keyring} がないため、この用紙でこのたすきが開くかは確かめられません。鍵の控えがあれば、--keys-copy で教えてください。"
    )
}

#[must_use]
pub fn sheet_of_before(mark: Mark) -> String {
    format!(
        "この用紙（照合値 {mark}）は、マスター鍵を替える前のものです。いまの鍵束は開きません。新しい用紙を使ってください。"
    )
}

#[must_use]
pub fn sheet_of_another(mark: Mark, keyring: Mark) -> String {
    format!(
        "この用紙（照合値 {mark}）では開きません。この鍵束は、照合値 {keyring} のマスター鍵で包まれています。別のたすきの用紙か、別のときに印刷したものです。"
    )
}

#[must_use]
pub fn no_sheet(path: &Path, error: &dyn Display) -> String {
    format!("{} を読み書きできません（{error}）。場所と権限を確かめてください。", path.display())
}

#[must_use]
pub fn in_the_way(path: &Path) -> String {
    format!("{} がすでにあります。上書きはしません。別の名前にするか、先に移してください。", path.display())
}

#[must_use]
pub fn no_master(master: &Path) -> String {
    format!(
        "マスター鍵 {} がありません。復旧用紙があれば、tasuki key recover で作り直せます。",
        master.display()
    )
}

#[must_use]
pub fn sheet_written(path: &Path, mark: Mark) -> String {
    let path = path.display();
    format!(
        "復旧用紙を書きました: {path}（照合値 {mark}）\n\
         この紙1枚がマスター鍵です。ブラウザで開いて印刷し、tasuki key check で確かめてから、ファイルを消してください。"
    )
}

#[must_use]
pub fn recovered(master: &Path, mark: Mark) -> String {
    format!("マスター鍵を {} に書きました（照合値 {mark}）。", master.display())
}

pub const RECOVERED_UNTRIED: &str = "鍵束がまだないので、この鍵で開くかは確かめていません。続けて tasuki restore を実行すると確かめられます。";

#[must_use]
pub fn printed_on(at: tasuki_value::Ts) -> String {
    text::local(at).strftime("%Y年%-m月%-d日 %H:%M").to_string()
}
