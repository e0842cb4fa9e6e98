//! What the disk sees of people's words: nothing.
//!
//! Three kinds of keys stand above each other. A [`DataKey`] belongs to one patient or one group and seals
//! its cells and files; it is stored in the database, wrapped by the key of an *epoch*. The epochs' keys lie
//! in the [`Keyring`], a folder or a bucket outside the database and its backups, wrapped by the installation's
//! *master key*. A [`Vault`] holds both in memory. [`Vault::rotate`] puts another master key in the place of the one in use.
//!
//! To destroy what a data key sealed, its row is removed ([`store::destroy`]); [`turn()`] then wraps the
//! living keys under a new epoch and destroys the old epoch's key, and with it the wrapped copies in every
//! backup.

mod cell;
mod code;
mod epoch;
mod error;
mod file;
mod key;
mod keyring;
mod master;
mod master_file;
mod mint;
mod ring;
mod sheet;
mod signet;
pub mod store;
mod turn;
mod vault;

#[cfg(test)]
mod tests;

pub use cell::{Place, key_of, nonce_of};
pub use code::CODE;
pub use error::{Error, SealError, VaultError};
pub use file::{CHUNK, CHUNK_SEALED, FileKey, Span, chunks_for, sealed_len};
pub use key::{DataKey, KeyId, Wrapped};
pub use keyring::Keyring;
pub use master::{Mark, MasterKey};
pub use mint::{mint, unlock};
pub use sheet::Slip;
pub use signet::Signet;
pub use turn::{Turned, Verified, turn, verify};
pub use vault::{Epoch, KeyringCopy, Opened, Vault, next_of, was_before, wrapped_epochs};
