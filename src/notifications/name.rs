//! Names as they may stand in a mail: a stranger chooses their own, and a mail program makes links of whatever
//! looks like an address.

use tasuki_base::text;

/// So many characters of a name stand in a mail.
const LONGEST: usize = 40;
/// Between the parts of a foreign name in katakana.
const MIDDLE_DOT: char = '\u{30fb}';

/// A person's or a facility's name without anything a mail program would make a link of.
#[must_use]
pub fn safe(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut run = String::new();
    for c in text::line(name).chars() {
        if in_address(narrow(c)) {
            run.push(c);
        } else {
            kept.push_str(&harmless(&run));
            run.clear();
            kept.push(c);
        }
    }
    kept.push_str(&harmless(&run));
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&kept)
}

/// What stands for an ASCII letter stands for an address, too.
const fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(c as u32 - 0xfee0) {
            Some(narrow) => narrow,
            None => c,
        },
        '\u{3002}' | '\u{ff61}' | '\u{2024}' => '.',
        c => c,
    }
}

const fn in_address(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | ':' | '/' | '@' | '_' | '-' | '%' | '?' | '#' | '&' | '=' | '+' | '~')
}

/// An address goes; a mere dot between letters (St.Luke) becomes one that no mail program reads.
fn harmless(run: &str) -> String {
    let plain: String = run.chars().map(narrow).collect();
    let lower = plain.to_ascii_lowercase();
    if ["@", "//", "www.", "mailto:"].iter().any(|mark| lower.contains(mark)) || has_path(&lower) {
        return " ".to_owned();
    }
    let letters: Vec<char> = plain.chars().collect();
    let between = |at: usize| {
        let near =
            |at: Option<usize>| at.and_then(|at| letters.get(at)).is_some_and(char::is_ascii_alphanumeric);
        letters.get(at) == Some(&'.') && near(at.checked_sub(1)) && near(Some(at + 1))
    };
    run.chars().enumerate().map(|(at, c)| if between(at) { MIDDLE_DOT } else { c }).collect()
}

fn has_path(run: &str) -> bool {
    run.split_once('/').is_some_and(|(host, _)| host.contains('.'))
}

fn cut(name: &str) -> String {
    if !text::is_longer(name, LONGEST) {
        return name.to_owned();
    }
    let whole = |end: &usize| text::graphemes(&name[..*end]) < LONGEST;
    let ends = name.char_indices().map(|(end, _)| end).take_while(whole);
    format!("{}…", &name[..ends.last().unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, safe};
    use tasuki_base::text::graphemes;

    #[test]
    fn names_of_people_and_places_stay_as_they_are() {
        for name in [
            "森山 みどり",
            "あおぞら在宅クリニック",
            "Dr.佐藤 医院",
            "ケア・プラン 24",
            "髙橋 𠮷郎",
            "A-1訪問看護",
        ] {
            assert_eq!(safe(name), name);
        }
        assert_eq!(safe("St.Luke クリニック"), "St・Luke クリニック");
    }

    #[test]
    fn nothing_is_left_that_a_mail_program_makes_a_link_of() {
        for (name, left) in [
            ("当選 https://evil.example/x?y=1 医院", "当選 医院"),
            ("evil.example/login", ""),
            ("www.evil.com", ""),
            ("ＷＷＷ．ｅｖｉｌ．ｃｏｍ 医院", "医院"),
            ("evil.com", "evil・com"),
            ("ｅｖｉｌ．ｃｏｍ", "ｅｖｉｌ・ｃｏｍ"),
            ("evil。com", "evil・com"),
            ("連絡は a@evil.com まで", "連絡は まで"),
        ] {
            assert_eq!(safe(name), left);
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(safe(&"長".repeat(40)), "長".repeat(40));
        let cut = safe(&"👩🏽‍⚕️".repeat(60));
        assert_eq!(graphemes(&cut), LONGEST);
        assert!(cut.ends_with('…'));
    }
}
