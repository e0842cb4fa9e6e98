//! Drafts, posts, portraits: how files find their place, and how they go.

use super::*;
use crate::Trouble;
use crate::media::{
    actions, attach, erase, erase_draft, erase_one, in_place, in_post, keep, of_draft, of_posts,
};
use bytes::Bytes;
use tasuki_law::Refusal;
use tasuki_law::nouns::{PostId, TimelineId};
use tasuki_value::{DAY, HOUR};

const MOST: u64 = 50 * 1024 * 1024;

#[tokio::test]
async fn files_follow_their_draft_to_the_post_in_their_order() {
    let (world, folder) = on_disk(MOST).await;
    let mut nurse = world.visit("moriyama").await;
    let (draft, post) = (world.some_draft(), PostId(world.some_draft().0));
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let (first, _) = world.upload(&mut nurse, &purpose, "1.jpg", fixture!("photo.jpg")).await;
    let late = world.begin_upload(&purpose, "late.csv", 4).await.unwrap();
    let (second, _) = world.upload(&mut nurse, &purpose, "2.csv", b"1,2\n").await;
    let moved = world.house.write(move |tx| attach(tx, draft, post)).await.unwrap();
    assert_eq!(moved, 2);
    assert!(world.house.read(move |tx| of_draft(tx, draft)).await.unwrap().is_empty());
    for id in [first, second] {
        let file = serve(&world.house, move |tx| in_post(tx, post, id), Variant::Full, &[]).await.unwrap();
        assert_eq!(file.status, 200);
        let _ = nurse.post(&format!("/uploads/{id}/removal"), &[]).await.expect(403);
    }
    let _ = nurse.put_part(late, 0, b"1,2\n").await.expect(404);
    let nowhere = TimelineId(post.0);
    assert!(world.house.read(move |tx| of_posts(tx, nowhere, 0, 100)).await.unwrap().is_empty());

    // "Wrong patient": nothing remains.
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 3);
    world.house.write(move |tx| erase(tx, post)).await.unwrap();
    let gone = serve(&world.house, move |tx| in_post(tx, post, first), Variant::Full, &[]).await;
    assert!(matches!(gone, Err(Trouble::Refused(Refusal::Unseen))));
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 0);
    world.close().await;
}

#[tokio::test]
async fn a_draft_given_up_takes_its_files_along() {
    let (world, folder) = on_disk(MOST).await;
    let mut nurse = world.visit("moriyama").await;
    let draft = world.some_draft();
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let _ = world.upload(&mut nurse, &purpose, "1.jpg", fixture!("photo.jpg")).await.1.expect(200);
    let coming = world.begin_upload(&purpose, "2.csv", 4).await.unwrap();
    let _ = nurse.put_part(coming, 0, b"1,2\n").await.expect(204);
    world.house.write(move |tx| erase_draft(tx, draft)).await.unwrap();
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 0);
    world.close().await;
}

#[tokio::test]
async fn what_finds_no_place_within_a_day_is_swept_away() {
    let (world, folder) = on_disk(MOST).await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    let (waiting, _) = world.upload(&mut nurse, &purpose, "1.csv", b"1,2\n").await;
    let coming = world.begin_upload(&purpose, "2.csv", 4).await.unwrap();
    let _ = nurse.put_part(coming, 0, b"1,2\n").await.expect(204);
    let scan = world.purpose("moriyama", PurposeKind::Consent, None).await;
    let (forgotten, _) = world.upload(&mut nurse, &scan, "同意書.pdf", fixture!("page.pdf")).await;
    let (kept, _) = world.upload(&mut nurse, &scan, "同意書.pdf", fixture!("page.pdf")).await;
    world.house.write(move |tx| keep(tx, &scan, kept)).await.unwrap();

    world.later(23 * HOUR);
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 4);
    world.later(2 * HOUR);
    world.settle().await;
    let mut nurse = world.visit("moriyama").await;
    let _ = nurse.get(&format!("/uploads/{coming}")).await.expect(404);
    let _ = nurse.get(&format!("/uploads/{forgotten}")).await.expect(404);
    let _ = nurse.get(&format!("/uploads/{waiting}")).await.expect(200);
    let file =
        serve(&world.house, move |tx| in_place(tx, PurposeKind::Consent, kept), Variant::Full, &[]).await;
    assert_eq!(file.unwrap().bytes, fixture!("page.pdf"));
    assert_eq!(lying_in(&folder).len(), 2);
    world.later(2 * DAY);
    world.close().await;
}

#[tokio::test]
async fn bytes_of_a_row_that_is_gone_go_too_even_when_written_too_late() {
    let (world, folder) = on_disk(MOST).await;
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let id = world.begin_upload(&purpose, "2.csv", 4).await.unwrap();
    let _ = nurse.put_part(id, 0, b"1,2\n").await.expect(204);
    let (path, bytes) = std::fs::read_dir(&folder)
        .unwrap()
        .flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(&path).unwrap()))
        .next()
        .unwrap();
    world.house.write(move |tx| erase_one(tx, id)).await.unwrap();
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 0);
    // As if a node had been writing it while the row went, and was killed.
    std::fs::write(path, bytes).unwrap();
    world.later(DAY + HOUR);
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 0);
    world.close().await;
}

#[tokio::test]
async fn portraits_are_small_and_square_and_nothing_but_photos() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Profile, None).await;
    let bytes = Bytes::from_static(fixture!("photo.jpg"));
    let id = actions::keep_photo(&world.house, &purpose, "顔.jpg", bytes.clone()).await.unwrap().unwrap();
    let unplaced =
        serve(&world.house, move |tx| in_place(tx, PurposeKind::Profile, id), Variant::Full, &[]).await;
    assert!(matches!(unplaced, Err(Trouble::Refused(Refusal::Unseen))));

    // Only who sent it, under this key, for this kind.
    let others = [
        world.purpose("kiyono", PurposeKind::Profile, None).await,
        world.purpose("moriyama", PurposeKind::Consent, None).await,
        crate::media::Purpose { data_key: world.house.own_key, ..purpose },
    ];
    for other in others {
        let refused = world.house.write(move |tx| keep(tx, &other, id)).await;
        assert!(matches!(refused, Err(Trouble::Refused(Refusal::Unseen))), "{other:?}");
    }
    world.house.write(move |tx| keep(tx, &purpose, id)).await.unwrap();
    for (variant, width, height) in [(Variant::Full, 60, 80), (Variant::Thumb, 60, 60)] {
        let face = serve(&world.house, move |tx| in_place(tx, PurposeKind::Profile, id), variant, &[])
            .await
            .unwrap();
        assert_eq!(face.header("content-type"), "image/jpeg");
        assert!(!holds(&face.bytes, b"Exif"));
        let safe =
            tasuki_base::images::make_safe(&face.bytes, tasuki_base::images::Limits::default()).unwrap();
        assert_eq!((safe.full.width, safe.full.height), (width, height));
    }
    let pdf = Bytes::from_static(fixture!("page.pdf"));
    let refused = actions::keep_photo(&world.house, &purpose, "顔.jpg", pdf).await.unwrap().unwrap_err();
    assert_eq!(refused.words(), "写真ではありません。JPEGかPNGの写真を選んでください");
    let mut nurse = world.visit("moriyama").await;
    let _ = nurse.post(&format!("/uploads/{id}/removal"), &[]).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn of_two_attempts_to_finish_one_counts_and_nothing_is_left_of_the_other() {
    let (world, folder) = on_disk(MOST).await;
    let mut nurse = world.visit("moriyama").await;
    let draft = world.some_draft();
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let id = world.begin_upload(&purpose, "1.jpg", fixture!("photo.jpg").len() as u64).await.unwrap();
    let _ = nurse.put_part(id, 0, fixture!("photo.jpg")).await.expect(204);
    let who = world.who("moriyama");
    let (one, other) = futures_util::future::join(
        actions::complete(&world.house, &who, id),
        actions::complete(&world.house, &who, id),
    )
    .await;
    assert!(one.unwrap().is_ok() || other.unwrap().is_ok());
    world.settle().await;
    world.later(2 * HOUR);
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 2);
    let file = serve(&world.house, move |tx| crate::media::in_draft(tx, draft, id), Variant::Full, &[]).await;
    assert_eq!(file.unwrap().status, 200);
    world.close().await;
}
