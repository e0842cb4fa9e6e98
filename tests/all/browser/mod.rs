//! Real Chromium on a real socket: what only a browser can tell.

mod inspect;
mod pages;
mod pauses;
mod seen;
mod story;
mod typing;
pub mod window;
