//! How to reach a PostgreSQL server: the address, TLS, and the manners of every session.

use super::error::{Error, Result};
use super::pg_link::Link;
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Nothing may hang: a handler is waiting behind each statement.
const MANNERS: &[&str] = &[
    "lock_timeout=10s",
    "statement_timeout=30s",
    "idle_in_transaction_session_timeout=60s",
    "client_min_messages=warning",
    "timezone=UTC",
    // Short statements over indexes: compiling them, or preferring a scan, only costs.
    "jit=off",
    "random_page_cost=1.1",
];

/// Not among the manners: whoever asks for `target_session_attrs=read-write` is to find the server that writes, and
/// would take a session with this habit for one that does not.
const LOOKING: &str = "SET default_transaction_read_only = on";

/// An answered COMMIT is durable whatever the server's own habit is; stronger habits stay.
const DURABLE: &str = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// A checked address.
#[derive(Clone)]
pub(super) struct Line {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    schema: Option<String>,
}

impl Line {
    /// Reads a `postgres://` URL. Without `sslmode=disable` a server beyond this machine must speak TLS under a
    /// certificate that the system's roots (or `SSL_CERT_FILE`) vouch for; one on this machine only if
    /// `sslmode=require` says so.
    pub fn new(url: &str, schema: Option<&str>) -> Result<Self> {
        // The parser's own words may quote the URL, and with it the password.
        let mut config: Config =
            url.parse().map_err(|_| Error::Settings("this is not a postgres:// URL".to_owned()))?;
        // The last one wins: the URL may change our manners, not the schema.
        let mut options: Vec<String> = MANNERS.iter().map(|manner| format!("-c {manner}")).collect();
        options.extend(config.get_options().map(str::to_owned));
        if let Some(schema) = schema {
            options.push(format!("-c search_path={}", plain(schema)?));
        }
        config.options(options.join(" ")).keepalives_idle(Duration::from_secs(60));
        if config.get_application_name().is_none() {
            config.application_name("tasuki");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        let wanted = match config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => goes_out(&config),
            _ => true,
        };
        config.ssl_mode(if wanted { SslMode::Require } else { SslMode::Disable });
        let tls = if wanted { Some(tls()?) } else { None };
        Ok(Self { config, tls, schema: schema.map(str::to_owned) })
    }

    /// The first session of all, which makes the schema if it is missing.
    pub fn connect_first(&self) -> Result<Link> {
        let mut link = self.connect()?;
        if let Some(schema) = &self.schema {
            link.script(&format!("BEGIN READ WRITE; CREATE SCHEMA IF NOT EXISTS {schema}; COMMIT"))?;
        }
        Ok(link)
    }

    /// A new session. Never on a worker of an async runtime.
    pub fn connect(&self) -> Result<Link> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|error| Error::Settings(format!("no runtime for a connection: {error}")))?;
        let client = match &self.tls {
            Some(tls) => runtime.block_on(open(&self.config, tls.clone())),
            None => runtime.block_on(open(&self.config, NoTls)),
        }?;
        let mut link = Link::new(runtime, client);
        link.script(LOOKING)?;
        link.script(DURABLE)?;
        Ok(link)
    }
}

/// The connection itself is driven beside whoever waits for the client, and ends with it.
async fn open<T>(config: &Config, tls: T) -> Result<Client, tokio_postgres::Error>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(code = error.code().map(|code| code.code()), "a connection to PostgreSQL ended");
        }
    });
    Ok(client)
}

fn plain(schema: &str) -> Result<&str> {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if !schema.is_empty() && schema.chars().all(letters) {
        Ok(schema)
    } else {
        Err(Error::Settings("a schema's name has only a-z, 0-9 and _".to_owned()))
    }
}

/// Whether any of its servers is beyond this machine. An address counts more than the name beside it: it is what is
/// called.
fn goes_out(config: &Config) -> bool {
    let (names, addresses) = (config.get_hosts(), config.get_hostaddrs());
    let away = |address: &std::net::IpAddr| !address.is_loopback();
    addresses.iter().any(away) || addresses.is_empty() && !names.iter().all(is_here)
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

fn tls() -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::Settings("no root certificates to check the database's by".to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Settings(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::{Config, goes_out};

    #[test]
    fn what_leaves_this_machine_is_known_by_where_it_is_called() {
        let cases = [
            ("postgres://db.example.jp/tasuki", true),
            ("postgres://10.0.0.5/tasuki", true),
            ("postgres://localhost/tasuki", false),
            ("postgres://127.0.0.1,[::1]/tasuki", false),
            ("postgres://localhost,db.example.jp/tasuki", true),
            ("postgres:///tasuki?host=/run/postgresql", false),
            ("postgres:///tasuki?hostaddr=10.0.0.5", true),
            ("postgres://localhost/tasuki?hostaddr=10.0.0.5", true),
            ("postgres://db.example.jp/tasuki?hostaddr=127.0.0.1", false),
        ];
        for (url, out) in cases {
            assert_eq!(goes_out(&url.parse::<Config>().unwrap()), out, "{url}");
        }
    }
}
