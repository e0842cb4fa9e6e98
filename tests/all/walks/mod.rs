//! Whole journeys, by people who read pages and fill in forms, without scripts.

mod a_day;
mod new_clinic;
pub mod person;
mod sealed;
pub mod team;
