//! Below a floor of free space the store takes no more files, so that there is room for words.

use crate::disk::{self, Space};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A look is good for so long: some parts of five megabytes more do not matter.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// Without a floor of the operator's: so much, or a twentieth of a small disk.
const USUAL: u64 = 1 << 30;
const TWENTIETH: u64 = 20;

/// The floor of one folder's disk.
pub(super) struct Floor {
    folder: PathBuf,
    bytes: Option<u64>,
    looked: Mutex<Option<(Instant, bool)>>,
}

impl Floor {
    pub(super) const fn new(folder: PathBuf, bytes: Option<u64>) -> Self {
        Self { folder, bytes, looked: Mutex::new(None) }
    }

    /// The space, and what must stay free of it; none when the disk does not say.
    pub(super) fn space(&self) -> Option<(Space, u64)> {
        let space = disk::space(&self.folder).ok()?;
        Some((space, self.bytes.unwrap_or_else(|| USUAL.min(space.total / TWENTIETH))))
    }

    pub(super) fn has_room(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = *looked;
        if let Some((_, room)) = before.filter(|(at, _)| at.elapsed() < GOOD_FOR) {
            return room;
        }
        // A disk that says nothing refuses by itself when it is full.
        let room = self.space().is_none_or(|(space, floor)| space.free >= floor);
        *looked = Some((Instant::now(), room));
        drop(looked);
        match (before.is_none_or(|(_, room)| room), room) {
            (true, false) => tracing::error!("the disk of the files is nearly full: no more files are taken"),
            (false, true) => tracing::warn!("the disk of the files has room again: files are taken"),
            _ => {}
        }
        room
    }
}
