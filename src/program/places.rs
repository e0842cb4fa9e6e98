//! The second places that copies go to: a folder, or `s3://bucket/prefix`.

#[cfg(test)]
mod tests;

use super::{Said, said};
use crate::config::Plan;
use crate::phrases::{backup as words, settings};
use bytes::Bytes;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tasuki_base::blobs::{BlobError, Place};
use tasuki_base::{Chance, disk};

const BUCKET: &str = "s3://";

/// Opens a place.
///
/// # Errors
/// Says what is missing.
pub fn place(plan: &Plan, text: &str) -> Said<Place> {
    let Some(rest) = text.strip_prefix(BUCKET) else {
        return Place::folder(Path::new(text)).map_err(|error| vec![words::no_place(text, &error)]);
    };
    let door = plan.backup_s3.as_ref().ok_or_else(|| vec![settings::BACKUP_S3_KEYS.to_owned()])?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    Place::bucket(&door.bucket(bucket), prefix).map_err(|error| vec![words::no_place(text, &error)])
}

/// Whether it is a folder that is not there: looking must not make it.
pub fn is_missing(text: &str) -> bool {
    !text.starts_with(BUCKET) && !Path::new(text).is_dir()
}

/// What a place said.
pub fn far(place: &Place, error: &BlobError) -> Vec<String> {
    vec![words::far_away(place, error)]
}

/// Keys of a copy in a folder of this machine: their own, or for a bucket a private one that vanishes with this.
pub struct Keys {
    pub folder: PathBuf,
    bucket: Option<Place>,
}

impl Keys {
    /// Opens the place and brings what lies in a bucket here.
    ///
    /// # Errors
    /// Says what is missing.
    pub async fn open(plan: &Plan, text: &str) -> Said<Self> {
        if !text.starts_with(BUCKET) {
            return Ok(Self { folder: PathBuf::from(text), bucket: None });
        }
        let bucket = place(plan, text)?;
        let name = tasuki_value::encode_id(uuid::Uuid::from_bytes(Chance::system().bytes()));
        let folder = std::env::temp_dir().join(format!("tasuki-keys-{name}"));
        disk::make_folder(&folder).map_err(said)?;
        let keys = Self { folder, bucket: Some(bucket.clone()) };
        for (name, bytes) in read_at_once(&bucket).await? {
            if let Some(name) = Path::new(&name).file_name() {
                disk::write(&keys.folder.join(name), &bytes).map_err(said)?;
            }
        }
        Ok(keys)
    }

    /// Brings what was changed here into the bucket: what is new first, and only then is the rest forgotten.
    ///
    /// # Errors
    /// Also when the bucket keeps older versions: a key destroyed would live on in them.
    pub async fn send(&self) -> Said<()> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        forgets(bucket).await?;
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(said)? {
            let name = entry.map_err(said)?.file_name().to_string_lossy().into_owned();
            // The lock that holds the folder is none of it.
            if !name.starts_with('.') {
                names.push(name);
            }
        }
        // Former master keys, epochs, and then the rows: whatever lies there, what opens it was there before.
        names.sort_by(|a, b| b.cmp(a));
        for name in &names {
            let bytes = fs::read(self.folder.join(name)).map_err(said)?;
            bucket.put(name, bytes.into()).await.map_err(|error| far(bucket, &error))?;
        }
        for (name, _) in bucket.list("").await.map_err(|error| far(bucket, &error))? {
            if !names.contains(&name) {
                bucket.delete(&name).await.map_err(|error| far(bucket, &error))?;
            }
        }
        Ok(())
    }
}

/// So often what changes under the hand is read from the beginning.
const TRIES: usize = 20;
const PAUSE: Duration = Duration::from_millis(20);

/// All that lies in a place, as it lay there at one moment: another process may be changing it.
async fn read_at_once(place: &Place) -> Said<Vec<(String, Bytes)>> {
    for _ in 0..TRIES {
        let before = place.states("").await.map_err(|error| far(place, &error))?;
        let mut read = Vec::with_capacity(before.len());
        for (name, _) in &before {
            match place.get(name).await {
                Ok(bytes) => read.push((name.clone(), bytes)),
                // Forgotten since it was listed.
                Err(BlobError::Missing) => break,
                Err(error) => return Err(far(place, &error)),
            }
        }
        if read.len() == before.len() && place.states("").await.map_err(|error| far(place, &error))? == before
        {
            return Ok(read);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(vec![words::changing(place)])
}

/// Asks, with bytes that are no key, whether a place keeps what is replaced.
///
/// # Errors
/// When it does: a key destroyed would live on there.
pub async fn forgets(place: &Place) -> Said<()> {
    if !place.is_bucket() {
        return Ok(());
    }
    let kept = place.put(PROBE, Vec::new().into()).await.map_err(|error| far(place, &error))?;
    place.delete(PROBE).await.map_err(|error| far(place, &error))?;
    if kept { Err(vec![words::keys_are_kept(place)]) } else { Ok(()) }
}

const PROBE: &str = "probe";

impl Drop for Keys {
    fn drop(&mut self) {
        if self.bucket.is_some() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
