//! Short words between the nodes of one house, over NATS. Nothing may rest on them: they come late, twice or never,
//! and whoever reaches the server may say anything.

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{BusError, BusSettings};

use async_nats::{Client, ConnectOptions, Event, ServerAddr, Subscriber};
use bytes::Bytes;
use futures_util::StreamExt;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// So many words wait for the line at most; what is more is not said.
const WAITING: usize = 1024;
/// A broken line is noticed within so long even if nobody says goodbye.
const PING: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
/// Between one try and the next, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// A line to the other nodes, or none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Bus(Option<Arc<Line>>);

struct Line {
    settings: BusSettings,
    /// What this house's words go under: others on the same server have another.
    subject: String,
    out: mpsc::Sender<Bytes>,
    words: Mutex<Option<mpsc::Receiver<Bytes>>>,
    up: AtomicBool,
    /// Said once for each time the line is gone.
    told: AtomicBool,
}

impl Bus {
    /// No other node is spoken to.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// A line under a name of the house's own. Nothing is sent before [`Bus::run`].
    #[must_use]
    pub fn nats(settings: &BusSettings, name: &str) -> Self {
        let (out, words) = mpsc::channel(WAITING);
        Self(Some(Arc::new(Line {
            settings: settings.clone(),
            subject: format!("tasuki.{name}.hints"),
            out,
            words: Mutex::new(Some(words)),
            up: AtomicBool::new(false),
            told: AtomicBool::new(false),
        })))
    }

    /// Whether there is anybody to speak to at all.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the line stands; none: there is none.
    #[must_use]
    pub fn is_up(&self) -> Option<bool> {
        self.0.as_ref().map(|line| line.up.load(Ordering::Relaxed))
    }

    /// Says a word to all other nodes, without ever waiting; false: it was let go.
    #[must_use]
    pub fn say(&self, word: Bytes) -> bool {
        let Some(line) = &self.0 else { return false };
        // A word that waits for a line to come back would be old news.
        line.up.load(Ordering::Relaxed) && line.out.try_send(word).is_ok()
    }

    /// Keeps the line and hands on what others say, as long as this is polled. Without a line it only waits, as does
    /// a second call.
    pub async fn run(&self, mut hear: impl FnMut(Bytes) + Send) {
        let Some(line) = &self.0 else { return std::future::pending().await };
        let words = line.words.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut words) = words else { return std::future::pending().await };
        loop {
            match line.connect().await {
                Ok((client, mut heard)) => line.serve(&client, &mut heard, &mut words, &mut hear).await,
                Err(error) => line.gone(&error),
            }
            line.up.store(false, Ordering::Relaxed);
            tokio::time::sleep(LONGEST_WAIT).await;
        }
    }
}

impl Line {
    /// Stands at once; the client itself connects, and connects again.
    async fn connect(self: &Arc<Self>) -> Result<(Client, Subscriber), BusError> {
        let line = Arc::downgrade(self);
        let happened = move |event: Event| {
            if let Some(line) = line.upgrade() {
                line.notice(&event);
            }
            std::future::ready(())
        };
        let options = options(&self.settings).retry_on_initial_connect().event_callback(happened);
        let client = options.connect(self.settings.servers.clone()).await.map_err(BusError::new)?;
        let heard = client.subscribe(self.subject.clone()).await.map_err(BusError::new)?;
        Ok((client, heard))
    }

    async fn serve(
        &self,
        client: &Client,
        heard: &mut Subscriber,
        words: &mut mpsc::Receiver<Bytes>,
        hear: &mut (impl FnMut(Bytes) + Send),
    ) {
        loop {
            tokio::select! {
                word = words.recv() => match word {
                    // The client's own queue is full while the server is away: what is said then is lost.
                    Some(word) if self.up.load(Ordering::Relaxed) => {
                        let _ = client.publish(self.subject.clone(), word).await;
                    }
                    Some(_) => {}
                    None => return,
                },
                said = heard.next() => match said {
                    Some(said) => hear(said.payload),
                    None => return,
                },
            }
        }
    }

    fn notice(&self, event: &Event) {
        match event {
            Event::Connected => {
                self.up.store(true, Ordering::Relaxed);
                self.told.store(false, Ordering::Relaxed);
                tracing::info!("the line to the other nodes stands (NATS)");
            }
            Event::Disconnected | Event::Closed => {
                self.up.store(false, Ordering::Relaxed);
                self.gone(event);
            }
            Event::ClientError(_) | Event::ServerError(_) if !self.up.load(Ordering::Relaxed) => {
                self.gone(event)
            }
            other => tracing::debug!(%other, "NATS"),
        }
    }

    fn gone(&self, why: &dyn fmt::Display) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(%why, "NATS does not answer: open pages hear of other nodes within a second or two \
                instead of at once; it is tried again until it answers");
        }
    }
}

/// Core NATS alone; a node does not hear itself.
fn options(settings: &BusSettings) -> ConnectOptions {
    let options = ConnectOptions::new()
        .name("tasuki")
        .no_echo()
        .ping_interval(PING)
        .connection_timeout(CONNECT)
        .client_capacity(256)
        .subscription_capacity(4 * WAITING)
        .reconnect_delay_callback(|tries| {
            let wait = Duration::from_millis(50) * u32::try_from(tries.min(64)).unwrap_or(64);
            wait.min(LONGEST_WAIT)
        });
    match settings.servers.first().and_then(user) {
        Some((user, password)) => options.user_and_password(user, password),
        None => options,
    }
}

fn user(server: &ServerAddr) -> Option<(String, String)> {
    let word = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((word(server.username()?), word(server.password().unwrap_or_default())))
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bus({:?})", self.is_up())
    }
}
