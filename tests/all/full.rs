//! The disk is full under a house that serves: a small disk of its own, in memory.

use crate::kill::WRITERS;
use crate::program::{BINARY, Program, all_posts, check, shared_place};
use reqwest::StatusCode;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How somebody may mount for themselves alone: as nobody in particular where that is allowed, or else as root.
fn way() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 2] = [&["--map-root-user", "--mount"], &["--mount"]];
    WAYS.into_iter().find(|way| {
        let tried = Command::new("unshare").args(*way).arg("true").status();
        tried.is_ok_and(|tried| tried.success())
    })
}

/// Mounts a disk of 64 MB there, for the program alone: it goes when the program does.
fn on_a_small_disk(way: &[&str], place: &Path) -> Command {
    let mut command = Command::new("unshare");
    command.args(way).args(["sh", "-c"]);
    command.arg(r#"mount -t tmpfs -o size=64m tasuki "$0" && exec "$@""#).arg(place).arg(BINARY);
    command
}

/// Leaves so many bytes of the disk. Seen from outside.
fn fill(program: &Program, place: &Path, left: u64) -> PathBuf {
    let disk = PathBuf::from(format!("/proc/{}/root{}", program.id(), place.display()));
    let path = disk.join("filler");
    let mut file = File::create(&path).expect("a file on the small disk");
    let piece = vec![1; 1 << 16];
    loop {
        match file.write_all(&piece) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => break,
            Err(error) => panic!("{error}"),
        }
    }
    let length = file.metadata().expect("a length").len();
    file.set_len(length.saturating_sub(left)).expect("some room");
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_costs_nobody_a_word_that_was_confirmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(way) = way() else {
        eprintln!("not tried: nobody may mount a small disk here");
        return;
    };
    let data = folder.path().join("data");
    let mut program = Program::begin_as(on_a_small_disk(way, folder.path()), "demo", &data, 0, &[]);
    program.ready().await;
    let tokens = [program.token(WRITERS[0]).await, program.token(WRITERS[1]).await];
    let group = shared_place(&program, &tokens).await;
    let before = all_posts(&program, &tokens[0], &group).await;

    let filler = fill(&program, folder.path(), 512 * 1024);
    let mut fates = HashMap::new();
    let mut refused = 0;
    for number in 0..5000 {
        let key = format!("full-{number}");
        let (status, said) = program.try_post(&tokens[number % 2], &group, &key).await.expect("an answer");
        fates.insert(key, (number % 2, status.is_success()));
        if status.is_success() {
            continue;
        }
        assert!(status.is_server_error(), "{status} {said}");
        let words = said["detail"].as_str().unwrap_or_default();
        assert!(!words.is_ascii() && !words.contains("SQL"), "{said}");
        refused += 1;
        if refused == 20 {
            break;
        }
    }
    assert_eq!(refused, 20, "the disk is full");
    let confirmed = fates.values().filter(|(_, confirmed)| *confirmed).count();
    assert!(confirmed > 0, "some went through before");

    // Somebody makes room: it goes on by itself, and who sends again is there once.
    fs::remove_file(filler).expect("room");
    for (key, (writer, confirmed)) in &mut fates {
        if !*confirmed {
            let (status, said) = program.try_post(&tokens[*writer], &group, key).await.expect("an answer");
            assert!(status.is_success(), "{status} {said}");
            *confirmed = true;
        }
    }
    check(&before, &all_posts(&program, &tokens[0], &group).await, &fates);
    let page =
        program.http.get(format!("{}/groups/{group}", program.url)).bearer_auth(&tokens[0]).send().await;
    assert_eq!(page.expect("an answer").status(), StatusCode::OK);
}
