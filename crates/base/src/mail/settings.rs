//! How to reach the mail server.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use reqwest::Url;

use super::SettingsError;

/// How to reach the mail server, and in whose name to write.
#[derive(Clone)]
pub struct SmtpSettings {
    /// `smtps://user:password@host[:465]` (TLS from the first byte),
    /// `smtp://user:password@host[:587]?tls=required` (STARTTLS),
    /// `smtp://host[:587]?tls=opportunistic`, or `smtp://host[:25]` (plain, without a password
    /// unless the host is this machine). User and password are percent-encoded; a path, as in
    /// `smtps://host/mail.example.jp`, is the name we greet with. Never printed.
    pub url: String,
    /// Sender's mail address.
    pub from: String,
    pub from_name: Option<String>,
    /// Where answers go; `None`: to the sender.
    pub reply_to: Option<String>,
    /// For one letter from the first connection to the server's last word.
    pub timeout: Duration,
}

/// The settings, taken apart.
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) login: Option<Credentials>,
    pub(super) hello: ClientId,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(url).map_err(|_| SettingsError::Url)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::Url)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let (tls, port) = tls_and_port(&url, &host)?;
        let login = login(&url)?;
        let surely_sealed = matches!(tls, Tls::Required(_) | Tls::Wrapper(_));
        if login.is_some() && !surely_sealed && !is_here(&host) {
            return Err(SettingsError::PlainPassword);
        }
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self { host, port: url.port().unwrap_or(port), tls, login, hello })
    }
}

fn tls_and_port(url: &Url, host: &str) -> Result<(Tls, u16), SettingsError> {
    let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
    let parameters = || TlsParameters::new(host.to_owned()).map_err(|_| SettingsError::Roots);
    match (url.scheme(), asked.as_deref()) {
        ("smtp", None) => Ok((Tls::None, 25)),
        ("smtp", Some("opportunistic")) => Ok((Tls::Opportunistic(parameters()?), 587)),
        ("smtp", Some("required")) => Ok((Tls::Required(parameters()?), 587)),
        ("smtps", None) => Ok((Tls::Wrapper(parameters()?), 465)),
        _ => Err(SettingsError::Url),
    }
}

fn login(url: &Url) -> Result<Option<Credentials>, SettingsError> {
    let Some(password) = url.password() else {
        // A user without a password is a forgotten password.
        return if url.username().is_empty() { Ok(None) } else { Err(SettingsError::Url) };
    };
    let decode = |text| percent_decode_str(text).decode_utf8().map_err(|_| SettingsError::Url);
    Ok(Some(Credentials::new(decode(url.username())?.into_owned(), decode(password)?.into_owned())))
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("url", &"…")
            .field("from", &self.from)
            .field("from_name", &self.from_name)
            .field("reply_to", &self.reply_to)
            .field("timeout", &self.timeout)
            .finish()
    }
}
