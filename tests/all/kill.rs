//! The whole program, killed with SIGKILL while people post: what was confirmed is there, and nothing twice.

use crate::program::{Program, all_posts, check, database, shared_place};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Writers, and how many posts each has on the way at once.
pub const WRITERS: &[&str] = &["saeki", "moriyama"];
const HANDS: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let database = database().await;
    let program = Arc::new(Program::demo(&data, database.as_deref()).await);
    let mut tokens = Vec::new();
    for who in WRITERS {
        tokens.push(program.token(who).await);
    }
    let group = shared_place(&program, &tokens).await;
    let before = all_posts(&program, &tokens[0], &group).await;

    let fates: Arc<Mutex<HashMap<String, (usize, bool)>>> = Arc::default();
    let mut hands = Vec::new();
    for (writer, token) in tokens.iter().enumerate() {
        for hand in 0..HANDS {
            let (program, token, group) = (Arc::clone(&program), token.clone(), group.clone());
            let fates = Arc::clone(&fates);
            hands.push(tokio::spawn(async move {
                for number in 0.. {
                    let key = format!("kill-{writer}-{hand}-{number}");
                    fates.lock().expect("a lock").insert(key.clone(), (writer, false));
                    if !program.post(&token, &group, &key).await {
                        return;
                    }
                    fates.lock().expect("a lock").insert(key, (writer, true));
                }
            }));
        }
    }
    while fates.lock().expect("a lock").values().filter(|(_, confirmed)| *confirmed).count() < 200 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    program.kill_now();
    for hand in hands {
        hand.await.expect("a hand");
    }
    drop(program);
    let fates = fates.lock().expect("a lock").clone();
    assert!(fates.values().any(|(_, confirmed)| !confirmed), "somebody was in the middle of it");

    let program = Program::demo(&data, database.as_deref()).await;
    let after = all_posts(&program, &tokens[0], &group).await;
    check(&before, &after, &fates);
    // A phone that never got its answer sends again: one post.
    for (key, (writer, _)) in fates.iter().filter(|(_, (_, confirmed))| !confirmed) {
        assert!(program.post(&tokens[*writer], &group, key).await, "{key}");
    }
    let fates = fates.into_iter().map(|(key, (writer, _))| (key, (writer, true))).collect();
    check(&before, &all_posts(&program, &tokens[0], &group).await, &fates);
}
