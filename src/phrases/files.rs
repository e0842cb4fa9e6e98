//! Why a file does not come in.

use tasuki_base::files::Refusal;

pub const NO_NAME: &str = "ファイル";
pub const CHANGED: &str = "送っている間にファイルが変わりました。もう一度お送りください";
pub const NOT_NOW: &str =
    "ファイルの保存先といま一時的につながりません。少し待ってから、もう一度お送りください";
pub const NO_ROOM: &str = "いまはファイルを受け取れません（保存場所の空きが足りません）。文章の投稿はできます。しばらくしてからお送りください";
pub const UNKNOWN: &str = "ファイルが見つからないか、ほかの投稿で使われています。もう一度送ってください。";
pub const INCOMPLETE: &str = "途中までしか届いていません。もう一度お送りください";

/// What is wrong with the content.
#[must_use]
pub const fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "ファイルの中身が空です。もう一度選んでください",
        Refusal::HeicNotConverted => {
            "この写真はHEIC形式です。iPhoneの設定→カメラ→フォーマットを「互換性優先」にするか、スクリーンショットでお送りください"
        }
        Refusal::Svg => "この画像の形式（SVG）は送れません。JPEGかPNGの画像にしてお送りください",
        Refusal::OldOffice => {
            "古い形式のWord・Excel・PowerPointのファイルは送れません。docx・xlsx・pptxで保存し直すか、PDFにしてお送りください"
        }
        Refusal::Password => {
            "パスワードのかかったファイルは送れません。パスワードを外して保存し直してからお送りください"
        }
        Refusal::Macros => {
            "マクロの入ったファイルは送れません。マクロなしで保存し直すか、PDFにしてお送りください"
        }
        Refusal::ExternalTemplate => {
            "ほかの場所からひな形などを読み込むファイルは送れません。PDFにしてお送りください"
        }
        Refusal::Bomb | Refusal::Broken => "ファイルが壊れているようです。保存し直してからお送りください",
        Refusal::Unknown => "この種類のファイルは送れません。写真・動画・PDF・Word・Excelを選んでください",
        Refusal::NotAnImage => "写真ではありません。JPEGかPNGの写真を選んでください",
        Refusal::TooManyPixels => "写真の画素数が多すぎます（5000万画素まで）。小さくしてからお送りください",
        Refusal::TooLarge => "ファイルが大きすぎます。小さくしてからお送りください",
    }
}

/// 「動画は50MBまでです。この動画は82MBです」
#[must_use]
pub fn too_large(film: bool, most: u64, size: Option<u64>) -> String {
    let what = if film { "動画" } else { "ファイル" };
    let most = megabytes(most);
    match size {
        Some(size) => format!("{what}は{most}までです。この{what}は{}です", megabytes(size)),
        None => format!("{what}は{most}までです。小さくしてからお送りください"),
    }
}

#[must_use]
pub fn too_many(most: i64) -> String {
    format!("添付は1つの投稿に{most}個までです。残りは次の投稿でお送りください")
}

#[must_use]
pub fn post_too_large(most: u64) -> String {
    format!("添付は1つの投稿に合わせて{}までです。残りは次の投稿でお送りください", megabytes(most))
}

#[must_use]
pub fn day_full(most: u64) -> String {
    format!("24時間に送れるのは合わせて{}までです。時間をおいてお送りください", megabytes(most))
}

/// 「182KB」「1.2MB」「50MB」「2GB」. Rounded up: what is over a limit must not read as the limit.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if bytes < MB {
        return format!("{}KB", bytes.div_ceil(1024));
    }
    if bytes.is_multiple_of(1024 * MB) {
        return format!("{}GB", bytes / 1024 / MB);
    }
    let tenths = (bytes * 10).div_ceil(MB);
    if tenths.is_multiple_of(10) {
        format!("{}MB", tenths / 10)
    } else {
        format!("{}.{}MB", tenths / 10, tenths % 10)
    }
}

/// Told to the operator.
#[must_use]
pub fn disk_nearly_full(free: u64, floor: u64) -> String {
    let (free, floor) = (free >> 20, floor >> 20);
    format!(
        "ディスクの空きが {free} MB しかありません（{floor} MB を下回るとファイルを受け取りません）。空きを増やしてください。"
    )
}
