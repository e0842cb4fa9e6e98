//! Turns `data/postal.csv.gz` into `postal.bin`, the table that `src/postal.rs` reads where it lies.
//!
//! ```text
//! rows u32 · areas u32
//! rows × 8 bytes, sorted by code: code u24 · area u16 · town u24 (offset in the pool)
//! areas × offset u32 in the pool, of "prefecture TAB city"
//! pool: length u8 · text, each text once
//! ```
//! All numbers little-endian.

use std::collections::HashMap;
use std::io::{self, Read as _};
use std::path::Path;

/// Packs the table, unless a packed one newer than its source is there.
pub fn pack(source: &Path, to: &Path) -> io::Result<()> {
    let age = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified());
    if let (Ok(made), Ok(source)) = (age(to), age(source))
        && made > source
    {
        return Ok(());
    }
    let mut csv = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(source)?).read_to_string(&mut csv)?;
    std::fs::write(to, table(&csv).ok_or_else(|| io::Error::other("data/postal.csv.gz: a row is wrong"))?)
}

fn table(csv: &str) -> Option<Vec<u8>> {
    let mut pool = Pool::default();
    let mut areas: Vec<u32> = Vec::new();
    let mut numbers: HashMap<String, u16> = HashMap::new();
    let mut rows = Vec::new();
    for line in csv.lines().skip(1) {
        let [code, prefecture, city, town] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
        let area = format!("{prefecture}\t{city}");
        let number = match numbers.get(&area) {
            Some(number) => *number,
            None => {
                let number = u16::try_from(areas.len()).ok()?;
                areas.push(pool.offset(&area)?);
                numbers.insert(area, number);
                number
            }
        };
        rows.extend_from_slice(&code.parse::<u32>().ok()?.to_le_bytes()[..3]);
        rows.extend_from_slice(&number.to_le_bytes());
        rows.extend_from_slice(&pool.offset(town)?.to_le_bytes()[..3]);
    }
    let mut table = Vec::new();
    table.extend_from_slice(&u32::try_from(rows.len() / 8).ok()?.to_le_bytes());
    table.extend_from_slice(&u32::try_from(areas.len()).ok()?.to_le_bytes());
    table.extend_from_slice(&rows);
    table.extend(areas.iter().flat_map(|offset| offset.to_le_bytes()));
    table.extend_from_slice(&pool.bytes);
    Some(table)
}

#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Pool {
    fn offset(&mut self, text: &str) -> Option<u32> {
        if let Some(known) = self.known.get(text) {
            return Some(*known);
        }
        let offset = u32::try_from(self.bytes.len()).ok().filter(|offset| *offset < 1 << 24)?;
        self.bytes.push(u8::try_from(text.len()).ok()?);
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.to_owned(), offset);
        Some(offset)
    }
}
