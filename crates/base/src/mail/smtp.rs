//! The connections to the mail server.
//!
//! A few idle ones are kept, of our own keeping: lettre's pool takes a connection back even when
//! sending was cut short in the middle of a command, and the next letter would then read the
//! answers meant for the last one. Here a connection comes back only after a letter that was taken.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls};
use tokio::time::Instant;

use super::settings::Target;
use super::{MailError, SettingsError, SmtpSettings};

const KEPT: usize = 4;
/// Servers hang up on idle clients after minutes; asking a fresh one is cheaper than guessing.
const IDLE: Duration = Duration::from_secs(30);
const GOODBYE: Duration = Duration::from_secs(2);

pub(super) struct Line {
    target: Target,
    timeout: Duration,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Line {
    pub(super) fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let target = Target::parse(&settings.url)?;
        Ok(Self { target, timeout: settings.timeout, idle: Mutex::default() })
    }

    pub(super) async fn send(&self, message: &Message) -> Result<(), MailError> {
        let used = self.in_time(async {
            let mut connection = self.take().await?;
            let sent = connection.send(message.envelope(), &message.formatted()).await;
            sent.map_err(|cause| MailError::at_the_letter(&cause))?;
            Ok(connection)
        });
        let used = used.await?;
        self.keep(used).await;
        Ok(())
    }

    pub(super) async fn check(&self) -> Result<(), MailError> {
        let fresh = self.in_time(self.take()).await?;
        self.keep(fresh).await;
        Ok(())
    }

    /// Runs `work` under the one limit for everything: lettre's own covers the connecting only.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, MailError>>) -> Result<T, MailError> {
        tokio::time::timeout(self.timeout, work).await.unwrap_or(Err(MailError::TimedOut))
    }

    async fn take(&self) -> Result<AsyncSmtpConnection, MailError> {
        while let Some((mut connection, since)) = self.pop() {
            if since.elapsed() < IDLE && connection.test_connected().await {
                return Ok(connection);
            }
        }
        self.connect().await.map_err(|cause| MailError::at_the_door(&cause))
    }

    fn pop(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let Target { host, port, tls, login, hello } = &self.target;
        let wrapper = if let Tls::Wrapper(parameters) = tls { Some(parameters.clone()) } else { None };
        let place = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(self.timeout), hello, wrapper, None).await?;
        match tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), hello).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), hello).await?;
            }
            Tls::Opportunistic(_) | Tls::Wrapper(_) | Tls::None => {}
        }
        if let Some(login) = login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        Ok(connection)
    }

    async fn keep(&self, connection: AsyncSmtpConnection) {
        if let Some(mut extra) = self.push(connection) {
            // The letter is taken already; a server slow to say goodbye must not make it fail.
            let _ = tokio::time::timeout(GOODBYE, extra.quit()).await;
        }
    }

    /// Gives back what there is no room for.
    fn push(&self, connection: AsyncSmtpConnection) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() >= KEPT {
            return Some(connection);
        }
        idle.push((connection, Instant::now()));
        None
    }
}
