//! The program: what its verbs do.

pub mod acts;
mod alone;
pub mod backup;
pub mod copy;
mod demo;
mod doctor;
pub(crate) mod door;
mod lines;
pub mod health;
pub mod keys;
mod logs;
mod open;
mod people;
mod places;
pub mod record;
pub(crate) mod sample;
mod serve;
#[cfg(test)]
mod tests;

pub use alone::keep_to_itself;
pub use demo::demo;
pub use doctor::doctor;
pub use logs::log_to_stderr;
pub use open::{migrate, open};
pub use sample::{Size as SampleSize, sample};
pub use serve::serve;

use tasuki_base::seal::VaultError;

/// What can be said to the operator, one sentence a line.
pub type Said<T> = Result<T, Vec<String>>;

/// Asks for keys away from the threads that others wait for: they lie on a disk, or in a bucket.
async fn off<T: Send + 'static>(work: impl FnOnce() -> Result<T, VaultError> + Send + 'static) -> Said<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(said)?;
    done.map_err(|error| vec![crate::phrases::program::no_vault(&error)])
}

fn said(error: impl std::fmt::Display) -> Vec<String> {
    vec![error.to_string()]
}
