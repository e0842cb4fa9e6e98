//! Every setting of the house. Each names its variable; contradictions stop the start, in words.
//!
//! Long because every statement or setting stands beside what uses it.

use crate::phrases::settings as words;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tasuki_base::blobs::{Place, S3Settings};
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

/// Every name a setting may have; anything else in a settings file is a mistake.
pub const NAMES: &[&str] = &[
    "DATABASE_URL",
    "TASUKI_BACKUP_S3_ENDPOINT",
    "TASUKI_BACKUP_S3_KEY",
    "TASUKI_BACKUP_S3_REGION",
    "TASUKI_BACKUP_S3_SECRET",
    "TASUKI_COPY_KEYS_TO",
    "TASUKI_COPY_TO",
    "TASUKI_DATA",
    "TASUKI_DATABASE_THREADS",
    "TASUKI_KEY",
    "TASUKI_KEYRING",
    "TASUKI_KEYRING_S3_ENDPOINT",
    "TASUKI_KEYRING_S3_KEY",
    "TASUKI_KEYRING_S3_REGION",
    "TASUKI_KEYRING_S3_SECRET",
    "TASUKI_KEYS_COPY",
    "TASUKI_LISTEN",
    "TASUKI_MAIL_FROM",
    "TASUKI_MAX_FILE_MB",
    "TASUKI_METRICS_LISTEN",
    "TASUKI_NAME",
    "TASUKI_NIGHTLY_TURN",
    "TASUKI_NATS_URL",
    "TASUKI_S3_BUCKET",
    "TASUKI_S3_ENDPOINT",
    "TASUKI_S3_KEY",
    "TASUKI_S3_REGION",
    "TASUKI_S3_SECRET",
    "TASUKI_SMTP_URL",
    "TASUKI_SUPPORT_ADDRESS",
    "TASUKI_SUPPORT_HOURS",
    "TASUKI_SUPPORT_MAIL",
    "TASUKI_SUPPORT_NAME",
    "TASUKI_SUPPORT_PHONE",
    "TASUKI_TRUSTED_PROXIES",
    "TASUKI_URL",
];

/// Where settings come from: the command line before the environment before the file.
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    /// Gathers them. The file is TOML with the names above as keys; `environment` is asked for each name.
    ///
    /// # Errors
    /// A file that is not there, is not TOML, or has a key nobody knows.
    pub fn gather(
        flags: &[(&str, Option<String>)],
        environment: impl Fn(&str) -> Option<String>,
        file: Option<&Path>,
    ) -> Result<Self, Vec<String>> {
        let mut all = match file {
            Some(file) => read(file)?,
            None => BTreeMap::new(),
        };
        let said = NAMES.iter().filter_map(|name| Some(((*name).to_owned(), environment(name)?)));
        all.extend(said);
        let typed = flags.iter().filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)));
        all.extend(typed);
        all.retain(|_, value| !value.is_empty());
        Ok(Self(all))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn text(&self, name: &str, default: &str) -> String {
        self.get(name).unwrap_or(default).to_owned()
    }
}

fn read(file: &Path) -> Result<BTreeMap<String, String>, Vec<String>> {
    let text = std::fs::read_to_string(file).map_err(|error| vec![words::no_file(file, &error)])?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| vec![words::no_toml(file, &error)])?;
    let unknown: Vec<_> = table.keys().filter(|name| !NAMES.contains(&name.as_str())).collect();
    if let Some(name) = unknown.first() {
        return Err(vec![words::unknown(file, name)]);
    }
    let plain = |value: toml::Value| match value {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(table.into_iter().map(|(name, value)| (name, plain(value))).collect())
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

/// The keyring and the master key's file, both beside the data unless it is said otherwise.
fn keys(sources: &Sources, data: &Path, door: Option<&Door>, wrong: &mut Vec<String>) -> (Keyring, PathBuf) {
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
        demo,
        sample_people: Vec::new(),
        support: support(sources),
        keys_copy: sources.get("TASUKI_KEYS_COPY").map(PathBuf::from),
        nightly_turn: nightly_turn(sources, wrong),
    }
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

fn database(sources: &Sources, data: &Path, wrong: &mut Vec<String>) -> Database {
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

fn files(sources: &Sources, data: &Path, wrong: &mut Vec<String>) -> Files {
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

fn door(sources: &Sources, names: &str, patience: Duration) -> Option<Door> {
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

fn copy_to(sources: &Sources, database: &Database, s3: bool, wrong: &mut Vec<String>) -> Option<CopyTo> {
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

fn keys_copy_fits(
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

fn nats(sources: &Sources, wrong: &mut Vec<String>) -> Option<BusSettings> {
    let url = sources.get("TASUKI_NATS_URL")?;
    BusSettings::read(url).map_err(|_| wrong.push(words::NATS.to_owned())).ok()
}

fn mail(sources: &Sources, config: &Config, wrong: &mut Vec<String>) -> Option<SmtpSettings> {
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

fn parsed<T: std::str::FromStr>(
    sources: &Sources,
    name: &str,
    default: &str,
    wrong: &mut Vec<String>,
) -> Option<T> {
    let text = sources.text(name, default);
    text.parse().map_err(|_| wrong.push(words::unreadable(name, &text))).ok()
}

#[cfg(test)]
mod tests {
    use super::{Database, Sources, plan};

    fn with(pairs: &[(&str, &str)]) -> Sources {
        let flags: Vec<_> = pairs.iter().map(|(name, value)| (*name, Some((*value).to_owned()))).collect();
        Sources::gather(&flags, |_| None, None).unwrap()
    }

    #[test]
    fn a_data_folder_is_enough() {
        let plan = plan(&with(&[("TASUKI_DATA", "/srv/tasuki")]), false).unwrap_or_else(|w| panic!("{w:?}"));
        assert!(matches!(&plan.database, Database::Lite(file) if file.starts_with("/srv/tasuki")));
        assert_eq!(plan.keyring.to_string(), "/srv/tasuki.keyring");
        assert_eq!(plan.master.to_str(), Some("/srv/tasuki.key"));
        assert!(!plan.config.secure);
    }

    #[test]
    fn contradictions_stop_the_start_all_at_once() {
        let sources = with(&[
            ("TASUKI_SMTP_URL", "smtp://localhost"),
            ("TASUKI_LISTEN", "0.0.0.0:80"),
            ("DATABASE_URL", "mysql://x"),
            ("TASUKI_NATS_URL", "http://x"),
        ]);
        let wrong = plan(&sources, false).err().unwrap();
        assert_eq!(wrong.len(), 4, "{wrong:?}");
    }

    #[test]
    fn a_keyring_in_a_bucket_wants_a_key_of_its_own() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ring = ("TASUKI_KEYRING", "s3://keys/tasuki");
        let door = [("TASUKI_KEYRING_S3_KEY", "a"), ("TASUKI_KEYRING_S3_SECRET", "b")];
        let backups = [("TASUKI_BACKUP_S3_KEY", "a"), ("TASUKI_BACKUP_S3_SECRET", "b")];
        let place = |pairs: &[(&str, &str)]| plan(&with(pairs), false).map(|plan| plan.keyring.to_string());
        assert_eq!(place(&[ring, door[0], door[1]]), Ok("s3://keys/tasuki".to_owned()));
        for wrong in [&[ring][..], &[ring, door[0]], &[ring, backups[0], backups[1]]] {
            assert_eq!(place(wrong).map_err(|wrong| wrong.len()), Err(1), "{wrong:?}");
        }
    }

    #[test]
    fn the_epoch_turns_by_night_only_beside_a_copy_of_the_keys() {
        let nightly = |more: &[(&str, &str)]| {
            let pairs = [&[("TASUKI_DATA", "/srv/tasuki")], more].concat();
            plan(&with(&pairs), false).map(|plan| plan.config.nightly_turn)
        };
        assert_eq!(nightly(&[]), Ok(false));
        let copy = ("TASUKI_KEYS_COPY", "/mnt/keys");
        assert_eq!(nightly(&[copy]), Ok(false));
        assert_eq!(nightly(&[copy, ("TASUKI_NIGHTLY_TURN", "on")]), Ok(true));
        assert_eq!(nightly(&[copy, ("TASUKI_NIGHTLY_TURN", "off")]), Ok(false));
        for wrong in [
            &[("TASUKI_NIGHTLY_TURN", "on")][..],
            &[copy, ("TASUKI_NIGHTLY_TURN", "yes")],
            &[("TASUKI_KEYS_COPY", "/srv/tasuki/keys")],
            &[("TASUKI_KEYS_COPY", "/srv/tasuki.keyring")],
            &[("TASUKI_KEYS_COPY", "s3://copies/keys")],
            &[copy, ("TASUKI_COPY_TO", "/mnt/far"), ("TASUKI_COPY_KEYS_TO", "/mnt/keys")],
        ] {
            assert_eq!(nightly(wrong).map_err(|wrong| wrong.len()), Err(1), "{wrong:?}");
        }
    }

    #[test]
    fn the_command_line_comes_before_the_environment() {
        let flags = [("TASUKI_NAME", Some("a".to_owned())), ("TASUKI_URL", None)];
        let environment = |name: &str| (name != "TASUKI_DATA").then(|| "https://b".to_owned());
        let sources = Sources::gather(&flags, environment, None).unwrap();
        assert_eq!((sources.get("TASUKI_NAME"), sources.get("TASUKI_URL")), (Some("a"), Some("https://b")));
    }
}
