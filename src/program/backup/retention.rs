//! Which generations stay.

use std::collections::BTreeSet;
use tasuki_base::text;
use tasuki_value::Ts;

/// The newest of so many days, weeks and months stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub daily: usize,
    pub weekly: usize,
    pub monthly: usize,
}

impl Default for Rule {
    fn default() -> Self {
        Self { daily: 7, weekly: 5, monthly: 12 }
    }
}

/// A generation as the rule sees it.
#[derive(Clone, Debug)]
pub struct Aged {
    pub name: String,
    pub made_at: Ts,
    /// Write-once until then.
    pub locked_until: Option<Ts>,
}

/// The names of those that stay: the newest always, and whatever is still write-once. Days, weeks (from Monday) and
/// months are those of Japan, and only those count in which there is a generation.
#[must_use]
pub fn kept<'g>(generations: &'g [Aged], rule: &Rule, now: Ts) -> BTreeSet<&'g str> {
    let mut newest_first: Vec<&Aged> = generations.iter().collect();
    newest_first.sort_by(|a, b| (b.made_at.0, &b.name).cmp(&(a.made_at.0, &a.name)));
    let locked = |one: &&&Aged| one.locked_until.is_some_and(|until| until.0 > now.0);
    let mut kept: BTreeSet<&str> = newest_first.iter().filter(locked).map(|one| one.name.as_str()).collect();
    kept.extend(newest_first.first().map(|one| one.name.as_str()));
    let spans = [(rule.daily, day as Span), (rule.weekly, week), (rule.monthly, month)];
    for (count, span) in spans {
        let mut seen = BTreeSet::new();
        for one in &newest_first {
            if seen.len() == count {
                break;
            }
            if seen.insert(span(one.made_at)) {
                kept.insert(&one.name);
            }
        }
    }
    kept
}

/// Tells the year and which day, week or month of it.
type Span = fn(Ts) -> (i16, i16);

fn day(at: Ts) -> (i16, i16) {
    let date = text::local_date(at);
    (date.year(), date.day_of_year())
}

fn week(at: Ts) -> (i16, i16) {
    let week = text::local_date(at).iso_week_date();
    (week.year(), week.week().into())
}

fn month(at: Ts) -> (i16, i16) {
    let date = text::local_date(at);
    (date.year(), date.month().into())
}

#[cfg(test)]
mod tests {
    use super::{Aged, Rule, kept};
    use tasuki_value::{DAY, HOUR, Ts};

    /// Noon in Japan of Sunday, 2026-11-22.
    const NOON: Ts = Ts(1_795_316_400_000_000);

    fn made(before: &[i64]) -> Vec<Aged> {
        let one = |&before: &i64| Aged {
            name: format!("{before}"),
            made_at: NOON.minus(before),
            locked_until: None,
        };
        before.iter().map(one).collect()
    }

    fn days(count: i64) -> Vec<Aged> {
        made(&(0..count).map(|day| day * DAY).collect::<Vec<_>>())
    }

    const NOTHING: Rule = Rule { daily: 0, weekly: 0, monthly: 0 };

    fn ages(generations: &[Aged], rule: Rule) -> Vec<i64> {
        let mut ages: Vec<i64> =
            kept(generations, &rule, NOON).iter().map(|name| name.parse::<i64>().unwrap() / DAY).collect();
        ages.sort_unstable();
        ages
    }

    #[test]
    fn the_newest_of_each_day_week_and_month_stay() {
        assert_eq!(ages(&days(30), Rule { daily: 3, ..NOTHING }), [0, 1, 2]);
        // Weeks begin on Monday: today is the Sunday that ends one.
        assert_eq!(ages(&days(30), Rule { weekly: 3, ..NOTHING }), [0, 7, 14]);
        // The last of October is 22 days ago, that of September 53.
        assert_eq!(ages(&days(90), Rule { monthly: 3, ..NOTHING }), [0, 22, 53]);
        let all = ages(&days(400), Rule::default());
        assert_eq!(&all[..9], [0, 1, 2, 3, 4, 5, 6, 7, 14], "{all:?}");
        assert_eq!(all.len(), 7 + 4 + 11, "today is of all three: {all:?}");
    }

    #[test]
    fn of_a_day_the_newest_stays_and_days_without_one_do_not_count() {
        let generations = made(&[0, HOUR, 2 * HOUR, 5 * DAY, 5 * DAY + HOUR, 9 * DAY]);
        let names = kept(&generations, &Rule { daily: 3, ..NOTHING }, NOON);
        let expected = [0, 5 * DAY, 9 * DAY].map(|age| age.to_string());
        assert_eq!(names, expected.iter().map(String::as_str).collect());
    }

    #[test]
    fn the_newest_and_what_is_write_once_stay_whatever_the_rule() {
        let mut generations = days(10);
        generations[4].locked_until = Some(NOON.plus(1));
        generations[5].locked_until = Some(NOON);
        assert_eq!(ages(&generations, NOTHING), [0, 4]);
        assert!(kept(&[], &Rule::default(), NOON).is_empty());
    }

    #[test]
    fn a_day_is_a_day_in_japan() {
        // 23:30 and 00:30 there; the same day in UTC.
        let generations = made(&[12 * HOUR - HOUR / 2, 12 * HOUR + HOUR / 2]);
        assert_eq!(kept(&generations, &Rule { daily: 2, ..NOTHING }, NOON).len(), 2);
    }
}
