//! The pages around one's own account.

pub mod opening;
pub mod password;
pub mod reset;
pub mod sessions;
pub mod settings;
pub mod sign_in;

pub use sign_in::{SignInForm, own_path, session_cookie};
