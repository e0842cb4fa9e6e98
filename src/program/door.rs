//! The door: takes connections and speaks HTTP/1.1 with them, until the house closes. A proxy in front speaks the rest.
//!
//! An answer that never ends may be taken over ([`Handover`]): whoever goes on telling gets the bare line, and buffers,
//! futures and layers of the request are let go.

use super::lines::{self, Lines, Taken};
use crate::House;
use crate::web::handover::{Handover, Heir, head};
use crate::web::is_trusted;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, Version};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tower::ServiceExt;

/// So long until the next try when the machine gives no more lines.
const REST: Duration = Duration::from_secs(1);

/// What tells by being dropped that a connection has ended.
type Open = (Taken, mpsc::Sender<Infallible>);

/// So long a line may be silent before a request, and so long the head of one may take. A proxy in front must let go of
/// its idle lines sooner.
const HEAD: Duration = Duration::from_secs(30);

/// Serves until the house closes and the last connection has ended.
pub async fn serve(listener: TcpListener, router: Router, house: &House) {
    let (open, mut ended) = mpsc::channel::<Infallible>(1);
    let mut closing = pin!(house.closing.clone().begun());
    let lines = Lines::of_this_machine();
    loop {
        let accepted = tokio::select! {
            () = &mut closing => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((line, from)) => {
                let proxy = is_trusted(from.ip(), &house.config.trusted_proxies);
                // Who is turned away hears it by the line's end.
                if let Some(taken) = lines.take(from.ip(), proxy) {
                    let open = (taken, open.clone());
                    drop(tokio::spawn(converse(line, from, router.clone(), house.clone(), open)));
                }
            }
            Err(error) if is_of_one_line(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(REST).await;
            }
        }
    }
    drop((listener, open));
    let _ = ended.recv().await;
}

fn is_of_one_line(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionRefused | K::ConnectionAborted | K::ConnectionReset)
}

/// Speaks with one connection until it ends or is handed over.
async fn converse(line: TcpStream, from: SocketAddr, router: Router, house: House, mut open: Open) {
    // News are short and to be there at once.
    let _ = line.set_nodelay(true);
    let desk = Arc::<Desk>::default();
    let wire = Wire { io: TokioIo::new(line), desk: Arc::clone(&desk) };
    let at = Arc::clone(&desk);
    let service = service_fn(move |request| answer(request, from, router.clone(), Arc::clone(&at)));
    let mut conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(wire, service);
    let mut closing = pin!(house.closing.clone().begun());
    let mut asked_to_end = false;
    let mut look = pin!(tokio::time::sleep(GLANCE));
    poll_fn(|context| {
        while look.as_mut().poll(context).is_ready() {
            if desk.pace().is_stuck() {
                lines::refused("reader");
                return Poll::Ready(());
            }
            look.as_mut().reset(Instant::now() + GLANCE);
        }
        if !asked_to_end && closing.as_mut().poll(context).is_ready() {
            asked_to_end = true;
            Pin::new(&mut conversation).graceful_shutdown();
        }
        // What went wrong on a line is the line's end, and nobody's trouble.
        Pin::new(&mut conversation).poll(context).map(drop)
    })
    .await;
    if let Some((heir, answer)) = desk.handed() {
        let line = conversation.into_parts().io.io.into_inner();
        open.0.is_a_stream();
        // In a task of its own, which is as small as what is left to be done.
        let telling = heir.inherit(line, head(&answer));
        drop(tokio::spawn(async move {
            telling.await;
            drop(open);
        }));
    }
}

/// Answers one request. One that is handed over fails here, before anything of it is sent.
async fn answer(
    request: Request<Incoming>,
    from: SocketAddr,
    router: Router,
    desk: Arc<Desk>,
) -> Result<Response, HandedOver> {
    let plain = request.method() == Method::GET && request.version() == Version::HTTP_11;
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(from));
    let Ok(mut answer) = router.oneshot(request).await;
    if plain
        && desk.sent.load(Ordering::Relaxed)
        && let Some(Handover(heir)) = answer.extensions_mut().remove()
    {
        *desk.handed.lock().unwrap_or_else(PoisonError::into_inner) = Some((heir, answer));
        return Err(HandedOver);
    }
    Ok(answer)
}

/// What a connection and its requests know of each other.
struct Desk {
    /// Everything that was answered before is on its way: a client may ask again before it has heard all.
    sent: AtomicBool,
    handed: Mutex<Option<(Arc<dyn Heir>, Response)>>,
    pace: Mutex<Pace>,
}

impl Default for Desk {
    fn default() -> Self {
        Self { sent: AtomicBool::new(true), handed: Mutex::new(None), pace: Mutex::default() }
    }
}

impl Desk {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how a try to write went.
    fn wrote(&self, went: &Poll<io::Result<usize>>) {
        self.sent.store(false, Ordering::Relaxed);
        match went {
            Poll::Ready(Ok(bytes)) => self.pace().bytes += bytes,
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                self.pace().since.get_or_insert_with(Instant::now);
            }
        }
    }

    fn handed(&self) -> Option<(Arc<dyn Heir>, Response)> {
        self.handed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How an answer goes out to somebody who reads slowly.
#[derive(Default)]
struct Pace {
    /// Since when it did not fit.
    since: Option<Instant>,
    /// What left since then.
    bytes: usize,
}

/// How often is looked whether somebody still reads, and how long who hardly does is waited for.
const GLANCE: Duration = Duration::from_secs(10);
const HARDLY: Duration = Duration::from_secs(60);
/// In that time a phone in a stairwell takes this many times over.
const LEAST: usize = 8 * 1024;

impl Pace {
    /// Whether hardly anything was taken for too long; what was taken begins a new time.
    fn is_stuck(&mut self) -> bool {
        if self.since.is_none_or(|since| since.elapsed() < HARDLY) {
            return false;
        }
        let stuck = self.bytes < LEAST;
        *self = Self { since: Some(Instant::now()), bytes: 0 };
        stuck
    }
}

#[derive(Debug)]
struct HandedOver;

impl std::fmt::Display for HandedOver {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("handed over")
    }
}

impl std::error::Error for HandedOver {}

/// The line as HTTP sees it; notes whether all that was written has left.
struct Wire {
    io: TokioIo<TcpStream>,
    desk: Arc<Desk>,
}

impl Wire {
    fn io(&mut self) -> Pin<&mut TokioIo<TcpStream>> {
        Pin::new(&mut self.io)
    }
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        to: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.io().poll_read(context, to)
    }
}

impl Write for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let went = self.io().poll_write(context, bytes);
        self.desk.wrote(&went);
        went
    }

    /// Asked for once everything has been written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.desk.sent.store(true, Ordering::Relaxed);
        *self.desk.pace() = Pace::default();
        self.io().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io().poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let went = self.io().poll_write_vectored(context, pieces);
        self.desk.wrote(&went);
        went
    }
}
