//! The whole data folder of a running program is deleted while people post: the continuous copy has all that was
//! confirmed until two seconds before.

use crate::kill::WRITERS;
use crate::program::{Program, all_posts, shared_place};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a person was told is safe, and when.
struct Told {
    writer: usize,
    hand: usize,
    words: String,
    /// The address of the photo.
    photo: Option<String>,
    at: Instant,
}

const HANDS: usize = 4;
/// What may be lost.
const LOST: Duration = Duration::from_secs(2);
const BOUNDARY: &str = "tasuki-photo";

impl Program {
    /// A metric, once there is one.
    async fn metric(&self, name: &str) -> Option<f64> {
        let asked = self.http.get(format!("{}/metrics", self.url)).send().await.ok()?;
        let text = asked.text().await.ok()?;
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }

    /// Sends a photo; answers its upload.
    async fn upload(&self, token: &str, group: &str) -> Option<String> {
        let photo = include_bytes!("../fixtures/photo.jpg");
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"kizu.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n"
        );
        let body = [head.as_bytes(), photo, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let asked = self.http.post(format!("{}/api/v1/groups/{group}/uploads", self.url)).bearer_auth(token);
        let asked = asked.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let answer: Value = asked.body(body).send().await.ok()?.json().await.ok()?;
        Some(answer["id"].as_str()?.to_owned())
    }

    /// What was confirmed: the address of the photo, if there is one.
    async fn tell(&self, token: &str, group: &str, words: &str, with_photo: bool) -> Option<Option<String>> {
        let upload = if with_photo { Some(self.upload(token, group).await?) } else { None };
        let asked = json!({ "body": words, "side": "professional", "attachments": Vec::from_iter(upload) });
        let asked = self.http.post(format!("{}/api/v1/groups/{group}/posts", self.url)).json(&asked);
        let answer = asked.bearer_auth(token).header("idempotency-key", words).send().await.ok()?;
        let confirmed = answer.status().is_success();
        let post: Value = answer.json().await.ok()?;
        confirmed.then(|| post["attachments"][0]["url"].as_str().map(str::to_owned))
    }
}

/// The program's verb, run to its end.
fn run(verb: &str, data: &Path, more: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tasuki"));
    command.arg(verb).arg("--data").arg(data).args(more).env_remove("DATABASE_URL");
    let done = command.output().expect("the program");
    assert!(done.status.success(), "{verb}: {}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_data_folder_comes_back_from_the_continuous_copy() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, new) = (folder.path().join("data"), folder.path().join("new"));
    let far = folder.path().join("far").display().to_string();
    // The cast moves in, and the house is opened for real.
    drop(Program::demo(&data, None).await);
    let program = Arc::new(Program::start("serve", &data, &[("TASUKI_COPY_TO", far.clone())]).await);
    let mut tokens = Vec::new();
    for who in WRITERS {
        tokens.push(program.token(who).await);
    }
    let group = shared_place(&program, &tokens).await;
    let before = all_posts(&program, &tokens[0], &group).await;

    let told: Arc<Mutex<Vec<Told>>> = Arc::default();
    let mut hands = Vec::new();
    for (writer, token) in tokens.iter().enumerate() {
        for hand in 0..HANDS {
            let (program, token, group) = (Arc::clone(&program), token.clone(), group.clone());
            let told = Arc::clone(&told);
            hands.push(tokio::spawn(async move {
                for number in 0.. {
                    let words = format!("lost-{writer}-{hand}-{number}");
                    let with_photo = hand == 0 && number % 5 == 0;
                    let Some(photo) = program.tell(&token, &group, &words, with_photo).await else { return };
                    told.lock().expect("a lock").push(Told {
                        writer,
                        hand,
                        words,
                        photo,
                        at: Instant::now(),
                    });
                }
            }));
        }
    }
    wait_for_load(&program, &told).await;

    let lost_at = Instant::now();
    // The house goes on writing into it.
    while data.exists() {
        let _ = std::fs::remove_dir_all(&data);
    }
    program.kill_now();
    for hand in hands {
        hand.await.expect("a hand");
    }
    drop(program);
    let told = std::mem::take(&mut *told.lock().expect("a lock"));
    let safe: Vec<&Told> = told.iter().filter(|told| told.at + LOST < lost_at).collect();
    assert!(safe.len() > 100 && safe.len() < told.len(), "{} of {}", safe.len(), told.len());
    assert!(safe.iter().filter(|told| told.photo.is_some()).count() > 2, "with photos");

    // The master key out of the safe; nothing else is left.
    std::fs::copy(folder.path().join("data.key"), folder.path().join("new.key")).expect("the master key");
    run("verify", &new, &["--from-copy", &far]);
    run("restore", &new, &["--from-copy", &far]);
    let program = Program::start("serve", &new, &[]).await;
    let token = program.token(WRITERS[0]).await;
    let after = all_posts(&program, &token, &group).await;
    check(&before, &after, &safe);
    for told in safe {
        let Some(photo) = &told.photo else { continue };
        let asked = program.http.get(format!("{}{photo}", program.url)).bearer_auth(&token).send().await;
        let answer = asked.expect("an answer");
        assert_eq!(answer.status(), 200, "{}: {photo}", told.words);
        assert!(answer.bytes().await.expect("bytes").len() > 1000);
    }
}

/// Until the copy is in step and there is enough to lose, some of it older than may be lost.
async fn wait_for_load(program: &Program, told: &Mutex<Vec<Told>>) {
    let begun = Instant::now();
    let mut in_step_since = None;
    while begun.elapsed() < Duration::from_secs(120) {
        let lag = program.metric("tasuki_copy_lag_seconds").await;
        let in_step = lag.is_some_and(|lag| lag < 1.5);
        in_step_since = if in_step { in_step_since.or(Some(Instant::now())) } else { None };
        let enough = told.lock().expect("a lock").len() > 300;
        if enough && in_step_since.is_some_and(|since| since.elapsed() > Duration::from_secs(4)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the copy does not come into step");
}

fn check(before: &[(i64, String)], after: &[(i64, String)], safe: &[&Told]) {
    let numbers: Vec<i64> = after.iter().map(|(seq, _)| *seq).collect();
    let expected: Vec<i64> = (1..=i64::try_from(after.len()).expect("few")).collect();
    assert_eq!(numbers, expected, "no hole, nothing twice");
    assert_eq!(&after[..before.len()], before, "what was there before");
    for told in safe {
        let count = after.iter().filter(|(_, body)| *body == told.words).count();
        assert_eq!(count, 1, "{}", told.words);
    }
    for (writer, hand) in (0..WRITERS.len()).flat_map(|writer| (0..HANDS).map(move |hand| (writer, hand))) {
        let said = safe.iter().filter(|told| (told.writer, told.hand) == (writer, hand));
        let said: Vec<&String> = said.map(|told| &told.words).collect();
        let mine = format!("lost-{writer}-{hand}-");
        let kept = after.iter().map(|(_, body)| body).filter(|body| body.starts_with(&mine));
        let kept: Vec<&String> = kept.take(said.len()).collect();
        assert_eq!(kept, said, "in order");
    }
}
