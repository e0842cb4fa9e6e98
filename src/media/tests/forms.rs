//! The way without script.

use super::*;
use crate::media::{Parcel, Unpacked, actions};
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;

const EDGE: &str = "----edge";

struct Piece<'a>(&'a str, Option<&'a str>, &'a [u8]);

fn body(pieces: &[Piece<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for Piece(name, file, bytes) in pieces {
        let file =
            file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"));
        let file = file.unwrap_or_default();
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    body
}

async fn post(world: &World, purpose: &crate::media::Purpose, pieces: &[Piece<'_>]) -> Outcome<Unpacked> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"))
        .body(Body::from(body(pieces)))
        .unwrap();
    let parcel = Parcel::from_request(request, &world.house).await?;
    actions::take_multipart(&world.house, purpose, parcel).await
}

#[tokio::test]
async fn a_form_brings_words_and_files() {
    let world = World::with_cast().await;
    let draft = world.some_draft();
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let film = film(PART + 12_345);
    let pieces = [
        Piece("body", None, "14時訪問。".as_bytes()),
        Piece("files", Some("褥瘡.jpg"), fixture!("photo.jpg")),
        Piece("files", Some("歩行.mp4"), &film),
        Piece("files", Some("図.svg"), fixture!("drawing.svg")),
        Piece("files", Some("空.csv"), b""),
        Piece("files", Some(""), b""),
        Piece("next", None, b"confirmation"),
    ];
    let unpacked = post(&world, &purpose, &pieces).await.unwrap();
    assert_eq!((unpacked.form.code("body"), unpacked.form.path("next")), ("14時訪問。", "confirmation"));
    let names: Vec<_> = unpacked.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["褥瘡.jpg", "歩行.mp4"]);
    assert_eq!(unpacked.files[1].size, film.len() as i64);
    let refused: Vec<_> = unpacked.refused.iter().map(|(name, why)| (name.as_str(), why.words())).collect();
    assert_eq!(refused[0].0, "図.svg");
    assert_eq!(refused[1], ("空.csv", "ファイルの中身が空です。もう一度選んでください".to_owned()));
    let kept = world.house.read(move |tx| crate::media::of_draft(tx, draft)).await.unwrap();
    assert_eq!(kept, unpacked.files);
    world.close().await;
}

#[tokio::test]
async fn a_form_has_the_same_limits() {
    let (world, folder) = on_disk(6 * 1024 * 1024).await;
    let draft = world.some_draft();
    let purpose = world.purpose("moriyama", PurposeKind::Post, Some(draft)).await;
    let (fits, over) = (film(6 * 1024 * 1024), film(6 * 1024 * 1024 + 1));
    let mut pieces = vec![Piece("files", Some("a.mp4"), &fits), Piece("files", Some("b.mp4"), &over)];
    pieces.extend((0..10).map(|_| Piece("files", Some("c.csv"), b"1,2\n".as_slice())));
    pieces.push(Piece("body", None, b"not lost"));
    let unpacked = post(&world, &purpose, &pieces).await.unwrap();
    assert_eq!((unpacked.files.len(), unpacked.form.code("body")), (10, "not lost"));
    let words: Vec<_> = unpacked.refused.iter().map(|(_, why)| why.words()).collect();
    assert_eq!(words[0], "ファイルは6MBまでです。小さくしてからお送りください");
    assert_eq!(words[1], "添付は1つの投稿に10個までです。残りは次の投稿でお送りください");
    world.settle().await;
    assert_eq!(lying_in(&folder).len(), 10, "nothing is left of what was refused");
    world.close().await;
}

#[tokio::test]
async fn a_form_without_files_is_a_form() {
    let world = World::with_cast().await;
    let purpose = world.purpose("moriyama", PurposeKind::Post, None).await;
    let request = Request::post("/").body(Body::from("body=a+b")).unwrap();
    let parcel = Parcel::from_request(request, &world.house).await.unwrap();
    let unpacked = actions::take_multipart(&world.house, &purpose, parcel).await.unwrap();
    assert_eq!(unpacked.form.code("body"), "a b");
    let words = vec![b'a'; 600 * 1024];
    let outcome = post(&world, &purpose, &[Piece("body", None, &words)]).await;
    assert!(matches!(outcome, Err(crate::Trouble::Malformed)), "words have their limit too");
    world.close().await;
}
