//! Text as it is sealed: in as few bytes as two common encodings allow.

use std::borrow::Cow;

/// What text in UTF-16 begins with. No text in UTF-8 holds either byte.
const MARK: [u8; 2] = [0xfe, 0xff];

/// The text in UTF-8, or behind a byte order mark in UTF-16 where that is shorter: a letter of Japanese has two bytes
/// there instead of three.
#[must_use]
pub fn pack(text: &str) -> Cow<'_, [u8]> {
    let wide = MARK.len() + 2 * text.encode_utf16().count();
    if text.len() <= wide {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut packed = Vec::with_capacity(wide);
    packed.extend_from_slice(&MARK);
    packed.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Cow::Owned(packed)
}

/// The text of [`pack`]ed bytes, or of plain UTF-8; `None` for what is neither.
#[must_use]
pub fn unpack(bytes: Vec<u8>) -> Option<String> {
    let Some(wide) = bytes.strip_prefix(&MARK) else { return String::from_utf8(bytes).ok() };
    let (units, []) = wide.as_chunks::<2>() else { return None };
    // Most of it are letters of three bytes.
    let mut text = String::with_capacity(3 * units.len());
    for letter in char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit))) {
        text.push(letter.ok()?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn every_text_comes_back_and_none_grows() {
        let texts = [
            "",
            "a",
            "あ",
            "BP 132/84, SpO2 97%",
            "体温36.8℃。\n皮膚は落ち着いています。",
            "🦷𠮷野家👨‍👩‍👧",
            "\u{feff}あいう",
        ];
        for text in texts {
            let packed = pack(text);
            assert!(packed.len() <= text.len(), "{text}");
            assert_eq!(unpack(packed.into_owned()).as_deref(), Some(text));
            assert_eq!(unpack(text.as_bytes().to_vec()).as_deref(), Some(text), "as it was kept before");
        }
        assert_eq!(pack(&"痛みの訴えなし。".repeat(25)).len(), 2 + 2 * 200);
        bolero::check!().with_type::<String>().for_each(|text| {
            assert_eq!(unpack(pack(text).into_owned()).as_deref(), Some(text.as_str()));
        });
    }

    #[test]
    fn what_is_no_text_is_none() {
        for bytes in [
            &[0xff][..],
            &[0xfe, 0xff, 0x30],
            &[0xfe, 0xff, 0xd8, 0x00],
            &[0xfe, 0xff, 0xdc, 0x00, 0x30, 0x42],
        ] {
            assert_eq!(unpack(bytes.to_vec()), None, "{bytes:?}");
        }
    }
}
