use crate::phrases::profiles as words;
use crate::testing::{Answer, Visitor, World};
use crate::{connections, facilities, policies};
use axum::http::Method;

const FACE: &[u8] = include_bytes!("../../tests/fixtures/photo.jpg");
const DRAWING: &[u8] = include_bytes!("../../tests/fixtures/drawing.svg");

/// Sends a photo as a form without script does.
async fn send_photo(visitor: &mut Visitor, name: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"{name}\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--frontier--\r\n"].concat();
    visitor.send(Method::POST, "/profile/photo", "multipart/form-data; boundary=frontier", body).await
}

fn card(world: &World, key: &str) -> String {
    format!("/accounts/{}", world.account(key))
}

#[tokio::test]
async fn a_nurse_changes_what_she_tells_of_herself() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let page = nurse.get("/profile").await.expect(200);
    assert!(page.has("value=\"森山\"") && page.has("あおぞら在宅クリニック") && page.has("顔写真を入れると"));
    let fields = [
        ("family", "森山"),
        ("given", "翠"),
        ("family_kana", "モリヤマ"),
        ("given_kana", "みどり"),
        ("profession", "public_health_nurse"),
        ("about", "北区の訪問を担当しています。\n平日の午後がつながりやすいです。"),
    ];
    let done = nurse.post("/profile", &fields).await.expect(303);
    assert!(nurse.get(&done.location()).await.expect(200).has("プロフィールを変更しました"));
    let seen = world.visit("saeki").await.get(&card(&world, "moriyama")).await.expect(200);
    for shown in
        ["森山 翠", "もりやま みどり", "保健師", "北区の訪問を担当しています。", "あおぞら在宅クリニック"]
    {
        assert!(seen.has(shown), "{shown}");
    }
    assert!(!seen.has("moriyama@example.jp"), "an address is nobody's business");
    let account = world.account("moriyama");
    let seats = world.house.read(move |tx| facilities::seats_of(tx, account)).await.unwrap();
    assert_eq!(seats[0].profession.code(), "public_health_nurse", "the seat follows");
    world.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_and_kept() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let long = "あ".repeat(1001);
    let fields =
        [("family", ""), ("given", "翠\u{e000}"), ("profession", "wizard"), ("about", long.as_str())];
    let wrong = nurse.post("/profile", &fields).await.expect(422);
    for words in
        [words::FAMILY_MISSING, words::PRIVATE_USE, words::PROFESSION_MISSING, &words::too_long(1000)]
    {
        assert!(wrong.has(words), "{words}");
    }
    assert!(wrong.has(&long));
    assert!(nurse.get(&card(&world, "moriyama")).await.expect(200).has("森山 みどり"));
    world.close().await;
}

#[tokio::test]
async fn a_card_opens_for_those_who_share_a_place_and_for_nobody_else() {
    let world = World::with_cast().await;
    let (nurse, mori) = (world.account("moriyama"), world.account("mori"));
    let shares = world.house.read(move |tx| connections::knows(tx, mori, nurse)).await.unwrap();
    assert!(!shares, "mori must be outside for this to mean anything");
    let path = card(&world, "moriyama");
    for colleague in ["moriyama", "saeki", "kishi"] {
        let _ = world.visit(colleague).await.get(&path).await.expect(200);
    }
    for outsider in ["mori", "yamada"] {
        let mut visitor = world.visit(outsider).await;
        let hidden = visitor.get(&path).await.expect(404);
        assert!(!hidden.has("みどり"));
        let nothing = visitor.get("/accounts/00000000000000000000000000").await.expect(404);
        assert_eq!(hidden.text(), nothing.text(), "not there and not yours are one answer");
    }
    assert!(world.stranger().get(&path).await.expect(303).location().starts_with("/sign-in"));
    world.free_group("saeki", "山田地区多職種の会", &["moriyama", "mori"]).await;
    let _ = world.visit("mori").await.get(&path).await.expect(200);
    let _ = world.visit("yamada").await.get(&path).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn a_photo_is_seen_by_those_who_see_the_card_and_can_be_taken_back() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let path = format!("{}/photo", card(&world, "moriyama"));
    let _ = nurse.get(&path).await.expect(404);
    let done = send_photo(&mut nurse, "face.jpg", FACE).await.expect(303);
    let page = nurse.get(&done.location()).await.expect(200);
    assert!(page.has("写真を変更しました") && page.has(&path) && !page.has("顔写真を入れると"));
    let first = world.visit("saeki").await.get(&path).await.expect(200);
    assert!(first.headers["content-type"].to_str().unwrap().starts_with("image/"));
    assert!(!first.bytes.windows(4).any(|four| four == b"Exif"), "nothing but the picture");
    let _ = world.visit("mori").await.get(&path).await.expect(404);
    let _ = world.stranger().get(&path).await.expect(303);
    let _ = send_photo(&mut nurse, "again.jpg", FACE).await.expect(303);
    let _ = nurse.post("/profile/photo", &[("remove", "1")]).await.expect(303);
    let _ = nurse.get(&path).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn an_invitation_shows_a_letter_until_the_photo_opens() {
    let world = World::with_cast().await;
    let _ = send_photo(&mut world.visit("saeki").await, "face.jpg", FACE).await.expect(303);
    let path = format!("{}/photo", card(&world, "saeki"));
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let (id, _) = world.invite(group, "saeki", "yamada").await;
    let mut manager = world.visit("yamada").await;
    let _ = manager.get(&path).await.expect(404);
    let list = manager.get("/invitations").await.expect(200);
    assert!(list.has("在宅の勉強会") && !list.has(&path), "a picture that would not load");
    let joined = manager.post(&format!("/invitations/{id}/acceptance"), &[]).await.expect(303);
    assert!(manager.get(&joined.location()).await.expect(200).has(&path), "members of one group");
    let _ = manager.get(&path).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn what_is_no_photo_is_refused_in_words() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let refused = send_photo(&mut nurse, "face.jpg", DRAWING).await.expect(422);
    assert!(refused.has("id=\"e-photo\"") && refused.has("value=\"森山\""));
    let empty = nurse.post("/profile/photo", &[("photo", "")]).await.expect(422);
    assert!(empty.has(words::NO_PHOTO));
    let _ = world.stranger().post("/profile/photo", &[("remove", "1")]).await.expect(401);
    world.close().await;
}

#[test]
fn some_regions_take_faces_alone() {
    assert!(policies::of("joetsu").face_photos_only && !policies::of("okayama").face_photos_only);
}
