//! Where settings come from.

use crate::phrases::settings as words;
use std::collections::BTreeMap;
use std::path::Path;

/// Every name a setting may have; anything else in a settings file is a mistake.
const NAMES: &[&str] = &[
    "DATABASE_URL",
    "TASUKI_BACKUP_S3_ENDPOINT",
    "TASUKI_BACKUP_S3_KEY",
    "TASUKI_BACKUP_S3_REGION",
    "TASUKI_BACKUP_S3_SECRET",
    "TASUKI_COPY_KEYS_TO",
    "TASUKI_COPY_TO",
    "TASUKI_DATA",
    "TASUKI_DATABASE_THREADS",
    "TASUKI_DISK_FLOOR_MB",
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
    "TASUKI_RECORD_MAIL",
    "TASUKI_S3_BUCKET",
    "TASUKI_S3_ENDPOINT",
    "TASUKI_S3_KEY",
    "TASUKI_S3_REGION",
    "TASUKI_S3_SECRET",
    "TASUKI_SMTP_URL",
    "TASUKI_STREAMS_EACH",
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

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        debug_assert!(NAMES.contains(&name), "{name} is a setting that nobody can set");
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn text(&self, name: &str, default: &str) -> String {
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

/// A setting as what it stands for; what cannot be read is said.
pub(super) fn parsed<T: std::str::FromStr>(
    sources: &Sources,
    name: &str,
    default: &str,
    wrong: &mut Vec<String>,
) -> Option<T> {
    let text = sources.text(name, default);
    text.parse().map_err(|_| wrong.push(words::unreadable(name, &text))).ok()
}
