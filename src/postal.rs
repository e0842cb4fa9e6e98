//! Postal code → address, from a table inside the binary (`data/README.md`). Nothing is unpacked or kept in
//! memory: a look-up is a binary search where the table lies.

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/postal.bin"));

/// Rows begin behind two counts; see `data/pack.rs`.
const HEAD: usize = 8;
const ROW: usize = 8;

/// What a postal code says of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Area {
    /// Three codes span two prefectures: the first stands here, and nothing of the other below.
    pub prefecture: String,
    /// 市区町村; empty where the code spans several.
    pub city: String,
    /// 町名, where there is one city.
    pub towns: Vec<String>,
    /// 市区町村 and 町名 as one line each: one to fill in, or several to choose from.
    pub lines: Vec<String>,
}

/// The address of a code of seven digits, if the post knows it.
#[must_use]
pub fn find(code: &str) -> Option<Area> {
    let wanted: u32 = code.parse().ok().filter(|_| code.len() == 7)?;
    let first = first_at(wanted);
    let rows = (first..count(0)).map_while(|row| at(row).filter(|(code, ..)| *code == wanted));
    let places: Vec<_> = rows.filter_map(|(_, area, town)| Some((area_name(area)?, word(town)))).collect();
    let ((prefecture, city), _) = *places.first()?;
    let mut found = Area { prefecture: prefecture.to_owned(), city: city.to_owned(), ..Area::default() };
    for ((_, city), town) in places.iter().filter(|((other, _), _)| *other == prefecture) {
        found.lines.push(format!("{city}{town}"));
        if !town.is_empty() {
            found.towns.push((*town).to_owned());
        }
        if *city != found.city {
            found.city.clear();
        }
    }
    if found.city.is_empty() {
        found.towns.clear();
    }
    Some(found)
}

fn count(which: usize) -> usize {
    number(which * 4, 4)
}

/// A little-endian number of so many bytes.
fn number(at: usize, bytes: usize) -> usize {
    let bytes = TABLE.get(at..at + bytes).unwrap_or_default();
    bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Code, area and town of a row.
fn at(row: usize) -> Option<(u32, usize, usize)> {
    let start = HEAD + row * ROW;
    let code = u32::try_from(number(start, 3)).ok()?;
    (row < count(0)).then(|| (code, number(start + 3, 2), number(start + 5, 3)))
}

fn first_at(wanted: u32) -> usize {
    let (mut low, mut high) = (0, count(0));
    while low < high {
        let middle = usize::midpoint(low, high);
        if at(middle).is_some_and(|(code, ..)| code < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn area_name(area: usize) -> Option<(&'static str, &'static str)> {
    word(number(HEAD + count(0) * ROW + area * 4, 4)).split_once('\t')
}

fn word(offset: usize) -> &'static str {
    let start = HEAD + count(0) * ROW + count(1) * 4 + offset;
    let length = number(start, 1);
    let bytes = TABLE.get(start + 1..start + 1 + length).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Area, TABLE, at, count, find};

    fn area(code: &str) -> Area {
        find(code).unwrap_or_else(|| panic!("{code}"))
    }

    #[test]
    fn a_code_tells_its_address() {
        let one = area("7000835");
        assert_eq!((one.prefecture.as_str(), one.lines), ("岡山県", vec!["岡山市北区東中央町".to_owned()]));
        let none = area("0010000");
        assert_eq!((none.towns, none.lines), (vec![], vec!["札幌市北区".to_owned()]));
        let many = area("4801103");
        assert!(many.towns.len() > 12 && many.city == "長久手市", "岩作…");
        assert_eq!(area("7008545").lines, ["岡山市北区大供"], "an office's own code");
    }

    #[test]
    fn a_code_that_spans_cities_names_none() {
        let codes = (0..count(0)).filter_map(at).collect::<Vec<_>>();
        let span = codes.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1).unwrap();
        let area = area(&format!("{:07}", span[0].0));
        assert!(area.city.is_empty() && area.towns.is_empty() && area.lines.len() > 1, "{area:?}");
    }

    #[test]
    fn what_the_post_does_not_know() {
        for code in ["9999999", "0000000", "", "700083", "70008350", "700-835", "abcdefg"] {
            assert_eq!(find(code), None, "{code}");
        }
    }

    #[test]
    fn the_first_and_the_last_row_are_found_and_all_are_in_order() {
        let rows = count(0);
        assert_eq!((rows, TABLE.len() < 2_400_000), (146_387, true), "{}", TABLE.len());
        let codes: Vec<u32> = (0..rows).map(|row| at(row).unwrap().0).collect();
        assert!(codes.is_sorted());
        for code in [codes[0], codes[rows - 1]] {
            assert!(find(&format!("{code:07}")).is_some());
        }
    }
}
