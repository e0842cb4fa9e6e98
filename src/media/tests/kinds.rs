//! What is taken, as what it is kept, and what is refused, in words.

use super::*;
use crate::media::{FileCard, in_draft};
use tasuki_law::nouns::{FileKind, UploadId};

/// Sends a file and answers its card, or the words of the refusal.
async fn send(world: &World, name: &str, bytes: &[u8]) -> Result<(FileCard, Served, Option<Served>), String> {
    let draft = world.some_draft();
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let (id, answer) = world.upload(&mut nurse, &purpose, name, bytes).await;
    if answer.status == 422 {
        let _ = nurse.get(&format!("/uploads/{id}")).await.expect(404);
        return Err(answer.text());
    }
    let _ = answer.expect(200);
    let card = world.house.read(move |tx| crate::media::of_draft(tx, draft)).await.unwrap().remove(0);
    let full = serve(&world.house, move |tx| in_draft(tx, draft, id), Variant::Full, &[]).await.unwrap();
    let thumb = serve(&world.house, move |tx| in_draft(tx, draft, id), Variant::Thumb, &[]).await.ok();
    assert_eq!(card.has_thumb, thumb.is_some());
    assert_eq!(full.bytes.len() as i64, card.size);
    Ok((card, full, thumb))
}

#[tokio::test]
async fn photos_stand_upright_and_do_not_tell_where_they_were_taken() {
    let world = World::with_cast().await;
    assert!(holds(fixture!("photo.jpg"), b"Exif") && holds(fixture!("photo.jpg"), b"Fixture"));
    let (card, full, thumb) = send(&world, "褥瘡.JPG", fixture!("photo.jpg")).await.unwrap();
    let seen = (card.kind, card.name.as_str(), card.media_type.as_str());
    assert_eq!(seen, (FileKind::Image, "褥瘡.JPG", "image/jpeg"));
    // It lies on its side in the file.
    assert_eq!((card.width, card.height), (Some(60), Some(80)));
    for form in [full, thumb.unwrap()] {
        assert_eq!(form.header("content-type"), "image/jpeg");
        for word in [b"Exif".as_slice(), b"Fixture", b"Somebody", b"GPS"] {
            assert!(!holds(&form.bytes, word));
        }
        assert!(form.bytes.starts_with(&[0xFF, 0xD8, 0xFF]));
    }
    world.close().await;
}

#[tokio::test]
async fn every_kind_of_picture_and_document_comes_in_under_a_true_name() {
    let world = World::with_cast().await;
    for (name, bytes, kind, media_type, kept) in [
        ("図.png", fixture!("drawing.png"), FileKind::Image, "image/png", "図.png"),
        ("a.webp", fixture!("photo.webp"), FileKind::Image, "image/png", "a.png"),
        ("a.gif", fixture!("moving.gif"), FileKind::Image, "image/png", "a.png"),
        ("指示書.pdf", fixture!("page.pdf"), FileKind::Document, "application/pdf", "指示書.pdf"),
        ("指示書.exe", fixture!("page.pdf"), FileKind::Document, "application/pdf", "指示書.exe.pdf"),
        ("血圧.csv", b"120,70\n", FileKind::Document, "text/plain", "血圧.csv"),
    ] {
        let (card, full, _) = send(&world, name, bytes).await.unwrap();
        assert_eq!((card.kind, card.media_type.as_str(), card.name.as_str()), (kind, media_type, kept));
        assert_eq!(full.header("content-type"), media_type);
        if kind == FileKind::Document {
            assert_eq!(full.bytes, bytes, "documents stay as they are");
        }
    }
    for (name, bytes) in [
        ("a.docx", fixture!("plain.docx")),
        ("a.xlsx", fixture!("plain.xlsx")),
        ("a.pptx", fixture!("plain.pptx")),
    ] {
        let (card, full, thumb) = send(&world, name, bytes).await.unwrap();
        assert_eq!((card.kind, card.name.as_str()), (FileKind::Document, name));
        assert!(full.bytes == bytes && thumb.is_none());
    }
    world.close().await;
}

#[tokio::test]
async fn films_lose_their_place_and_keep_their_length() {
    let world = World::with_cast().await;
    for (name, bytes) in [("歩行.mp4", fixture!("film.mp4")), ("歩行.MOV", fixture!("film.mov"))] {
        assert!(holds(bytes, PLACE), "the premise: {name} tells where it was taken");
        let (card, full, thumb) = send(&world, name, bytes).await.unwrap();
        assert_eq!(
            (card.kind, card.media_type.as_str(), card.name.as_str()),
            (FileKind::Video, "video/mp4", name)
        );
        assert!(card.duration_ms.is_some_and(|millis| millis > 0) && card.width.is_some());
        assert_eq!(full.bytes.len(), bytes.len());
        assert!(!holds(&full.bytes, PLACE) && thumb.is_none());
    }
    world.close().await;
}

const REFUSED: &[(&str, &[u8], &str)] = &[
    (
        "IMG_0001.HEIC",
        fixture!("photo.heic"),
        "この写真はHEIC形式です。iPhoneの設定→カメラ→フォーマットを「互換性優先」にするか、スクリーンショットでお送りください",
    ),
    (
        "図.svg",
        fixture!("drawing.svg"),
        "この画像の形式（SVG）は送れません。JPEGかPNGの画像にしてお送りください",
    ),
    (
        "記録.docm",
        fixture!("macro.docm"),
        "マクロの入ったファイルは送れません。マクロなしで保存し直すか、PDFにしてお送りください",
    ),
    (
        "記録.docx",
        fixture!("macro-renamed.docx"),
        "マクロの入ったファイルは送れません。マクロなしで保存し直すか、PDFにしてお送りください",
    ),
    (
        "記録.docx",
        fixture!("template.docx"),
        "ほかの場所からひな形などを読み込むファイルは送れません。PDFにしてお送りください",
    ),
    (
        "記録.doc",
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more of the old kind",
        "古い形式のWord・Excel・PowerPointのファイルは送れません。docx・xlsx・pptxで保存し直すか、PDFにしてお送りください",
    ),
    (
        "写真.jpg",
        b"MZ\x90\0\x03\0\0\0 this is a program",
        "この種類のファイルは送れません。写真・動画・PDF・Word・Excelを選んでください",
    ),
    (
        "写真.jpg",
        fixture!("photo.jpg").split_at(300).0,
        "ファイルが壊れているようです。保存し直してからお送りください",
    ),
];

#[tokio::test]
async fn what_is_not_taken_is_refused_in_words_and_leaves_nothing() {
    let (world, folder) = on_disk(50 * 1024 * 1024).await;
    for (name, bytes, words) in REFUSED {
        assert_eq!(&send(&world, name, bytes).await.map(|_| ()).unwrap_err(), words, "{name}");
    }
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 0);
    world.close().await;
}

#[tokio::test]
async fn nothing_in_the_store_or_the_rows_can_be_read() {
    let (world, folder) = on_disk(50 * 1024 * 1024).await;
    let text = "血圧,脈拍\n患者 岡田久恵\n".repeat(10_000);
    let mut sent: Vec<(&str, &[u8])> =
        vec![("岡田久恵.csv", text.as_bytes()), ("岡田久恵.jpg", fixture!("photo.jpg"))];
    sent.push(("岡田久恵.pdf", fixture!("page.pdf")));
    let mut ids: Vec<UploadId> = Vec::new();
    let mut nurse = world.visit("moriyama").await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(world.some_draft())).await;
    for (name, bytes) in sent {
        ids.push(world.upload(&mut nurse, &purpose, name, bytes).await.0);
    }
    let lying = lying_in(&folder);
    // Three parts, three files, one thumbnail.
    assert_eq!(lying.len(), 7);
    let database = ["tasuki.sqlite", "tasuki.sqlite-wal"]
        .map(|name| std::fs::read(world.house.config.data.join(name)).unwrap_or_default());
    for bytes in lying.iter().map(|(_, bytes)| bytes).chain(&database) {
        for word in ["岡田", "血圧", "%PDF", "JFIF", "Exif", "photo.jpg", ".csv"] {
            assert!(!holds(bytes, word.as_bytes()), "{word} can be read");
        }
    }
    for (name, _) in &lying {
        let id = name.split('.').next().unwrap();
        assert!(id.len() == 26 && tasuki_value::decode_id(id).is_some(), "{name}");
    }
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 4);
    world.close().await;
}
