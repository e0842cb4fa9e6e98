//! What is true of the whole house.

mod house;
mod source;
