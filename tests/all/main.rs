//! What is true of the whole house.

mod browser;
mod house;
mod html;
mod refusals;
mod routes;
mod seeded;
mod source;
mod walks;
