//! Which passwords are taken: 13 characters or more that an estimator does not guess.

use crate::{Outcome, Trouble, phrases};
use tokio::sync::Semaphore;
use zxcvbn::Score;

pub const SHORTEST: usize = 13;
pub const LONGEST: usize = 128;

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
/// attacker who knows them tries first.
///
/// # Errors
/// Says what is weak about it.
pub fn judge(password: &str, about: &[&str]) -> Result<(), Weak> {
    match shape(password) {
        Some(weak) => Err(weak),
        None if guessable(password, about) => Err(Weak::Guessable),
        None => Ok(()),
    }
}

/// What is seen at a glance.
fn shape(password: &str) -> Option<Weak> {
    if password.is_empty() {
        return Some(Weak::Missing);
    }
    if tasuki_base::text::has_full_width(password) {
        return Some(Weak::FullWidth);
    }
    match password.chars().take(LONGEST + 1).count() {
        short @ 0..SHORTEST => Some(Weak::Short(SHORTEST - short)),
        length if length > LONGEST => Some(Weak::Long),
        _ => None,
    }
}

/// As [`judge`], off the threads that answer: an estimator thinks for milliseconds. Its words are looked at for shape
/// first, and only so many wait.
///
/// # Errors
/// [`Trouble::Busy`] when too many wait already.
pub async fn judge_aside(password: &str, about: &[&str]) -> Outcome<Result<(), Weak>> {
    static DESKS: Semaphore = Semaphore::const_new(2);
    static WAITING: Semaphore = Semaphore::const_new(64);
    if let Some(weak) = shape(password) {
        return Ok(Err(weak));
    }
    let _waiting = WAITING.try_acquire().map_err(|_| Trouble::Busy)?;
    let desk = DESKS.acquire().await.map_err(Trouble::broken)?;
    let password = password.to_owned();
    let about: Vec<String> =
        about.iter().filter(|word| word.len() <= LONGEST_WORD).map(|word| (*word).to_owned()).collect();
    let judged = tokio::task::spawn_blocking(move || {
        // Held by the work itself: who went away meanwhile makes no room for more.
        let _desk = desk;
        judge(&password, &about.iter().map(String::as_str).collect::<Vec<_>>())
    });
    judged.await.map_err(Trouble::broken)
}

/// A person's own word that is longer is none: an address has 254 letters at most.
const LONGEST_WORD: usize = 1_000;

fn guessable(password: &str, about: &[&str]) -> bool {
    let mut words: Vec<String> = vec!["tasuki".to_owned()];
    for text in about.iter().filter(|text| !text.is_empty() && text.len() <= LONGEST_WORD) {
        let romaji = tasuki_base::text::romaji(text);
        let pieces = text.split(|c: char| !c.is_alphanumeric()).chain(romaji.split(' '));
        words.extend(pieces.filter(|piece| piece.len() > 1).map(str::to_lowercase));
        words.push(text.to_lowercase());
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
}
