//! The cast and the test house. Tests, walks and the demo share the same named people.

pub mod cast;
mod programs;
mod timeline;
mod mails;
mod patients;
mod media;
mod staff;
mod visitor;
mod world;

pub use timeline::{Heard, Told};
pub use visitor::{Answer, Visitor};
pub use world::{Served, World, migrations};
