//! Whether what runs by itself still runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tasuki_value::{SECOND, Ts};

/// When the relay and the errands last came round.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Beats>);

#[derive(Debug, Default)]
struct Beats {
    relay: AtomicI64,
    errands: AtomicI64,
    /// Everything committed until then is in the continuous copy; 0 when there is none.
    copied: AtomicI64,
}

/// Both come round within seconds; so long without a sign is too long.
const TOO_LONG: i64 = 60 * SECOND;

impl Pulse {
    pub fn relay(&self, now: Ts) {
        self.0.relay.store(now.0, Ordering::Relaxed);
    }

    pub fn errands(&self, now: Ts) {
        self.0.errands.store(now.0, Ordering::Relaxed);
    }

    pub fn copied(&self, until: Ts) {
        self.0.copied.store(until.0, Ordering::Relaxed);
    }

    /// How far the continuous copy is behind; `None` when there is none.
    #[must_use]
    pub fn copy_lag(&self, now: Ts) -> Option<i64> {
        let until = self.0.copied.load(Ordering::Relaxed);
        (until > 0).then(|| now.since(Ts(until)).max(0))
    }

    /// Which of the two have gone silent.
    #[must_use]
    pub fn silent(&self, now: Ts) -> Vec<&'static str> {
        let beats = [("relay", &self.0.relay), ("errands", &self.0.errands)];
        let silent = |beat: &AtomicI64| now.since(Ts(beat.load(Ordering::Relaxed))) > TOO_LONG;
        beats.into_iter().filter(|(_, beat)| silent(beat)).map(|(name, _)| name).collect()
    }
}
