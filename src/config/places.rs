//! What the settings say of where things lie and who is spoken to: keys, database, files, copies, other nodes, mail.

use super::sources::{Sources, parsed};
use super::{Config, CopyTo, Database, Door, Files};
use crate::phrases::settings as words;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tasuki_base::blobs::{Place, S3Settings};
use tasuki_base::bus::BusSettings;
use tasuki_base::mail::SmtpSettings;
use tasuki_base::seal::Keyring;

/// The keyring and the master key's file, both beside the data unless it is said otherwise.
pub(super) fn keys(
    sources: &Sources,
    data: &Path,
    door: Option<&Door>,
    wrong: &mut Vec<String>,
) -> (Keyring, PathBuf) {
    let beside = |ending: &str| {
        let mut name = data.file_name().unwrap_or_default().to_os_string();
        name.push(ending);
        data.with_file_name(name)
    };
    let keyring = match sources.get("TASUKI_KEYRING") {
        Some(text) => keyring(text, door).map_err(|words| wrong.push(words)).ok(),
        None => None,
    };
    let keyring = keyring.unwrap_or_else(|| Keyring::folder(&beside(".keyring")));
    let master = sources.get("TASUKI_KEY").map_or_else(|| beside(".key"), PathBuf::from);
    (keyring, master)
}

pub(super) fn database(sources: &Sources, data: &Path, wrong: &mut Vec<String>) -> Database {
    let threads = parsed(sources, "TASUKI_DATABASE_THREADS", "8", wrong).unwrap_or(8);
    match sources.get("DATABASE_URL") {
        None => Database::Lite(data.join("tasuki.sqlite")),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Database::Pg { url: url.to_owned(), threads }
        }
        Some(_) => {
            wrong.push(words::DATABASE.to_owned());
            Database::Lite(data.join("tasuki.sqlite"))
        }
    }
}

pub(super) fn files(sources: &Sources, data: &Path, wrong: &mut Vec<String>) -> Files {
    let Some(bucket) = sources.get("TASUKI_S3_BUCKET") else { return Files::Folder(data.join("files")) };
    let (key, secret) = (sources.text("TASUKI_S3_KEY", ""), sources.text("TASUKI_S3_SECRET", ""));
    if key.is_empty() || secret.is_empty() {
        wrong.push(words::S3_KEYS.to_owned());
    }
    let endpoint = sources.get("TASUKI_S3_ENDPOINT").map(str::to_owned);
    Files::Bucket(S3Settings {
        allow_http: endpoint.as_deref().is_some_and(|url| url.starts_with("http://")),
        endpoint,
        bucket: bucket.to_owned(),
        region: sources.text("TASUKI_S3_REGION", "ap-northeast-1"),
        key,
        secret,
        // A part of five megabytes over a thin line to the bucket, and no longer.
        patience: Duration::from_secs(15),
    })
}

pub(super) fn door(sources: &Sources, names: &str, patience: Duration) -> Option<Door> {
    let get = |name: &str| sources.get(&format!("{names}_{name}"));
    Some(Door {
        key: get("KEY")?.to_owned(),
        secret: get("SECRET")?.to_owned(),
        endpoint: get("ENDPOINT").map(str::to_owned),
        region: get("REGION").unwrap_or("ap-northeast-1").to_owned(),
        patience,
    })
}

/// The keyring that a text names: a folder, or `s3://bucket/prefix`.
///
/// # Errors
/// Says what is missing.
pub fn keyring(text: &str, door: Option<&Door>) -> Result<Keyring, String> {
    let Some(rest) = text.strip_prefix("s3://") else { return Ok(Keyring::folder(Path::new(text))) };
    let door = door.ok_or_else(|| words::KEYRING_S3_KEYS.to_owned())?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let place = Place::bucket(&door.bucket(bucket), prefix.trim_end_matches('/'));
    place.map(Keyring::bucket).map_err(|error| words::no_keyring(text, &error))
}

pub(super) fn copy_to(
    sources: &Sources,
    database: &Database,
    s3: bool,
    wrong: &mut Vec<String>,
) -> Option<CopyTo> {
    let data = sources.get("TASUKI_COPY_TO")?.trim_end_matches('/').to_owned();
    let keys = sources.text("TASUKI_COPY_KEYS_TO", &format!("{data}.keys"));
    if matches!(database, Database::Pg { .. }) {
        wrong.push(words::COPY_IS_FOR_SQLITE.to_owned());
    }
    if !s3 && (data.starts_with("s3://") || keys.starts_with("s3://")) {
        wrong.push(words::BACKUP_S3_KEYS.to_owned());
    }
    Some(CopyTo { data, keys })
}

pub(super) fn keys_copy_fits(
    keys: &Path,
    [keyring, data]: [Option<&Path>; 2],
    to: Option<&CopyTo>,
    wrong: &mut Vec<String>,
) {
    if keyring == Some(keys) || data.is_some_and(|data| keys.starts_with(data)) {
        wrong.push(words::KEYS_COPY_INSIDE.to_owned());
    }
    if keys.starts_with("s3:") {
        wrong.push(words::KEYS_COPY_IS_A_FOLDER.to_owned());
    }
    // The continuous copy would forget epochs there before the rows that they wrap are copied anew.
    if to.is_some_and(|to| Path::new(&to.keys) == keys) {
        wrong.push(words::KEYS_COPIES_APART.to_owned());
    }
}

pub(super) fn nats(sources: &Sources, wrong: &mut Vec<String>) -> Option<BusSettings> {
    let url = sources.get("TASUKI_NATS_URL")?;
    BusSettings::read(url).map_err(|_| wrong.push(words::NATS.to_owned())).ok()
}

pub(super) fn mail(sources: &Sources, config: &Config, wrong: &mut Vec<String>) -> Option<SmtpSettings> {
    let url = sources.get("TASUKI_SMTP_URL")?;
    if sources.get("TASUKI_MAIL_FROM").is_none() {
        wrong.push(words::SMTP_NEEDS_FROM.to_owned());
    }
    if config.demo {
        wrong.push(words::DEMO_SENDS_NOTHING.to_owned());
    }
    Some(SmtpSettings {
        url: url.to_owned(),
        from: config.mail_from.clone(),
        from_name: Some(config.name.clone()),
        reply_to: Some(config.support.mail.clone()).filter(|mail| !mail.is_empty()),
        timeout: Duration::from_secs(30),
    })
}
