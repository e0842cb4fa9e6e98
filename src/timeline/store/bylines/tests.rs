//! What is kept of a post, how posts of before are read, and whose name stands with which.

use crate::house::cell;
use crate::testing::{Answer, Visitor, World};
use crate::timeline::{Byline, opened, store};
use crate::{House, Outcome, Trouble, groups};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use tasuki_base::seal;
use tasuki_law::nouns::{AccountId, DraftId, GroupId, PostId, Profession};

async fn write(program: &mut Visitor, group: GroupId, key: &str, words: &str) -> Answer {
    program.write_by_key(group, key, &json!({ "body": words, "side": "professional" })).await
}

async fn read(program: &mut Visitor, group: GroupId) -> Value {
    program.ask(Method::GET, &format!("/api/v1/groups/{group}/posts")).await.expect(200).json()
}

/// Who wrote the posts of a place, as programs are told.
async fn authors(program: &mut Visitor, group: GroupId) -> Vec<String> {
    let said = |post: &Value| {
        let text = |name: &str| post["author"][name].as_str().unwrap().to_owned();
        format!("{} {} {}", text("name"), text("profession"), text("facility"))
    };
    read(program, group).await["posts"].as_array().unwrap().iter().map(said).collect()
}

async fn kept(house: &House) -> i64 {
    let counted = house.read(|tx| Ok(tx.one::<(i64,)>("SELECT count(*) FROM bylines", &[])?.0));
    counted.await.unwrap()
}

/// Makes of a post what the program of before wrote: everything sealed beside it, words in UTF-8.
async fn as_before(house: &House, group: GroupId, post: PostId, facility: &'static str, words: &'static str) {
    let rewritten = house.write(move |tx| {
        let key = groups::ground(tx, group)?.data_key;
        let byline = Byline {
            family: "森山".to_owned(),
            given: "みどり".to_owned(),
            profession: Profession::RegisteredNurse,
            facility: facility.to_owned(),
        };
        let digest = crate::timeline::actions::digest(words, &[]);
        let byline = tx.seal_json(key, cell("posts", "byline", post.0), &byline)?;
        let body = tx.seal_text(key, cell("posts", "body", post.0), words)?;
        let digest = tx.seal(key, cell("posts", "digest", post.0), &digest)?;
        let sql = "UPDATE posts SET byline_number = NULL, byline = $2, body = $3, digest = $4 WHERE id = $1";
        tx.exec(sql, &[&post, &byline, &body, &digest])?;
        tx.exec("DELETE FROM bylines", &[])?;
        Ok(())
    });
    rewritten.await.unwrap();
}

#[tokio::test]
async fn posts_of_before_are_read_and_known_again() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    let (draft, digest) = nurse.confirmed(group, "14時訪問。体温36.8℃").await;
    let url = format!("{draft}/post");
    let posted = nurse.post(&url, &[("digest", &digest)]).await.expect(303).location();
    let post: PostId = posted.split_once("#p-").unwrap().1.parse().unwrap();
    as_before(&world.house, group, post, "むかしの診療所", "14時訪問。体温36.8℃").await;
    assert_eq!(kept(&world.house).await, 0, "nothing else tells who wrote it");

    let (mut doctor, mut program) = (world.visit("saeki").await, world.program("saeki").await);
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    assert!(
        page.has("森山 みどり") && page.has("むかしの診療所") && page.has("体温36.8℃"),
        "{}",
        page.text()
    );
    assert!(doctor.get("/").await.expect(200).has("森山: 14時訪問。体温36.8℃"));
    assert_eq!(authors(&mut program, group).await, ["森山 みどり registered_nurse むかしの診療所"]);

    // The same draft is the same post still, and other words under it are refused.
    assert_eq!(nurse.post(&url, &[("digest", &digest)]).await.expect(303).location(), posted);
    let _ = nurse.post(&url, &[("digest", &"0".repeat(64))]).await.expect(403);
    // New ones go on beside it, and it can be corrected.
    nurse.write_post(group, "17時、再訪").await;
    let _ = nurse.post(&format!("/posts/{post}/edit"), &[("body", "14時訪問。体温36.9℃")]).await.expect(303);
    let page = doctor.get(&format!("/groups/{group}")).await.expect(200);
    for words in ["むかしの診療所", "体温36.9℃", "あおぞら在宅クリニック", "17時、再訪"]
    {
        assert!(page.has(words), "{words} in {}", page.text());
    }
    assert!(doctor.get(&format!("/posts/{post}/history")).await.expect(200).has("体温36.8℃"));
    world.close().await;
}

#[tokio::test]
async fn a_byline_is_written_once_for_as_long_as_it_is_true() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let nurse_id = world.account("moriyama");
    for key in ["a", "b", "c"] {
        let _ = write(&mut nurse, group, key, "訪問").await.expect(201);
    }
    let _ = write(&mut doctor, group, "d", "往診").await.expect(201);
    assert_eq!(kept(&world.house).await, 2, "one for each of the two");

    let marries = async |family: &'static str| {
        let sql = "UPDATE accounts SET family = $2 WHERE id = $1";
        world.house.write(move |tx| Ok(tx.exec(sql, &[&nurse_id, &family])?)).await.unwrap()
    };
    let _ = marries("青木").await;
    for key in ["e", "f"] {
        let answer = write(&mut nurse, group, key, "訪問").await.expect(201).json();
        assert_eq!(answer["author"]["name"], "青木 みどり");
    }
    assert_eq!(kept(&world.house).await, 3);
    let _ = marries("森山").await;
    let _ = write(&mut nurse, group, "g", "訪問").await.expect(201);
    let names = authors(&mut doctor, group).await;
    let names: Vec<_> = names.iter().map(|name| name.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["森山", "森山", "森山", "佐伯", "青木", "青木", "森山"], "each as they stood then");
    world.close().await;
}

#[tokio::test]
async fn who_writes_twice_at_once_has_one_byline() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let (mut phone, mut desk) = (world.program("moriyama").await, world.program("moriyama").await);
    let (one, two) = tokio::join!(write(&mut phone, group, "a", "一"), write(&mut desk, group, "b", "二"));
    let _ = (one.expect(201), two.expect(201));
    assert_eq!(kept(&world.house).await, 1);
    assert_eq!(authors(&mut desk, group).await.len(), 2);
    world.close().await;
}

#[tokio::test]
async fn a_page_opens_a_byline_once() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let mut nurse = world.program("moriyama").await;
    for key in ["a", "b", "c"] {
        let _ = write(&mut nurse, group, key, "訪問").await.expect(201);
    }
    let who = world.who("saeki");
    let look = world.house.read(move |tx| {
        let (_, _, door) = crate::timeline::access::to_read(tx, &who, group)?;
        opened::range(tx, &door, 1, door.seq)
    });
    let sheet = look.await.unwrap();
    let [first, more @ ..] = sheet.posts.as_slice() else { panic!("no posts") };
    assert!(more.len() == 2 && more.iter().all(|post| Arc::ptr_eq(&post.byline, &first.byline)));
    world.close().await;
}

/// A guard on counts: what a row of 200 letters takes, without ids and times.
#[tokio::test]
async fn a_post_keeps_its_words_and_little_else() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let mut nurse = world.program("moriyama").await;
    let words = "痛みの訴えなし。".repeat(25);
    let _ = write(&mut nurse, group, "a", &words).await.expect(201);
    let sql = "SELECT CAST(length(byline) AS BIGINT), CAST(length(digest) AS BIGINT),
      CAST(length(body) AS BIGINT) FROM posts";
    let lengths = world.house.read(move |tx| Ok(tx.one::<(i64, i64, i64)>(sql, &[])?)).await.unwrap();
    assert_eq!(lengths, (0, 16, 45 + 2 + 2 * 200), "two bytes a letter, and what a seal adds");
    assert_eq!(read(&mut nurse, group).await["posts"][0]["body"], words);
    world.close().await;
}

#[tokio::test]
async fn a_byline_moved_to_another_row_does_not_open() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let (mut nurse, mut doctor) = (world.program("moriyama").await, world.program("saeki").await);
    let _ = write(&mut nurse, group, "a", "訪問").await.expect(201);
    let _ = write(&mut doctor, group, "b", "往診").await.expect(201);
    let (from, to) = (world.seat("saeki"), world.seat("moriyama"));
    let sql =
        "UPDATE bylines SET sealed = (SELECT b.sealed FROM bylines b WHERE b.seat = $1) WHERE seat = $2";
    assert_eq!(world.house.write(move |tx| Ok(tx.exec(sql, &[&from, &to])?)).await.unwrap(), 1);
    let _ = doctor.ask(Method::GET, &format!("/api/v1/groups/{group}/posts")).await.expect(500);
    world.close().await;
}

/// What is said under a draft of this author, as far as its post can tell.
async fn said(
    house: &House,
    author: AccountId,
    draft: DraftId,
    words: &'static str,
) -> Outcome<Option<bool>> {
    let digest = crate::timeline::actions::digest(words, &[]);
    let look = house.read(move |tx| store::repeats::posted(tx, author, draft, &digest));
    Ok(look.await?.map(|(.., same)| same))
}

#[tokio::test]
async fn a_code_tells_nothing_once_the_words_or_the_key_are_gone() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "勉強会", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    let (url, digest) = nurse.confirmed(group, "別の方の様子").await;
    let draft: DraftId = url.trim_start_matches("/drafts/").parse().unwrap();
    let location = nurse.post(&format!("{url}/post"), &[("digest", &digest)]).await.expect(303).location();
    let post: PostId = location.split_once("#p-").unwrap().1.parse().unwrap();
    let (house, author) = (&world.house, world.account("moriyama"));
    assert_eq!(said(house, author, draft, "別の方の様子").await.unwrap(), Some(true));
    assert_eq!(said(house, author, draft, "ほかの様子").await.unwrap(), Some(false));
    assert_eq!(said(house, world.account("saeki"), draft, "別の方の様子").await.unwrap(), None);

    let erased = [("how", "wrong_patient")];
    let _ = world.visit("saeki").await.post(&format!("/posts/{post}/removal"), &erased).await.expect(303);
    assert_eq!(said(house, author, draft, "別の方の様子").await.unwrap(), Some(false));
    assert_eq!(said(house, author, draft, "").await.unwrap(), Some(false));

    let destroyed = house.write(move |tx| {
        let (key, spare, now) = (groups::ground(tx, group)?.data_key, tx.own_key(), tx.now());
        tx.exec("UPDATE groups SET data_key = $2 WHERE data_key = $1", &[&key, &spare])?;
        Ok(seal::store::destroy(tx, key, now)?)
    });
    assert!(destroyed.await.unwrap());
    let gone = said(house, author, draft, "別の方の様子").await;
    assert!(matches!(gone, Err(Trouble::Refused(_))), "{gone:?}");
    world.close_with_leftovers();
}
