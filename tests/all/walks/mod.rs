//! Whole journeys, by people who read pages and fill in forms, without scripts.

pub mod person;
