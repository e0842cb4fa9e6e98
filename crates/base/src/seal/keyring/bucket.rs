//! A keyring in a bucket: one object, exchanged whole, and only if it still is what was read. There is no lock that a
//! killed process could leave behind, and no state between two.

use super::VaultError;
use crate::Chance;
use crate::blobs::{BlobError, Exchange, Place, Tag};
use crate::seal::ring::Ring;
use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

pub(super) struct Bucket {
    place: Place,
    line: Line,
}

/// The one object.
const OBJECT: &str = "keyring";
/// So often a bucket is tried out when answers are lost.
const TRIES: usize = 5;
/// So long all tries of one request may take together, whatever the client's own patience.
const PATIENCE: Duration = Duration::from_secs(20);

impl Bucket {
    pub fn new(place: Place) -> Self {
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("keyring").enable_all().build();
        Self { place, line: Line(runtime.ok()) }
    }

    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// What lies there, and the mark of this state; none when nothing does.
    pub fn read(&self) -> Result<(Ring, Option<Tag>), VaultError> {
        let place = self.place.clone();
        match self.ask(async move { place.get_tagged(OBJECT).await }) {
            Ok((bytes, tag)) => {
                let ring = Ring::from_text(self.place.to_string(), &bytes);
                let ring = ring.ok_or_else(|| VaultError::Damaged(format!("{}/{OBJECT}", self.place)))?;
                Ok((ring, Some(tag)))
            }
            Err(BlobError::Missing) => Ok((Ring::empty(self.place.to_string()), None)),
            Err(error) => Err(self.away(&error)),
        }
    }

    /// Puts a ring in the place of the state that was read; answers the mark of the new one.
    pub fn exchange(&self, ring: &Ring, was: Option<&Tag>) -> Result<Tag, VaultError> {
        let text = ring.to_text();
        let failed = match self.put(OBJECT, text.clone(), was) {
            Ok(Exchange::Done { kept: true, .. }) => {
                return Err(VaultError::KeepsVersions(self.place.to_string()));
            }
            Ok(Exchange::Done { tag, .. }) => return Ok(tag),
            Ok(Exchange::Otherwise) => None,
            Err(error) => Some(self.away(&error)),
        };
        // The answer may have been lost, and the client have asked again: what lies there says how it went.
        let (there, tag) = self.read()?;
        match tag {
            Some(tag) if there.to_text() == text => Ok(tag),
            _ => Err(failed.unwrap_or_else(|| VaultError::Contended(self.place.to_string()))),
        }
    }

    /// Asks, with bytes that are no key, whether a bucket forgets what is replaced and exchanges only what it is told.
    pub fn fits(&self) -> Result<(), VaultError> {
        for _ in 0..TRIES {
            let probe = format!("probe-{:032x}", u128::from_be_bytes(Chance::system().bytes()));
            let tried = self.try_out(&probe);
            let place = self.place.clone();
            let swept = self.ask(async move { place.delete(&probe).await });
            if tried? {
                return swept.map_err(|error| self.away(&error));
            }
        }
        Err(VaultError::NotExclusive(self.place.to_string()))
    }

    /// `false`: it cannot be said, for an answer was lost and the client asked again.
    fn try_out(&self, probe: &str) -> Result<bool, VaultError> {
        let put = |bytes: &[u8], was: Option<&Tag>| {
            let put = self.put(probe, bytes.to_vec(), was).map_err(|error| self.away(&error))?;
            match put {
                Exchange::Done { kept: true, .. } => Err(VaultError::KeepsVersions(self.place.to_string())),
                Exchange::Done { tag, .. } => Ok(Some(tag)),
                Exchange::Otherwise => Ok(None),
            }
        };
        let Some(first) = put(b"1", None)? else { return Ok(false) };
        let over = put(b"2", None)?;
        let exchanged = put(b"3", Some(&first))?;
        let stale = put(b"4", Some(&first))?;
        if over.is_some() || stale.is_some() {
            return Err(VaultError::NotExclusive(self.place.to_string()));
        }
        Ok(exchanged.is_some())
    }

    fn put(&self, name: &str, bytes: Vec<u8>, was: Option<&Tag>) -> Result<Exchange, BlobError> {
        let (place, name, was) = (self.place.clone(), name.to_owned(), was.cloned());
        self.ask(async move { place.exchange(&name, bytes.into(), was.as_ref()).await })
    }

    fn away(&self, error: &BlobError) -> VaultError {
        VaultError::Away(self.place.to_string(), error.to_string())
    }

    /// Keys are asked for on threads that wait, some of them the database's; the bucket's client wants a runtime.
    fn ask<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, BlobError>> + Send + 'static,
    ) -> Result<T, BlobError> {
        let Some(runtime) = &self.line.0 else { return Err(BlobError::Store("no thread for it".into())) };
        let (tell, hear) = mpsc::sync_channel(1);
        runtime.spawn(async move {
            let answer = tokio::time::timeout(PATIENCE, question).await;
            let _ = tell.send(answer.unwrap_or_else(|_| Err(BlobError::Store("no answer".into()))));
        });
        hear.recv().unwrap_or_else(|_| Err(BlobError::Store("the request broke".into())))
    }
}

/// Where the client lives.
struct Line(Option<Runtime>);

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for it would not be allowed on a worker of another.
            runtime.shutdown_background();
        }
    }
}
