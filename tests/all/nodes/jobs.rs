//! Errands run on every node, and each is done once.

use super::until;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tasuki::House;
use tasuki::events::{self, Relay};
use tasuki::house::{Presence, Rooms};
use tasuki::testing::{World, cast};
use tasuki::{errands, serve};
use tasuki_base::mail::{Mailer, SmtpSettings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

type Taken = Arc<Mutex<BTreeMap<String, usize>>>;

/// A slow mail server: while it takes one letter, every node has long looked for work again.
async fn talk(line: TcpStream, taken: Taken) -> Option<()> {
    let (hears, mut says) = line.into_split();
    let mut hears = BufReader::new(hears).lines();
    says.write_all(b"220 post.test\r\n").await.ok()?;
    let mut to = String::new();
    while let Some(said) = hears.next_line().await.ok()? {
        let verb = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "RCPT" => {
                to = said.split(['<', '>']).nth(1)?.to_owned();
                "250 ok\r\n"
            }
            "DATA" => {
                says.write_all(b"354 go on\r\n").await.ok()?;
                while hears.next_line().await.ok()?? != "." {}
                tokio::time::sleep(Duration::from_millis(1500)).await;
                *taken.lock().expect("a lock").entry(to.clone()).or_default() += 1;
                "250 taken\r\n"
            }
            _ => "250 ok\r\n",
        };
        says.write_all(answer.as_bytes()).await.ok()?;
    }
    Some(())
}

async fn post_office() -> (Mailer, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let settings = SmtpSettings {
        url: format!("smtp://{}", listener.local_addr().expect("an address")),
        from: "noreply@tasuki.test".to_owned(),
        from_name: None,
        reply_to: None,
        timeout: Duration::from_secs(20),
    };
    let taken = Taken::default();
    let counted = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            tokio::spawn(talk(line, Arc::clone(&counted)));
        }
    });
    (Mailer::smtp(&settings).expect("settings that make sense"), taken)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_send_each_letter_once() {
    let (mailer, taken) = post_office().await;
    let world = World::with_mailer(mailer).await.peopled().await;
    let (relay, presence) = (Relay::default(), Presence::default());
    let other = world.moved(House::new(Rooms { relay, presence, ..Rooms::clone(&world.house) }));
    let mut tasks = Vec::new();
    for house in [&world.house, &other.house] {
        tasks.push(tokio::spawn(events::run(house.clone(), serve::listeners())));
        tasks.push(tokio::spawn(errands::run(house.clone(), serve::errands(), std::future::pending())));
    }
    let people: Vec<_> = cast::ACTORS.iter().take(8).collect();
    for (number, actor) in people.iter().enumerate() {
        let node = if number % 2 == 0 { &world } else { &other };
        let asked = node.stranger().post("/password-reset", &[("email", &actor.email())]).await;
        assert!(asked.status.as_u16() < 400, "{}", asked.text());
    }
    until("every letter is taken", async || taken.lock().expect("a lock").len() == people.len()).await;
    until("nothing is left to do", async || {
        serve::leftovers(&world.house).await.expect("a look at the jobs").is_empty()
    })
    .await;
    // Whoever took one twice would be at it now.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let taken = taken.lock().expect("a lock").clone();
    assert!(taken.values().all(|count| *count == 1), "{taken:?}");
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    world.settle().await;
    world.close().await;
}
