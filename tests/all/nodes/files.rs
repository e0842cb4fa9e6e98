//! The store of files answers 500, or not at all: plain sentences in a bounded time, nothing typed is lost, and
//! everything works again once it does.

use super::bucket::{Bucket, Mood, PATIENCE};
use axum::http::Method;
use std::time::Instant;
use tasuki::House;
use tasuki::house::Rooms;
use tasuki::testing::{Answer, Visitor, World};
use tasuki_law::nouns::GroupId;

const PHOTO: &[u8] = include_bytes!("../../fixtures/photo.jpg");

/// A form with words and a photo, as a browser without script sends it.
async fn send_form(nurse: &mut Visitor, draft: &str, body: &str) -> Answer {
    let mut parcel = Vec::new();
    for (name, value) in [("body", body), ("go", "confirmation")] {
        let head = format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        parcel.extend(head.bytes());
    }
    let head = "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"足.jpg\"\r\n\
        content-type: image/jpeg\r\n\r\n";
    parcel.extend(head.bytes());
    parcel.extend_from_slice(PHOTO);
    parcel.extend(b"\r\n--cut--\r\n");
    nurse.send(Method::POST, draft, "multipart/form-data; boundary=cut", parcel).await
}

/// The address of the photo in the newest post.
async fn photo(visitor: &mut Visitor, group: GroupId) -> String {
    let page = visitor.get(&format!("/groups/{group}")).await.expect(200);
    let (_, rest) = page
        .text()
        .rsplit_once("<img src=\"/posts/")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .expect("a photo");
    format!("/posts/{}", rest.split('"').next().expect("an address"))
}

async fn post_with_photo(nurse: &mut Visitor, group: GroupId, body: &str) {
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let confirmation = send_form(nurse, &draft, body).await.expect(303).location();
    let page = nurse.get(&confirmation).await.expect(200);
    let digest = page.between("name=\"digest\" value=\"", "\"").expect("a digest");
    let _ = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_or_hangs_costs_nobody_a_word() {
    let bucket = Bucket::open().await;
    let mut world = World::with_cast().await;
    world.house = House::new(Rooms { blobs: bucket.blobs.clone(), ..Rooms::clone(&world.house) });
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    post_with_photo(&mut nurse, group, "右の踵です").await;
    let seen = photo(&mut doctor, group).await;
    let before = doctor.get(&seen).await.expect(200).bytes;

    for mood in [Mood::Ill, Mood::Silent] {
        bucket.is(mood);
        let began = Instant::now();
        let sorry = doctor.get(&seen).await.expect(503);
        assert!(sorry.has("いまつながりません"), "{}", sorry.text());
        // By script: a part is refused with a sentence, and what was typed lies in the draft.
        let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
        let _ = nurse.post(&draft, &[("body", "書きかけの言葉")]).await.expect(204);
        let size = PHOTO.len().to_string();
        let id = draft.trim_start_matches("/drafts/");
        let fields = [("draft", id), ("name", "足.jpg"), ("size", &size), ("type", "image/jpeg")];
        let begun = nurse.post(&format!("/groups/{group}/uploads"), &fields).await.expect(200).json();
        let upload = begun["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let _ = nurse.put_part(upload, 0, PHOTO).await.expect(503);
        assert!(nurse.get(&draft).await.expect(200).has("書きかけの言葉"));
        // Without script: words and photo come together; the words stay.
        let page = send_form(&mut nurse, &draft, "書き直した言葉").await.expect(422);
        assert!(
            page.has("書き直した言葉") && page.has("ファイルの保存先といま一時的につながりません"),
            "{}",
            page.text()
        );
        assert!(nurse.get(&draft).await.expect(200).has("書き直した言葉"));
        // Three times the store was asked, each within its patience and a little.
        assert!(began.elapsed() < PATIENCE * 3 * 3, "{:?}", began.elapsed());
        // Writing needs no files.
        doctor.write_post(group, "写真なしの一言").await;
        assert!(nurse.get(&format!("/groups/{group}")).await.expect(200).has("写真なしの一言"));

        bucket.is(Mood::Well);
        // The very part that failed comes through now.
        let _ = nurse.put_part(upload, 0, PHOTO).await.expect(204);
        let _ = nurse.post(&format!("/uploads/{upload}/completion"), &[]).await.expect(200);
        post_with_photo(&mut nurse, group, "また送れました").await;
        assert_eq!(doctor.get(&seen).await.expect(200).bytes, before);
        let newest = photo(&mut doctor, group).await;
        let _ = doctor.get(&newest).await.expect(200);
    }
    world.settle().await;
    world.close().await;
}
