//! The time, as an argument: nothing below the doors asks the machine for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tasuki_value::Ts;

/// Where the present comes from: the machine, or a test's hand. Clones of a fixed clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is moved.
    #[must_use]
    pub fn fixed(at: Ts) -> Self {
        Self(Source::Fixed(Arc::new(AtomicI64::new(at.0))))
    }

    /// The present moment, to the microsecond.
    #[must_use]
    pub fn now(&self) -> Ts {
        match &self.0 {
            Source::System => machine_time(),
            Source::Fixed(at) => Ts(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock to `at`, back or forth.
    ///
    /// # Panics
    /// On the machine's clock, which nobody sets.
    pub fn set(&self, at: Ts) {
        self.hand().store(at.0, Ordering::SeqCst);
    }

    /// Moves a fixed clock by a span in microseconds.
    ///
    /// # Panics
    /// On the machine's clock, which nobody sets.
    pub fn advance(&self, micros: i64) {
        self.hand().fetch_add(micros, Ordering::SeqCst);
    }

    fn hand(&self) -> &AtomicI64 {
        match &self.0 {
            Source::Fixed(at) => at,
            Source::System => panic!("only a fixed clock can be moved"),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one place that asks")]
fn machine_time() -> Ts {
    let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
    };
    Ts(micros)
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use tasuki_value::{HOUR, Ts};

    #[test]
    fn a_fixed_clock_moves_only_by_hand_and_with_its_clones() {
        let clock = Clock::fixed(Ts(1_000));
        let other = clock.clone();
        assert_eq!(clock.now(), clock.now());
        other.advance(HOUR);
        assert_eq!(clock.now(), Ts(1_000 + HOUR));
        clock.set(Ts(5));
        assert_eq!(other.now(), Ts(5));
    }

    #[test]
    fn the_system_clock_tells_microseconds_of_our_century() {
        let now = Clock::system().now();
        let (year_2026, year_2100) = (Ts(1_767_225_600_000_000), Ts(4_102_444_800_000_000));
        assert!(now > year_2026.minus(365 * 24 * HOUR) && now < year_2100, "{now:?}");
    }

    #[test]
    #[should_panic(expected = "only a fixed clock")]
    fn nobody_sets_the_system_clock() {
        Clock::system().set(Ts(0));
    }
}
