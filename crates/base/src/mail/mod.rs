//! Sending plain letters by SMTP.
//!
//! Errors and debug prints carry no address and no text, so they may go into logs and job rows.

mod error;
mod letter;
mod settings;
mod smtp;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use error::{MailError, SettingsError};
pub use settings::SmtpSettings;

/// One letter to one person, in plain text.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Mail address.
    pub to: String,
    pub to_name: Option<String>,
    /// One line; control characters are turned into blanks.
    pub subject: String,
    /// Lines end with `\n`.
    pub body: String,
}

/// Sends letters, or says that there is nobody to send them; cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    way: Option<Arc<Way>>,
}

struct Way {
    sender: letter::Sender,
    line: smtp::Line,
}

impl Mailer {
    /// A mailer that hands letters to the server named in `settings`. Nothing is sent yet.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn smtp(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let sender = letter::Sender::new(settings)?;
        let line = smtp::Line::new(settings)?;
        Ok(Self { way: Some(Arc::new(Way { sender, line })) })
    }

    /// A mailer without a server: the caller keeps the letters.
    #[must_use]
    pub fn held() -> Self {
        Self { way: None }
    }

    /// Whether letters have nowhere to go; ask before making them.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.way.is_none()
    }

    /// Hands over one letter; the server has taken it when this returns.
    ///
    /// # Errors
    /// [`MailError`]; its [`retry`](MailError::retry) says whether trying again could help.
    pub async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let way = self.way.as_ref().ok_or(MailError::Held)?;
        let message = way.sender.message(letter)?;
        way.line.send(&message).await
    }

    /// Signs in at the server and greets it, without a letter: what a start-up check asks.
    ///
    /// # Errors
    /// As [`Mailer::send`].
    pub async fn check(&self) -> Result<(), MailError> {
        self.way.as_ref().ok_or(MailError::Held)?.line.check().await
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Letter(…)")
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_held() { "Mailer(held)" } else { "Mailer(smtp)" })
    }
}
