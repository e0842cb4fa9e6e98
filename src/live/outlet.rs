//! Where the bytes of a stream go: into the body of an answer, or straight onto its line.

use crate::web::handover::{LAST_CHUNK, chunk};
use axum::body::Bytes;
use std::io::ErrorKind;
use std::task::{Context, Poll, Waker};
use tokio::net::TcpStream;

/// What is unsent, and the way it goes.
#[derive(Default)]
pub struct Outlet {
    way: Way,
    left: Vec<u8>,
    /// So much of it has gone already.
    gone: usize,
    last: bool,
    /// Whoever waits for more, or for room.
    waker: Option<Waker>,
}

#[derive(Default)]
enum Way {
    #[default]
    Body,
    Line(TcpStream),
    Shut,
}

/// How far the bytes got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    All,
    /// Something moved, something is left.
    Some,
    Nothing,
    /// Nothing can be told any more.
    Over,
}

impl Outlet {
    /// Adds this to what is to be sent, and sends what goes at once.
    pub fn say(&mut self, bytes: &[u8], last: bool) -> Sent {
        match self.way {
            Way::Shut => return Sent::Over,
            Way::Body => self.left.extend_from_slice(bytes),
            Way::Line(_) => {
                chunk(&mut self.left, bytes);
                if last {
                    self.left.extend_from_slice(LAST_CHUNK);
                }
            }
        }
        self.last |= last;
        let sent = self.send();
        if sent != Sent::All
            && let Some(waker) = self.waker.take()
        {
            waker.wake();
        }
        sent
    }

    /// What stood in the body until now goes onto the line, after the head.
    pub fn take_over(&mut self, line: TcpStream, head: Vec<u8>) -> Sent {
        if matches!(self.way, Way::Shut) {
            return Sent::Over;
        }
        let body = std::mem::replace(&mut self.left, head);
        chunk(&mut self.left, &body);
        if self.last {
            self.left.extend_from_slice(LAST_CHUNK);
        }
        self.way = Way::Line(line);
        self.send()
    }

    pub fn is_body(&self) -> bool {
        matches!(self.way, Way::Body)
    }

    pub fn shut(&mut self) {
        *self = Self { way: Way::Shut, waker: self.waker.take(), ..Self::default() };
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// All that is unsent, for the body; none: it has ended.
    pub fn poll_body(&mut self, context: &Context<'_>) -> Poll<Option<Bytes>> {
        if !self.left.is_empty() {
            return Poll::Ready(Some(std::mem::take(&mut self.left).into()));
        }
        if self.last || !self.is_body() {
            return Poll::Ready(None);
        }
        self.wait(context);
        Poll::Pending
    }

    /// Sends on while there is room, and hears whether the other end is still there.
    pub fn poll_socket(&mut self, context: &mut Context<'_>) -> Poll<Sent> {
        let Way::Line(line) = &self.way else { return Poll::Ready(Sent::Over) };
        // What a listener sends after its request is nobody's.
        let mut waste = [0; 64];
        while line.poll_read_ready(context).is_ready() {
            match line.try_read(&mut waste) {
                Ok(0) => return Poll::Ready(Sent::Over),
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Poll::Ready(Sent::Over),
                Ok(_) | Err(_) => {}
            }
        }
        let mut sent = Sent::Nothing;
        while !self.left.is_empty() {
            let Way::Line(line) = &self.way else { break };
            match line.poll_write_ready(context) {
                Poll::Pending => break,
                Poll::Ready(_) => match self.send() {
                    Sent::Nothing => {}
                    moved => sent = moved,
                },
            }
            if sent == Sent::Over {
                return Poll::Ready(sent);
            }
        }
        self.wait(context);
        if sent == Sent::Nothing { Poll::Pending } else { Poll::Ready(sent) }
    }

    fn wait(&mut self, context: &Context<'_>) {
        if self.waker.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            self.waker = Some(context.waker().clone());
        }
    }

    /// One try. A body is fetched, not sent.
    fn send(&mut self) -> Sent {
        let Way::Line(line) = &self.way else {
            return if self.left.is_empty() && !self.last { Sent::All } else { Sent::Nothing };
        };
        let mut moved = false;
        while self.gone < self.left.len() {
            match line.try_write(&self.left[self.gone..]) {
                Ok(0) => return Sent::Over,
                Ok(count) => {
                    self.gone += count;
                    moved = true;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return if moved { Sent::Some } else { Sent::Nothing };
                }
                Err(_) => return Sent::Over,
            }
        }
        (self.left, self.gone) = (Vec::new(), 0);
        if self.last { Sent::Over } else { Sent::All }
    }
}
