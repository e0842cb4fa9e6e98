//! An invited person who has no account yet makes one: a short form behind the mailed link, which also proves
//! the address. Whoever has an account is sent to sign in and finds the invitation there.

mod access;
pub mod actions;
pub mod pages;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use store::STATEMENTS;
