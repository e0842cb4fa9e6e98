//! The plan of the house: one line a room, in the order of the arrows. A room may call rooms above it and
//! never below; listeners hear events and are called by nobody.

#![cfg_attr(test, allow(clippy::too_many_lines, reason = "a test tells one story from beginning to end"))]

// What every room stands in.
pub mod config;
pub mod counts;
pub mod errands;
pub mod house;
pub mod phrases;
pub mod policies;
pub mod trouble;

// The chronicle and the hall.
pub mod events;
pub mod web;
pub mod postal; // postal codes and their addresses

// The rooms, in order.
pub mod accounts; // a person, their sessions, their profile
pub mod media; // uploads and files, a pantry used by rooms
pub mod facilities; // facilities and seats
pub mod groups; // what every place with members and timelines has in common
pub mod workplaces; // a facility together with its group: its staff, its own facts
pub mod audit; // who looked, a facility's record of use, its chain
pub mod patients; // a record of one originating facility, with one group and one key
pub mod consents; // what a patient agreed to, and its withdrawal
pub mod free_groups; // groups that anybody makes
pub mod connections; // the people one shares a place with
pub mod profiles; // what one tells of oneself, and a colleague's card
pub mod invitations; // to a facility, to a group: approved, sent, answered
pub mod registration; // a newcomer becomes account, facility and first seat, in one story
pub mod joining; // an invited person gets an account
pub mod departures; // the end of a seat, and of all that was entered through it
pub mod members; // who is in a place, who comes and goes
pub mod timeline; // drafts, posts, paging, unread
pub mod acknowledgements; // 了解

// Listeners: they hear events, and no room calls them.
pub mod notifications; // mails
pub mod live; // open pages hear of what is new

// The front door and the program.
pub mod front; // what everybody sees before signing in, the guide, the tour
pub mod home; // the front page: looks into every room
pub mod roster; // what every room brings: migrations, listeners, errands, statements
pub mod router;
pub mod serve; // how a house begins and settles
pub mod program; // what the verbs do
pub mod testing;

pub use house::{House, Tx};
pub use trouble::{Outcome, Trouble};
