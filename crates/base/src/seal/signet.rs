//! A key that only signs: what it signed was made here, and by nobody who merely writes beside it.

use super::DataKey;
use super::key::framed;
use ring::hmac;
use std::fmt;

/// Cheap to clone. It lives in memory alone, and comes forth from a data key whenever that opens.
#[derive(Clone)]
pub struct Signet(hmac::Key);

impl DataKey {
    /// A signet of its own for each purpose.
    #[must_use]
    pub fn signet(&self, purpose: &[u8]) -> Signet {
        Signet(self.secret().derive(&[b"tasuki signet 1", purpose], hmac::HMAC_SHA256))
    }
}

impl Signet {
    /// HMAC-SHA256 over the parts, each behind its length.
    #[must_use]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&self.0, &framed(parts)).as_ref());
        bytes
    }

    /// Whether this, or its beginning of at least 16 bytes, is what [`Signet::sign`] gives; compared in constant time.
    #[must_use]
    pub fn is(&self, parts: &[&[u8]], signed: &[u8]) -> bool {
        let whole = self.sign(parts);
        let differs = whole.iter().zip(signed).fold(0, |differs, (own, given)| differs | (own ^ given));
        (16..=32).contains(&signed.len()) && differs == 0
    }
}

impl fmt::Debug for Signet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signet")
    }
}

#[cfg(test)]
mod tests {
    use crate::Chance;
    use crate::seal::Vault;

    #[test]
    fn a_signet_knows_its_own_and_nothing_else() {
        let chance = Chance::seeded(1);
        let (one, other) =
            (Vault::in_memory(&chance).mint(&chance).0, Vault::in_memory(&chance).mint(&chance).0);
        let (signet, signed) = (one.signet(b"here"), one.signet(b"here").sign(&[b"ab", b"c"]));
        assert!(signet.is(&[b"ab", b"c"], &signed) && signet.is(&[b"ab", b"c"], &signed[..16]));
        assert!(!signet.is(&[b"a", b"bc"], &signed) && !signet.is(&[b"ab", b"c"], &signed[..15]));
        assert!(!one.signet(b"there").is(&[b"ab", b"c"], &signed), "another purpose");
        assert!(!other.signet(b"here").is(&[b"ab", b"c"], &signed), "another key");
        for at in 0..32 {
            let mut changed = signed;
            changed[at] ^= 1;
            assert!(!signet.is(&[b"ab", b"c"], &changed), "byte {at}");
        }
    }
}
