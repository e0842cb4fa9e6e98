//! A small HTTP/1.1 client that keeps its connection: fast enough not to be what is measured.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One kept connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back: the status and where the body stands in the buffer.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    pub async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, buffer: Vec::with_capacity(256 * 1024) }
    }

    /// Sends a whole request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.expect("a sent request");
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await;
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).to_ascii_lowercase();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let body = match header(&text, "content-length") {
            Some(length) => {
                let length: usize = length.parse().expect("a length");
                while self.buffer.len() < head + length {
                    self.fill().await;
                }
                self.buffer[head..head + length].to_vec()
            }
            None if text.contains("transfer-encoding: chunked") => self.chunks(head).await,
            None => Vec::new(),
        };
        Answer { status, body }
    }

    async fn chunks(&mut self, mut at: usize) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = find(&self.buffer[at..], b"\r\n") {
                    break at + end;
                }
                self.fill().await;
            };
            let size = String::from_utf8_lossy(&self.buffer[at..line]).trim().to_owned();
            let size = usize::from_str_radix(&size, 16).expect("a chunk");
            while self.buffer.len() < line + 2 + size + 2 {
                self.fill().await;
            }
            if size == 0 {
                return body;
            }
            body.extend_from_slice(&self.buffer[line + 2..line + 2 + size]);
            at = line + 2 + size + 2;
        }
    }

    async fn fill(&mut self) {
        let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
        assert!(read > 0, "the server closed: {}", String::from_utf8_lossy(&self.buffer));
    }

    /// Opens a stream and answers when `mark` has come `times` times, with when that was.
    pub async fn listen(mut self, request: &[u8], ready: tokio::sync::oneshot::Sender<()>, mark: &str) -> Instant {
        self.stream.write_all(request).await.expect("a sent request");
        let mut ready = Some(ready);
        loop {
            self.fill().await;
            if find(&self.buffer, b"\r\n\r\n").is_some()
                && let Some(ready) = ready.take()
            {
                let _ = ready.send(());
            }
            if find(&self.buffer, mark.as_bytes()).is_some() {
                return Instant::now();
            }
        }
    }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    text.windows(piece.len()).position(|window| window == piece)
}

fn header<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
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
    pub p50: Duration,
    pub p99: Duration,
}

/// So many clients ask again and again for a while; each gets its requests from `make(client, number)`.
pub async fn load(
    address: &str,
    clients: usize,
    span: Duration,
    make: impl Fn(usize, u64) -> Vec<u8> + Clone + Send + 'static,
) -> Load {
    let began = Instant::now();
    let mut workers = Vec::new();
    for number in 0..clients {
        let (address, make) = (address.to_owned(), make.clone());
        workers.push(tokio::spawn(async move {
            let mut client = Client::connect(&address).await;
            let mut times = Vec::new();
            let mut round = 0;
            while began.elapsed() < span {
                let request = make(number, round);
                let sent = Instant::now();
                let answer = client.send(&request).await;
                assert!(
                    answer.status < 400,
                    "{}: {}",
                    answer.status,
                    String::from_utf8_lossy(&answer.body[..answer.body.len().min(500)])
                );
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
    let took = began.elapsed().as_secs_f64();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    Load { per_second: times.len() as f64 / took, p50: at(0.5), p99: at(0.99) }
}
