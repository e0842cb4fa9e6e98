//! Lines on which nothing comes are closed, and nobody at work notices.

use std::time::{Duration, Instant};
use tasuki::testing::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What was promised, and some time for a busy machine.
const AT_MOST: Duration = Duration::from_secs(60);

async fn opened(address: &str, said: &str) -> TcpStream {
    let mut line = TcpStream::connect(address).await.expect("a line");
    line.write_all(said.as_bytes()).await.expect("a word");
    line
}

/// How long until the other side closes it.
async fn closed_after(mut line: TcpStream) -> Duration {
    let begun = Instant::now();
    let mut heard = [0; 1024];
    let end = async { while matches!(line.read(&mut heard).await, Ok(count) if count > 0) {} };
    tokio::time::timeout(AT_MOST, end).await.expect("it is closed");
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_half_a_head_or_nothing_more_is_let_go() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let address = served.url.trim_start_matches("http://").to_owned();
    let whole = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let sick = [
        opened(&address, "").await,
        opened(&address, "GET / HTTP/1.1\r\nHost: ").await,
        opened(&address, "GET / HTTP/1.1\r\nX-A: b\r\nX-").await,
        opened(&address, &whole).await,
    ];
    // A letter now and then does not make a head.
    let mut dribbling = opened(&address, "GET / HTTP/1.1\r\nX-A: ").await;
    let dribble = tokio::spawn(async move {
        let begun = Instant::now();
        while begun.elapsed() < AT_MOST {
            tokio::time::sleep(Duration::from_secs(2)).await;
            if dribbling.write_all(b"a").await.is_err() {
                return begun.elapsed();
            }
        }
        panic!("a head may be dribbled for ever")
    });
    let closed = futures_util::future::join_all(sick.map(closed_after));
    let neighbour = async {
        for _ in 0..10 {
            let mut line =
                opened(&address, &whole.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await;
            let mut text = String::new();
            line.read_to_string(&mut text).await.expect("an answer");
            assert!(text.starts_with("HTTP/1.1 200"), "{text}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    let (closed, ()) = tokio::join!(closed, neighbour);
    assert!(closed.iter().all(|after| *after > Duration::from_secs(5)), "nobody is hurried: {closed:?}");
    dribble.await.expect("it is cut");
    drop(served);
    world.close_with_leftovers();
}
