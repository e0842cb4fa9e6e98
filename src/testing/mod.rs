//! The cast and the test house. Tests, walks and the demo share the same named people.

#[cfg(test)]
pub mod bucket;
pub mod cast;
mod entering;
mod mails;
mod media;
mod patients;
mod programs;
mod rooms;
mod staff;
mod timeline;
mod visitor;
mod world;

pub use timeline::{Heard, Told};
pub use visitor::{Answer, Visitor};
pub use world::{Served, World, migrations};
