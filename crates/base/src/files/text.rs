//! Whether bytes are plain text, in UTF-8 or Shift_JIS.

use super::Refusal;

/// `complete` is false when `bytes` are the head of something longer, cut anywhere.
pub(super) fn check(bytes: &[u8], complete: bool) -> Result<(), Refusal> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(refusal) = markup(bytes) {
        return Err(refusal);
    }
    if bytes.iter().copied().any(is_binary) || !(is_utf8(bytes, complete) || is_shift_jis(bytes, complete)) {
        return Err(Refusal::Unknown);
    }
    Ok(())
}

/// Markup may do things when opened; "<重要>" at the start of a note is not markup.
fn markup(bytes: &[u8]) -> Option<Refusal> {
    let start = bytes.trim_ascii_start();
    match start {
        [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => {
            let head = start[..start.len().min(4096)].to_ascii_lowercase();
            Some(if super::contains(&head, b"svg") { Refusal::Svg } else { Refusal::Unknown })
        }
        _ => None,
    }
}

/// Control characters that no text has; form feed and the end mark of old systems are let through.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0B | 0x0E..=0x19 | 0x1B..=0x1F | 0x7F)
}

fn is_utf8(bytes: &[u8], complete: bool) -> bool {
    match std::str::from_utf8(bytes) {
        Ok(_) => true,
        Err(error) => !complete && error.error_len().is_none(),
    }
}

/// Whether the bytes follow the pattern of Shift_JIS as Windows writes it.
fn is_shift_jis(bytes: &[u8], complete: bool) -> bool {
    let mut bytes = bytes.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            0x00..=0x7F | 0xA1..=0xDF => {}
            0x81..=0x9F | 0xE0..=0xFC => match bytes.next() {
                Some(0x40..=0x7E | 0x80..=0xFC) => {}
                None if !complete => {}
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}
