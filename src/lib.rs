//! The plan of the house.

pub mod web;
