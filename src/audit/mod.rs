//! The record: who looked at what, what a facility's administrators may read of it, and the chain that shows
//! whether anybody altered it.

mod chain;
mod kinds;
mod looks;
pub mod pages;
mod record;
pub(crate) mod store;

#[cfg(test)]
mod tests;

pub use chain::{CHAIN, Chain, LISTENER, verify_chain};
pub use looks::{Due, Looks, settle, write_down};
pub(crate) use store::STATEMENTS;
