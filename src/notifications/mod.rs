//! The post office: hears what happened and writes one mail to each person who must act.
//!
//! Hearing an event only puts an errand down, with ids; the text is made when the errand runs, and so is the token
//! of a link. Without a mail server the letter is kept, sealed, instead of sent.

mod compose;
mod held;
mod invite;
mod listener;
mod name;
mod notice;
pub(crate) mod pages;
mod posts;
mod send;
mod store;
#[cfg(test)]
mod tests;
mod texts;

pub use held::{Held, newest as held_newest};
pub(crate) use store::STATEMENTS;

use crate::errands::Errand;
use crate::events::Listener;

/// Turns events into errands.
pub const LISTENER: Listener = Listener {
    name: "notifications",
    hear: listener::hear,
    hints: |_| Vec::new(),
    at_once: listener::at_once,
};

/// Writes and sends one mail.
pub const MAIL: Errand = Errand { kind: notice::MAIL, run: send::run };
/// Looks who has unread posts in a timeline, and has not been told.
pub const NEW_POSTS: Errand = Errand { kind: posts::KIND, run: posts::run };
