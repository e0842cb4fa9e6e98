//! A second place, for copies: a folder or a part of a bucket, told nothing but plain names and ciphertext.

use super::{BlobError, S3Settings, bucket, put_alone};
use bytes::Bytes;
use futures_util::StreamExt;
use object_store::aws::Checksum;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Spot;
use object_store::prefix::PrefixStore;
use object_store::{
    ClientOptions, HeaderMap, HeaderValue, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions,
    UpdateVersion,
};
use std::fmt;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tasuki_value::Ts;

/// The place; cheap to clone.
#[derive(Clone)]
pub struct Place {
    store: Arc<dyn ObjectStore>,
    kind: Kind,
    /// What is put from here on can be neither changed nor removed until then.
    locked_until: Option<Ts>,
}

#[derive(Clone)]
enum Kind {
    Folder(PathBuf),
    Bucket(S3Settings, String),
    Memory,
}

/// Marks one state of what lies under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// The new bytes lie there. `kept`: what lay there before is kept as an older version.
    Done { tag: Tag, kept: bool },
    /// Something else lies there than was said; nothing was changed.
    Otherwise,
}

impl Place {
    /// A folder, made for its owner alone when missing. What was put has reached the disk.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the folder cannot be made or opened.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        crate::disk::make_folder(path).map_err(|cause| BlobError::Store(cause.into()))?;
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store: Arc::new(store), kind: Kind::Folder(path.to_owned()), locked_until: None })
    }

    /// What begins with `prefix` in a bucket. Nothing is sent yet.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the settings make no sense.
    pub fn bucket(settings: &S3Settings, prefix: &str) -> Result<Self, BlobError> {
        let builder = bucket(settings, ClientOptions::new());
        let store = PrefixStore::new(builder.build()?, prefix);
        let kind = Kind::Bucket(settings.clone(), prefix.to_owned());
        Ok(Self { store: Arc::new(store), kind, locked_until: None })
    }

    /// A place that vanishes with its last handle and exchanges as a bucket does; for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self { store: Arc::new(InMemory::new()), kind: Kind::Memory, locked_until: None }
    }

    /// The same place; what is put by this handle is write-once until then. In a bucket the store itself holds
    /// everybody to it (object lock, in compliance mode), in a folder the file is only read-only.
    ///
    /// # Errors
    /// [`BlobError::Store`] when the settings make no sense.
    pub fn locked(&self, until: Ts) -> Result<Self, BlobError> {
        let mut locked = Self { locked_until: Some(until), ..self.clone() };
        if let Kind::Bucket(settings, prefix) = &self.kind {
            // The library signs these with the rest. The store demands a checksum beside a lock.
            let options = ClientOptions::new().with_default_headers(lock(until)?);
            let builder = bucket(settings, options).with_checksum_algorithm(Checksum::SHA256);
            locked.store = Arc::new(PrefixStore::new(builder.build()?, prefix.as_str()));
        }
        Ok(locked)
    }

    /// Whether it is a bucket.
    #[must_use]
    pub const fn is_bucket(&self) -> bool {
        matches!(self.kind, Kind::Bucket(..))
    }

    /// Keeps all of it or nothing, durable when this returns. `true`: the place keeps what lay there before as an
    /// older version.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<bool, BlobError> {
        let put = match &self.kind {
            Kind::Folder(folder) => put_alone(&*self.store, folder, &Spot::from(name), bytes).await?,
            Kind::Bucket(..) | Kind::Memory => self.store.put(&Spot::from(name), bytes.into()).await?,
        };
        if let (Kind::Folder(folder), Some(_)) = (&self.kind, self.locked_until) {
            let done = fs::set_permissions(folder.join(name), Permissions::from_mode(0o400));
            done.map_err(|cause| BlobError::Store(cause.into()))?;
        }
        Ok(put.version.is_some_and(|version| version != "null"))
    }

    /// All of it.
    ///
    /// # Errors
    /// [`BlobError::Missing`] or [`BlobError::Store`].
    pub async fn get(&self, name: &str) -> Result<Bytes, BlobError> {
        Ok(self.store.get(&Spot::from(name)).await?.bytes().await?)
    }

    /// All of it, and the mark of this state.
    ///
    /// # Errors
    /// [`BlobError::Missing`] or [`BlobError::Store`], also for a store that marks no states.
    pub async fn get_tagged(&self, name: &str) -> Result<(Bytes, Tag), BlobError> {
        let got = self.store.get(&Spot::from(name)).await?;
        let tag = tag(got.meta.e_tag.clone())?;
        Ok((got.bytes().await?, tag))
    }

    /// Puts these bytes only if what lies there is in this state, or, with `None`, if nothing does. For buckets: a
    /// folder knows no states.
    ///
    /// # Errors
    /// [`BlobError::Store`]; the bytes may lie there then, or come to lie there.
    pub async fn exchange(&self, name: &str, bytes: Bytes, was: Option<&Tag>) -> Result<Exchange, BlobError> {
        let mode = match was {
            None => PutMode::Create,
            Some(Tag(tag)) => PutMode::Update(UpdateVersion { e_tag: Some(tag.clone()), version: None }),
        };
        let options = PutOptions { mode, ..PutOptions::default() };
        match self.store.put_opts(&Spot::from(name), bytes.into(), options).await {
            Ok(put) => {
                let kept = put.version.is_some_and(|version| version != "null");
                Ok(Exchange::Done { tag: tag(put.e_tag)?, kept })
            }
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => {
                Ok(Exchange::Otherwise)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Whether something lies there.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn holds(&self, name: &str) -> Result<bool, BlobError> {
        match self.store.head(&Spot::from(name)).await.map_err(BlobError::from) {
            Ok(_) => Ok(true),
            Err(BlobError::Missing) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// Every name under a folder, with its length, in order.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn list(&self, folder: &str) -> Result<Vec<(String, u64)>, BlobError> {
        self.each(folder, |object| object.size).await
    }

    /// What lies under a folder and in which state, in order: two that are the same were read from one state.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn states(&self, folder: &str) -> Result<Vec<(String, String)>, BlobError> {
        let state =
            |object: &ObjectMeta| format!("{:?} {} {}", object.e_tag, object.size, object.last_modified);
        self.each(folder, state).await
    }

    /// Every name under a folder, with what is told of it, in order.
    async fn each<T: Ord>(
        &self,
        folder: &str,
        tell: impl Fn(&ObjectMeta) -> T,
    ) -> Result<Vec<(String, T)>, BlobError> {
        let spot = Spot::from(folder);
        let mut objects = self.store.list(Some(&spot));
        let mut found = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object?;
            found.push((object.location.to_string(), tell(&object)));
        }
        found.sort();
        Ok(found)
    }

    /// The folders right under a folder, without what is above them, in order.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn folders(&self, folder: &str) -> Result<Vec<String>, BlobError> {
        let listed = self.store.list_with_delimiter(Some(&Spot::from(folder))).await?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_owned));
        let mut names: Vec<String> = names.collect();
        names.sort();
        Ok(names)
    }

    /// Forgets it; that it was not there is fine.
    ///
    /// # Errors
    /// [`BlobError::Store`].
    pub async fn delete(&self, name: &str) -> Result<(), BlobError> {
        match self.store.delete(&Spot::from(name)).await.map_err(BlobError::from) {
            Err(BlobError::Missing) => Ok(()),
            other => other,
        }
    }
}

fn tag(given: Option<String>) -> Result<Tag, BlobError> {
    given.map(Tag).ok_or_else(|| BlobError::Store("the store marks no states (ETag)".into()))
}

fn lock(until: Ts) -> Result<HeaderMap, BlobError> {
    let until = jiff::Timestamp::from_second(until.0.div_euclid(1_000_000));
    let until = until.map_err(|cause| BlobError::Store(cause.into()))?.to_string();
    let until = HeaderValue::from_str(&until).map_err(|cause| BlobError::Store(cause.into()))?;
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-object-lock-mode", HeaderValue::from_static("COMPLIANCE"));
    headers.insert("x-amz-object-lock-retain-until-date", until);
    Ok(headers)
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Folder(folder) => write!(f, "{}", folder.display()),
            Kind::Bucket(settings, prefix) => write!(f, "s3://{}/{prefix}", settings.bucket),
            Kind::Memory => f.write_str("memory"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}
