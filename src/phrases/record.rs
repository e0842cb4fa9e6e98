//! What the operator is told of the record of use: whether it is whole, and where it is not.

use crate::audit::{Chain, Flaw, Wrong};
use tasuki_law::nouns::EventKind;
use tasuki_value::Ts;

pub const NO_KEY: &str =
    "利用の記録は、このたすきの鍵が開かないので確かめられません。鍵の場所を先に直してください。";
pub const NOT_SEALED: &str = "利用の記録には、まだ鍵の印がありません。次に動かしたときにつきます。";

pub const NO_HOUSE_HERE: &str = "（ここにはたすきのデータがないので、この操作は利用の記録に残りません）";
pub const NOTHING_TO_ACCEPT: &str = "利用の記録は合っています。認めるものはありません。";
pub const NOT_ACCEPTED: &str = "認められるのは、データベースか鍵の場所を前の状態に戻したときだけです。";

#[must_use]
pub fn told_later(why: &str) -> String {
    format!("（この操作は、次に動かしたときに利用の記録に残ります: {why}）")
}

#[must_use]
pub fn not_told(why: &str, error: &impl std::fmt::Display) -> String {
    format!("（この操作を利用の記録に残せませんでした: {why} / {error}）")
}

#[must_use]
pub fn accepted(block: i64, until: i64) -> String {
    let lost = if until > block {
        format!("（{until}番目までの続きは失われています）")
    } else {
        String::new()
    };
    format!("利用の記録は{block}番目のまとまりから続きます{lost}。このことも記録に残りました。")
}

/// A generation whose record cannot be held against anything.
#[must_use]
pub fn not_checked(name: &str) -> String {
    format!(
        "控え {name} の利用の記録は確かめられません。記録の終わりか、記録を確かめる鍵が、控えにないか開きません。"
    )
}

/// A generation whose record ends before that of an older one.
#[must_use]
pub fn fell_back(name: &str) -> String {
    format!(
        "控え {name} の利用の記録は、それより前の控えの記録より短くなっています。控えを取る前に、記録が切り取られたか、前の状態に戻されています。"
    )
}

#[must_use]
pub fn mail_subject(name: &str, whole: bool) -> String {
    if whole {
        format!("{name}: 利用の記録の控え")
    } else {
        format!("【重要】{name}: 利用の記録が合いません")
    }
}

/// What the keyring knows, for keeping elsewhere.
#[must_use]
pub fn head_kept(era: i64, number: i64, at: Ts, hash: &str) -> String {
    let again = if era > 0 { format!("（戻した回数: {era}）") } else { String::new() };
    format!(
        "鍵の場所に残っている終わり: {number}番・{}・{hash}{again}\nこのメールを消さずに残しておくと、あとで記録が切り取られていないことを確かめられます。",
        clock(at)
    )
}

pub const EVENTS_GONE: &str = "利用の記録から、まとまりになる前の行が消されています。";

fn clock(at: Ts) -> String {
    tasuki_base::text::local(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Head, number and time written down elsewhere prove later that nothing was cut off the end.
#[must_use]
pub fn whole(chain: &Chain) -> String {
    let Chain { blocks, events, waiting, .. } = chain;
    let waits = if *waiting > 0 {
        format!("（ほかに、まとまりを待つ {waiting} 件）")
    } else {
        String::new()
    };
    if *blocks == 0 {
        return format!("利用の記録のまとまりは、まだありません{waits}。");
    }
    let (at, head) = (chain.at.map(clock).unwrap_or_default(), &chain.head);
    format!("利用の記録 {events} 件はつながっています{waits}。控えておく照合値: {blocks}番・{at}・{head}")
}

fn line_of(kind: Option<&str>) -> String {
    let kind: Option<EventKind> = kind.and_then(|kind| kind.parse().ok());
    kind.map_or_else(|| "種類の読めない行".to_owned(), |kind| format!("「{}」の行", kind.word()))
}

/// The first wrong place, in words.
#[must_use]
pub fn wrong(wrong: &Wrong) -> String {
    let Wrong { flaw, block, at, kind } = wrong;
    let when = at.map(|at| format!("{}の", clock(at))).unwrap_or_default();
    let place = if *block == 0 {
        "まとまりを待つ行のうち".to_owned()
    } else {
        format!("{block}番目のまとまり")
    };
    let what = match flaw {
        Flaw::Event => {
            let line = line_of(kind.as_deref());
            format!("{place}、{when}{line}が、書き換えられたか、あとから入れられています")
        }
        Flaw::Removed { count } => format!("{when}{place}から、{count}件の行が消されています"),
        Flaw::Added { count } => format!("{when}{place}に、{count}件の行があとから入れられています"),
        Flaw::BlockForged => format!("{when}{place}は、このたすきが作ったものではありません"),
        Flaw::BlockAltered => format!("{when}{place}が、前のまとまりとつながりません"),
        Flaw::BlockMissing => format!("{place}がありません"),
        Flaw::Foreign { count } => format!("どのまとまりにもない行が{count}件あります"),
        Flaw::CutOff { until } => format!(
            "記録は{block}番目のまとまりで終わっていますが、鍵の場所には{when}{until}番目まであったと残っています。終わりが切り取られたか、前の状態に戻されています"
        ),
        Flaw::Rewritten => {
            format!(
                "{place}が、鍵の場所に残っているものと違います。記録が、はじめからここまでのどこかで作り直されています"
            )
        }
        Flaw::HeadOld { head } => format!(
            "鍵の場所に残っている終わり（{head}番目のまとまり）が、記録の終わり（{block}番目）よりずっと前です。鍵の場所が前の状態に戻されています"
        ),
        Flaw::HeadMissing => "鍵の場所に、記録の終わり（record.head）がありません".to_owned(),
        Flaw::HeadDamaged => {
            "鍵の場所にある記録の終わり（record.head）が、このたすきのものではありません".to_owned()
        }
    };
    format!(
        "利用の記録が、たすきの書いたままではありません。{what}。バックアップと見比べてください（docs/operating.md「利用の記録が合わないとき」）。"
    )
}
