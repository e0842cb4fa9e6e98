//! What the program writes down about itself: structured lines without a word about people.

use tracing_subscriber::EnvFilter;

/// Structured lines on standard error; `RUST_LOG` chooses how many.
pub fn log_to_stderr(usual: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().try_init();
    // A panic's own words may hold what somebody wrote: only the place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
}
