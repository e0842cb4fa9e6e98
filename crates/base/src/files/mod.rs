//! What a file is, by its content: names and declared types are what somebody says.

mod boxes;
mod film;
mod kind;
mod office;
mod refusal;
mod samples;
#[cfg(test)]
mod tests;
mod text;

pub use film::{Film, blank_locations};
pub use kind::Kind;
pub use refusal::Refusal;

/// What `whole` is; office documents are looked through for macros and outside templates.
///
/// Images and films are known by their first bytes here: whether they can be read is found out by
/// [`crate::images::make_safe`] and [`blank_locations`], through which they must go anyway.
///
/// # Errors
/// Why it is not taken.
pub fn sniff(whole: &[u8]) -> Result<Kind, Refusal> {
    match first_look(whole)? {
        Look::Kind(kind) => Ok(kind),
        Look::Zip => office::sniff(whole),
        Look::MaybeText => text::check(whole, true).map(|()| Kind::Text),
    }
}

/// Refuses by the first bytes alone, to spare a person the rest of a hopeless upload. What passes here
/// may still be refused by [`sniff`]. A few kilobytes of `head` are enough.
///
/// # Errors
/// Why it will not be taken.
pub fn glance(head: &[u8]) -> Result<(), Refusal> {
    match first_look(head)? {
        Look::Kind(_) | Look::Zip => Ok(()),
        Look::MaybeText => text::check(head, false),
    }
}

enum Look {
    Kind(Kind),
    Zip,
    MaybeText,
}

fn first_look(head: &[u8]) -> Result<Look, Refusal> {
    if head.is_empty() {
        return Err(Refusal::Empty);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return brand(head).map(Look::Kind);
    }
    let kind = match head {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Kind::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Kind::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Kind::WebP,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => return Err(old_office(head)),
        [b'P', b'K', 3, 4, ..] => return Ok(Look::Zip),
        // Scanners put a little before the mark, and readers look for it in the first kilobyte.
        _ if contains(&head[..head.len().min(1024)], b"%PDF-") => Kind::Pdf,
        _ => return Ok(Look::MaybeText),
    };
    Ok(Look::Kind(kind))
}

/// Today's office programs wrap a document with a password into the old container.
fn old_office(head: &[u8]) -> Refusal {
    let utf16: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if contains(head, &utf16) { Refusal::Password } else { Refusal::OldOffice }
}

/// The kind of an ISO base media file by its main brand.
fn brand(head: &[u8]) -> Result<Kind, Refusal> {
    match head.get(8..12).unwrap_or_default() {
        b"qt  " => Ok(Kind::Mov),
        [b'i', b's', b'o', b'm' | b'2'..=b'9']
        | b"mp41"
        | b"mp42"
        | b"avc1"
        | b"MSNV"
        | b"M4V "
        | b"M4VH"
        | b"M4VP"
        | b"mmp4"
        | b"XAVC"
        | b"dash" => Ok(Kind::Mp4),
        [b'3', b'g', b'p' | b'2', _] => Ok(Kind::Mp4),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"mif1" | b"msf1" => {
            Err(Refusal::HeicNotConverted)
        }
        _ => Err(Refusal::Unknown),
    }
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}
