//! The end of a seat: the workplace and every place entered through it, in one act.

pub mod actions;
pub mod pages;
#[cfg(test)]
mod tests;
