use super::*;

/// 「氏名,血圧」 and a half-width ｱ, as Windows writes it.
const SHIFT_JIS: &[u8] = b"\x8E\x81\x96\xBC,\x8C\x8C\x88\xB3\r\n\xB1,120\r\n";

#[test]
fn tables_from_windows_are_text() {
    assert_eq!(sniff(SHIFT_JIS), Ok(Kind::Text));
    assert_eq!(sniff("\u{FEFF}氏名,血圧\n".as_bytes()), Ok(Kind::Text));
    assert_eq!(sniff(b"plain\x1A"), Ok(Kind::Text), "the end mark of old systems");
}

#[test]
fn a_head_cut_inside_a_character_is_not_held_against_it() {
    let utf8 = "血圧".as_bytes();
    assert_eq!(glance(&utf8[..4]), Ok(()));
    assert_eq!(sniff(&[b'a', 0xE8, b'"']), Err(Refusal::Unknown));
    assert_eq!(glance(&SHIFT_JIS[..3]), Ok(()));
    assert_eq!(sniff(&SHIFT_JIS[..3]), Err(Refusal::Unknown), "whole, it would be broken");
}

#[test]
fn a_note_in_angle_brackets_is_no_markup() {
    assert_eq!(sniff("<重要>明日は休みです".as_bytes()), Ok(Kind::Text));
    assert_eq!(sniff("3 < 5\n<".as_bytes()), Ok(Kind::Text));
}

#[test]
fn drawings_and_pages_do_not_pass_as_text() {
    let comment = format!("<!-- {} --><svg onload='x()'/>", "long ".repeat(200));
    for bytes in ["\u{FEFF}  <SVG>", "<?xml version='1.0'?>\n<s:svg xmlns:s='…'/>", &comment] {
        assert_eq!(sniff(bytes.as_bytes()), Err(Refusal::Svg), "{bytes}");
    }
    assert_eq!(sniff(b"\n\n<script>x()</script>"), Err(Refusal::Unknown));
}

#[test]
fn bytes_that_no_text_has_are_refused() {
    for bytes in [b"a\0b".as_slice(), b"\x1B[31mred", b"\xFF\xFEa\0", b"caf\xA0\xFD"] {
        assert_eq!(sniff(bytes), Err(Refusal::Unknown), "{bytes:?}");
    }
}
