//! More than one node: what they tell each other, what they share, and what happens when one of the machines goes.

mod balancer;
pub mod bucket;
mod cluster;
mod failover;
mod files;
mod hands;
mod hints;
mod jobs;
mod nats;
mod postgres;
mod restart;
mod serve;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A program that Debian keeps where only root looks.
fn server(name: &str) -> Command {
    let debian = Path::new("/usr/sbin").join(name);
    Command::new(if debian.exists() { debian } else { name.into() })
}

/// Waits until something is so; the machine may be slow.
///
/// # Panics
/// When it is not so within a minute.
async fn until<F: Future<Output = bool>>(what: &str, so: impl Fn() -> F) {
    for _ in 0..2400 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("not within a minute: {what}");
}
