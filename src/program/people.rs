//! `people.json`: who may be tried out, with their passwords. For the owner of the folder alone.

use super::{Said, said};
use serde::Serialize;
use std::path::Path;
use tasuki_base::disk;

/// Writes the list into the folder; nobody else on the machine reads it.
///
/// # Errors
/// When the disk refuses.
pub fn write<T: Serialize>(folder: &Path, people: &[T]) -> Said<()> {
    let mut list = serde_json::to_vec_pretty(people).map_err(said)?;
    list.push(b'\n');
    disk::write(&folder.join("people.json"), &list).map_err(said)
}
