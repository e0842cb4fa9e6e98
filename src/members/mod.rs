//! Who is in a place: the list in one tap, leaving, taking out, appointing.

pub mod pages;
#[cfg(test)]
mod tests;
