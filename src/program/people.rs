//! `people.json`: who may be tried out, with their passwords. For the owner of the folder alone.

use super::{Said, said};
use serde::Serialize;
use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Writes the list into the folder; nobody else on the machine reads it.
///
/// # Errors
/// When the disk refuses.
pub fn write<T: Serialize>(folder: &Path, people: &[T]) -> Said<()> {
    let (path, fresh) = (folder.join("people.json"), folder.join("people.json.new"));
    let _ = fs::remove_file(&fresh);
    // Made anew, so that it is never open to others, whatever lay there before.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).map_err(said)?;
    let mut file = BufWriter::new(file);
    serde_json::to_writer_pretty(&mut file, people).map_err(said)?;
    file.write_all(b"\n").and_then(|()| file.flush()).map_err(said)?;
    fs::rename(&fresh, &path).map_err(said)
}
