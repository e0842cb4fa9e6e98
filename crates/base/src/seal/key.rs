//! Keys: 32 secret bytes that seal, wrap and bring forth other keys.

use super::SealError;
use crate::Chance;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

tasuki_value::id! {
    /// Which data key; random, so that it does not tell even its age.
    pub KeyId;
}

/// The key of one patient or one group: seals cells, and brings forth the keys of its files. Cheap to clone.
#[derive(Clone)]
pub struct DataKey {
    id: KeyId,
    secret: Arc<Secret>,
}

/// A data key as it is stored: sealed by the key of an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    pub epoch: i64,
    pub bytes: Vec<u8>,
}
crate::columns!(Wrapped: epoch, bytes);

impl DataKey {
    pub(super) fn new(id: KeyId, secret: Secret) -> Self {
        Self { id, secret: Arc::new(secret) }
    }

    /// Which key this is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The key of the search index over what this key seals: it dies with this key.
    #[must_use]
    pub fn search_key(&self) -> hmac::Key {
        self.secret.derive(&[b"tasuki search 1"], hmac::HMAC_SHA256)
    }

    /// A keyed fingerprint: alike for alike words, and telling nothing of them to whom the key is unknown.
    #[must_use]
    pub fn mac(&self, words: &[u8]) -> [u8; 32] {
        self.marked(b"tasuki fingerprint 1", words)
    }

    /// An HMAC under a key of its own for each purpose.
    pub(super) fn marked(&self, purpose: &[u8], words: &[u8]) -> [u8; 32] {
        let key = self.secret.derive(&[purpose], hmac::HMAC_SHA256);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&key, words).as_ref());
        bytes
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.id)
    }
}

/// 32 secret bytes, made ready for AES-256-GCM once.
///
/// The bytes are wiped when the last owner goes; the cipher's own round keys are ring's and are not.
pub(super) struct Secret {
    bytes: Zeroizing<[u8; 32]>,
    cipher: LessSafeKey,
}

/// What sealing adds: nonce and tag.
pub(super) const SEALED_EXTRA: usize = NONCE_LEN + 16;

impl Secret {
    pub(super) fn draw(chance: &Chance) -> Self {
        Self::new(Zeroizing::new(chance.bytes()))
    }

    pub(super) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &*bytes).expect("AES-256 takes 32 bytes");
        Self { bytes, cipher: LessSafeKey::new(key) }
    }

    /// `None` when the bytes are not 32.
    pub(super) fn from_slice(bytes: &[u8]) -> Option<Self> {
        Some(Self::new(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Appends nonce ‖ ciphertext ‖ tag to `out`. The nonce is random: good for 2³² seals under one key.
    pub(super) fn seal(&self, chance: &Chance, context: &[u8], plain: &[u8], out: &mut Vec<u8>) {
        let nonce: [u8; NONCE_LEN] = chance.bytes();
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(plain);
        let tag = self
            .cipher
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut out[start..],
            )
            .expect("less than 64 GiB");
        out.extend_from_slice(tag.as_ref());
    }

    /// What [`Secret::seal`] appended, opened.
    pub(super) fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Malformed)?;
        let mut plain = body.to_vec();
        let length = self
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut plain)
            .map_err(|_| SealError::Refused)?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    /// A key of its own for each purpose (HKDF-SHA256).
    pub(super) fn derive<L, K>(&self, purpose: &[&[u8]], kind: L) -> K
    where
        L: hkdf::KeyType,
        K: for<'a> From<hkdf::Okm<'a, L>>,
    {
        let purpose = framed(purpose);
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(&*self.bytes);
        let info: [&[u8]; 1] = [&purpose];
        let derived = root.expand(&info, kind).expect("no longer than HKDF gives");
        K::from(derived)
    }
}

/// The parts one after the other, each behind its length: no two lists of parts look alike.
pub(super) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

#[cfg(test)]
mod tests {
    use super::framed;

    #[test]
    fn frames_tell_parts_apart() {
        assert_ne!(framed(&[b"ab", b"c"]), framed(&[b"a", b"bc"]));
        assert_ne!(framed(&[b"a"]), framed(&[b"a", b""]));
        assert_eq!(framed(&[b"a"]), [0, 0, 0, 0, 0, 0, 0, 1, b'a']);
    }
}
