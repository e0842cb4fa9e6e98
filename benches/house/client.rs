//! A small HTTP/1.1 client that keeps its connection: fast enough not to be what is measured.

use crate::program::Program;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;

/// One kept connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    /// Kept when it is asked for by [`Client::send`]; a load throws it away.
    pub body: Vec<u8>,
    /// The first cookie set, as it is sent back.
    pub cookie: Option<String>,
}

impl Client {
    pub async fn connect(address: &str) -> Self {
        Self::try_connect(address).await.expect("the server listens")
    }

    pub async fn try_connect(address: &str) -> Option<Self> {
        let stream = TcpStream::connect(address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(Self { stream, buffer: Vec::new() })
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Answer {
        let (status, body) = self.ask(request).await;
        let head = String::from_utf8_lossy(&self.buffer);
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|line| line.split(';').next()).map(str::to_owned);
        let body = self.buffer[body].to_vec();
        Answer { status, body, cookie }
    }

    /// Sends a whole request and answers its status and where in the buffer the body stands.
    async fn ask(&mut self, request: &[u8]) -> (u16, std::ops::Range<usize>) {
        self.stream.write_all(request).await.expect("a sent request");
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await;
        };
        let text = std::str::from_utf8(&self.buffer[..head]).expect("a head");
        let status = text.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let length = header(text, "content-length").map_or(0, |length| length.parse().expect("a length"));
        assert!(header(text, "transfer-encoding").is_none(), "every answer tells its length");
        while self.buffer.len() < head + length {
            self.fill().await;
        }
        (status, head..head + length)
    }

    async fn fill(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
        assert!(read > 0, "the server closed: {}", String::from_utf8_lossy(&self.buffer));
    }

    /// Sends a whole request and reads the head of the answer, which is let in.
    pub async fn begin(&mut self, request: &[u8]) {
        self.stream.write_all(request).await.expect("a sent request");
        while find(&self.buffer, b"\r\n\r\n").is_none() {
            self.fill().await;
        }
        assert!(self.buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&self.buffer));
        self.buffer = Vec::new();
    }

    /// Opens a stream and tells of every news of this group, with its number and when it came.
    pub async fn listen(mut self, request: Vec<u8>, group: String, heard: UnboundedSender<(i64, Instant)>) {
        let mark = format!("\"group\":\"{group}\",\"seq\":");
        self.stream.write_all(&request).await.expect("a sent request");
        loop {
            self.fill().await;
            let now = Instant::now();
            let Some(end) = self.buffer.iter().rposition(|byte| *byte == b'\n') else { continue };
            let whole: Vec<u8> = self.buffer.drain(..=end).collect();
            let mut rest = whole.as_slice();
            while let Some(at) = find(rest, mark.as_bytes()) {
                rest = &rest[at + mark.len()..];
                let digits: String =
                    rest.iter().take_while(|byte| byte.is_ascii_digit()).map(|b| char::from(*b)).collect();
                let _ = heard.send((digits.parse().expect("a number"), now));
            }
        }
    }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    text.windows(piece.len()).position(|window| window == piece)
}

fn header<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let line =
        text.lines().find(|line| line.get(..name.len()).is_some_and(|one| one.eq_ignore_ascii_case(name)))?;
    line.split_once(':').map(|(_, value)| value.trim())
}

/// A request as bytes.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method != "GET" {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// What a load did.
#[derive(Clone, Debug)]
pub struct Load {
    pub per_second: f64,
    /// Milliseconds.
    pub p50: f64,
    pub p99: f64,
    /// Milliseconds of the server's processor for one request.
    pub cpu: f64,
}

/// So many clients ask again and again for a while, spread over the programs; each gets its requests from
/// `make(client, number)`.
pub async fn load(
    programs: &[&Program],
    clients: usize,
    span: Duration,
    make: impl Fn(usize, u64) -> Vec<u8> + Clone + Send + 'static,
) -> Load {
    let spent = || programs.iter().map(|program| program.cpu()).sum::<f64>();
    let (began, cpu) = (Instant::now(), spent());
    let mut workers = Vec::new();
    for number in 0..clients {
        let (address, make) = (programs[number % programs.len()].address.clone(), make.clone());
        workers.push(tokio::spawn(async move {
            let mut client = Client::connect(&address).await;
            let (mut times, mut round) = (Vec::new(), 0);
            while began.elapsed() < span {
                let request = make(number, round);
                let sent = Instant::now();
                let (status, body) = client.ask(&request).await;
                let said = || String::from_utf8_lossy(&client.buffer[body.clone()]).into_owned();
                assert!(status < 300, "{status}: {}", said());
                times.push(sent.elapsed());
                round += 1;
            }
            times
        }));
    }
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.expect("a worker"));
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), spent() - cpu);
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    let count = times.len() as f64;
    Load { per_second: count / took, p50: at(0.5), p99: at(0.99), cpu: cpu * 1000.0 / count }
}
