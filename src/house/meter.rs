//! What the house asks of its database, for operators and for the tests that hold it to account.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tasuki_base::db::Spent;

/// Statements and rows of all transactions since the start. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<(AtomicU64, AtomicU64)>);

impl Meter {
    pub(super) fn add(&self, spent: Spent) {
        self.0.0.fetch_add(spent.statements, Ordering::Relaxed);
        self.0.1.fetch_add(spent.rows, Ordering::Relaxed);
    }

    #[must_use]
    pub fn spent(&self) -> Spent {
        Spent { statements: self.0.0.load(Ordering::Relaxed), rows: self.0.1.load(Ordering::Relaxed) }
    }
}
