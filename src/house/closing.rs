//! The word that the house closes: streams end, errands finish what they began.

use std::sync::Arc;
use tokio::sync::watch;

/// Said once, heard by everyone who asks.
#[derive(Clone, Default)]
pub struct Closing(Arc<watch::Sender<bool>>);

impl Closing {
    /// The house closes.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Waits for the word.
    pub async fn begun(self) {
        let mut hears = self.0.subscribe();
        // The sender lives as long as `self` does.
        let _ = hears.wait_for(|closing| *closing).await;
    }
}
