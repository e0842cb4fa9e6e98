//! The way in: announced, in parts, finished.

use super::*;
use crate::media::{actions, of_draft};
use axum::http::Method;
use bytes::Bytes;
use futures_util::stream;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use tasuki_law::nouns::UploadId;

const MB: u64 = 1024 * 1024;

#[tokio::test]
async fn what_is_too_large_is_refused_before_its_first_byte_with_the_limit_named() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    assert!(world.begin_upload(&purpose, "歩行.mp4", 50 * MB).await.is_ok());
    for (name, size, words) in [
        ("歩行.mp4", 82 * MB, "動画は50MBまでです。この動画は82MBです"),
        ("歩行.mp4", 50 * MB + 1, "動画は50MBまでです。この動画は50.1MBです"),
        ("紹介状.pdf", 51 * MB, "ファイルは50MBまでです。このファイルは51MBです"),
        ("空.pdf", 0, "ファイルの中身が空です。もう一度選んでください"),
    ] {
        assert_eq!(world.begin_upload(&purpose, name, size).await.unwrap_err(), words);
    }
    world.close().await;
}

#[tokio::test]
async fn fifty_megabytes_come_in_and_one_byte_more_is_refused_in_the_stream() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let draft = world.some_draft();
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let film = film(50 * PART / 5);
    let (id, answer) = world.upload(&mut nurse, &purpose, "歩行の様子.mp4", &film).await;
    let row = answer.expect(200);
    assert!(row.has("歩行の様子.mp4") && row.has("50MB"), "{}", row.text());
    let cards = world.house.read(move |tx| of_draft(tx, draft)).await.unwrap();
    assert_eq!((cards[0].id, cards[0].size, cards[0].media_type.as_str()), (id, 50 * MB as i64, "video/mp4"));

    let id = world.begin_upload(&purpose, "歩行.mp4", 50 * MB).await.unwrap();
    for (number, part) in film.chunks(PART).enumerate().take(9) {
        let _ = nurse.put_part(id, number, part).await.expect(204);
    }
    let more = [&film[9 * PART..], b"x"].concat();
    let answer = nurse.put_part(id, 9, &more).await.expect(422);
    assert_eq!(answer.text(), "ファイルは50MBまでです。小さくしてからお送りください");
    let _ = nurse.post(&format!("/uploads/{id}/completion"), &[]).await.expect(422);
    world.close().await;
}

#[tokio::test]
async fn never_more_than_a_part_is_read() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "a.pdf", 8 * MB).await.unwrap();
    static PULLED: AtomicUsize = AtomicUsize::new(0);
    let endless = stream::repeat_with(|| {
        PULLED.fetch_add(64 * 1024, Ordering::Relaxed);
        Ok::<_, Infallible>(Bytes::from(vec![b'a'; 64 * 1024]))
    });
    let who = world.who("moriyama");
    let answer = actions::take_part(&world.house, &who, id, 0, endless).await.unwrap();
    assert_eq!(answer.unwrap_err().words(), "送っている間にファイルが変わりました。もう一度お送りください");
    assert_eq!(PULLED.load(Ordering::Relaxed), PART + 64 * 1024);
    world.close().await;
}

#[tokio::test]
async fn parts_come_in_any_order_and_twice_and_a_missing_one_is_missed() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    let film = film(2 * PART + 1000);
    let id = world.begin_upload(&purpose, "a.mp4", film.len() as u64).await.unwrap();
    let parts: Vec<_> = film.chunks(PART).collect();
    let completion = format!("/uploads/{id}/completion");
    for number in [2, 0, 0] {
        let _ = nurse.put_part(id, number, parts[number]).await.expect(204);
    }
    let missed = nurse.post(&completion, &[]).await.expect(422);
    assert_eq!(missed.text(), "途中までしか届いていません。もう一度お送りください");
    let _ = nurse.put_part(id, 1, &parts[1][1..]).await.expect(400);
    let _ = nurse.put_part(id, 3, b"x").await.expect(400);
    let _ = nurse.put_part(id, 1, parts[1]).await.expect(204);
    let first = nurse.post(&completion, &[]).await.expect(200).text();
    assert_eq!(nurse.post(&completion, &[]).await.expect(200).text(), first, "asking twice is asking once");
    let _ = nurse.put_part(id, 0, parts[0]).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn a_part_sent_again_with_other_bytes_is_sealed_anew() {
    let (world, folder) = on_disk(50 * MB).await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "a.csv", 8).await.unwrap();
    let _ = nurse.put_part(id, 0, b"a,b\n1,2\n").await.expect(204);
    let first = lying_in(&folder).pop().unwrap().1;
    let _ = nurse.put_part(id, 0, b"a,b\n1,3\n").await.expect(204);
    let second = lying_in(&folder).pop().unwrap().1;
    // Under one key stream the two would differ in one byte, and in the tag.
    let same = first.iter().zip(&second).take(8).filter(|(a, b)| a == b).count();
    assert!(same < 4, "{same} bytes are alike");
    let _ = nurse.post(&format!("/uploads/{id}/completion"), &[]).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn an_upload_goes_on_after_the_house_was_killed() {
    let (mut world, folder) = on_disk(50 * MB).await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    let film = film(PART + 5000);
    let id = world.begin_upload(&purpose, "部屋の様子.mp4", film.len() as u64).await.unwrap();
    let parts: Vec<_> = film.chunks(PART).collect();
    let _ = nurse.put_part(id, 0, parts[0]).await.expect(204);
    let left = lying_in(&folder);
    assert_eq!(left.len(), 1);
    for (name, bytes) in &left {
        assert!(!holds(bytes, PLACE) && !holds(bytes, b"ftyp") && !holds(bytes, &film[2000..2032]));
        assert!(name.is_ascii());
    }

    // All that another process finds: the database, the keys and the folder.
    let (blobs, relay) = (Blobs::folder(&folder).unwrap(), crate::events::Relay::default());
    world.house = House::new(crate::house::Rooms { blobs, relay, ..(*world.house).clone() });
    let mut nurse = world.visit("moriyama").await;
    let state = nurse.get(&format!("/uploads/{id}")).await.expect(200).json();
    assert_eq!(state["parts"], serde_json::json!([0]));
    assert_eq!((state["part_size"].as_u64(), state["ready"].as_bool()), (Some(5 * MB), Some(false)));
    let _ = nurse.send(Method::HEAD, &format!("/uploads/{id}"), "", Vec::new()).await.expect(200);
    let _ = nurse.put_part(id, 1, parts[1]).await.expect(204);
    let _ = nurse.post(&format!("/uploads/{id}/completion"), &[]).await.expect(200);
    world.settle().await;
    let left = lying_in(&folder);
    assert_eq!(
        left.len(),
        1,
        "the parts are gone: {:?}",
        left.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    assert!(left[0].0.ends_with(".full"));
    world.close().await;
}

#[tokio::test]
async fn nobody_else_adds_to_an_upload_or_learns_of_it() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "a.csv", 4).await.unwrap();
    let unknown = UploadId(world.house.chance.uuid(world.house.now()));
    for other in ["kiyono", "saeki", "mori"] {
        let mut other = world.visit(other).await;
        for id in [id, unknown] {
            let _ = other.put_part(id, 0, b"1,2\n").await.expect(404);
            let _ = other.get(&format!("/uploads/{id}")).await.expect(404);
            let _ = other.post(&format!("/uploads/{id}/completion"), &[]).await.expect(404);
            let _ = other.post(&format!("/uploads/{id}/removal"), &[]).await.expect(404);
        }
    }
    let mut nobody = world.stranger();
    let _ = nobody.put_part(id, 0, b"1,2\n").await.expect(401);
    let _ = nobody.post(&format!("/uploads/{id}/completion"), &[]).await.expect(401);
    let _ = nobody.post(&format!("/uploads/{id}/removal"), &[]).await.expect(401);

    let _ = nurse.put_part(id, 0, b"1,2\n").await.expect(204);
    let _ = nurse.post(&format!("/uploads/{id}/completion"), &[]).await.expect(200);
    let _ = nurse.post(&format!("/uploads/{id}/removal"), &[]).await.expect(204);
    let _ = nurse.get(&format!("/uploads/{id}")).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn ten_files_and_two_hundred_megabytes_a_post() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    let late = world.begin_upload(&purpose, "late.csv", 4).await.unwrap();
    let _ = nurse.put_part(late, 0, b"1,2\n").await.expect(204);
    for number in 0..10 {
        let name = format!("{number}.csv");
        let _ = world.upload(&mut nurse, &purpose, &name, b"1,2\n").await.1.expect(200);
    }
    let words = "添付は1つの投稿に10個までです。残りは次の投稿でお送りください";
    assert_eq!(world.begin_upload(&purpose, "11.csv", 4).await.unwrap_err(), words);
    let answer = nurse.post(&format!("/uploads/{late}/completion"), &[]).await.expect(422);
    assert_eq!(answer.text(), words, "who began earlier and ends later has no place either");

    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    let large = film(40 * PART / 5);
    for _ in 0..4 {
        let _ = world.upload(&mut nurse, &purpose, "a.mp4", &large).await.1.expect(200);
    }
    assert_eq!(
        world.begin_upload(&purpose, "b.mp4", 41 * MB).await.unwrap_err(),
        "添付は1つの投稿に合わせて200MBまでです。残りは次の投稿でお送りください"
    );
    assert!(world.begin_upload(&purpose, "b.mp4", 40 * MB).await.is_ok());
    world.close().await;
}

#[tokio::test]
async fn two_gigabytes_a_day() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    for _ in 0..40 {
        world.begin_upload(&purpose, "a.mp4", 50 * MB).await.unwrap();
    }
    assert!(world.begin_upload(&purpose, "b.mp4", 48 * MB).await.is_ok());
    assert_eq!(
        world.begin_upload(&purpose, "c.csv", 1).await.unwrap_err(),
        "24時間に送れるのは合わせて2GBまでです。時間をおいてお送りください"
    );
    let colleague = world.purpose("kiyono", PurposeKind::Post, None).await;
    assert!(world.begin_upload(&colleague, "c.csv", 1).await.is_ok());
    world.later(tasuki_value::DAY);
    assert!(world.begin_upload(&purpose, "c.csv", 1).await.is_ok());
    world.close().await;
}
