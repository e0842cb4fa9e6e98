//! Ids are UUIDs, shown to people and programs as 26 letters of Crockford's base32.

use uuid::Uuid;

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The 26 letters of an id; sorts as the id does.
///
/// ```
/// let id = tasuki_value::decode_id("01hzy3v5c2k4m6p8r0t2w4y6z8").unwrap();
/// assert_eq!(tasuki_value::encode_id(id), "01hzy3v5c2k4m6p8r0t2w4y6z8");
/// ```
#[must_use]
pub fn encode(id: Uuid) -> String {
    let mut rest = id.as_u128();
    let mut letters = [0_u8; 26];
    for letter in letters.iter_mut().rev() {
        *letter = LETTERS[(rest & 31) as usize];
        rest >>= 5;
    }
    letters.iter().map(|&letter| char::from(letter)).collect()
}

/// The id behind 26 letters; capitals are taken, anything else is `None`.
#[must_use]
pub fn decode(text: &str) -> Option<Uuid> {
    if text.len() != 26 {
        return None;
    }
    let mut number: u128 = 0;
    for (place, byte) in text.bytes().enumerate() {
        let low = byte.to_ascii_lowercase();
        let digit = LETTERS.iter().position(|&letter| letter == low)? as u128;
        // 26 letters carry 130 bits: the first may only be 0 to 7.
        if place == 0 && digit > 7 {
            return None;
        }
        number = (number << 5) | digit;
    }
    Some(Uuid::from_u128(number))
}

/// Declares a type of ids: a UUID that cannot be mistaken for another kind's.
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $vis:vis $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name(pub $crate::reexport::Uuid);

        impl $crate::Bind for $name {
            fn value(&self) -> $crate::Value<'_> {
                $crate::Value::Uuid(self.0)
            }
        }
        impl $crate::Col for $name {
            fn from_value(value: $crate::Value<'_>) -> Option<Self> {
                <$crate::reexport::Uuid as $crate::Col>::from_value(value).map(Self)
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::encode_id(self.0))
            }
        }
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), $crate::encode_id(self.0))
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::decode_id(text).map(Self).ok_or("not an id")
            }
        }
        impl $crate::reexport::serde::Serialize for $name {
            fn serialize<S: $crate::reexport::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(&$crate::encode_id(self.0))
            }
        }
        impl<'de> $crate::reexport::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::reexport::serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as $crate::reexport::serde::Deserialize>::deserialize(input)?;
                text.parse().map_err($crate::reexport::serde::de::Error::custom)
            }
        }
    )+};
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use uuid::Uuid;

    #[test]
    fn letters_and_back() {
        for id in [Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0192_ffee_0000_7000_8000_1234_5678_9abc)] {
            let letters = encode(id);
            assert_eq!(letters.len(), 26);
            assert_eq!(decode(&letters), Some(id));
            assert_eq!(decode(&letters.to_uppercase()), Some(id));
        }
    }

    #[test]
    fn letters_sort_as_ids_do() {
        let (early, late) = (Uuid::from_u128(1 << 90), Uuid::from_u128(1 << 91));
        assert!(encode(early) < encode(late));
    }

    #[test]
    fn what_is_not_an_id() {
        for text in [
            "",
            "あ",
            "01hzy3v5c2k4m6p8r0t2w4y6z",
            "81hzy3v5c2k4m6p8r0t2w4y6z8",
            "u1hzy3v5c2k4m6p8r0t2w4y6z8",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
