//! A workplace: a facility together with its own group. Whoever takes a seat is in the group.

pub mod actions;
pub mod pages;
#[cfg(test)]
mod tests;
