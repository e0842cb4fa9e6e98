use crate::testing::{Visitor, World};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::HashSet;
use tasuki_law::nouns::GroupId;

/// How the record calls it.
const LOOKED: &str = "タイムラインを開いた";

async fn read(program: &mut Visitor, group: GroupId, query: &str) -> Value {
    program.ask(Method::GET, &format!("/api/v1/groups/{group}/posts{query}")).await.expect(200).json()
}

fn seqs(posts: &Value) -> Vec<i64> {
    posts["posts"].as_array().unwrap().iter().map(|post| post["seq"].as_i64().unwrap()).collect()
}

fn said(words: &str) -> Value {
    json!({"body": words, "side": "professional"})
}

#[tokio::test]
async fn a_post_is_written_read_and_acknowledged() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let post = nurse.write_by_key(group, "a", &said("発赤あり\n8cm")).await.expect(201).json();
    assert_eq!((&post["seq"], &post["body"]), (&json!(1), &json!("発赤あり\n8cm")));
    let author = &post["author"];
    assert_eq!((&author["name"], &author["profession"]), (&json!("森山 みどり"), &json!("registered_nurse")));
    assert_eq!(author["facility"], "あおぞら在宅クリニック");
    assert_eq!(post["posted_at"], "2026-11-20T00:00:00Z");

    let seen = read(&mut doctor, group, "").await;
    assert_eq!(seen["posts"][0], post, "what is answered is what is read");
    let path = format!("/api/v1/posts/{}/acknowledgement", post["id"].as_str().unwrap());
    for _ in 0..2 {
        let _ = doctor.ask(Method::PUT, &path).await.expect(204);
    }
    let mine = read(&mut doctor, group, "").await["posts"][0].clone();
    assert_eq!((&mine["acknowledgements"], &mine["acknowledged"]), (&json!(1), &json!(true)));
    let theirs = read(&mut nurse, group, "").await["posts"][0].clone();
    assert_eq!((&theirs["acknowledgements"], &theirs["acknowledged"]), (&json!(1), &json!(false)));
    let one = doctor.ask(Method::GET, &format!("/api/v1/posts/{}", post["id"].as_str().unwrap())).await;
    assert_eq!(one.expect(200).json(), mine);
    let _ = doctor.ask(Method::DELETE, &path).await.expect(204);
    assert_eq!(read(&mut doctor, group, "").await["posts"][0]["acknowledgements"], 0);
    world.close().await;
}

#[tokio::test]
async fn the_same_key_is_the_same_post() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let other = world.free_group("saeki", "別の会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let key = "0192ffee-0000-7000-8000-123456789abc";
    let first = nurse.write_by_key(group, key, &said("一度だけ")).await.expect(201).json();
    let again = nurse.write_by_key(group, key, &said("一度だけ")).await.expect(200).json();
    assert_eq!(first, again);
    let differs = nurse.write_by_key(group, key, &said("別の文")).await.problem(409);
    assert_eq!(differs["title"], crate::phrases::api::KEY_USED.0);
    let _ = nurse.write_by_key(other, key, &said("一度だけ")).await.problem(409);
    let theirs = doctor.write_by_key(group, key, &said("一度だけ")).await.expect(201).json();
    assert_ne!(theirs["id"], first["id"], "another author's key is another key");
    for _ in 0..2 {
        let _ = nurse.write_by_key(group, "", &said("鍵なし")).await.expect(201);
    }
    assert_eq!(seqs(&read(&mut nurse, group, "").await), [1, 2, 3, 4]);
    let long = "x".repeat(65);
    let _ = nurse.write_by_key(group, &long, &said("長い鍵")).await.problem(400);
    world.close().await;
}

#[tokio::test]
async fn one_key_from_many_lines_at_once_is_one_post() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let mut sent = Vec::new();
    for _ in 0..8 {
        let mut line = world.program("moriyama").await;
        sent.push(tokio::spawn(async move { line.write_by_key(group, "k", &said("同時")).await.json() }));
    }
    let mut ids = HashSet::new();
    for answer in sent {
        ids.insert(answer.await.unwrap()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!((ids.len(), world.posts("saeki", group).await.len()), (1, 1));
    world.close().await;
}

#[tokio::test]
async fn pages_leave_no_hole() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let mut nurse = world.program("moriyama").await;
    let empty = read(&mut nurse, group, "").await;
    assert_eq!((seqs(&empty).len(), &empty["older"], &empty["newer"]), (0, &Value::Null, &Value::Null));
    for number in 1..=35 {
        let _ = nurse.write_by_key(group, &number.to_string(), &said("記録")).await.expect(201);
    }
    let newest = read(&mut nurse, group, "").await;
    assert_eq!(seqs(&newest), (6..=35).collect::<Vec<_>>());
    assert_eq!((&newest["older"], &newest["newer"], &newest["seq"]), (&json!(6), &Value::Null, &json!(35)));
    let before = read(&mut nurse, group, "?before=6&side=professional").await;
    assert_eq!((seqs(&before), &before["newer"]), ((1..=5).collect(), &json!(5)));
    assert_eq!(seqs(&read(&mut nurse, group, "?after=3&limit=2").await), [4, 5]);
    assert_eq!(seqs(&read(&mut nurse, group, "?limit=0").await), [35]);
    assert_eq!(seqs(&read(&mut nurse, group, "?limit=1000").await).len(), 35);
    for far in ["?before=-5", "?after=99", "?after=9223372036854775807"] {
        assert!(seqs(&read(&mut nurse, group, far).await).is_empty(), "{far}");
    }
    for wrong in ["?limit=x", "?side=family", "?before=1.5"] {
        let _ = nurse.ask(Method::GET, &format!("/api/v1/groups/{group}/posts{wrong}")).await.problem(400);
    }
    world.close().await;
}

#[tokio::test]
async fn outsiders_find_nothing_and_the_patients_side_is_not_there() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let (mut nurse, mut mori) = (world.program("moriyama").await, world.program("mori").await);
    let post = nurse.write_by_key(group, "a", &said("内輪")).await.expect(201).json();
    let id = post["id"].as_str().unwrap();
    for (method, path, body) in [
        (Method::GET, format!("/api/v1/groups/{group}/posts"), json!(null)),
        (Method::POST, format!("/api/v1/groups/{group}/posts"), said("入りたい")),
        (Method::GET, format!("/api/v1/posts/{id}"), json!(null)),
        (Method::PUT, format!("/api/v1/posts/{id}/acknowledgement"), json!(null)),
        (Method::DELETE, format!("/api/v1/posts/{id}/acknowledgement"), json!(null)),
        (Method::PUT, format!("/api/v1/groups/{group}/read"), json!({"side": "professional", "seq": 1})),
        (Method::POST, format!("/api/v1/groups/{group}/invitations"), json!({"email": "x@example.jp"})),
        (Method::POST, format!("/api/v1/groups/{group}/uploads"), json!({"name": "a.pdf", "size": 3})),
    ] {
        let _ = mori.json(method.clone(), &path, &body).await.problem(404);
        let _ = world.stranger().json(method, &path, &body).await.problem(401);
    }
    let side =
        nurse.ask(Method::GET, &format!("/api/v1/groups/{group}/posts?side=patient")).await.problem(404);
    let theirs =
        mori.ask(Method::GET, &format!("/api/v1/groups/{group}/posts?side=patient")).await.problem(404);
    assert_eq!(side, theirs);
    let _ = nurse.write_by_key(group, "b", &json!({"body": "x", "side": "patient"})).await.problem(404);
    for wrong in [json!({"body": " \n"}), json!({"body": "\u{e000}"}), json!({"body": "あ".repeat(10_001)})]
    {
        assert_eq!(nurse.write_by_key(group, "c", &wrong).await.problem(422)["errors"][0]["field"], "body");
    }
    world.close().await;
}

#[tokio::test]
async fn reading_is_noted_and_home_tells_what_is_new() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    for key in ["a", "b", "c"] {
        let _ = nurse.write_by_key(group, key, &said("お知らせです")).await.expect(201);
    }
    let home = doctor.ask(Method::GET, "/api/v1/home").await.expect(200).json();
    let places = home["places"].as_array().unwrap();
    assert_eq!(
        (&places[0]["kind"], &places[0]["name"]),
        (&json!("facility"), &json!("あおぞら在宅クリニック"))
    );
    let place = places.iter().find(|place| place["id"] == group.to_string()).expect("the group");
    assert_eq!((&place["name"], &place["unread"], &place["seq"]), (&json!("褥瘡の会"), &json!(3), &json!(3)));
    assert!(place["last_post"]["summary"].as_str().unwrap().contains("お知らせです"), "{place}");
    let path = format!("/api/v1/groups/{group}/read");
    let note = |seq: i64| json!({"side": "professional", "seq": seq});
    for (seq, left) in [(2, 1), (1, 1), (99, 0)] {
        let _ = doctor.json(Method::PUT, &path, &note(seq)).await.expect(204);
        assert_eq!(world.unread("saeki", group).await, left, "after {seq}");
    }
    let mori = world.program("mori").await.ask(Method::GET, "/api/v1/home").await.expect(200).json();
    assert!(!mori.to_string().contains(&group.to_string()));
    world.close().await;
}

#[tokio::test]
async fn what_a_program_looks_at_about_a_patient_is_on_the_record() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    let mut nurse = world.program("moriyama").await;
    let recorded = async || world.visit("saeki").await.get("/facility/record").await.expect(200).text();
    let looks = |page: String| page.split_once("<tbody>").unwrap().1.matches(LOOKED).count();
    assert_eq!(looks(recorded().await), 0);
    for _ in 0..3 {
        read(&mut nurse, group, "").await;
    }
    assert_eq!(looks(recorded().await), 1, "once in a while");
    world.close().await;
}
