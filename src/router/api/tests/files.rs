use crate::testing::{Answer, Visitor, World};
use axum::http::Method;
use serde_json::{Value, json};
use tasuki_law::nouns::GroupId;

const PHOTO: &[u8] = include_bytes!("../../../../tests/fixtures/photo.jpg");

async fn send(program: &mut Visitor, group: GroupId, name: &str, bytes: &[u8]) -> Answer {
    let head = format!(
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--x--\r\n"].concat();
    let path = format!("/api/v1/groups/{group}/uploads");
    program.send(Method::POST, &path, "multipart/form-data; boundary=x", body).await
}

async fn post(program: &mut Visitor, group: GroupId, key: &str, files: &[&Value]) -> Answer {
    let body = json!({"body": "写真です", "attachments": files});
    program.write_by_key(group, key, &body).await
}

#[tokio::test]
async fn files_sent_whole_go_with_a_post_in_their_order() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let first = send(&mut nurse, group, "仙骨部.jpg", PHOTO).await.expect(201).json();
    assert_eq!((&first["kind"], &first["name"]), (&json!("image"), &json!("仙骨部.jpg")));
    let second = send(&mut nurse, group, "b.jpg", PHOTO).await.expect(201).json();
    let (first, second) = (&first["id"], &second["id"]);
    let written = post(&mut nurse, group, "a", &[second, first]).await.expect(201).json();
    let again = post(&mut nurse, group, "a", &[second, first]).await.expect(200).json();
    assert_eq!(written, again);
    let _ = post(&mut nurse, group, "a", &[second]).await.problem(409);
    let seen = doctor.ask(Method::GET, &format!("/api/v1/groups/{group}/posts")).await.expect(200).json();
    let files = seen["posts"][0]["attachments"].as_array().unwrap();
    assert_eq!((&files[0]["id"], &files[1]["id"]), (second, first));
    assert_eq!(seen["posts"][0], written);
    // What is part of a post is part of no other, and comes back no more.
    assert_eq!(
        post(&mut nurse, group, "b", &[first]).await.problem(422)["errors"][0]["field"],
        "attachments"
    );
    let gone = format!("/api/v1/uploads/{}", first.as_str().unwrap());
    let _ = nurse.ask(Method::DELETE, &gone).await.problem(409);
    world.close().await;
}

#[tokio::test]
async fn files_come_in_parts_and_are_nobody_elses() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let other = world.free_group("saeki", "別の会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let asked = json!({"name": "a.jpg", "size": PHOTO.len(), "media_type": "image/jpeg"});
    let begun = nurse.tell(&format!("/api/v1/groups/{group}/uploads"), asked).await.expect(201).json();
    let path = format!("/api/v1/uploads/{}", begun["id"].as_str().unwrap());
    let _ = nurse.ask(Method::POST, &format!("{path}/completion")).await.problem(422);
    let part = format!("{path}/parts/0");
    let kind = "application/octet-stream";
    let _ = doctor.send(Method::PUT, &part, kind, PHOTO.to_vec()).await.problem(404);
    let _ = nurse.send(Method::PUT, &part, kind, PHOTO.to_vec()).await.expect(204);
    assert_eq!(nurse.ask(Method::GET, &path).await.expect(200).json()["parts"], json!([0]));
    let file = nurse.ask(Method::POST, &format!("{path}/completion")).await.expect(200).json();
    assert_eq!((&file["id"], &file["media_type"]), (&begun["id"], &json!("image/jpeg")));
    let _ = post(&mut doctor, group, "a", &[&file["id"]]).await.problem(422);
    let _ = post(&mut nurse, other, "a", &[&file["id"]]).await.problem(422);
    let _ = post(&mut nurse, group, "a", &[&file["id"], &file["id"]]).await.problem(422);
    let _ = post(&mut nurse, group, "a", &[&file["id"]]).await.expect(201);
    world.close().await;
}

#[tokio::test]
async fn what_is_no_file_we_keep_is_refused_in_words() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let mut nurse = world.program("moriyama").await;
    let _ = send(&mut nurse, group, "a.exe", b"MZ\x90\x00\x03 not a photo").await.problem(422);
    let _ = send(&mut nurse, group, "a.jpg", b"").await.problem(422);
    let path = format!("/api/v1/groups/{group}/uploads");
    let large = json!({"name": "a.jpg", "size": 51 * 1024 * 1024});
    let _ = nurse.tell(&path, large).await.problem(413);
    let _ = nurse
        .send(Method::POST, &path, "multipart/form-data; boundary=x", b"--x--\r\n".to_vec())
        .await
        .problem(400);
    let mut mori = world.program("mori").await;
    let _ = send(&mut mori, group, "a.jpg", PHOTO).await.problem(404);
    world.close().await;
}
