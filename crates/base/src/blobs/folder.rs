//! The store as a folder of this machine: its owner's alone, and below a floor of free space it takes no more files,
//! so that there is room for words.

use super::{BlobError, Blobs};
use crate::disk::{self, Space};
use bytes::Bytes;
use object_store::path::Path as Spot;
use object_store::{ObjectStore, ObjectStoreExt as _, PutResult};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A look is good for so long: some parts of five megabytes more do not matter.
const GOOD_FOR: Duration = Duration::from_secs(2);
/// Without a floor of the operator's: so much, or a twentieth of a small disk.
const USUAL: u64 = 1 << 30;
const TWENTIETH: u64 = 20;

/// One folder and the floor of its disk.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    bytes: Option<u64>,
    looked: Mutex<Option<(Instant, bool)>>,
}

impl Folder {
    pub(super) fn new(path: &Path, bytes: Option<u64>) -> Self {
        Self { path: path.to_owned(), bytes, looked: Mutex::new(None) }
    }

    /// The space, and what must stay free of it; none when the disk does not say.
    fn space(&self) -> Option<(Space, u64)> {
        let space = disk::space(&self.path).ok()?;
        Some((space, self.bytes.unwrap_or_else(|| USUAL.min(space.total / TWENTIETH))))
    }

    fn has_room(&self) -> bool {
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

impl Blobs {
    /// The same store; of the disk of a folder so many bytes stay free. None: a gigabyte, or a twentieth of a small
    /// disk.
    #[must_use]
    pub fn with_floor(mut self, bytes: Option<u64>) -> Self {
        if let Some(folder) = &self.folder {
            self.folder = Some(Arc::new(Folder::new(&folder.path, bytes)));
        }
        self
    }

    /// Whether there is room for more files; asked before one is taken. Of a bucket always: it has no disk of ours.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.folder.as_ref().is_none_or(|folder| folder.has_room())
    }

    /// Of the disk of a folder: its space, and how much of it stays free.
    #[must_use]
    pub fn space(&self) -> Option<(Space, u64)> {
        self.folder.as_ref().and_then(|folder| folder.space())
    }
}

/// Into a folder of the owner's alone, as a file of the owner's alone: the library asks for no mode.
pub(super) async fn put_alone(
    store: &dyn ObjectStore,
    folder: &Path,
    spot: &Spot,
    bytes: Bytes,
) -> Result<PutResult, BlobError> {
    let path = folder.join(spot.as_ref());
    let within = path.parent().unwrap_or(folder);
    let done = disk::make_folder(within).and_then(|()| disk::tighten(within));
    done.map_err(|cause| BlobError::Store(cause.into()))?;
    let put = store.put(spot, bytes.into()).await?;
    disk::tighten(&path).map_err(|cause| BlobError::Store(cause.into()))?;
    Ok(put)
}
