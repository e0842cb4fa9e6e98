//! Every setting of the house. Each names its variable; contradictions stop the start, in words.

use std::net::SocketAddr;
use std::path::PathBuf;

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
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// The largest file, in bytes (`TASUKI_MAX_FILE_MB`).
    pub max_file: u64,
    /// The sample network: the sign-in page lists its people, the mails are shown.
    pub demo: bool,
    /// Who answers questions; shown on the contact page and under every mail.
    pub support: Support,
    /// The sender of mails (`TASUKI_MAIL_FROM`), whose domain people are told to allow.
    pub mail_from: String,
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
