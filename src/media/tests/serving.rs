//! The way out.

use super::*;
use crate::Trouble;
use crate::media::in_draft;
use tasuki_law::Refusal;
use tasuki_law::nouns::{DraftId, UploadId};

async fn sent(world: &World, name: &str, bytes: &[u8]) -> (DraftId, UploadId) {
    let draft = world.some_draft();
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let (id, answer) = world.upload(&mut nurse, &purpose, name, bytes).await;
    let _ = answer.expect(200);
    (draft, id)
}

#[tokio::test]
async fn any_range_of_a_sealed_film_is_that_range_of_the_film() {
    let (world, _) = on_disk(50 * 1024 * 1024).await;
    let (draft, id) = sent(&world, "a.mp4", &film(3 * 1024 * 1024 + 777)).await;
    let find = move |tx: &mut Tx<'_, '_>| in_draft(tx, draft, id);
    let whole = serve(&world.house, find, Variant::Full, &[]).await.unwrap();
    assert_eq!(whole.status, 200);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let total = whole.bytes.len();
    assert_eq!(whole.header("content-length"), total.to_string());
    let (chunk, window) = (64 * 1024, 512 * 1024);
    for (from, to) in [
        (0, 1),
        (0, 1023),
        (chunk - 1, chunk),
        (window - 1, window),
        (window, 2 * window - 1),
        (5 * chunk + 3, 21 * chunk + 9),
        (total - 1, total - 1),
        (0, total - 1),
    ] {
        let asked = format!("bytes={from}-{to}");
        let part = serve(&world.house, find, Variant::Full, &[("range", &asked)]).await.unwrap();
        assert_eq!(part.status, 206, "{asked}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{to}/{total}"));
        assert_eq!(part.header("content-length"), (to - from + 1).to_string());
        assert!(part.bytes == whole.bytes[from..=to], "{asked}");
    }
    let tail = serve(&world.house, find, Variant::Full, &[("range", "bytes=-100")]).await.unwrap();
    assert!(tail.bytes == whole.bytes[total - 100..]);
    let asked = format!("bytes={total}-");
    let beyond = serve(&world.house, find, Variant::Full, &[("range", &asked)]).await.unwrap();
    assert_eq!((beyond.status.as_u16(), beyond.header("content-range")), (416, &*format!("bytes */{total}")));
    assert!(beyond.bytes.is_empty());
    world.close().await;
}

#[tokio::test]
async fn only_the_asked_chunks_are_touched() {
    let (world, folder) = on_disk(50 * 1024 * 1024).await;
    let (draft, id) = sent(&world, "a.mp4", &film(2 * 1024 * 1024)).await;
    world.settle().await;
    let find = move |tx: &mut Tx<'_, '_>| in_draft(tx, draft, id);
    // Spoil the middle of what lies in the store.
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        paths.extend(std::fs::read_dir(entry.path()).unwrap().map(|entry| entry.unwrap().path()));
    }
    let mut bytes = std::fs::read(&paths[0]).unwrap();
    bytes[1_000_000] ^= 1;
    std::fs::write(&paths[0], bytes).unwrap();
    let part = serve(&world.house, find, Variant::Full, &[("range", "bytes=0-99999")]).await.unwrap();
    assert_eq!(part.bytes.len(), 100_000);
    let broken = serve(&world.house, find, Variant::Full, &[("range", "bytes=999000-1001000")]).await;
    assert!(matches!(broken, Err(Trouble::Seal(_))), "a changed chunk is no answer");
    world.close().await;
}

#[tokio::test]
async fn headers_keep_files_from_doing_anything() {
    let world = World::with_cast().await;
    for (name, bytes, how, in_sandbox) in [
        (
            "褥瘡.jpg",
            fixture!("photo.jpg"),
            "inline; filename=\"file.jpg\"; filename*=UTF-8''%E8%A4%A5%E7%98%A1.jpg",
            true,
        ),
        ("a.mp4", fixture!("film.mp4"), "inline; filename=\"file.mp4\"; filename*=UTF-8''a.mp4", false),
        ("a.pdf", fixture!("page.pdf"), "attachment; filename=\"file.pdf\"; filename*=UTF-8''a.pdf", true),
        (
            "a.docx",
            fixture!("plain.docx"),
            "attachment; filename=\"file.docx\"; filename*=UTF-8''a.docx",
            true,
        ),
        ("a.csv", b"1,2\n", "attachment; filename=\"file.csv\"; filename*=UTF-8''a.csv", true),
    ] {
        let (draft, id) = sent(&world, name, bytes).await;
        let file = serve(&world.house, move |tx| in_draft(tx, draft, id), Variant::Full, &[]).await.unwrap();
        assert_eq!(file.header("content-disposition"), how);
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("cache-control"), "no-store, private");
        assert_eq!(file.header("cross-origin-resource-policy"), "same-origin");
        let csp = file.header("content-security-policy");
        let sandbox = if in_sandbox { "; sandbox" } else { "; sandbox allow-same-origin" };
        assert!(csp.starts_with("default-src 'none'") && csp.ends_with(sandbox), "{csp}");
        assert!(!csp.contains("script"), "{csp}");
    }
    world.close().await;
}

#[tokio::test]
async fn a_file_is_found_only_where_it_is() {
    let world = World::with_cast().await;
    let (draft, id) = sent(&world, "a.jpg", fixture!("photo.jpg")).await;
    let elsewhere = world.some_draft();
    let find = move |tx: &mut Tx<'_, '_>| in_draft(tx, elsewhere, id);
    let unseen = |found: Outcome<Served>| matches!(found, Err(Trouble::Refused(Refusal::Unseen)));
    assert!(unseen(serve(&world.house, find, Variant::Full, &[]).await));
    let post = tasuki_law::nouns::PostId(draft.0);
    let find = move |tx: &mut Tx<'_, '_>| crate::media::in_post(tx, post, id);
    assert!(unseen(serve(&world.house, find, Variant::Full, &[]).await));
    let find = move |tx: &mut Tx<'_, '_>| crate::media::in_place(tx, PurposeKind::Post, id);
    assert!(unseen(serve(&world.house, find, Variant::Full, &[]).await));
    // Not in yet, not there.
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let coming = world.begin_upload(&purpose, "b.jpg", 100).await.unwrap();
    let find = move |tx: &mut Tx<'_, '_>| in_draft(tx, draft, coming);
    assert!(unseen(serve(&world.house, find, Variant::Full, &[]).await));
    world.close().await;
}
