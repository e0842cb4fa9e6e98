//! What is true of the whole house.

#![allow(clippy::too_many_lines, reason = "a walk tells one story from beginning to end")]

mod alone;
mod browser;
mod faults;
mod full;
mod fuzz;
mod house;
mod html;
mod keys;
mod kill;
mod lines;
mod lost;
mod nodes;
mod program;
mod recorded;
mod refusals;
mod routes;
mod seeded;
mod source;
mod streams;
mod walks;
