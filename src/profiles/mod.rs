//! What a person tells of themselves, and how colleagues see it.

mod access;
pub mod actions;
pub mod pages;
#[cfg(test)]
mod tests;
