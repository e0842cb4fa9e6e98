//! Cells: single values of a row, sealed to their place.
//!
//! version ‖ data key's id (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16): 45 bytes more than the plain value.

use super::key::{SEALED_EXTRA, framed};
use super::{DataKey, KeyId, SealError};
use crate::Chance;
use uuid::Uuid;

/// Where a cell lives. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: Uuid,
}

const VERSION: u8 = 1;
const HEAD: usize = 1 + 16;

impl DataKey {
    /// The value, sealed for its place.
    #[must_use]
    pub fn seal(&self, chance: &Chance, place: Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut cell = Vec::with_capacity(HEAD + SEALED_EXTRA + plain.len());
        cell.push(VERSION);
        cell.extend_from_slice(self.id().0.as_bytes());
        self.secret().seal(chance, &context(place), plain, &mut cell);
        cell
    }

    /// The value of a cell.
    ///
    /// # Errors
    /// [`SealError::OtherKey`] for a cell of another data key, [`SealError::Malformed`] for what is no cell,
    /// [`SealError::Refused`] for one that was changed or brought here from another place.
    pub fn open(&self, place: Place<'_>, cell: &[u8]) -> Result<Vec<u8>, SealError> {
        let sealed_by = key_of(cell).ok_or(SealError::Malformed)?;
        if sealed_by != self.id() {
            return Err(SealError::OtherKey(sealed_by));
        }
        self.secret().open(&context(place), &cell[HEAD..])
    }
}

/// Which data key sealed the cell; `None` for what is no cell.
#[must_use]
pub fn key_of(cell: &[u8]) -> Option<KeyId> {
    let (head, sealed) = cell.split_at_checked(HEAD)?;
    let (version, id) = head.split_first()?;
    let whole = *version == VERSION && sealed.len() >= SEALED_EXTRA;
    Uuid::from_slice(id).ok().filter(|_| whole).map(KeyId)
}

/// What tells one sealing from every other: drawn anew each time, so the same nonce is the same content. `None` for
/// what is no cell.
#[must_use]
pub fn nonce_of(cell: &[u8]) -> Option<[u8; 12]> {
    key_of(cell)?;
    cell.get(HEAD..HEAD + 12)?.try_into().ok()
}

fn context(place: Place<'_>) -> Vec<u8> {
    framed(&[b"tasuki cell 1", place.table.as_bytes(), place.column.as_bytes(), place.row.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::{Place, SealError, key_of};
    use crate::Chance;
    use crate::seal::Vault;
    use uuid::Uuid;

    const HERE: Place<'_> = Place { table: "posts", column: "body", row: Uuid::from_u128(7) };

    #[test]
    fn a_cell_opens_in_its_place() {
        let chance = Chance::seeded(1);
        let (key, _) = Vault::in_memory(&chance).mint(&chance);
        for plain in ["", "褥瘡の処置をしました。", &"長".repeat(10_000)] {
            let cell = key.seal(&chance, HERE, plain.as_bytes());
            assert_eq!(cell.len(), plain.len() + 45);
            assert_eq!(key_of(&cell), Some(key.id()));
            assert_eq!(key.open(HERE, &cell).unwrap(), plain.as_bytes());
            assert!(plain.is_empty() || !cell.windows(plain.len()).any(|part| part == plain.as_bytes()));
        }
        assert_ne!(key.seal(&chance, HERE, b"a"), key.seal(&chance, HERE, b"a"), "never the same bytes");
    }

    #[test]
    fn a_cell_opens_nowhere_else() {
        let chance = Chance::seeded(1);
        let (key, _) = Vault::in_memory(&chance).mint(&chance);
        let cell = key.seal(&chance, HERE, b"word");
        let elsewhere = [
            Place { table: "drafts", ..HERE },
            Place { column: "title", ..HERE },
            Place { row: Uuid::from_u128(8), ..HERE },
            Place { table: "postsbody", column: "", ..HERE },
        ];
        for place in elsewhere {
            assert_eq!(key.open(place, &cell), Err(SealError::Refused), "{place:?}");
        }
    }

    #[test]
    fn any_changed_or_missing_byte_is_refused() {
        let chance = Chance::seeded(1);
        let (key, _) = Vault::in_memory(&chance).mint(&chance);
        let cell = key.seal(&chance, HERE, b"word");
        for at in 0..cell.len() {
            let mut changed = cell.clone();
            changed[at] ^= 1;
            assert!(key.open(HERE, &changed).is_err(), "byte {at}");
            assert!(key.open(HERE, &cell[..at]).is_err(), "cut at {at}");
        }
        assert!(key.open(HERE, &[cell.as_slice(), &[0]].concat()).is_err());
        assert_eq!(key_of(b"plain text of some length, long enough to be a cell"), None);
        assert_eq!(key.open(HERE, b""), Err(SealError::Malformed));
    }

    #[test]
    fn another_key_is_told() {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let ((one, _), (other, _)) = (vault.mint(&chance), vault.mint(&chance));
        let cell = one.seal(&chance, HERE, b"word");
        assert_eq!(other.open(HERE, &cell), Err(SealError::OtherKey(one.id())));
        let mut relabelled = cell;
        relabelled[1..17].copy_from_slice(other.id().0.as_bytes());
        assert_eq!(other.open(HERE, &relabelled), Err(SealError::Refused));
    }
}
