//! Signing in, passwords, sessions, settings; days and times.

use tasuki_base::text;
use tasuki_value::Ts;

pub const HOME: &str = "ホーム";
pub const SIGN_IN: &str = "ログイン";
pub const RESET: &str = "パスワードの再設定";
pub const SETTINGS: &str = "設定";
pub const CHANGE_PASSWORD: &str = "パスワードの変更";
pub const SESSIONS: &str = "ログイン中の端末";
pub const DISPLAY: &str = "表示";
pub const WRONG_PASSWORD: &str = "メールアドレスまたはパスワードが違います。もう一度入力してください。忘れたときは「パスワードを忘れた方」へお進みください。";
pub const WRONG_OWN_PASSWORD: &str = "パスワードが違います。もう一度入力してください。";
pub const TOO_MANY_SIGN_INS: &str = "少し時間をおいてください。違うパスワードが何度も入力されたため、このアドレスか、この場所からのログインを15分ほど止めています。すぐに使いたいときは「パスワードを忘れた方」へお進みください。メールのリンクを開いた端末からは、すぐにログインできます。";
pub const RESETS_SENT: &str = "このアドレスあてのメールは、続けて送れる数を超えました。登録されているアドレスなら、すでに届いているメールのリンクを使えます。届いていないときは、1時間ほどたってからもう一度お試しください。";
pub const OLD_PASSWORD_MISSING: &str = "いまのパスワードを入力してください";
pub const OLD_PASSWORD_WRONG: &str = "いまのパスワードが違います。もう一度入力してください";

pub const PASSWORD_MISSING: &str = "パスワードを入力してください";
pub const PASSWORD_FULL_WIDTH: &str = "全角の文字があります。半角の英数字と記号で入力してください";
pub const PASSWORD_LONG: &str = "128文字までにしてください";
pub const PASSWORD_GUESSABLE: &str =
    "推測されやすいパスワードです。名前やよくある言葉を避け、関係のない言葉をいくつかつなげてください";

/// So many characters are missing.
#[must_use]
pub fn password_short(missing: usize) -> String {
    format!("あと{missing}文字必要です。13文字以上にしてください")
}

/// What is wrong with a mail address, already normalised.
#[must_use]
pub fn bad_email(email: &str) -> &'static str {
    if email.is_empty() {
        "メールアドレスを入力してください"
    } else if !email.contains('@') {
        "メールアドレスに「@」がありません。例: midori@example.jp"
    } else if !email.is_ascii() {
        "メールアドレスに使えない文字があります。半角の英数字で入力してください"
    } else {
        "メールアドレスの形が正しくありません。つづりをお確かめください"
    }
}

/// A device by its code.
#[must_use]
pub fn device(code: &str) -> &'static str {
    match code {
        "windows" => "Windowsのパソコン",
        "mac" => "Mac",
        "iphone" => "iPhone",
        "ipad" => "iPad",
        "android" => "Androidの端末",
        "linux" => "Linuxのパソコン",
        _ => "その他の端末",
    }
}

/// 「令和8年11月20日（金）」.
#[must_use]
pub fn day(at: Ts) -> String {
    let date = text::local_date(at);
    format!("{}（{}）", text::era_date(date), text::weekday(date))
}

/// 「11/20（金）14:05」.
#[must_use]
pub fn short_day_and_time(at: Ts) -> String {
    let date = text::local_date(at);
    format!("{}/{}（{}）{}", date.month(), date.day(), text::weekday(date), text::hour_minute(at))
}

/// 「令和8年11月20日（金） 14:05」.
#[must_use]
pub fn day_and_time(at: Ts) -> String {
    format!("{} {}", day(at), text::hour_minute(at))
}
