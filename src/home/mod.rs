//! The front page: one's places, the last changed first, and a search over what one may see. It may look into
//! every room.

pub mod api;
pub(crate) mod pages;
mod search;
#[cfg(test)]
mod tests;
