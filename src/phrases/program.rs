//! What the program says in the terminal.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::Path;
use tasuki_base::blobs::BlobError;
use tasuki_base::seal::{Keyring, VaultError};

pub const MAIL_HELD: &str =
    "メールの送信先（TASUKI_SMTP_URL）が未設定です。メールは送らず、暗号化して保管します。";
pub const DEMO_SEEDING: &str = "体験版のネットワークを用意しています。しばらくお待ちください…";
pub const DEMO_PEOPLE: &str = "体験版の人たち（メールアドレスとパスワード）";

#[must_use]
pub fn not_a_demo(folder: &Path) -> String {
    format!(
        "{} には、体験版ではないデータがあります。空のフォルダを --data で指定してください。",
        folder.display()
    )
}

pub const READY: &str = "準備ができました";
pub const CLOSING: &str = "終了します。送信中のものを終えるまでお待ちください。";

#[must_use]
pub fn keys_made(master: &Path, keyring: &Keyring) -> String {
    let master = master.display();
    format!(
        "\
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
【大切】暗号の鍵を作りました。いますぐ控えを取ってください。

  マスター鍵   {master}
  鍵束         {keyring}

この2つがないと、データベースもバックアップも読めなくなります。
データとは別の場所に、人に見られないように保管してください。
マスター鍵は tasuki key sheet で紙に控えられます。
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━"
    )
}

#[must_use]
pub fn keys_lost(master: &Path, keyring: &Keyring) -> String {
    let master = master.display();
    format!(
        "データベースには暗号化されたデータがありますが、鍵が見つかりません。新しい鍵では読めないため、起動を止めました。\n\
         控えから次の2つを元の場所に戻してください。\n  マスター鍵   {master}\n  鍵束         {keyring}\n\
         場所を変えたときは TASUKI_KEY と TASUKI_KEYRING で教えてください。"
    )
}

#[must_use]
pub fn no_vault(error: &VaultError) -> String {
    match error {
        VaultError::MasterMissing(path) => format!(
            "マスター鍵 {} がありません。控えから戻すか、TASUKI_KEY で場所を教えてください。",
            path.display()
        ),
        VaultError::MasterMalformed(path) => {
            format!("{} はマスター鍵のファイルではありません。控えから戻してください。", path.display())
        }
        VaultError::WrongMaster => {
            "マスター鍵と鍵束の組み合わせが違います。同じときに取った控えを、両方とも戻してください。"
                .to_owned()
        }
        VaultError::Damaged(what) => format!("鍵束の {what} が壊れています。控えから戻してください。"),
        VaultError::KeyringEmpty(place) => {
            format!("鍵束 {place} の中身がありません。控えから戻してください。")
        }
        VaultError::Moved(place, to) => {
            format!("鍵束は {place} から {to} に移りました。TASUKI_KEYRING={to} にしてください。")
        }
        VaultError::Occupied(place) => {
            format!("{place} には別の鍵があります。空の場所にするか、中身を確かめて消してください。")
        }
        VaultError::Io(path, error) => {
            format!(
                "鍵のファイル {} を読み書きできません（{error}）。権限を確かめてください。",
                path.display()
            )
        }
        other => no_bucket_of_keys(other),
    }
}

fn no_bucket_of_keys(error: &VaultError) -> String {
    match error {
        VaultError::KeepsVersions(place) => format!(
            "{place} は古い版を残すバケット（バージョニング）です。消した鍵が残ってしまうため、鍵束は、古い版を残さないバケットに置いてください。"
        ),
        VaultError::NotExclusive(place) => format!(
            "{place} は条件つきの書き込み（If-Match、If-None-Match）ができない保存先です。2つのノードが鍵を上書きし合うおそれがあるため、鍵束は置けません。別の保存先か、共有フォルダを使ってください。"
        ),
        VaultError::Contended(place) => {
            format!("鍵束 {place} をほかの作業が変えています。少し待ってから、もう一度実行してください。")
        }
        VaultError::Away(place, error) => format!(
            "鍵束 {place} につながりません（{error}）。TASUKI_KEYRING_S3_… の設定と権限を確かめてください。"
        ),
        other => other.to_string(),
    }
}

pub const KEYS_OF_ANOTHER: &str = "この鍵では、データベースの内容を開けません。別のたすきのマスター鍵と鍵束です。このデータと同じたすきのものを、両方とも控えから戻してください。何も変えずに止めました。";

#[must_use]
pub fn epoch_missing(epoch: i64) -> String {
    format!(
        "鍵束に、いまのデータを開く鍵（世代 {epoch}）がありません。鍵束が古い控えか、別のたすきのものです。いちばん新しい鍵の控えを戻してください。"
    )
}

#[must_use]
pub fn no_own_key(error: &str) -> String {
    format!("このデータの鍵を開けません（{error}）。鍵束が古い控えでないか確かめてください。")
}

#[must_use]
pub fn no_folder(folder: &Path, error: &impl Display) -> String {
    format!("フォルダ {} を作れません（{error}）。場所と権限を確かめてください。", folder.display())
}

#[must_use]
pub fn no_database(error: &impl Display) -> String {
    format!(
        "データベースを開けません（{error}）。DATABASE_URL か、データのフォルダの権限を確かめてください。"
    )
}

#[must_use]
pub fn no_migration(error: &impl Display) -> String {
    format!("データベースをいまの版に合わせられません（{error}）。プログラムが古いときは新しくしてください。")
}

#[must_use]
pub fn no_files(error: &BlobError) -> String {
    format!(
        "ファイルの保存先を使えません（{error}）。フォルダの権限か、TASUKI_S3_… の設定を確かめてください。"
    )
}

#[must_use]
pub fn no_mail(error: &impl Display) -> String {
    format!("メールを送れません（{error}）。TASUKI_SMTP_URL と TASUKI_MAIL_FROM を確かめてください。")
}

#[must_use]
pub fn no_nats(error: &impl Display) -> String {
    format!(
        "NATS に接続できません（{error}）。TASUKI_NATS_URL を確かめてください。そのあいだも動きますが、ほかのサーバーでの変更が開いている画面に届くまで1〜2秒かかります。"
    )
}

#[must_use]
pub fn no_listen(address: SocketAddr, error: &impl Display) -> String {
    format!(
        "{address} で待ち受けられません（{error}）。ほかのプログラムが使っているときは、--listen で別の番号を選んでください。"
    )
}

#[must_use]
pub fn migrated(name: &str) -> String {
    format!("{name} を適用しました")
}

#[must_use]
pub fn would_migrate(name: &str) -> String {
    format!("{name} を適用することになります")
}

pub const NOT_MIGRATED: &str = "まだ何も変えていません。--check を外して実行すると、適用します。";
pub const MIGRATED: &str = "データベースは最新です。";

// doctor

pub const LOOKING: &str = "設定と保存先を調べています。";
pub const FINE_MARK: &str = "✓";
pub const WARN_MARK: &str = "…";
pub const WRONG_MARK: &str = "✗";
pub const FINE: &str = "問題は見つかりませんでした。";
pub const NEW_HOUSE: &str = "まだデータがありません。serve か demo を始めると作られます。";
pub const DATABASE_FINE: &str = "データベースは開けます。最新です。";
pub const KEYS_FINE: &str = "鍵は開けます。";
pub const FILES_FINE: &str = "ファイルの保存先は読み書きできます。";
pub const NATS_FINE: &str = "NATS に接続できます。ほかのサーバーでの変更は、開いている画面にすぐ届きます。";
pub const NATS_ALONE: &str = "SQLite は1台だけで動かすためのものです。TASUKI_NATS_URL は、DATABASE_URL で PostgreSQL を使うときに意味があります。";
pub const MAIL_FINE: &str = "メールサーバーに接続できます。";
pub const NO_SUPPORT: &str = "お問い合わせ先が空です。TASUKI_SUPPORT_PHONE か TASUKI_SUPPORT_MAIL を書くと、お問い合わせ画面とすべてのメールに載ります。";
pub const NOT_SECURE: &str = "TASUKI_URL が https:// ではありません。この機械の外から使うときは、TLS を受け持つプロキシを前に置いてください。";
pub const KEYS_BESIDE_DATA: &str =
    "鍵がデータと同じフォルダにあります。データの控えと一緒に持ち出されないよう、別の場所に置いてください。";

#[must_use]
pub fn copied_until(at: &str) -> String {
    format!("継続コピーは {at} まで届いています。")
}

#[must_use]
pub fn copy_behind(at: &str) -> String {
    format!(
        "継続コピーは {at} までしか届いていません。動かしているのにこのままなら、コピー先とログを確かめてください。"
    )
}

#[must_use]
pub fn no_copy_yet(to: &str) -> String {
    format!("継続コピー {to} はまだ始まっていません。serve を始めると作られます。")
}

#[must_use]
pub fn data_folder(folder: &Path) -> String {
    format!("データのフォルダは {} です。", folder.display())
}

#[must_use]
pub fn no_data_folder(folder: &Path) -> String {
    format!("{} はフォルダではありません。--data で別の場所を選んでください。", folder.display())
}

#[must_use]
pub fn folder_will_be_made(folder: &Path) -> String {
    format!("データのフォルダ {} はまだありません。始めるときに作られます。", folder.display())
}

#[must_use]
pub fn open_to_others(file: &Path) -> String {
    let file = file.display();
    format!("{file} をほかの利用者も読めます。chmod go= {file} としてください。")
}

#[must_use]
pub fn migrations_missing(count: usize) -> String {
    format!(
        "データベースが古い版です（足りない更新 {count}件）。控えを取ってから migrate か serve を始めてください。"
    )
}

#[must_use]
pub fn dead_jobs(count: usize) -> String {
    format!("送れなかったメールなど、終わらなかった仕事が{count}件あります。")
}

#[must_use]
pub fn faults(count: usize) -> String {
    format!("直すところが{count}件あります。上の ✗ の行をご覧ください。")
}

// sample

pub const SAMPLE_BAR: &str = "見本を作っています {wide_bar} {pos}/{len} あと{eta}";

#[must_use]
pub fn lived_in(folder: &Path) -> String {
    format!(
        "{} にはすでに利用者のデータがあります。見本は空のフォルダにだけ作れます。--data で別のフォルダを選んでください。",
        folder.display()
    )
}

#[must_use]
pub fn no_sample(error: &impl Display) -> String {
    format!("見本を作れませんでした（{error}）。このフォルダを消して、もう一度お試しください。")
}

#[must_use]
pub fn sample(folder: &Path, people: usize, password: &str) -> String {
    let folder = folder.display();
    format!(
        "{people}人の見本ができました。パスワードは全員 {password} です。\n\
         メールアドレスとAPIトークンは {folder}/people.json にあります。\n\
         tasuki serve --data {folder} で動かせます。"
    )
}

// --help

pub const HELP: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}";
pub const HEADING_VERBS: &str = "できること";
pub const HEADING_PLACE: &str = "指定できること";
pub const HEADING_REST: &str = "そのほか";
pub const VERB: &str = "できること";
