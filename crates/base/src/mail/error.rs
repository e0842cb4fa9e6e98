//! What can go wrong with a letter, without its words or addresses.

use std::fmt;

use lettre::transport::smtp::Error as SmtpError;

/// Why a letter was not handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailError {
    /// There is no server: the caller keeps the letter.
    Held,
    /// The address cannot be one.
    Address,
    /// The letter cannot be put into the form of a mail.
    Unfit,
    /// The server could not be reached, hung up, or its certificate was not accepted.
    Unreachable,
    /// The server did not finish in time. It may have taken the letter all the same.
    TimedOut,
    /// The server offers no encryption or no way to sign in that we can use.
    Unsuited,
    /// The server did not let us in (5xx): our account or greeting, not this letter.
    NotLetIn(u16),
    /// The server said "later" (4xx), as grey-listing ones do.
    Later(u16),
    /// The server said no (5xx).
    Refused(u16),
}

/// What is wrong with the settings of the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// The URL is not `smtp://…`, `smtp://…?tls=required`, `smtp://…?tls=opportunistic` or `smtps://…`.
    Url,
    /// The URL carries a password that could travel unencrypted to another machine.
    PlainPassword,
    /// The sender's address is not one.
    From,
    /// The address for answers is not one.
    ReplyTo,
    /// The machine has no usable root certificates.
    Roots,
}

impl MailError {
    /// Whether sending the same letter later could succeed.
    #[must_use]
    pub fn retry(self) -> bool {
        match self {
            Self::Held | Self::Address | Self::Unfit | Self::Refused(_) => false,
            Self::Unreachable | Self::TimedOut | Self::Unsuited | Self::NotLetIn(_) | Self::Later(_) => true,
        }
    }

    /// What an error means while the connection is being made: it is never the letter's fault, and an
    /// operator who mends the password must not find every waiting letter given up.
    pub(super) fn at_the_door(cause: &SmtpError) -> Self {
        match cause.status() {
            Some(code) if cause.is_permanent() => Self::NotLetIn(code.into()),
            Some(code) => Self::Later(code.into()),
            None if cause.is_client() => Self::Unsuited,
            None => Self::Unreachable,
        }
    }

    /// What an error means once the letter is being handed over.
    pub(super) fn at_the_letter(cause: &SmtpError) -> Self {
        match cause.status().map(u16::from) {
            // "Authentication required" and its kin: again our account.
            Some(code @ (530 | 534 | 535 | 538)) => Self::NotLetIn(code),
            Some(code) if cause.is_permanent() => Self::Refused(code),
            Some(code) => Self::Later(code),
            // The server lacks SMTPUTF8 for this address.
            None if cause.is_client() => Self::Unfit,
            None => Self::Unreachable,
        }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("there is no mail server"),
            Self::Address => f.write_str("the address cannot be one"),
            Self::Unfit => f.write_str("the letter cannot be sent as a mail"),
            Self::Unreachable => f.write_str("the mail server could not be reached"),
            Self::TimedOut => f.write_str("the mail server did not finish in time"),
            Self::Unsuited => f.write_str("the mail server offers no encryption or sign-in that we can use"),
            Self::NotLetIn(code) => write!(f, "the mail server did not let us in ({code})"),
            Self::Later(code) => write!(f, "the mail server said later ({code})"),
            Self::Refused(code) => write!(f, "the mail server refused the letter ({code})"),
        }
    }
}

impl std::error::Error for MailError {}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "the mail server's address is not an smtp:// or smtps:// URL",
            Self::PlainPassword => "the password would travel unencrypted: use smtps:// or ?tls=required",
            Self::From => "the sender's address is not a mail address",
            Self::ReplyTo => "the address for answers is not a mail address",
            Self::Roots => "no root certificates to check the mail server with",
        })
    }
}

impl std::error::Error for SettingsError {}
