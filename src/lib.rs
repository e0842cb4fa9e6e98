//! The plan of the house: one line a room, in the order of the arrows. A room may call rooms above it and
//! never below; listeners hear events and are called by nobody.

// What every room stands in.
pub mod config;
pub mod errands;
pub mod house;
pub mod phrases;
pub mod policies;
pub mod trouble;

// The chronicle and the hall.
pub mod events;
pub mod web;

// The rooms, in order.
pub mod accounts; // a person, their sessions, their profile
pub mod facilities; // facilities and seats
pub mod groups; // what every place with members and timelines has in common
pub mod workplaces; // a facility together with its group
pub mod audit; // who looked, a facility's record of use, its chain
pub mod patients; // a record of one originating facility, with one group and one key
pub mod consents; // what a patient agreed to, and its withdrawal

// The front door and the program.
pub mod router;
pub mod serve;
pub mod testing;

pub use house::{House, Tx};
pub use trouble::{Outcome, Trouble};
