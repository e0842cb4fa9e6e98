//! What is true of the whole house.

mod browser;
mod house;
mod routes;
mod source;
