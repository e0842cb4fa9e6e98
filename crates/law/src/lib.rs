//! Who may do what.
//!
//! [`nouns`] is the dictionary of the house; [`rules`] is the law: facts in, [`Key`] or [`Refusal`] out.
//! Nothing here fetches, stores or waits, so the whole law can be read in an hour and printed as
//! `matrix.txt`, beside this crate's manifest.

mod key;
#[cfg(test)]
mod matrix;
pub mod nouns;
mod refusal;
pub mod rules;

pub use key::Key;
pub use refusal::{Refusal, Why};
