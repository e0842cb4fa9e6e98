//! The whole program: its keys rotate and turn while people post, and a rotation is killed wherever it stands.

use crate::nodes::bucket::Bucket;
use crate::program::{Program, all_posts, database, shared_place};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many rotations are killed on their way.
const KILLED: u32 = 14;

/// Where a house stands: its folder, and the settings that name its database and its keyring.
type Site<'s> = (&'s Path, &'s [(&'static str, String)]);

fn key((data, settings): Site<'_>, verb: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tasuki"));
    command.args(["key", verb]).arg("--data").arg(data).env_remove("DATABASE_URL");
    command.envs(settings.iter().cloned());
    command
}

async fn done(site: Site<'_>, verb: &str) -> String {
    let mut command = key(site, verb);
    let ended = tokio::task::spawn_blocking(move || command.output()).await.expect("a task");
    let Output { status, stdout, stderr } = ended.expect("the program");
    assert!(status.success(), "{verb}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}

/// Kills a rotation after so long; tells whether it was still on its way.
async fn killed_after(site: Site<'_>, patience: Duration) -> bool {
    let mut command = key(site, "rotate");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
    tokio::time::sleep(patience).await;
    let _ = child.kill();
    !child.wait().expect("an end").success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotate_and_turn_under_a_house_that_serves_and_may_be_killed_at_it() {
    rotate_and_turn(Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_in_a_bucket_rotate_and_turn_under_a_house_that_serves_and_may_be_killed_at_it() {
    let bucket = Bucket::open().await;
    rotate_and_turn(bucket.of_keys()).await;
    let mut left = bucket.ring();
    left.retain(|name| !name.starts_with("probe-"));
    assert_eq!(left, ["keyring"], "one object, and what a kill left of a probe");
}

async fn rotate_and_turn(mut settings: Vec<(&'static str, String)>) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    settings.extend(database().await.map(|url| ("DATABASE_URL", url)));
    let site = (data.as_path(), settings.as_slice());
    let program = Arc::new(Program::start("demo", &data, &settings).await);
    let token = program.token("saeki").await;
    let group = shared_place(&program, std::slice::from_ref(&token)).await;
    let before = all_posts(&program, &token, &group).await.len();

    let stop = Arc::new(AtomicBool::new(false));
    let posting = {
        let (program, token, group, stop) =
            (Arc::clone(&program), token.clone(), group.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut posted = 0;
            while !stop.load(Ordering::Relaxed) {
                assert!(program.post(&token, &group, &format!("keys-{posted}")).await, "post {posted}");
                posted += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            posted
        })
    };
    let mark = |status: &str| status.lines().next().unwrap_or_default().to_owned();
    let first = mark(&done(site, "status").await);
    let begun = Instant::now();
    done(site, "rotate").await;
    let whole = begun.elapsed();
    let mut cut_short = 0;
    for number in 1..=KILLED {
        cut_short += u32::from(killed_after(site, whole * number / KILLED).await);
        // It opens, every key of it, and the next process knows under which master key.
        assert_ne!(mark(&done(site, "status").await), first);
    }
    assert!(cut_short > 0, "some were on their way");
    done(site, "turn").await;
    done(site, "rotate").await;
    done(site, "turn").await;
    stop.store(true, Ordering::Relaxed);
    let posted = posting.await.expect("every post was confirmed");
    assert_eq!(all_posts(&program, &token, &group).await.len(), before + posted);
    drop(Arc::into_inner(program).expect("nobody else holds it"));

    let program = Program::start("demo", &data, &settings).await;
    assert_eq!(all_posts(&program, &token, &group).await.len(), before + posted);
    assert!(program.post(&token, &group, "afterwards").await);
}
