//! What a database value is, and the small types every layer shares: pure, without a driver.
//!
//! `law` keeps its nouns here (an [`id!`] or [`words!`] of its own) without ever seeing a database;
//! `base` teaches both drivers to carry a [`Value`].

mod id;
mod moment;
mod ts;
mod value;
mod words;

pub use id::{decode as decode_id, encode as encode_id};
pub use moment::Moment;
pub use ts::{DAY, HOUR, MINUTE, SECOND, Ts};
pub use value::{Bind, Col, Value};

#[doc(hidden)]
pub mod reexport {
    pub use serde;
    pub use uuid::Uuid;
}
