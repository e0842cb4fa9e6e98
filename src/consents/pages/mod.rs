//! The pages of consents.

pub mod list;
pub mod new;
pub mod show;
