//! Every setting of the house. Each names its variable; contradictions stop the start, in words.

mod places;
mod sources;
#[cfg(test)]
mod tests;

pub use places::keyring;
pub use sources::Sources;

use crate::phrases::settings as words;
use places::{copy_to, database, door, files, keys, keys_copy_fits, mail, nats};
use sources::parsed;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use tasuki_base::blobs::S3Settings;
use tasuki_base::bus::BusSettings;
use tasuki_base::mail::SmtpSettings;
use tasuki_base::seal::Keyring;

/// The settings a running house keeps.
#[derive(Clone, Debug)]
pub struct Config {
    /// The installation's name, as people see it (`TASUKI_NAME`).
    pub name: String,
    /// Where people reach the house, without a slash at the end (`TASUKI_URL`): links in mails, Origin check.
    pub url: String,
    /// The data folder (`--data`, `TASUKI_DATA`).
    pub data: PathBuf,
    /// Where it listens (`--listen`, `TASUKI_LISTEN`).
    pub listen: SocketAddr,
    /// Whether cookies are for TLS only: on when `url` begins with https.
    pub secure: bool,
    /// Addresses of load balancers whose `X-Forwarded-For` is believed (`TASUKI_TRUSTED_PROXIES`).
    pub trusted_proxies: Vec<IpAddr>,
    /// The largest file, in bytes (`TASUKI_MAX_FILE_MB`).
    pub max_file: u64,
    /// So many bytes of the data's disk stay free of files (`TASUKI_DISK_FLOOR_MB`); none: a gigabyte, or a twentieth of
    /// a small disk.
    pub disk_floor: Option<u64>,
    /// The sample network: the sign-in page lists its people, the mails are shown.
    pub demo: bool,
    /// Whom the sign-in page of the demo offers.
    pub sample_people: Vec<SamplePerson>,
    /// Who answers questions; shown on the contact page and under every mail.
    pub support: Support,
    /// The sender of mails (`TASUKI_MAIL_FROM`), whose domain people are told to allow.
    pub mail_from: String,
    /// Where the keys' own copy is kept up to today, newest state only (`--keys-copy`, `TASUKI_KEYS_COPY`).
    pub keys_copy: Option<PathBuf>,
    /// Whether the epoch turns by itself after a day on which a key was destroyed (`TASUKI_NIGHTLY_TURN`).
    pub nightly_turn: bool,
    /// Who gets a mail a day about how far the record of use has come (`TASUKI_RECORD_MAIL`).
    pub record_mail: Option<String>,
    /// So many streams a person may have open; one more ends the oldest (`TASUKI_STREAMS_EACH`).
    pub streams_each: usize,
}

/// Somebody one may sign in as in the demo.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SamplePerson {
    pub name: String,
    /// Profession and workplace.
    pub words: String,
    pub email: String,
    pub password: String,
}

/// The support desk, set by the operator (`TASUKI_SUPPORT_NAME`, `_PHONE`, `_MAIL`, `_ADDRESS`, `_HOURS`).
#[derive(Clone, Debug, Default)]
pub struct Support {
    pub name: String,
    pub phone: String,
    pub mail: String,
    pub address: String,
    pub hours: String,
}

impl Config {
    /// The part of the sender's address behind the @: what people let through their mail filter.
    #[must_use]
    pub fn mail_domain(&self) -> &str {
        self.mail_from.rsplit('@').next().unwrap_or_default()
    }
}

/// Everything needed to open a house.
#[derive(Clone)]
pub struct Plan {
    pub config: Config,
    pub database: Database,
    /// The place of the epoch keys (`TASUKI_KEYRING`): a folder, `DATA.keyring` by default, or `s3://bucket/prefix`.
    pub keyring: Keyring,
    /// How a bucket of epoch keys is reached (`TASUKI_KEYRING_S3_KEY` and its kin).
    pub keyring_s3: Option<Door>,
    /// The file of the master key (`TASUKI_KEY`), `DATA.key` by default.
    pub master: PathBuf,
    pub files: Files,
    /// None: mails are held, sealed, in the database (`TASUKI_SMTP_URL`).
    pub mail: Option<SmtpSettings>,
    /// How nodes tell each other what can have changed; none: each looks for itself (`TASUKI_NATS_URL`).
    pub nats: Option<BusSettings>,
    /// Where the operator's own questions are answered, if not on the house's address
    /// (`TASUKI_METRICS_LISTEN`).
    pub metrics_listen: Option<SocketAddr>,
    /// How buckets for copies are reached (`TASUKI_BACKUP_S3_KEY` and its kin).
    pub backup_s3: Option<Door>,
    /// Where what is committed is copied at once (`TASUKI_COPY_TO`).
    pub copy: Option<CopyTo>,
}

/// The door to the buckets of copies, or of keys: apart from that of the files, for who can change the one should not
/// be able to change the other.
#[derive(Clone)]
pub struct Door {
    pub endpoint: Option<String>,
    pub region: String,
    pub key: String,
    pub secret: String,
    /// So long a request may take.
    pub patience: Duration,
}

impl Door {
    #[must_use]
    pub fn bucket(&self, bucket: &str) -> S3Settings {
        S3Settings {
            allow_http: self.endpoint.as_deref().is_some_and(|url| url.starts_with("http://")),
            endpoint: self.endpoint.clone(),
            bucket: bucket.to_owned(),
            region: self.region.clone(),
            key: self.key.clone(),
            secret: self.secret.clone(),
            patience: self.patience,
        }
    }
}

/// The two places of the continuous copy: folders, or `s3://bucket/prefix`.
#[derive(Clone, Debug)]
pub struct CopyTo {
    pub data: String,
    /// The epoch keys (`TASUKI_COPY_KEYS_TO`), by default beside the data.
    pub keys: String,
}

/// Where rows are kept (`DATABASE_URL`).
#[derive(Clone, Debug)]
pub enum Database {
    /// SQLite, in the data folder.
    Lite(PathBuf),
    /// PostgreSQL; `threads` connections (`TASUKI_DATABASE_THREADS`).
    Pg { url: String, threads: usize },
}

/// Where sealed files are kept.
#[derive(Clone)]
pub enum Files {
    /// In the data folder.
    Folder(PathBuf),
    /// In a bucket (`TASUKI_S3_BUCKET` and its kin).
    Bucket(S3Settings),
}

/// Turns settings into a plan.
///
/// # Errors
/// Every contradiction at once, each as a sentence that says what to do.
pub fn plan(sources: &Sources, demo: bool) -> Result<Plan, Vec<String>> {
    let mut wrong = Vec::new();
    let config = config(sources, demo, &mut wrong);
    let data = config.data.clone();
    let database = database(sources, &data, &mut wrong);
    let files = files(sources, &data, &mut wrong);
    let mail = mail(sources, &config, &mut wrong);
    // A piece of 16 MiB over a thin line; nobody waits behind it.
    let backup_s3 = door(sources, "TASUKI_BACKUP_S3", Duration::from_secs(120));
    // Some hundred bytes, and people may wait behind them.
    let keyring_s3 = door(sources, "TASUKI_KEYRING_S3", Duration::from_secs(5));
    let copy = copy_to(sources, &database, backup_s3.is_some(), &mut wrong);
    let nats = nats(sources, &mut wrong);
    let metrics_listen = sources
        .get("TASUKI_METRICS_LISTEN")
        .and_then(|_| parsed(sources, "TASUKI_METRICS_LISTEN", "", &mut wrong));
    let (keyring, master) = keys(sources, &data, keyring_s3.as_ref(), &mut wrong);
    if let Some(keys) = &config.keys_copy {
        keys_copy_fits(keys, [keyring.as_folder(), Some(&data)], copy.as_ref(), &mut wrong);
    }
    if wrong.is_empty() {
        Ok(Plan {
            config,
            database,
            keyring,
            keyring_s3,
            master,
            files,
            mail,
            nats,
            metrics_listen,
            backup_s3,
            copy,
        })
    } else {
        Err(wrong)
    }
}

fn config(sources: &Sources, demo: bool, wrong: &mut Vec<String>) -> Config {
    let listen = parsed(sources, "TASUKI_LISTEN", "127.0.0.1:8080", wrong);
    let listen: SocketAddr = listen.unwrap_or_else(|| ([127, 0, 0, 1], 8080).into());
    let url = sources.text("TASUKI_URL", &format!("http://{listen}"));
    let url = url.trim_end_matches('/').to_owned();
    let proxies = sources.text("TASUKI_TRUSTED_PROXIES", "");
    let trusted_proxies = proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
    let trusted_proxies = trusted_proxies
        .filter_map(|text| text.parse().map_err(|_| wrong.push(words::no_address(text))).ok())
        .collect::<Vec<IpAddr>>();
    let secure = url.starts_with("https://");
    if !url.starts_with("http://") && !secure {
        wrong.push(words::URL.to_owned());
    }
    // Outside the machine everything travels under TLS: a proxy in front speaks it.
    if !listen.ip().is_loopback() && trusted_proxies.is_empty() {
        wrong.push(words::OPEN_WITHOUT_TLS.to_owned());
    }
    let host = url.split("://").nth(1).unwrap_or_default();
    let host = host.split([':', '/']).next().unwrap_or_default();
    let megabytes: u64 = parsed(sources, "TASUKI_MAX_FILE_MB", "50", wrong).unwrap_or(50);
    Config {
        name: sources.text("TASUKI_NAME", "Tasuki"),
        mail_from: sources.text("TASUKI_MAIL_FROM", &format!("noreply@{host}")),
        url,
        data: PathBuf::from(sources.text("TASUKI_DATA", "tasuki-data")),
        listen,
        secure,
        trusted_proxies,
        max_file: megabytes * 1024 * 1024,
        disk_floor: disk_floor(sources, wrong),
        demo,
        sample_people: Vec::new(),
        support: support(sources),
        keys_copy: sources.get("TASUKI_KEYS_COPY").map(PathBuf::from),
        nightly_turn: nightly_turn(sources, wrong),
        record_mail: record_mail(sources, wrong),
        streams_each: parsed(sources, "TASUKI_STREAMS_EACH", "40", wrong).unwrap_or(40).max(1),
    }
}

fn record_mail(sources: &Sources, wrong: &mut Vec<String>) -> Option<String> {
    let address = sources.get("TASUKI_RECORD_MAIL")?;
    if !tasuki_base::text::looks_like_email(address) {
        wrong.push(words::unreadable("TASUKI_RECORD_MAIL", address));
    }
    Some(address.to_owned())
}

fn disk_floor(sources: &Sources, wrong: &mut Vec<String>) -> Option<u64> {
    sources.get("TASUKI_DISK_FLOOR_MB")?;
    let megabytes = parsed::<u64>(sources, "TASUKI_DISK_FLOOR_MB", "", wrong)?;
    Some(megabytes.saturating_mul(1024 * 1024))
}

/// Only with a copy of the keys that follows it: a copy that somebody makes by hand would open nothing after a turn.
fn nightly_turn(sources: &Sources, wrong: &mut Vec<String>) -> bool {
    let on = match sources.get("TASUKI_NIGHTLY_TURN") {
        Some("on") => true,
        None | Some("off") => false,
        Some(text) => {
            wrong.push(words::unreadable("TASUKI_NIGHTLY_TURN", text));
            false
        }
    };
    if on && sources.get("TASUKI_KEYS_COPY").is_none() {
        wrong.push(words::NIGHTLY_NEEDS_COPY.to_owned());
    }
    on
}

fn support(sources: &Sources) -> Support {
    Support {
        name: sources.text("TASUKI_SUPPORT_NAME", ""),
        phone: sources.text("TASUKI_SUPPORT_PHONE", ""),
        mail: sources.text("TASUKI_SUPPORT_MAIL", ""),
        address: sources.text("TASUKI_SUPPORT_ADDRESS", ""),
        hours: sources.text("TASUKI_SUPPORT_HOURS", ""),
    }
}
