//! Where sealed bytes lie: a folder of this machine, an S3 bucket, or memory in tests.
//!
//! The store is told nothing but ids and ciphertext. A name once written is never written with
//! other bytes by the rooms, so readers need no locks.

mod folder;
mod name;
mod place;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};

use folder::{Folder, put_alone};
pub use name::Name;
pub use place::{Exchange, Place, Tag};

/// The object store; cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    heard: Option<Heard>,
    folder: Option<Arc<Folder>>,
}

/// The names that were put since they were last taken: for who copies them elsewhere.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Name>>>);

impl Heard {
    /// Takes what was heard.
    #[must_use]
    pub fn take(&self) -> Vec<Name> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, name: &Name) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(name.clone());
    }
}

/// How to reach a bucket of S3 or of something that speaks like it.
#[derive(Clone)]
pub struct S3Settings {
    /// Address of the service, such as `https://minio.example:9000`; `None` means Amazon's own.
    pub endpoint: Option<String>,
    pub bucket: String,
    pub region: String,
    /// Access key id.
    pub key: String,
    /// Secret access key; never printed.
    pub secret: String,
    /// Whether `http://` endpoints are taken. The bytes are sealed, the signature is not a secret,
    /// but names and sizes can then be read on the way.
    pub allow_http: bool,
    /// So long one request may take, and all tries of it together; behind that of the files a person waits.
    pub patience: Duration,
}

/// Why a blob could not be had or kept.
#[derive(Debug)]
pub enum BlobError {
    /// There is no blob of this name.
    Missing,
    /// The range reaches past the end of the blob, or is empty.
    OutOfRange,
    /// The store could not be set up or did not do what was asked; trying again may help.
    Store(Box<dyn std::error::Error + Send + Sync>),
}

impl Blobs {
    /// Blobs as files under `path`, which is made (mode 0700) when missing. A `put` that returned
    /// has reached the disk, directory entry included.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the folder cannot be made or opened.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        crate::disk::make_folder(path).map_err(|cause| BlobError::Store(cause.into()))?;
        // Without with_fsync an acknowledged file could be lost in a power cut.
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), heard: None, folder: Some(Arc::new(Folder::new(path, None))) })
    }

    /// Blobs in a bucket. Nothing is sent yet: call [`Blobs::check`] to learn whether it answers.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the settings make no sense.
    pub fn s3(settings: &S3Settings) -> Result<Self, BlobError> {
        let store = bucket(settings, ClientOptions::new()).build()?;
        Ok(Self { store: Arc::new(store), heard: None, folder: None })
    }

    /// The same store, which tells what is put from now on.
    #[must_use]
    pub fn heard_by(self, heard: Heard) -> Self {
        Self { heard: Some(heard), ..self }
    }

    /// Where it tells what is put.
    #[must_use]
    pub const fn heard(&self) -> Option<&Heard> {
        self.heard.as_ref()
    }

    /// Blobs that vanish with the value; for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self { store: Arc::new(InMemory::new()), heard: None, folder: None }
    }

    /// Keeps `bytes` under `name`, over whatever was there. Durable when it returns.
    ///
    /// # Errors
    /// [`BlobError::Store`]; then nothing, or the whole, was kept: never a part.
    pub async fn put(&self, name: &Name, bytes: Bytes) -> Result<(), BlobError> {
        let path = name.path();
        match &self.folder {
            Some(folder) => put_alone(&*self.store, &folder.path, path, bytes).await?,
            None => self.store.put(path, bytes.into()).await?,
        };
        if let Some(heard) = &self.heard {
            heard.put(name);
        }
        Ok(())
    }

    /// The whole blob.
    ///
    /// # Errors
    /// [`BlobError::Missing`] or [`BlobError::Store`].
    pub async fn get(&self, name: &Name) -> Result<Bytes, BlobError> {
        Ok(self.store.get(name.path()).await?.bytes().await?)
    }

    /// Every blob there is, with its length.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn list(&self) -> Result<Vec<(Name, u64)>, BlobError> {
        let mut found = Vec::new();
        let mut objects = self.store.list(None);
        while let Some(object) = objects.next().await {
            let object = object?;
            found.extend(Name::parse(object.location.as_ref()).map(|name| (name, object.size)));
        }
        Ok(found)
    }

    /// The bytes from `range.start` up to, not including, `range.end`: exactly as many as asked.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::OutOfRange`] or [`BlobError::Store`].
    pub async fn range(&self, name: &Name, range: Range<u64>) -> Result<Bytes, BlobError> {
        let Some(wanted) = range.end.checked_sub(range.start).filter(|&wanted| wanted > 0) else {
            return Err(BlobError::OutOfRange);
        };
        match self.store.get_range(name.path(), range.clone()).await {
            Ok(bytes) if bytes.len() as u64 == wanted => Ok(bytes),
            Ok(_) => Err(BlobError::OutOfRange),
            // Stores disagree about how they refuse a range, so the length decides.
            Err(cause) => match self.len(name).await? {
                Some(len) if range.end <= len => Err(cause.into()),
                Some(_) => Err(BlobError::OutOfRange),
                None => Err(BlobError::Missing),
            },
        }
    }

    /// Forgets the blob; that it was not there is fine.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn delete(&self, name: &Name) -> Result<(), BlobError> {
        match self.store.delete(name.path()).await.map_err(BlobError::from) {
            Err(BlobError::Missing) => Ok(()),
            other => other,
        }
    }

    /// The length in bytes; `None` when there is no such blob.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn len(&self, name: &Name) -> Result<Option<u64>, BlobError> {
        match self.store.head(name.path()).await.map_err(BlobError::from) {
            Ok(about) => Ok(Some(about.size)),
            Err(BlobError::Missing) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Whether there is such a blob.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn exists(&self, name: &Name) -> Result<bool, BlobError> {
        Ok(self.len(name).await?.is_some())
    }

    /// Writes, reads and deletes a few bytes: what a start-up check asks.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the store answers otherwise than it should.
    pub async fn check(&self) -> Result<(), BlobError> {
        let name = Name::probe();
        let sent = Bytes::from_static(b"is anybody there?");
        self.put(&name, sent.clone()).await?;
        if self.get(&name).await? != sent {
            return Err(BlobError::Store("the store gave back other bytes than it was given".into()));
        }
        self.delete(&name).await
    }
}

/// `options`: what a client is to have beside its patience.
fn bucket(settings: &S3Settings, options: ClientOptions) -> AmazonS3Builder {
    // The defaults would keep a person waiting for three minutes while the bucket is down.
    let retry = RetryConfig { max_retries: 4, retry_timeout: settings.patience, ..RetryConfig::default() };
    let client = options
        .with_timeout(settings.patience)
        .with_connect_timeout(settings.patience.min(Duration::from_secs(5)))
        .with_allow_http(settings.allow_http);
    let builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.key)
        .with_secret_access_key(&settings.secret)
        .with_client_options(client)
        .with_retry(retry);
    match &settings.endpoint {
        Some(endpoint) => builder.with_endpoint(endpoint),
        None => builder,
    }
}

impl From<object_store::Error> for BlobError {
    fn from(cause: object_store::Error) -> Self {
        match cause {
            object_store::Error::NotFound { .. } => Self::Missing,
            other => Self::Store(Box::new(other)),
        }
    }
}

impl fmt::Display for BlobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no blob of this name"),
            Self::OutOfRange => f.write_str("the range reaches past the end of the blob"),
            Self::Store(cause) => write!(f, "the blob store failed: {cause}"),
        }
    }
}

impl std::error::Error for BlobError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(cause) => Some(&**cause),
            Self::Missing | Self::OutOfRange => None,
        }
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blobs({})", self.store)
    }
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("key", &self.key)
            .field("secret", &"…")
            .field("allow_http", &self.allow_http)
            .field("patience", &self.patience)
            .finish()
    }
}
