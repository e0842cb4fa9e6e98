//! What a program reads, and the person who writes it.

pub const UNSEEN: (&str, &str) =
    ("見つかりません", "IDやアドレスが間違っているか、見ることができないものです。お確かめください。");
pub const SIGN_IN_FIRST: (&str, &str) = (
    "トークンが必要です",
    "POST /api/v1/tokens でトークンを作り、Authorization: Bearer に付けて送ってください。トークンは30日で切れます。",
);
pub const UNREADABLE: (&str, &str) = (
    "読み取れませんでした",
    "送られた内容を読み取れませんでした。形と項目名を確かめて、もう一度送ってください。",
);
pub const INPUT: &str = "内容を直してください";
pub const BROKEN: (&str, &str) = (
    "うまくいきませんでした",
    "こちらの不具合で処理できませんでした。少し待ってからもう一度お試しください。続くときはお問い合わせください。",
);
pub const WRONG_METHOD: (&str, &str) = (
    "この方法では使えません",
    "メソッドが違います。使えるメソッドは Allow ヘッダーと /api/v1/openapi.json にあります。",
);
pub const WRONG_PASSWORD: (&str, &str) =
    ("確認できませんでした", "メールアドレスまたはパスワードが違います。もう一度お確かめください。");
pub const TOO_LARGE: (&str, &str) =
    ("大きすぎます", "一度に送れる大きさを超えています。小さく分けて送ってください。");

pub const NO_PATIENT_SIDE: (&str, &str) = (
    "見つかりません",
    "このグループには患者・家族側のタイムラインがありません。side に professional を指定してください。",
);
pub const KEY_USED: (&str, &str) = (
    "別の投稿に使われています",
    "この Idempotency-Key は、内容の違う投稿に使われています。新しいキーを付けて送ってください。",
);
pub const BAD_KEY: &str = "1〜64文字の英数字と記号にしてください";
pub const NO_FILE: &str = "file という名前で、ファイルを1つ送ってください";
pub const NOT_KNOWN: &str =
    "つながりのある人のIDを指定してください。ほかの人はメールアドレスで招待できます。";
pub const ONE_INVITEE: &str = "account か email のどちらか1つを指定してください。";
pub const NAME_MISSING: &str = "名前を入力してください";
pub const PRIVATE_USE: &str = "外字は使えません";

/// So many characters at most.
#[must_use]
pub fn at_most(limit: usize) -> String {
    format!("{limit}文字までにしてください")
}
