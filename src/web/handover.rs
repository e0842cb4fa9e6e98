//! An answer that never ends, told by somebody who needs no more than the bare line for it: everything that stood
//! around its request is let go.

use axum::http::Response;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::net::TcpStream;

/// Who goes on telling.
pub trait Heir: Send + Sync {
    /// Writes the head and goes on in HTTP/1.1's chunks; done when the line is closed.
    fn inherit(self: Arc<Self>, line: TcpStream, head: Vec<u8>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Travels with an answer whose line may be taken over before any of it was sent. Where it is not, the body tells
/// the same.
#[derive(Clone)]
pub struct Handover(pub Arc<dyn Heir>);

/// The head of an answer whose body comes in chunks until the line is closed.
#[must_use]
pub fn head<B>(answer: &Response<B>) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {}\r\n", answer.status()).into_bytes();
    for (name, value) in answer.headers() {
        if [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
            continue;
        }
        for piece in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            head.extend_from_slice(piece);
        }
    }
    head.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
    head
}

/// One chunk.
pub fn chunk(to: &mut Vec<u8>, bytes: &[u8]) {
    if !bytes.is_empty() {
        to.extend_from_slice(format!("{:x}\r\n", bytes.len()).as_bytes());
        to.extend_from_slice(bytes);
        to.extend_from_slice(b"\r\n");
    }
}

/// After it nothing comes.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::{chunk, head};
    use axum::http::Response;

    #[test]
    fn a_head_says_that_chunks_follow_and_keeps_the_rest() {
        let answer = Response::builder().header("x-a", "1").header("x-a", "2").header("content-length", "9");
        let head = String::from_utf8(head(&answer.body(()).unwrap())).unwrap();
        assert_eq!(head, "HTTP/1.1 200 OK\r\nx-a: 1\r\nx-a: 2\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    #[test]
    fn an_empty_chunk_would_be_the_last() {
        let mut out = Vec::new();
        chunk(&mut out, b"");
        chunk(&mut out, b"eighteen letters..");
        assert_eq!(out, b"12\r\neighteen letters..\r\n");
    }
}
