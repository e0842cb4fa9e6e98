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
pub const LISTENER: Listener =
    Listener { name: "notifications", hear: listener::hear, after: listener::after };

/// Sends one mail; looks who has unread posts in a timeline.
pub const ERRANDS: [Errand; 2] =
    [Errand { kind: notice::MAIL, run: send::run }, Errand { kind: posts::KIND, run: posts::run }];
