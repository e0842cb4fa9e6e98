//! The front door: what everybody sees before signing in, the guide, and the tour of the first sign-in.

pub mod pages;
#[cfg(test)]
mod tests;
