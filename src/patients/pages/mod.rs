//! The pages of patients.

pub mod card;
pub mod code;
pub mod edit;
mod form_view;
pub mod history;
pub mod list;
pub mod new;
pub mod phones;
pub mod photo;
