//! The record: who looked at what, what a facility's administrators may read of it, and the chain that shows
//! whether anybody altered it.

mod chain;
mod gathered;
mod accept;
mod head;
mod kinds;
mod looks;
pub mod own;
pub mod pages;
mod recent;
mod record;
pub(crate) mod store;
mod verify;

#[cfg(test)]
mod tests;

pub use accept::accept;
pub use chain::{CHAIN, LISTENER};
pub use gathered::Gathered;
pub use head::{Head, Kept, Stand, Unread, cry, kept, settle, tell};
#[cfg(test)]
pub(crate) use kinds::covered;
pub use looks::{Due, Looks, count as count_looks, write_down};
pub use recent::{Recent, look as look_for_recent, watch};
pub use store::Block;
pub(crate) use store::STATEMENTS;
pub use verify::{Chain, Flaw, Wrong, verify_chain};
