//! Why something sealed stays shut.

use super::KeyId;
use crate::db;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a cell, a file or a data key does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealError {
    /// Changed, cut short, moved to another place, or sealed with another key.
    Refused,
    /// Not the shape of anything this program seals.
    Malformed,
    /// A cell of another data key: this one.
    OtherKey(KeyId),
    /// The data key's row is gone, and with it what the key sealed.
    Destroyed,
    /// The key of this epoch is not in the keyring.
    EpochGone(i64),
    /// Whether the key of this epoch is there cannot be said: the keyring cannot be read, or is under a master key that
    /// is not known here.
    EpochUnknown(i64),
    /// The file has no such range.
    OutOfRange,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("changed, moved, or sealed with another key"),
            Self::Malformed => f.write_str("not something sealed"),
            Self::OtherKey(id) => write!(f, "sealed with the data key {id}"),
            Self::Destroyed => f.write_str("the data key has been destroyed"),
            Self::EpochGone(epoch) => write!(f, "the keyring has no key of epoch {epoch}"),
            Self::EpochUnknown(epoch) => write!(f, "the keyring cannot be asked for epoch {epoch}"),
            Self::OutOfRange => f.write_str("no such range in the file"),
        }
    }
}

impl std::error::Error for SealError {}

/// Why the keyring or the master key cannot be used.
#[derive(Debug)]
pub enum VaultError {
    /// The keyring holds epochs, but the master key that wraps them is not there.
    MasterMissing(PathBuf),
    /// The master key's file does not hold a master key.
    MasterMalformed(PathBuf),
    /// The keyring was made with another master key.
    WrongMaster,
    /// What lies there in the keyring has been changed or cut short.
    Damaged(String),
    /// The keyring in use has lost all its keys.
    KeyringEmpty(String),
    /// This keyring was left for another place: this one.
    Moved(String, String),
    /// Other keys lie there than are to be put there.
    Occupied(String),
    /// The bucket keeps what is replaced: a key destroyed would live on in it.
    KeepsVersions(String),
    /// The bucket puts things over each other without looking: two nodes could lose each other's keys.
    NotExclusive(String),
    /// Others changed the bucket each time that this process was about to.
    Contended(String),
    /// The bucket does not answer, or refuses, in its own words.
    Away(String, String),
    /// The disk refused.
    Io(PathBuf, io::Error),
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MasterMissing(path) => write!(f, "the master key is missing: {}", path.display()),
            Self::MasterMalformed(path) => write!(f, "not a master key: {}", path.display()),
            Self::WrongMaster => f.write_str("the keyring was made with another master key"),
            Self::Damaged(what) => write!(f, "damaged: {what}"),
            Self::KeyringEmpty(place) => write!(f, "the keyring is empty: {place}"),
            Self::Moved(place, to) => write!(f, "the keyring {place} was moved to {to}"),
            Self::Occupied(place) => write!(f, "other keys lie there: {place}"),
            Self::KeepsVersions(place) => write!(f, "the bucket keeps older versions: {place}"),
            Self::NotExclusive(place) => write!(f, "the bucket knows no conditional puts: {place}"),
            Self::Contended(place) => write!(f, "others keep changing the keyring: {place}"),
            Self::Away(place, error) => write!(f, "{place}: {error}"),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for VaultError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(_, error) => Some(error),
            _ => None,
        }
    }
}

/// Why a data key cannot be had, or the epoch cannot turn.
#[derive(Debug)]
pub enum Error {
    Seal(SealError),
    Vault(VaultError),
    Db(db::Error),
    /// This key's row does not open with its own epoch, which is there: the row was changed. As long as it
    /// stands the epoch does not turn, for a good copy may be in a backup.
    Damaged(KeyId),
    /// The database knows a later epoch than the keyring: the keyring is an old copy.
    KeyringBehind {
        database: i64,
        keyring: i64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seal(error) => error.fmt(f),
            Self::Vault(error) => error.fmt(f),
            Self::Db(error) => error.fmt(f),
            Self::Damaged(id) => write!(f, "the row of the data key {id} is damaged"),
            Self::KeyringBehind { database, keyring } => {
                write!(f, "the database is at epoch {database}, the keyring only at {keyring}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Seal(error) => Some(error),
            Self::Vault(error) => Some(error),
            Self::Db(error) => Some(error),
            Self::Damaged(_) | Self::KeyringBehind { .. } => None,
        }
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Db(error)
    }
}
