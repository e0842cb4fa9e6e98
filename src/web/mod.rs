//! The hall every room opens into: forms, answers, the page shell, the one error page, shared partials.

mod answer;
pub mod api;
pub mod assets;
mod client;
pub mod cookie;
pub mod errors;
pub mod face;
mod form;
pub mod gate;
pub mod hall;
pub mod handover;
#[cfg(debug_assertions)]
pub mod parts;
mod path;
mod qr;
mod store;
#[cfg(test)]
mod template_lint;
#[cfg(test)]
mod tests;
mod trouble;
mod unread;
pub mod watch;

pub use answer::{Page, html, json, long_page, page, see_other, try_again};
pub use client::{Client, bearer, is_trusted};
pub use errors::Errors;
pub use form::Form;
pub use hall::Hall;
pub use path::At;
pub use qr::Qr;
pub(crate) use store::STATEMENTS;
pub use trouble::{NeedsSignIn, Said};
pub(crate) use unread::unread;
