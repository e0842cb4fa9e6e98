//! Every Japanese sentence that is not in a template. です・ます, no blame; an error says what to do next.

mod accounts;
pub mod api;
pub mod audit;
pub mod backup;
pub mod consents;
mod front;
pub mod keys;
pub mod patients;
pub mod profiles;
pub mod registration;
pub mod timeline;

pub mod files;
pub mod program;
pub mod record;
pub mod staff;

pub use accounts::*;
pub use front::*;

use tasuki_law::Why;

pub const DESCRIPTION: &str = "在宅の医療と介護にかかわる人たちが、患者さんごとに、招待された人だけの場所でその日の様子を伝え合う連携ノートです。";
pub const KEPT: &str = "送れなかった内容";
pub const SIGN_IN_FIRST: (&str, &str) = ("ログインしてください", "このページを見るにはログインが必要です。");
pub const UNSEEN: (&str, &str) = (
    "ページが見つかりません",
    "アドレスが間違っているか、見ることができないページです。ホームに戻ってお探しください。",
);
pub const REFUSED: &str = "この操作はできません";
pub const MALFORMED: (&str, &str) =
    ("送信できませんでした", "前のページに戻り、読み込み直してからもう一度お試しください。");
pub const TOO_MANY: (&str, &str) = (
    "少し時間をおいてください",
    "短い時間に何度も送信されました。10分ほどたってからもう一度お試しください。",
);
pub const BUSY: (&str, &str) =
    ("混み合っています", "いま混み合っています。少し待ってから、もう一度お試しください。");
pub const AWAY: (&str, &str) = (
    "いまつながりません",
    "記録の保存先といま一時的につながりません。少し待ってから、もう一度お試しください。",
);
pub const UNSURE: (&str, &str) = (
    "確かめられませんでした",
    "途中で接続が切れ、保存できたかどうかを確かめられませんでした。前のページを開き直して、反映されているかお確かめください。",
);
pub const BROKEN: (&str, &str) = (
    "うまくいきませんでした",
    "こちらの不具合でページを表示できませんでした。少し待ってからもう一度お試しください。続くときはお問い合わせください。",
);

/// What a page says once after something was done: `?done=CODE`.
#[must_use]
pub fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        // accounts
        "signed_out" => "ログアウトしました。",
        "kept" => {
            "しばらく操作がなかったため、ログインが切れていました。入力した内容は残してあります。ログインすると、続きから送れます。"
        }
        "kept_removed" => "残してあった内容を消しました。",
        "password_reset" => "新しいパスワードを登録しました。ログインしてください。",
        "password_changed" => "パスワードを変更しました。",
        "session_ended" => "端末のログインを終わらせました。",
        "profile_changed" => "プロフィールを変更しました。",
        "photo_changed" => "写真を変更しました。",
        "display_changed" => "表示を変更しました。",
        // registration
        "registration_sent" => "メールを送りました。",
        "registration_mails_sent" => registration::MAILS_SENT,
        _ => return timeline::done(code).or_else(|| staff::done(code)).or_else(|| patients::done(code)),
    })
}

/// Why the law said no, to somebody who may know.
#[must_use]
pub const fn why(why: Why) -> &'static str {
    match why {
        Why::NoConsent => {
            "患者さんの同意がまだ記録されていません。連携元の施設が同意を記録すると使えるようになります。"
        }
        Why::ConsentWithdrawn => "患者さんの同意が撤回されたため、利用を止めています。",
        Why::GroupClosed => "このグループは終了しています。",
        Why::NotFacilityAdmin => "施設の管理者だけができる操作です。管理者にご相談ください。",
        Why::NotGroupAdmin => "このグループの管理者だけができる操作です。管理者にご相談ください。",
        Why::NotOriginating => "連携元の施設のスタッフだけができる操作です。",
        Why::FactsNotOpened => "患者さんの情報を直せるのは、いまは連携元の施設だけです。",
        Why::LastAdmin => "管理者がいなくなってしまいます。先に、ほかの人を管理者にしてください。",
        Why::FollowsStaff => {
            "職場のグループのメンバーは、スタッフの一覧と同じです。スタッフの画面から変更してください。"
        }
        Why::ProfessionalsOnly => "医療・介護従事者だけが参加できます。",
        Why::NotAuthor => "投稿した人だけができる操作です。",
        Why::AlreadyRemoved => "この投稿はすでに取り消されています。",
        Why::AlreadyDecided => "すでに手続きが済んでいます。",
        Why::Expired => "期限が過ぎています。もう一度招待を頼んでください。",
        Why::NeedsSeat => "先に職場の登録が必要です。勤め先を登録するか、職場の招待に参加してください。",
        Why::NotOneself => "自分自身にはできない操作です。",
        Why::AlreadyMember => "すでに参加しています。",
        Why::TooManyMails => staff::MAILS_ENOUGH,
    }
}

/// 「700-0835」; what is no code stays as it is.
#[must_use]
pub fn postal_code(digits: &str) -> String {
    let plain = digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { format!("{}-{}", &digits[..3], &digits[3..]) } else { digits.to_owned() }
}

/// 「佐伯 健一さん」, of a name as it was typed: one that ends so already stays.
#[must_use]
pub fn person(name: &str) -> String {
    const POLITE: [&str; 3] = ["さん", "様", "先生"];
    if POLITE.iter().any(|ending| name.ends_with(ending)) { name.to_owned() } else { format!("{name}さん") }
}

/// What a start-up says about the settings.
pub mod settings {
    use std::fmt::Display;
    use std::path::Path;

    pub const URL: &str = "TASUKI_URL は http:// か https:// で始めてください。";
    pub const OPEN_WITHOUT_TLS: &str = "このままでは外部に平文で公開されます。TASUKI_LISTEN を 127.0.0.1 にするか、TLS を受け持つプロキシのアドレスを TASUKI_TRUSTED_PROXIES に書いてください。";
    pub const DATABASE: &str =
        "DATABASE_URL は postgres:// で始めてください。SQLite を使うときは書かないでください。";
    pub const S3_KEYS: &str = "TASUKI_S3_BUCKET には TASUKI_S3_KEY と TASUKI_S3_SECRET が必要です。";
    pub const BACKUP_S3_KEYS: &str =
        "s3:// の控えには TASUKI_BACKUP_S3_KEY と TASUKI_BACKUP_S3_SECRET が必要です。";
    pub const KEYRING_S3_KEYS: &str =
        "TASUKI_KEYRING が s3:// のときは TASUKI_KEYRING_S3_KEY と TASUKI_KEYRING_S3_SECRET が必要です。";
    pub const COPY_IS_FOR_SQLITE: &str = "TASUKI_COPY_TO は SQLite のためのものです。PostgreSQL では、PostgreSQL の仕組み（WAL アーカイブやレプリカ）を使ってください。";
    pub const NATS: &str =
        "TASUKI_NATS_URL は nats:// か tls:// で始めてください。複数あるときはカンマで区切ってください。";
    pub const SMTP_NEEDS_FROM: &str = "TASUKI_SMTP_URL には TASUKI_MAIL_FROM（差出人のアドレス）が必要です。";
    pub const DEMO_SENDS_NOTHING: &str = "demo はメールを送りません。TASUKI_SMTP_URL を外してください。";

    pub const NIGHTLY_NEEDS_COPY: &str = "TASUKI_NIGHTLY_TURN=on には TASUKI_KEYS_COPY（鍵の控えを置くフォルダ）が必要です。鍵の世代を替えると、手で写した古い控えは開けなくなるためです。";
    pub const KEYS_COPY_INSIDE: &str =
        "TASUKI_KEYS_COPY は、データのフォルダと鍵束の外に置いてください。できれば別のディスクに。";
    pub const KEYS_COPY_IS_A_FOLDER: &str =
        "TASUKI_KEYS_COPY（--keys-copy）は、この機械から見えるフォルダにしてください。s3:// は使えません。";
    pub const KEYS_COPIES_APART: &str =
        "TASUKI_KEYS_COPY と TASUKI_COPY_KEYS_TO は、別々の場所にしてください。";

    #[must_use]
    pub fn no_keyring(text: &str, error: &impl Display) -> String {
        format!(
            "鍵束の置き場所 {text} を使えません（{error}）。TASUKI_KEYRING_S3_… の設定を確かめてください。"
        )
    }

    #[must_use]
    pub fn no_file(file: &Path, error: &impl Display) -> String {
        format!("設定ファイル {} を読めません: {error}", file.display())
    }

    #[must_use]
    pub fn no_toml(file: &Path, error: &impl Display) -> String {
        format!("設定ファイル {} が TOML として読めません: {error}", file.display())
    }

    #[must_use]
    pub fn unknown(file: &Path, name: &str) -> String {
        format!(
            "設定ファイル {} の {name} という設定はありません。つづりを確かめてください。",
            file.display()
        )
    }

    #[must_use]
    pub fn no_address(text: &str) -> String {
        format!("TASUKI_TRUSTED_PROXIES の「{text}」は IP アドレスではありません。")
    }

    #[must_use]
    pub fn unreadable(name: &str, text: &str) -> String {
        format!("{name} の「{text}」が読めません。")
    }
}

/// What stands in mails beside their templates.
pub mod mail {
    pub const DEMO_TITLE: &str = "体験版のメール";

    #[must_use]
    pub fn moment(month: i8, day: i8, weekday: &str, time: &str) -> String {
        format!("{month}月{day}日（{weekday}）{time}")
    }
}
