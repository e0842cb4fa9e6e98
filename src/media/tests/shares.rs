//! What one member's files may cost the others.

use super::*;
use crate::media::actions;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use std::convert::Infallible;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};
use tasuki_law::nouns::UploadId;
use tokio::time::timeout;

const SOON: Duration = Duration::from_secs(20);

/// A table of some size: it is looked through as any file is.
fn table(lines: usize) -> Vec<u8> {
    "1,2,3\n".repeat(lines).into_bytes()
}

async fn part_of(world: &World, key: &str, bytes: &[u8]) -> UploadId {
    let purpose = world.purpose(key, PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "a.csv", bytes.len() as u64).await.unwrap();
    let whole = stream::iter([Ok::<_, Infallible>(Bytes::copy_from_slice(bytes))]);
    let who = world.who(key);
    let sent = actions::take_part(&world.house, &who, id, 0, whole);
    timeout(SOON, sent).await.expect("soon").unwrap().unwrap();
    id
}

#[tokio::test]
async fn forty_slow_senders_of_one_member_are_in_nobody_elses_way() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let mut slow = Vec::new();
    for _ in 0..40 {
        let id = world.begin_upload(&purpose, "a.pdf", PART as u64).await.unwrap();
        let (house, who) = (world.house.clone(), world.who("moriyama"));
        slow.push(tokio::spawn(async move {
            // A first byte, and then nothing for as long as anybody looks.
            let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"%"))]);
            let bytes = Box::pin(first.chain(stream::pending()));
            actions::take_part(&house, &who, id, 0, bytes).await.map(|_| ())
        }));
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    for key in ["kiyono", "saeki"] {
        let id = part_of(&world, key, &table(1000)).await;
        let who = world.who(key);
        let done = timeout(SOON, actions::complete(&world.house, &who, id)).await;
        assert!(done.expect("soon").unwrap().is_ok());
    }
    slow.iter().for_each(tokio::task::JoinHandle::abort);
    world.close().await;
}

#[tokio::test]
async fn a_sender_from_whom_nothing_comes_is_cut() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "a.pdf", PART as u64).await.unwrap();
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"%"))]);
    let bytes = Box::pin(first.chain(stream::pending()));
    let begun = Instant::now();
    let cut = actions::take_part(&world.house, &world.who("moriyama"), id, 0, bytes).await;
    assert!(matches!(cut, Err(crate::Trouble::Malformed)));
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_for_many_times_at_once_a_file_is_finished_once() {
    let (world, folder) = on_disk(50 * 1024 * 1024).await;
    let id = part_of(&world, "moriyama", &table(400_000)).await;
    let asked = (0..12).map(|_| {
        let (house, who) = (world.house.clone(), world.who("moriyama"));
        tokio::spawn(async move { actions::complete(&house, &who, id).await })
    });
    for answer in asked.collect::<Vec<_>>() {
        let card = answer.await.unwrap().unwrap().expect("all find it in");
        assert_eq!(card.id, id);
    }
    let forms = lying_in(&folder).into_iter().filter(|(_, bytes)| bytes.len() > 2_400_000).count();
    // The part may lie there still; the form is there once.
    assert!(forms <= 2, "{forms}");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_finished_though_nobody_waits() {
    let world = World::with_cast().await;
    let id = part_of(&world, "moriyama", &table(200_000)).await;
    let (house, who) = (world.house.clone(), world.who("moriyama"));
    let asked = tokio::spawn(async move { actions::complete(&house, &who, id).await });
    tokio::time::sleep(Duration::from_millis(30)).await;
    asked.abort();
    let who = world.who("moriyama");
    let again = timeout(SOON, actions::complete(&world.house, &who, id)).await;
    assert!(again.expect("soon").unwrap().is_ok());
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_four_pictures_of_one_delay_another_by_about_one() {
    let world = World::with_cast().await;
    let picture = fixture!("photo.jpg");
    let mut many = Vec::new();
    for _ in 0..24 {
        let id = part_of(&world, "moriyama", picture).await;
        let (house, who) = (world.house.clone(), world.who("moriyama"));
        many.push((id, house, who));
    }
    let other = part_of(&world, "kiyono", picture).await;
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    for (id, house, who) in many {
        let told = told.clone();
        tokio::spawn(async move {
            actions::complete(&house, &who, id).await.unwrap().unwrap();
            let _ = told.send("one of many");
        });
    }
    tokio::task::yield_now().await;
    let (house, who) = (world.house.clone(), world.who("kiyono"));
    tokio::spawn(async move {
        actions::complete(&house, &who, other).await.unwrap().unwrap();
        let _ = told.send("the other");
    });
    let mut before = 0;
    while timeout(SOON, heard.recv()).await.expect("soon") != Some("the other") {
        before += 1;
    }
    assert!(before <= 6, "{before} of 24 went before");
    for _ in before..24 {
        timeout(SOON, heard.recv()).await.expect("soon").expect("the rest");
    }
    world.close().await;
}

#[tokio::test]
async fn below_the_floor_files_are_refused_in_words_and_nothing_else_is() {
    let mut world = World::with_cast().await;
    let id = part_of(&world, "moriyama", &table(10)).await;
    let folder = world.house.config.data.join("files");
    let blobs = Blobs::folder(&folder).unwrap().with_floor(Some(u64::MAX));
    let rooms = (*world.house).clone();
    world.house = House::new(crate::house::Rooms { blobs, ..rooms });
    let words = "いまはファイルを受け取れません";
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let refused = world.begin_upload(&purpose, "a.csv", 10).await.unwrap_err();
    assert!(refused.starts_with(words), "{refused}");
    let whole = stream::iter([Ok::<_, Infallible>(Bytes::from(table(10)))]);
    let who = world.who("moriyama");
    let part = actions::take_part(&world.house, &who, id, 0, whole).await.unwrap();
    assert!(part.unwrap_err().words().starts_with(words));
    let done = actions::complete(&world.house, &who, id).await.unwrap();
    assert!(done.unwrap_err().words().starts_with(words));
    let photo =
        actions::keep_photo(&world.house, &purpose, "a.jpg", Bytes::from_static(fixture!("photo.jpg")));
    assert!(photo.await.unwrap().unwrap_err().words().starts_with(words));
    // Nothing else asks for room.
    world.house.write(|tx| Ok(tx.now())).await.unwrap();
    world.close().await;
}

fn open_to_others(folder: &Path) -> Vec<String> {
    let mut open = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let about = entry.metadata().unwrap();
        if about.permissions().mode() & 0o077 != 0 {
            open.push(format!("{} {:o}", entry.path().display(), about.permissions().mode()));
        }
        if about.is_dir() {
            open.extend(open_to_others(&entry.path()));
        }
    }
    open
}

#[tokio::test]
async fn everything_that_a_file_leaves_on_the_disk_is_its_owners_alone() {
    let (world, folder) = on_disk(50 * 1024 * 1024).await;
    let id = part_of(&world, "moriyama", &table(10)).await;
    let _part_only = part_of(&world, "kiyono", &table(10)).await;
    actions::complete(&world.house, &world.who("moriyama"), id).await.unwrap().unwrap();
    assert!(!lying_in(&folder).is_empty());
    assert_eq!(open_to_others(&folder), Vec::<String>::new());
    world.close().await;
}
