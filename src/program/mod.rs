//! The program: what its verbs do.

pub mod backup;
pub mod copy;
mod demo;
mod doctor;
pub(crate) mod door;
pub mod health;
pub mod keys;
mod logs;
mod open;
mod people;
mod places;
pub(crate) mod sample;
mod serve;
#[cfg(test)]
mod tests;

pub use demo::demo;
pub use doctor::doctor;
pub use logs::log_to_stderr;
pub use open::{migrate, open};
pub use sample::{Size as SampleSize, sample};
pub use serve::serve;

/// What can be said to the operator, one sentence a line.
pub type Said<T> = Result<T, Vec<String>>;

fn said(error: impl std::fmt::Display) -> Vec<String> {
    vec![error.to_string()]
}
