//! Groups that anybody makes, about any theme, with anybody they know.

pub mod actions;
pub mod api;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::STATEMENTS;
