//! Public pages, and the tour.

pub mod poster;
pub mod public;
pub mod tour;
