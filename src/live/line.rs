//! One open stream: whose it is, what it was told of last, and the line it is told over.
//!
//! Nobody stands by a line. It is rung, comes up at the [`Desk`], is looked for together with others, and told what was
//! found. While something is still unsent it only notes what it is rung for: a slow reader holds one telling at most.

use super::desk::Desk;
use super::outlet::{Outlet, Sent};
use super::{person, timeline};
use crate::events::{Bell, Topic};
use crate::house::Listening;
use crate::web::handover::Heir;
use crate::{House, Trouble};
use axum::body::Bytes;
use hyper::body::{Body, Frame};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tasuki_law::nouns::Who;
use tokio::net::TcpStream;

/// A line on which nothing moved for more turns than these is cut: whoever still wants to hear connects again.
const STUCK: u8 = 2;

/// What a line tells of, and how far it has told.
pub enum Story {
    Timeline(timeline::Story),
    Person(person::Story),
}

/// One open stream.
pub struct Line {
    desk: Arc<Desk>,
    pub who: Who,
    calls: Mutex<Calls>,
    /// Away while it is looked for, and once it has ended.
    story: Mutex<Option<Story>>,
    outlet: Mutex<Outlet>,
    /// As long as this is kept, the person hears of news by an open page.
    _listening: Option<Listening>,
}

struct Calls {
    heard: Vec<Topic>,
    stage: Stage,
    stuck: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Being opened, or something is still unsent.
    Full,
    Idle,
    /// Stands at the desk.
    Called,
    /// Somebody looks for it.
    Looked,
    Ended,
}

/// A line that is looked for, with what it was called for.
pub struct Call {
    pub line: Arc<Line>,
    pub story: Story,
    /// None of them after a silence.
    pub heard: Vec<Topic>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// A line that hears from now on, and begins once it has a story.
    pub fn new(house: &House, who: &Who) -> Arc<Self> {
        Arc::new(Self {
            desk: house.relay.hub().shared(),
            who: who.clone(),
            calls: Mutex::new(Calls { heard: Vec::new(), stage: Stage::Full, stuck: 0 }),
            story: Mutex::new(None),
            outlet: Mutex::default(),
            _listening: who.account().map(|account| house.presence.listen(account)),
        })
    }

    /// Begins with what was found at the first look.
    pub fn begin(self: &Arc<Self>, house: &House, story: Story, first: &[u8]) {
        *hold(&self.story) = Some(story);
        self.tell(first, false);
        self.desk.enter(house, self);
    }

    /// Takes it from the desk; none that has ended meanwhile.
    pub fn take_up(self: Arc<Self>) -> Option<Call> {
        let heard = {
            let mut calls = hold(&self.calls);
            if calls.stage != Stage::Called {
                return None;
            }
            calls.stage = Stage::Looked;
            std::mem::take(&mut calls.heard)
        };
        let story = hold(&self.story).take()?;
        Some(Call { line: self, story, heard })
    }

    /// Gives it back after a look, to be called again.
    pub fn put_back(&self, story: Story) {
        let mut place = hold(&self.story);
        if hold(&self.calls).stage != Stage::Ended {
            *place = Some(story);
        }
        // Otherwise the story is dropped here, after the locks: it rings off.
        drop(place);
    }

    /// Tells this; nothing comes after the last.
    pub fn tell(self: &Arc<Self>, bytes: &[u8], last: bool) {
        {
            let mut calls = hold(&self.calls);
            if calls.stage == Stage::Looked {
                calls.stage = Stage::Full;
            }
        }
        let sent = hold(&self.outlet).say(bytes, last);
        self.went(sent);
    }

    /// Its turn: whether it is to be looked for although it heard nothing. One that is stuck is cut in the end.
    pub fn beat(&self) -> bool {
        let mut calls = hold(&self.calls);
        match calls.stage {
            Stage::Idle => {
                calls.stage = Stage::Called;
                true
            }
            Stage::Full => {
                calls.stuck += 1;
                let cut = calls.stuck > STUCK;
                drop(calls);
                if cut {
                    self.end();
                }
                false
            }
            Stage::Called | Stage::Looked | Stage::Ended => false,
        }
    }

    /// Nobody reads any more, or nothing is left to be told.
    pub fn end(&self) {
        hold(&self.calls).stage = Stage::Ended;
        let story = hold(&self.story).take();
        hold(&self.outlet).shut();
        drop(story);
    }

    /// Whether nothing more will be told.
    pub fn has_ended(&self) -> bool {
        hold(&self.calls).stage == Stage::Ended
    }

    fn went(self: &Arc<Self>, sent: Sent) {
        match sent {
            Sent::All => self.settle(),
            Sent::Some => hold(&self.calls).stuck = 0,
            Sent::Nothing => {}
            Sent::Over => self.end(),
        }
    }

    /// Everything was sent: what was rung for meanwhile is looked for now.
    fn settle(self: &Arc<Self>) {
        let mut calls = hold(&self.calls);
        calls.stuck = 0;
        if calls.stage != Stage::Full {
            return;
        }
        calls.stage = if calls.heard.is_empty() { Stage::Idle } else { Stage::Called };
        if calls.stage == Stage::Called {
            drop(calls);
            self.desk.call(Arc::clone(self));
        }
    }
}

impl Bell for Line {
    fn ring(self: Arc<Self>, topic: Topic) {
        let mut calls = hold(&self.calls);
        if !calls.heard.contains(&topic) {
            calls.heard.push(topic);
        }
        if calls.stage == Stage::Idle {
            calls.stage = Stage::Called;
            drop(calls);
            let desk = Arc::clone(&self.desk);
            desk.call(self);
        }
    }
}

/// The line as the body of an answer, where nobody takes it over.
pub struct Told(pub Arc<Line>);

impl Body for Told {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let taken = hold(&self.0.outlet).poll_body(context);
        match taken {
            Poll::Ready(Some(bytes)) => {
                self.0.settle();
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if hold(&self.0.outlet).is_body() {
            self.0.end();
        }
    }
}

impl Heir for Line {
    fn inherit(self: Arc<Self>, line: TcpStream, head: Vec<u8>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let sent = hold(&self.outlet).take_over(line, head);
        self.went(sent);
        Box::pin(Watch(self))
    }
}

/// Sees that the other end goes away, and sends on what did not fit.
struct Watch(Arc<Line>);

impl Future for Watch {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let sent = hold(&self.0.outlet).poll_socket(context);
        match sent {
            Poll::Ready(Sent::Over) => {
                self.0.end();
                Poll::Ready(())
            }
            Poll::Ready(sent) => {
                self.0.went(sent);
                Poll::Pending
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// What stops the look of one line ends that line; the page connects anew and goes on from where it is.
pub fn give_up(line: &Arc<Line>, trouble: Trouble) {
    if !matches!(trouble, Trouble::Refused(_)) {
        trouble.log();
    }
    line.tell(&[], true);
}
