//! Which passwords are taken: 13 characters or more that an estimator does not guess.

use super::limits::table;
use super::proof;
use crate::{House, Outcome, Trouble, phrases};
use tasuki_base::password::Crowded;
use tasuki_base::text;
use zxcvbn::Score;

pub const SHORTEST: usize = 13;
pub const LONGEST: usize = 128;
/// Of the person's own words so much is looked for, in letters: the work grows with it.
const ABOUT: usize = 100;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    Missing,
    /// An input method was left on: nobody could type it again the same way.
    FullWidth,
    /// So many characters are missing.
    Short(usize),
    Long,
    Guessable,
}

impl Weak {
    /// What the person reads beside the field.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Missing => phrases::PASSWORD_MISSING.to_owned(),
            Self::FullWidth => phrases::PASSWORD_FULL_WIDTH.to_owned(),
            Self::Short(missing) => phrases::password_short(missing),
            Self::Long => phrases::PASSWORD_LONG.to_owned(),
            Self::Guessable => phrases::PASSWORD_GUESSABLE.to_owned(),
        }
    }
}

/// Judges a password; `about` are the person's own words (name, reading, mail address, workplace), which an
/// attacker who knows them tries first. What has not the shape of one is told at once; guessing is counted against
/// `who` (an account, a mailed link), and done on a thread that nobody waits for.
///
/// # Errors
/// [`Trouble::TooMany`] where `who` has had many guessed at; [`Trouble::Busy`] while very many wait; within, what is weak
/// about it.
pub async fn weigh(house: &House, who: String, password: &str, about: &[&str]) -> Outcome<Result<(), Weak>> {
    if let Err(weak) = shape(password) {
        return Ok(Err(weak));
    }
    proof::admit_one(house, &table::WEIGHED, who).await?;
    let about: Vec<String> = about.iter().map(|text| text::cut(text, ABOUT).to_owned()).collect();
    let typed = password.to_owned();
    let judged = house
        .hasher
        .weigh(String::new(), move |_| judge(&typed, &about.iter().map(String::as_str).collect::<Vec<_>>()));
    judged.await.map_err(|Crowded| Trouble::Busy)
}

/// What is seen of a password without any guessing, in next to no time.
///
/// # Errors
/// Says what is weak about it.
pub fn shape(password: &str) -> Result<(), Weak> {
    if password.len() > LONGEST * size_of::<char>() {
        return Err(Weak::Long);
    }
    let length = password.chars().count();
    if password.is_empty() {
        Err(Weak::Missing)
    } else if text::has_full_width(password) {
        Err(Weak::FullWidth)
    } else if length < SHORTEST {
        Err(Weak::Short(SHORTEST - length))
    } else if length > LONGEST {
        Err(Weak::Long)
    } else {
        Ok(())
    }
}

fn judge(password: &str, about: &[&str]) -> Result<(), Weak> {
    shape(password)?;
    if guessable(password, about) { Err(Weak::Guessable) } else { Ok(()) }
}

fn guessable(password: &str, about: &[&str]) -> bool {
    let mut words: Vec<String> = vec!["tasuki".to_owned()];
    for own in about.iter().filter(|own| !own.is_empty()) {
        let own = text::cut(own, ABOUT);
        let romaji = text::romaji(own);
        let pieces = own.split(|c: char| !c.is_alphanumeric()).chain(romaji.split(' '));
        words.extend(pieces.filter(|piece| piece.len() > 1).map(str::to_lowercase));
        words.push(own.to_lowercase());
        words.push(romaji.replace(' ', ""));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    zxcvbn::zxcvbn(password, &words).score() < Score::Three || little_else(password, words)
}

/// Whether hardly anything is left of a password without the person's own words: the estimator takes two of
/// them in a row for two good words.
fn little_else(password: &str, mut words: Vec<&str>) -> bool {
    const ENOUGH: usize = 8;
    words.retain(|word| word.len() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let bare = words.iter().fold(password.to_lowercase(), |rest, word| rest.replace(word, ""));
    bare.len() < password.to_lowercase().len() && bare.chars().count() < ENOUGH
}

#[cfg(test)]
mod tests {
    use super::{Weak, judge};

    const ABOUT: &[&str] =
        &["森山", "もりやま", "みどり", "midori.moriyama@example.jp", "あおぞら在宅クリニック"];

    #[test]
    fn a_long_and_odd_one_is_taken() {
        for good in ["asagao-no-michi-2026", "kawa 7 tsuki momo", "Yuki/Hotaru/38-kumo"] {
            assert_eq!(judge(good, ABOUT), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_short_one_is_told_how_much_is_missing() {
        assert_eq!(judge("", ABOUT), Err(Weak::Missing));
        assert_eq!(judge("x7!fQ2#", ABOUT), Err(Weak::Short(6)));
        assert_eq!(judge(&"x7!fQ2#m".repeat(17), ABOUT), Err(Weak::Long));
    }

    #[test]
    fn full_width_is_pointed_out() {
        assert_eq!(judge("ａｓａｇａｏ-no-michi-2026", ABOUT), Err(Weak::FullWidth));
        assert_eq!(judge("あさがおのみちをあるいていく", ABOUT), Err(Weak::FullWidth));
    }

    #[test]
    fn what_anybody_would_try_is_guessable() {
        let tried = [
            "password123456",
            "1234567890123",
            "qwertyuiop123",
            "aaaaaaaaaaaaaaaa",
            "moriyamamidori",
            "MidoriMoriyama1",
            "midori.moriyama@example.jp",
        ];
        for weak in tried {
            assert_eq!(judge(weak, ABOUT), Err(Weak::Guessable), "{weak}");
        }
    }

    #[test]
    fn the_longest_is_judged_in_a_moment() {
        let long: String = ('a'..='z').cycle().step_by(7).take(super::LONGEST).collect();
        let start = std::time::Instant::now();
        let _ = judge(&long, ABOUT);
        assert!(start.elapsed().as_millis() < 2_000, "{:?}", start.elapsed());
    }

    #[test]
    fn large_words_about_a_person_cost_no_more_than_small_ones() {
        let start = std::time::Instant::now();
        for own in ["a.".repeat(200_000), "もり".repeat(70_000), "e\u{301}\u{301}".repeat(80_000)] {
            assert_eq!(judge("asagao-no-michi-2026", &[own.as_str(); 7]), Ok(()));
        }
        assert!(start.elapsed().as_millis() < 2_000, "{:?}", start.elapsed());
    }
}
