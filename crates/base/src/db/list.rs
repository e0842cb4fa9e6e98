//! A list as one argument: JSON text, unfolded by `json_each($1)` on both engines.
//!
//! Numbers: `WHERE seq IN (SELECT CAST(value AS BIGINT) FROM json_each($1))`; ids:
//! `WHERE id IN (SELECT unhex(value) FROM json_each($1))`; texts: `… IN (SELECT value FROM json_each($1))`.
//! PostgreSQL has the two functions from the first migration on.

use serde_json::Value;
use std::fmt::Display;
use uuid::Uuid;

/// Ids, as `unhex(value)` reads them.
#[must_use]
pub fn ids(ids: impl IntoIterator<Item = Uuid>) -> String {
    json(ids.into_iter().map(|id| Value::from(id.simple().to_string())))
}

/// Numbers, as `CAST(value AS BIGINT)` reads them.
#[must_use]
pub fn numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    json(numbers.into_iter().map(Value::from))
}

/// Texts.
#[must_use]
pub fn texts<T: Display>(texts: impl IntoIterator<Item = T>) -> String {
    json(texts.into_iter().map(|text| Value::from(text.to_string())))
}

fn json(values: impl Iterator<Item = Value>) -> String {
    Value::Array(values.collect()).to_string()
}
