//! A stream of server-sent events: waits for a hint or for half a minute, looks, and tells what it found.

use crate::events::{Ear, Topic};
use crate::house::Listening;
use crate::{House, Outcome, Trouble, Tx};
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use tasuki_law::nouns::Who;

/// Law, session and seat are asked this often even when nothing is heard.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// A sign of life, for proxies that cut silent lines.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// So long until the next try, and so many tries, when there are too many at once.
const TURN: Duration = Duration::from_millis(200);
const TURNS: u32 = 100;
/// The data of an event that is its name alone: a browser passes over an event without data.
pub const NOTHING: &str = "-";

/// What a look brings.
pub struct Found {
    pub events: Vec<Event>,
    /// Nothing comes after it.
    pub last: bool,
}

impl Found {
    pub const fn more(events: Vec<Event>) -> Self {
        Self { events, last: false }
    }

    pub const fn end(events: Vec<Event>) -> Self {
        Self { events, last: true }
    }
}

/// Somebody who looks when told to.
pub trait Look: Send + 'static {
    /// What is to be told; `heard` names the hints, none of them after a silence.
    fn look(&mut self, heard: BTreeSet<Topic>) -> impl Future<Output = Outcome<Found>> + Send;

    /// What it listens with.
    fn ear(&self) -> &Ear;
}

struct Line<L> {
    looker: L,
    /// As long as this is kept, the person hears of news by an open page.
    _listening: Option<Listening>,
    ready: VecDeque<Event>,
    last: bool,
}

/// Answers with a stream that begins with these events and goes on with what the looker finds.
pub fn answer(house: &House, who: &Who, looker: impl Look, first: Vec<Event>) -> Response {
    let listening = who.account().map(|account| house.presence.listen(account));
    let line = Line { looker, _listening: listening, ready: first.into(), last: false };
    let events = stream::unfold(line, next);
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    let mut answer = sse.into_response();
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    answer.headers_mut().insert(unbuffered.0, unbuffered.1);
    answer
}

async fn next<L: Look>(mut line: Line<L>) -> Option<(Result<Event, Infallible>, Line<L>)> {
    loop {
        if let Some(event) = line.ready.pop_front() {
            return Some((Ok(event), line));
        }
        if line.last {
            return None;
        }
        let heard = line.looker.ear().heard(ASK_AGAIN).await;
        match look(&mut line.looker, heard).await {
            Ok(found) => {
                line.ready.extend(found.events);
                line.last = found.last;
            }
            // The page connects anew and goes on from where it is.
            Err(trouble) => {
                trouble.log();
                return None;
            }
        }
    }
}

/// Looks; where thousands look at the same moment, in turn. A line that was cut for it would only come back at once.
async fn look<L: Look>(looker: &mut L, heard: BTreeSet<Topic>) -> Outcome<Found> {
    for _ in 0..TURNS {
        match looker.look(heard.clone()).await {
            Err(Trouble::Busy) => tokio::time::sleep(TURN).await,
            settled => return settled,
        }
    }
    looker.look(heard).await
}

/// Whether the session of whoever listens still opens anything.
pub fn is_signed_in(tx: &mut Tx, who: &Who) -> Outcome<bool> {
    match who.person() {
        Some(person) => crate::accounts::session::still_lives(tx, person.session),
        None => Ok(false),
    }
}

/// The page is to go elsewhere: there is nothing here for its reader any more.
pub fn gone() -> Event {
    Event::default().event("gone").data(NOTHING)
}

/// An ear of this house.
pub fn listen(house: &House, topics: impl IntoIterator<Item = Topic>) -> Ear {
    house.relay.hub().listen(topics)
}
