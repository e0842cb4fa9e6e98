//! What goes wrong around the house, and what stays well in it. docs/faults.md is the table.

use crate::program::{Program, all_posts, check, database, shared_place};
use axum::http::Method;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tasuki::testing::{World, cast};
use tasuki_value::{HOUR, MINUTE};
use tokio::task::JoinSet;

/// A machine's clock is set back while a team works.
#[tokio::test]
async fn the_clock_jumps_back_an_hour() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
    let (mut doctor, mut nurse) = (world.visit("saeki").await, world.visit("moriyama").await);
    doctor.write_post(group, "時計が戻る前").await;
    world.later(-HOUR);
    nurse.write_post(group, "戻ったあと").await;
    doctor.write_post(group, "そのまた次").await;

    let posts = world.posts("saeki", group).await;
    let words: Vec<&str> = posts.iter().map(|post| post.text.as_str()).collect();
    assert_eq!(words, ["時計が戻る前", "戻ったあと", "そのまた次"], "the order is the order of writing");
    assert_eq!(posts.iter().map(|post| post.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(world.unread("moriyama", group).await, 2);
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("そのまた次"), "nobody is signed out by it");

    // Who has not read is told once the clock has come round again, and once.
    doctor.write_post(group, "読まれない一つ").await;
    for _ in 0..4 {
        world.later(HOUR);
        world.settle().await;
    }
    let told = world.mails().await.into_iter().filter(|mail| mail.to == cast::actor("moriyama").email());
    assert_eq!(told.filter(|mail| mail.subject.contains("新しい投稿")).count(), 1);
    world.close().await;
}

/// Somebody guesses passwords by the hundred; a nurse reads and writes meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_wrong_passwords_stops_nobody_who_is_in() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    let mut flood = JoinSet::new();
    for number in 0..200 {
        let mut guesser = world.stranger();
        flood.spawn(async move {
            let email =
                if number % 2 == 0 { cast::actor("saeki").email() } else { format!("n{number}@example.jp") };
            let guess = format!("tsubame-ga-tobu-{number}");
            let answer = guesser.post("/sign-in", &[("email", &email), ("password", &guess)]).await;
            assert!(!guesser.has_session(), "nobody comes in by guessing");
            (number, answer.status.as_u16())
        });
    }
    for number in 0..10 {
        nurse.write_post(group, &format!("{number}回目の訪問")).await;
        let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
        assert!(page.has(&format!("{number}回目の訪問")));
    }
    let answers = flood.join_all().await;
    assert!(answers.iter().all(|(_, status)| matches!(status, 422 | 429)), "{answers:?}");
    let tried = answers.iter().filter(|(number, status)| number % 2 == 0 && *status == 422).count();
    assert!(tried <= 10, "of a hundred guesses at one account ten are looked at: {tried}");
    assert_eq!(world.posts("saeki", group).await.len(), 10);

    // Later the doctor comes in as ever.
    world.later(20 * MINUTE);
    let mut doctor = world.stranger();
    let fields = [("email", cast::actor("saeki").email()), ("password", cast::PASSWORD.to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _ = doctor.post("/sign-in", &fields).await.expect(303);
    world.settle().await;
    world.close_with_leftovers();
}

/// Passwords are guessed from everywhere, as fast as the machine takes them, by a hundred at once; a nurse reads and
/// writes meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_guesses_from_everywhere_stop_nobody_who_is_in() {
    const GUESSES: usize = 1000;
    let folder = tempfile::tempdir().expect("a folder");
    let (data, database) = (folder.path().join("data"), database().await);
    let mut settings = vec![("TASUKI_TRUSTED_PROXIES", "127.0.0.1".to_owned())];
    settings.extend(database.map(|url| ("DATABASE_URL", url)));
    let program = Arc::new(Program::start("demo", &data, &settings).await);
    let tokens = [program.token("saeki").await, program.token("moriyama").await];
    let group = shared_place(&program, &tokens).await;
    let before = all_posts(&program, &tokens[0], &group).await;

    let guessed = Arc::<AtomicUsize>::default();
    let mut flood = JoinSet::new();
    for _ in 0..100 {
        let (program, guessed) = (Arc::clone(&program), Arc::clone(&guessed));
        flood.spawn(async move {
            let mut answers = BTreeMap::<u16, usize>::new();
            loop {
                let number = guessed.fetch_add(1, Ordering::Relaxed);
                if number >= GUESSES {
                    return answers;
                }
                let email = if number % 2 == 0 {
                    cast::actor("saeki").email()
                } else {
                    format!("n{number}@example.jp")
                };
                let guess = json!({ "email": email, "password": number.to_string(), "name": "x" });
                let sent = program.http.post(format!("{}/api/v1/tokens", program.url)).json(&guess);
                let from = format!("198.51.{}.{}", number / 250, number % 250);
                let answer = sent.header("x-forwarded-for", from).send().await.expect("an answer");
                *answers.entry(answer.status().as_u16()).or_default() += 1;
            }
        });
    }
    let mut fates = HashMap::new();
    while guessed.load(Ordering::Relaxed) < GUESSES {
        let key = format!("beside-{}", fates.len());
        assert!(program.post(&tokens[1], &group, &key).await, "{key}");
        fates.insert(key, (0, true));
        let page =
            program.http.get(format!("{}/groups/{group}", program.url)).bearer_auth(&tokens[0]).send().await;
        assert_eq!(page.expect("an answer").status().as_u16(), 200);
    }
    let mut told = BTreeMap::<u16, usize>::new();
    for answers in flood.join_all().await {
        answers.into_iter().for_each(|(status, count)| *told.entry(status).or_default() += count);
    }
    assert_eq!(told.values().sum::<usize>(), GUESSES);
    assert!(told.keys().all(|status| matches!(status, 401 | 429)), "{told:?}");
    assert!(fates.len() >= 5, "{}", fates.len());
    check(&before, &all_posts(&program, &tokens[0], &group).await, &fates);
    let _ = program.token("kiyono").await;
}

/// A program that sends nonsense gets a sentence, never a fall.
#[tokio::test]
async fn nonsense_is_answered_in_words() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
    let mut program = world.program("moriyama").await;
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: [Vec<u8>; 8] = [
        Vec::new(),
        b"{".to_vec(),
        b"null".to_vec(),
        vec![0xff, 0xfe, 0x00],
        deep.into_bytes(),
        json!({ "body": 7, "side": [] }).to_string().into_bytes(),
        json!({ "body": "\u{0}", "side": "professional", "attachments": ["x"] }).to_string().into_bytes(),
        vec![b' '; 2 * 1024 * 1024],
    ];
    let paths = [
        "/api/v1/tokens".to_owned(),
        "/api/v1/groups".to_owned(),
        "/api/v1/patients".to_owned(),
        format!("/api/v1/groups/{group}/posts"),
        format!("/api/v1/groups/{group}/invitations"),
    ];
    for path in &paths {
        for body in &bodies {
            let head = [("content-type", "application/json"), ("idempotency-key", "nonsense")];
            let answer = program.send_with(Method::POST, path, &head, body.clone()).await;
            let status = answer.status.as_u16();
            assert!((400..500).contains(&status), "{path}: {status} {}", answer.text());
            let start = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert!(answer.json()["title"].is_string(), "{path} {start}: {}", answer.text());
        }
    }
    assert!(world.posts("saeki", group).await.is_empty());
    world.settle().await;
    world.close_with_leftovers();
}
