//! The master key on paper: four lines of sixteen letters, each with a sum of its own, so that a slip of the pen or of
//! the finger is told by its line.
//!
//! A line is eight bytes of the key and a CRC-16 over the line's number and those bytes, in Crockford's letters: no I,
//! L, O or U. The sum finds every single wrong letter, every two neighbours that changed places, and every line that
//! stands in another's place.

use super::master::MasterKey;
use crate::text::code_like;
use zeroize::Zeroizing;

/// Lines of a sheet.
pub const LINES: usize = 4;
/// Letters of a line.
pub const LETTERS: usize = 16;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BYTES: usize = 8;
/// What a stroke becomes under a Japanese keyboard.
const LONG: char = '\u{30fc}';

/// What is wrong with what was typed. Lines count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// So many lines instead of four.
    Lines(usize),
    /// So many letters instead of sixteen.
    Length { line: usize, count: usize },
    /// A letter that stands on no sheet.
    Letter { line: usize, letter: char },
    /// A letter is another than on the sheet, or the line belongs elsewhere.
    Sum { line: usize },
}

impl MasterKey {
    /// The four lines to print: `ABCD-EFGH-JKMN-PQRS`.
    #[must_use]
    pub fn to_lines(&self) -> [Zeroizing<String>; LINES] {
        std::array::from_fn(|at| line(at, &self.secret().bytes()[at * BYTES..(at + 1) * BYTES]))
    }

    /// The key behind four typed lines. Small and wide letters, blanks and strokes are all the same; what looks alike
    /// (O and 0, I, L and 1) is too. The lines may stand on one, with `/` between them or nothing at all.
    ///
    /// # Errors
    /// Every slip that was found.
    pub fn from_lines(typed: &str) -> Result<Self, Vec<Slip>> {
        let lines = split(typed);
        if lines.len() != LINES {
            return Err(vec![Slip::Lines(lines.len())]);
        }
        let (mut bytes, mut slips) = (Zeroizing::new(Vec::with_capacity(32)), Vec::new());
        for (at, letters) in lines.iter().enumerate() {
            match read(at, letters) {
                Ok(part) => bytes.extend_from_slice(&*part),
                Err(slip) => slips.push(slip),
            }
        }
        Self::from_slice(&bytes).filter(|_| slips.is_empty()).ok_or(slips)
    }
}

fn line(at: usize, part: &[u8]) -> Zeroizing<String> {
    let mut number = Zeroizing::new([0; 16]);
    number[6..6 + BYTES].copy_from_slice(part);
    number[14..].copy_from_slice(&sum(at, part).to_be_bytes());
    let number = u128::from_be_bytes(*number);
    let mut text = Zeroizing::new(String::with_capacity(LETTERS + 3));
    for place in (0..LETTERS).rev() {
        text.push(char::from(ALPHABET[(number >> (place * 5)) as usize & 31]));
        if place % 4 == 0 && place > 0 {
            text.push('-');
        }
    }
    text
}

/// The lines, of letters and digits alone.
fn split(typed: &str) -> Vec<Zeroizing<String>> {
    let letters = |line: &str| -> Zeroizing<String> {
        let known = line.chars().filter(|letter| letter.is_alphanumeric() && *letter != LONG);
        Zeroizing::new(known.map(|letter| letter.to_ascii_uppercase()).collect())
    };
    let plain = typed.lines().map(|line| Zeroizing::new(code_like(line)));
    let mut lines: Vec<_> = plain.flat_map(|line| line.split('/').map(letters).collect::<Vec<_>>()).collect();
    lines.retain(|line| !line.is_empty());
    match lines.as_slice() {
        [one] if one.is_ascii() && one.len() == LINES * LETTERS => {
            let part = |at: usize| Zeroizing::new(one[at * LETTERS..(at + 1) * LETTERS].to_owned());
            (0..LINES).map(part).collect()
        }
        _ => lines,
    }
}

fn read(at: usize, letters: &str) -> Result<Zeroizing<[u8; BYTES]>, Slip> {
    let count = letters.chars().count();
    // The line's number stands before it on the sheet; some type it too.
    let letters = match letters.strip_prefix(char::from(b'1' + at as u8)) {
        Some(rest) if count == LETTERS + 1 => rest,
        _ if count == LETTERS => letters,
        _ => return Err(Slip::Length { line: at + 1, count }),
    };
    let mut number: u128 = 0;
    for letter in letters.chars() {
        let value = value_of(letter).ok_or(Slip::Letter { line: at + 1, letter })?;
        number = (number << 5) | value;
    }
    let bytes = Zeroizing::new(number.to_be_bytes());
    let part: Zeroizing<[u8; BYTES]> = Zeroizing::new(bytes[6..14].try_into().expect("eight of them"));
    let told = u16::from_be_bytes([bytes[14], bytes[15]]);
    if told == sum(at, &*part) { Ok(part) } else { Err(Slip::Sum { line: at + 1 }) }
}

fn value_of(letter: char) -> Option<u128> {
    let alike = match letter {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == alike).map(|at| at as u128)
}

/// CRC-16 (CCITT), over the line's number first.
fn sum(at: usize, part: &[u8]) -> u16 {
    std::iter::once(at as u8).chain(part.iter().copied()).fold(0xffff, |mut sum: u16, byte| {
        sum ^= u16::from(byte) << 8;
        for _ in 0..8 {
            sum = if sum & 0x8000 == 0 { sum << 1 } else { (sum << 1) ^ 0x1021 };
        }
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, LETTERS, Slip};
    use crate::Chance;
    use crate::seal::MasterKey;

    fn key() -> MasterKey {
        MasterKey::draw(&Chance::seeded(1))
    }

    fn sheet(key: &MasterKey) -> Vec<String> {
        key.to_lines().iter().map(|line| line.to_string()).collect()
    }

    fn read(lines: &[String]) -> Result<[u8; 32], Vec<Slip>> {
        MasterKey::from_lines(&lines.join("\n")).map(|key| *key.secret().bytes())
    }

    #[test]
    fn a_key_goes_to_paper_and_comes_back() {
        for seed in 0..50 {
            let key = MasterKey::draw(&Chance::seeded(seed));
            assert_eq!(read(&sheet(&key)).unwrap(), *key.secret().bytes());
        }
        for extreme in [[0; 32], [255; 32]] {
            let key = MasterKey::from_slice(&extreme).unwrap();
            assert_eq!(read(&sheet(&key)).unwrap(), extreme);
        }
        assert!(sheet(&key()).iter().all(|line| line.len() == LETTERS + 3), "{:?}", sheet(&key()));
    }

    #[test]
    fn however_it_is_typed() {
        let (key, lines) = (key(), sheet(&key()));
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            other => other,
        };
        let numbered: Vec<_> =
            lines.iter().enumerate().map(|(at, line)| format!("{}: {line}", at + 1)).collect();
        for typed in [
            lines.join("\r\n"),
            lines.join("/"),
            lines.concat(),
            numbered.join("\n"),
            format!("\n\n{}\n\n", lines.join("\n\n")),
            lines.join("\n").to_lowercase().replace('-', "　"),
            lines.join("\n").chars().map(wide).collect(),
            lines.join("\n").replace('0', "o").replace('1', "l"),
            lines.join("\n").replace('-', "ー"),
        ] {
            let read = MasterKey::from_lines(&typed);
            assert_eq!(read.expect(&typed).mark(), key.mark());
        }
    }

    #[test]
    fn every_wrong_letter_is_told_by_its_line() {
        let lines = sheet(&key());
        for (at, line) in lines.iter().enumerate() {
            for place in (0..line.len()).filter(|place| line.as_bytes()[*place] != b'-') {
                for other in ALPHABET.iter().filter(|other| **other != line.as_bytes()[place]) {
                    let mut slipped = lines.clone();
                    slipped[at].replace_range(place..=place, &char::from(*other).to_string());
                    assert_eq!(read(&slipped).unwrap_err(), [Slip::Sum { line: at + 1 }], "{slipped:?}");
                }
            }
        }
    }

    #[test]
    fn letters_and_lines_that_changed_places_are_told() {
        let lines = sheet(&key());
        for (at, line) in lines.iter().enumerate() {
            let letters: Vec<char> = line.chars().filter(|letter| *letter != '-').collect();
            for place in (1..LETTERS).filter(|place| letters[place - 1] != letters[*place]) {
                let mut swapped = letters.clone();
                swapped.swap(place - 1, place);
                let mut slipped = lines.clone();
                slipped[at] = swapped.into_iter().collect();
                assert_eq!(read(&slipped).unwrap_err(), [Slip::Sum { line: at + 1 }]);
            }
        }
        let mut exchanged = lines.clone();
        exchanged.swap(1, 2);
        assert_eq!(read(&exchanged).unwrap_err(), [Slip::Sum { line: 2 }, Slip::Sum { line: 3 }]);
    }

    #[test]
    fn what_is_missing_or_no_letter_is_told() {
        let lines = sheet(&key());
        assert_eq!(read(&lines[..3]).unwrap_err(), [Slip::Lines(3)]);
        assert_eq!(read(&[]).unwrap_err(), [Slip::Lines(0)]);
        let mut short = lines.clone();
        short[2].pop();
        assert_eq!(read(&short).unwrap_err(), [Slip::Length { line: 3, count: 15 }]);
        let mut odd = lines.clone();
        odd[0].replace_range(0..1, "U");
        odd[3].replace_range(18..19, "ア");
        let slips = [Slip::Letter { line: 1, letter: 'U' }, Slip::Letter { line: 4, letter: 'ア' }];
        assert_eq!(read(&odd).unwrap_err(), slips);
    }
}
