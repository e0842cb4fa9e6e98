mod film;
mod fuzz;
mod office;
mod text;

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../tests/fixtures/", $name)).as_slice()
    };
}
use fixture;

/// A small generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).unwrap()
    }

    /// The bytes with a few changed, and sometimes cut.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.roll(8) {
            let at = self.roll(bytes.len());
            // Extremes in lengths and counts find more than chance does.
            bytes[at] = [0, 1, 0x7F, 0x80, 0xFF, self.roll(256) as u8][self.roll(6)];
        }
        if self.roll(4) == 0 {
            bytes.truncate(self.roll(bytes.len()));
        }
        bytes
    }
}

#[test]
fn content_tells_the_kind() {
    for (bytes, kind) in [
        (fixture!("photo.jpg"), Kind::Jpeg),
        (fixture!("drawing.png"), Kind::Png),
        (fixture!("photo.webp"), Kind::WebP),
        (fixture!("moving.gif"), Kind::Gif),
        (fixture!("film.mp4"), Kind::Mp4),
        (fixture!("film.mov"), Kind::Mov),
        (fixture!("page.pdf"), Kind::Pdf),
        (fixture!("plain.docx"), Kind::Docx),
        (fixture!("plain.xlsx"), Kind::Xlsx),
        (fixture!("plain.pptx"), Kind::Pptx),
        ("血圧,脈拍\n120,70\n".as_bytes(), Kind::Text),
    ] {
        assert_eq!(sniff(bytes), Ok(kind));
        for end in [16.min(bytes.len()), bytes.len() / 2, bytes.len()] {
            assert_eq!(glance(&bytes[..end]), Ok(()), "{kind:?} at {end}");
        }
    }
}

#[test]
fn what_is_not_taken_is_refused_by_its_reason() {
    for (bytes, refusal) in [
        (b"".as_slice(), Refusal::Empty),
        (fixture!("photo.heic"), Refusal::HeicNotConverted),
        (fixture!("drawing.svg"), Refusal::Svg),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old word", Refusal::OldOffice),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01", Refusal::Unknown),
        (b"\0\0\0\x18ftyp", Refusal::Unknown),
        (b"MZ\x90\0\x03", Refusal::Unknown),
        (b"\x7FELF\x02\x01\x01\0", Refusal::Unknown),
        (b"<!DOCTYPE html><p>hello", Refusal::Unknown),
        (b"PK\x05\x06\0\0\0\0", Refusal::Unknown),
    ] {
        assert_eq!(sniff(bytes), Err(refusal), "{:?}", String::from_utf8_lossy(bytes));
        assert_eq!(glance(bytes), Err(refusal), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_document_with_a_password_is_told_apart_from_an_old_one() {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 directory ".to_vec();
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(sniff(&bytes), Err(Refusal::Password));
}

#[test]
fn a_scan_with_a_little_before_its_mark_is_still_a_pdf() {
    let mut bytes = b"\r\n\xEF\xBB\xBF".to_vec();
    bytes.extend_from_slice(fixture!("page.pdf"));
    assert_eq!(sniff(&bytes), Ok(Kind::Pdf));
}

#[test]
fn kinds_are_stored_and_read_back() {
    use tasuki_value::{Bind, Col};
    for &kind in Kind::ALL {
        assert_eq!(Kind::from_value(kind.value()), Some(kind));
        assert!(kind.allows(kind.extension()) && kind.allows(&kind.extension().to_ascii_uppercase()));
        assert!(!kind.allows("exe"));
        assert!(kind.media_type().contains('/'));
    }
    assert!(Kind::Jpeg.allows("JPEG") && Kind::Text.allows("csv") && !Kind::Pdf.allows("docx"));
    assert!(!Kind::Pdf.shows_inline() && Kind::Mov.shows_inline() && !Kind::Docx.shows_inline());
    assert!(!Kind::Text.shows_inline());
}

#[test]
fn no_content_makes_it_panic() {
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    for original in
        [fixture!("plain.docx"), fixture!("template.docx"), fixture!("page.pdf"), fixture!("film.mov")]
    {
        for _ in 0..300 {
            let bytes = dice.damage(original);
            let _ = (sniff(&bytes), glance(&bytes));
        }
    }
    for length in 0..300 {
        let bytes: Vec<u8> = (0..length).map(|_| dice.roll(256) as u8).collect();
        let _ = (sniff(&bytes), glance(&bytes));
    }
}
