//! How to reach the NATS servers.

use super::{CONNECT, options};
use async_nats::ServerAddr;
use std::fmt;

/// Checked addresses; the password, if any, is never printed.
#[derive(Clone)]
pub struct BusSettings {
    pub(super) servers: Vec<ServerAddr>,
}

/// Why the servers could not be reached; quotes no password.
#[derive(Debug)]
pub struct BusError(String);

impl BusSettings {
    /// Reads `nats://host:4222` or `tls://user:password@host`, several with commas between them; the first one's user
    /// is the user of all.
    ///
    /// # Errors
    /// When one is no such address.
    pub fn read(urls: &str) -> Result<Self, BusError> {
        // The parser's own words may quote the address.
        let read = |url: &str| match url.trim().parse::<ServerAddr>() {
            Ok(server) if matches!(server.scheme(), "nats" | "tls") && !server.host().is_empty() => {
                Ok(server)
            }
            _ => Err(BusError("not a nats:// or tls:// address".to_owned())),
        };
        Ok(Self { servers: urls.split(',').map(read).collect::<Result<_, _>>()? })
    }

    /// Connects once: what a start-up check asks.
    ///
    /// # Errors
    /// When no server answers within seconds, or none lets us in.
    pub async fn check(&self) -> Result<(), BusError> {
        let asked = async {
            let client = options(self).connect(self.servers.clone()).await.map_err(BusError::new)?;
            client.flush().await.map_err(BusError::new)
        };
        tokio::time::timeout(2 * CONNECT, asked)
            .await
            .unwrap_or_else(|_| Err(BusError("no answer".to_owned())))
    }
}

impl BusError {
    pub(super) fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BusError {}

impl fmt::Debug for BusSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> =
            self.servers.iter().map(|server| format!("{}:{}", server.host(), server.port())).collect();
        write!(f, "BusSettings({})", hosts.join(", "))
    }
}
