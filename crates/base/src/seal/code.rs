//! Codes: short keyed marks of words, by which the same words are known again although they are not kept.

use super::key::framed;
use super::{DataKey, Place};

/// So many bytes of an HMAC: nobody hits upon one by trying.
pub const CODE: usize = 16;

impl DataKey {
    /// Alike for the same words in the same place, and in no other; it tells nothing of them to whom the key is
    /// unknown, and dies with the key.
    #[must_use]
    pub fn code(&self, place: Place<'_>, words: &[u8]) -> [u8; CODE] {
        let Place { table, column, row } = place;
        let said = framed(&[table.as_bytes(), column.as_bytes(), row.as_bytes(), words]);
        let mut code = [0; CODE];
        code.copy_from_slice(&self.marked(b"tasuki code 1", &said)[..CODE]);
        code
    }

    /// Whether this is the code of these words in this place. Takes as long for a nearly right one as for any other.
    #[must_use]
    pub fn is_code(&self, place: Place<'_>, words: &[u8], code: &[u8]) -> bool {
        let right = self.code(place, words);
        let differs = right.iter().zip(code).fold(0, |bits, (one, other)| bits | (one ^ other));
        code.len() == CODE && std::hint::black_box(differs) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{CODE, Place};
    use crate::Chance;
    use crate::seal::{Vault, key_of};
    use uuid::Uuid;

    const HERE: Place<'_> = Place { table: "posts", column: "digest", row: Uuid::from_u128(7) };

    #[test]
    fn the_same_words_have_the_same_code() {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let (key, wrapped) = vault.mint(&chance);
        let code = key.code(HERE, b"word");
        assert!(key.is_code(HERE, b"word", &code));
        let again = vault.unwrap(key.id(), &wrapped).unwrap();
        assert_eq!(again.code(HERE, b"word"), code, "also after the key was asked for again");
        assert_eq!(key_of(&code), None, "never taken for a cell");
    }

    #[test]
    fn other_words_another_place_or_another_key_have_another_code() {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let ((key, _), (other, _)) = (vault.mint(&chance), vault.mint(&chance));
        let code = key.code(HERE, b"word");
        let elsewhere = [
            Place { table: "drafts", ..HERE },
            Place { column: "body", ..HERE },
            Place { row: Uuid::from_u128(8), ..HERE },
            Place { table: "postsdigest", column: "", ..HERE },
        ];
        for place in elsewhere {
            assert!(!key.is_code(place, b"word", &code), "{place:?}");
        }
        assert!(!key.is_code(HERE, b"words", &code) && !key.is_code(HERE, b"", &code));
        assert!(!other.is_code(HERE, b"word", &code));
    }

    #[test]
    fn a_code_is_right_as_a_whole_or_not_at_all() {
        let chance = Chance::seeded(1);
        let (key, _) = Vault::in_memory(&chance).mint(&chance);
        let code = key.code(HERE, b"word");
        for at in 0..CODE {
            let mut changed = code;
            changed[at] ^= 1;
            assert!(!key.is_code(HERE, b"word", &changed), "byte {at}");
            assert!(!key.is_code(HERE, b"word", &code[..at]), "cut at {at}");
        }
        assert!(!key.is_code(HERE, b"word", &[code.as_slice(), &[0]].concat()));
    }
}
