//! Many open lines, slow ones and cut ones, against the whole program in a process of its own.

use crate::program::{Program, database, shared_place};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// On two cores, each of them in two processes; a file descriptor each on both sides.
const MANY: usize = 10_000;
const PATIENCE: Duration = Duration::from_secs(60);

/// A line to the program with an open stream on it, read up to the end of the answer's head.
async fn open(program: &Program, token: &str, path: &str, window: Option<u32>) -> TcpStream {
    let address = program.url.trim_start_matches("http://").parse().expect("an address");
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(window) = window {
        socket.set_recv_buffer_size(window).expect("a small window");
    }
    let mut line = socket.connect(address).await.expect("a line");
    let ask = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\naccept: text/event-stream\r\n\r\n"
    );
    line.write_all(ask.as_bytes()).await.expect("asked");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await.expect("a head"));
    }
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
    line
}

/// Reads until these words have come.
async fn hears(line: &mut TcpStream, words: &str) {
    let (mut heard, mut piece) = (Vec::new(), [0; 16 * 1024]);
    let heard = timeout(PATIENCE, async {
        while !String::from_utf8_lossy(&heard).contains(words) {
            let count = line.read(&mut piece).await.expect("a word");
            assert!(count > 0, "the line ended before {words:?}");
            heard.extend_from_slice(&piece[..count]);
        }
    });
    heard.await.unwrap_or_else(|_| panic!("{words:?} in time"));
}

/// What the process holds of its own, in KiB.
fn own_memory(program: &Program) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_open_streams_stand_in_nobodys_way() {
    // Two lines a stream pass through this process and the program's: as many as the machine gives one process.
    let (_, most) = rlimit::Resource::NOFILE.get().expect("a limit");
    rlimit::Resource::NOFILE.set(most, most).expect("raised");
    // Each line asks for itself, on PostgreSQL over a socket.
    let many = if database().await.is_some() { MANY / 5 } else { MANY };
    let many = many.min(usize::try_from(most).unwrap_or(MANY) - 1_000);
    let folder = tempfile::tempdir().expect("a folder");
    // All of one person, who has not so many by far otherwise.
    let mut settings = vec![("TASUKI_STREAMS_EACH", many.to_string())];
    settings.extend(database().await.map(|url| ("DATABASE_URL", url)));
    let program = Program::start("demo", &folder.path().join("data"), &settings).await;
    let (listener, writer) = (program.token("moriyama").await, program.token("saeki").await);
    let group = shared_place(&program, &[listener.clone(), writer.clone()]).await;
    let before = own_memory(&program);

    let mut lines = Vec::with_capacity(many);
    while lines.len() < many {
        let opening =
            (0..50.min(many - lines.len())).map(|_| open(&program, &listener, "/api/v1/events", None));
        lines.extend(futures_util::future::join_all(opening).await);
    }
    let each = (own_memory(&program).saturating_sub(before)) * 1024 / many as u64;
    println!("{many} streams, {each} bytes each");
    // A connection of HTTP alone would hold more: the line was taken over from it.
    assert!(each < 24 * 1024, "{each} bytes for an open stream");

    // Pages answer, posts are taken, and every single line hears.
    assert!(program.post(&writer, &group, "many-1").await);
    assert!(program.get(&writer, "/api/v1/home").await["places"].is_array());
    let mut hearing = JoinSet::new();
    for mut line in lines {
        let group = group.clone();
        hearing.spawn(async move { hears(&mut line, &group).await });
    }
    assert_eq!(hearing.join_all().await.len(), many);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_slowly_holds_up_nobody_and_misses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::demo(&folder.path().join("data"), database().await.as_deref()).await;
    let (listener, writer) = (program.token("moriyama").await, program.token("saeki").await);
    let group = shared_place(&program, &[listener.clone(), writer.clone()]).await;
    let mut slow = open(&program, &listener, "/api/v1/events", Some(2048)).await;
    let mut quick = open(&program, &listener, "/api/v1/events", None).await;
    let before = own_memory(&program);
    for number in 0..150 {
        let body = format!("slow-{number} {}", "あ".repeat(4_000));
        let asked = json!({ "body": body, "side": "professional" });
        let asked = program.http.post(format!("{}/api/v1/groups/{group}/posts", program.url)).json(&asked);
        let sent =
            asked.bearer_auth(&writer).header("idempotency-key", format!("slow-{number}")).send().await;
        assert_eq!(sent.expect("an answer").status(), 201);
        // A byte now and then.
        if number % 10 == 0 {
            slow.read_u8().await.expect("a byte");
        }
    }
    let home = program.get(&listener, "/api/v1/home").await;
    let place = home["places"].as_array().expect("places").iter().find(|place| place["id"] == group.as_str());
    let newest = format!("\"seq\":{},", place.expect("the place")["seq"]);
    hears(&mut quick, &newest).await;
    let grown = own_memory(&program).saturating_sub(before);
    assert!(grown < 64 * 1024, "{grown} KiB kept for one who does not read");
    // The state of the place is what the stream tells: the newest is what counts, and it comes.
    hears(&mut slow, &newest).await;
}

/// Fifty megabytes over a line that breaks at four fifths, in the middle of a part.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_upload_is_cut_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::demo(&folder.path().join("data"), database().await.as_deref()).await;
    let token = program.token("saeki").await;
    let group = shared_place(&program, std::slice::from_ref(&token)).await;
    let size = 50 * 1024 * 1024;
    let mut file = b"%PDF-1.7\n".to_vec();
    file.extend(
        (0..size - file.len() - 6).map(|place| b"0123456789abcdef\n"[(place * 7 + place / 4096) % 17]),
    );
    file.extend(b"%%EOF\n");

    let announced = json!({ "name": "記録.pdf", "size": file.len(), "media_type": "application/pdf" });
    let asked = program.http.post(format!("{}/api/v1/groups/{group}/uploads", program.url)).json(&announced);
    let begun: Value = asked.bearer_auth(&token).send().await.expect("begun").json().await.expect("JSON");
    let upload = begun["id"].as_str().unwrap_or_else(|| panic!("{begun}")).to_owned();
    let part = usize::try_from(begun["part_size"].as_u64().expect("a size")).expect("small");
    let send = async |number: usize| {
        let piece = file[number * part..file.len().min((number + 1) * part)].to_vec();
        let asked = program.http.put(format!("{}/api/v1/uploads/{upload}/parts/{number}", program.url));
        let sent = asked.bearer_auth(&token).body(piece).send().await.expect("an answer");
        assert!(sent.status().is_success(), "part {number}: {}", sent.status());
    };
    let (parts, cut) = (file.len().div_ceil(part), file.len() * 4 / 5 / part);
    for number in 0..cut {
        send(number).await;
    }
    // Half a part, then the line is gone.
    let mut line = TcpStream::connect(program.url.trim_start_matches("http://")).await.expect("a line");
    let head = format!(
        "PUT /api/v1/uploads/{upload}/parts/{cut} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {part}\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await.expect("sent");
    line.write_all(&file[cut * part..cut * part + part / 2]).await.expect("sent");
    drop(line);

    let state = program.get(&token, &format!("/api/v1/uploads/{upload}")).await;
    assert_eq!(state["parts"], json!((0..cut).collect::<Vec<_>>()), "half a part is none");
    for number in cut..parts {
        send(number).await;
    }
    let asked = program.http.post(format!("{}/api/v1/uploads/{upload}/completion", program.url));
    let done: Value = asked.bearer_auth(&token).send().await.expect("done").json().await.expect("JSON");
    assert_eq!(done["size"].as_u64(), Some(file.len() as u64), "{done}");
    let asked = json!({ "body": "記録です", "side": "professional", "attachments": [upload] });
    let asked = program.http.post(format!("{}/api/v1/groups/{group}/posts", program.url)).json(&asked);
    let post: Value = asked.bearer_auth(&token).send().await.expect("posted").json().await.expect("JSON");
    let at = post["attachments"][0]["url"].as_str().unwrap_or_else(|| panic!("{post}")).to_owned();
    let got =
        program.http.get(format!("{}{at}", program.url)).bearer_auth(&token).send().await.expect("opened");
    assert!(got.bytes().await.expect("bytes") == file, "every byte is the same");
}
