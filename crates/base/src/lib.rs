//! The ground: what any well-kept program would need, and nothing that knows a care word.

pub mod blobs;
pub mod bus;
pub mod chance;
pub mod clock;
pub mod db;
pub mod disk;
pub mod fair;
pub mod files;
pub mod hash;
pub mod images;
pub mod jobs;
pub mod mail;
pub mod password;
pub mod seal;
pub mod text;

pub use chance::Chance;
pub use clock::Clock;
