//! Public pages, and the tour.

pub mod public;
pub mod tour;
