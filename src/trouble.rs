//! What can go wrong on the way to an answer.

use tasuki_base::blobs::BlobError;
use tasuki_base::db;
use tasuki_base::seal::{SealError, VaultError};
use tasuki_law::{Refusal, Why};

/// Everything a room can fail with. Bad input is not among it: a form answers that itself.
#[derive(Debug)]
pub enum Trouble {
    /// The law says no.
    Refused(Refusal),
    /// The request makes no sense: not a page of ours would send it.
    Malformed,
    /// Too many tries; come back later.
    TooMany,
    /// The house is too busy right now.
    Busy,
    /// What the house stands on does not answer: database or files. That step changed nothing; the words are for the log.
    Away(String),
    /// The line broke while it was being kept: whether it was, nobody knows.
    Unsure,
    /// The database failed.
    Db(db::Error),
    /// A cell or a file could not be opened.
    Seal(SealError),
    /// Something else of ours failed; the words are for the log and carry no personal data.
    Broken(String),
}

/// What every room's function answers.
pub type Outcome<T> = Result<T, Trouble>;

impl Trouble {
    /// "Not there, or not yours."
    #[must_use]
    pub const fn unseen() -> Self {
        Self::Refused(Refusal::Unseen)
    }

    #[must_use]
    pub const fn because(why: Why) -> Self {
        Self::Refused(Refusal::Because(why))
    }

    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<db::Error> for Trouble {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Busy => Self::Busy,
            db::Error::Uncertain => Self::Unsure,
            away @ db::Error::Away(_) => Self::Away(away.to_string()),
            // A row asked for by an id of the outside world and not found is "not there".
            db::Error::NotFound => Self::unseen(),
            other => Self::Db(other),
        }
    }
}

impl From<BlobError> for Trouble {
    fn from(error: BlobError) -> Self {
        match error {
            away @ BlobError::Store(_) => Self::Away(away.to_string()),
            lost @ (BlobError::Missing | BlobError::OutOfRange) => Self::broken(lost),
        }
    }
}

impl From<SealError> for Trouble {
    fn from(error: SealError) -> Self {
        match error {
            // Whose key was destroyed is gone for everybody.
            SealError::Destroyed => Self::unseen(),
            away @ SealError::EpochUnknown(_) => Self::Away(away.to_string()),
            other => Self::Seal(other),
        }
    }
}

impl From<tasuki_base::seal::Error> for Trouble {
    fn from(error: tasuki_base::seal::Error) -> Self {
        match error {
            tasuki_base::seal::Error::Db(error) => error.into(),
            tasuki_base::seal::Error::Seal(error) => error.into(),
            tasuki_base::seal::Error::Vault(error @ (VaultError::Away(..) | VaultError::Contended(_))) => {
                Self::Away(error.to_string())
            }
            other => Self::broken(other),
        }
    }
}
