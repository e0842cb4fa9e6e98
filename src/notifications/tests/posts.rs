use crate::testing::World;
use tasuki_value::{MINUTE, SECOND};

/// A patient of the clinic whose care manager reads along.
async fn okada(world: &World) -> tasuki_law::nouns::GroupId {
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama", "kishi"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    world.settle().await;
    assert_eq!(world.mails().await.len(), 0, "nobody must act yet");
    group
}

async fn addresses(world: &World) -> Vec<String> {
    let mut to: Vec<_> = world.mails().await.into_iter().map(|letter| letter.to).collect();
    to.sort();
    to
}

#[tokio::test]
async fn who_has_not_read_after_five_minutes_gets_a_mail_without_content_or_name() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    world.visit("moriyama").await.write_post(group, "14時訪問。体温36.8℃").await;
    world.later(5 * MINUTE - SECOND);
    assert_eq!(world.mails().await.len(), 0);
    world.later(SECOND);
    assert_eq!(
        addresses(&world).await,
        ["kishi@example.jp", "saeki@example.jp"],
        "not the author, no outsider"
    );
    let letter = world.mail_to("saeki@example.jp").await;
    let whole = format!("{} {}", letter.subject, letter.body);
    for secret in ["岡田", "久恵", "体温", "森山", "あおぞら"] {
        assert!(!whole.contains(secret), "{secret} in {whole}");
    }
    assert_eq!(world.link(&letter), format!("/groups/{group}"));
    let _ = world.visit("saeki").await.get(&world.link(&letter)).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn one_mail_until_the_next_look() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    nurse.write_post(group, "一").await;
    world.later(MINUTE);
    nurse.write_post(group, "二").await;
    world.later(10 * MINUTE);
    assert_eq!(world.mails().await.len(), 2, "one each for both posts");
    nurse.write_post(group, "三").await;
    world.later(10 * MINUTE);
    assert_eq!(world.mails().await.len(), 2, "they know already that something waits");

    reads(&world, "saeki", group).await;
    nurse.write_post(group, "四").await;
    world.later(10 * MINUTE);
    let to = addresses(&world).await;
    assert_eq!(to.iter().filter(|to| *to == "saeki@example.jp").count(), 2, "{to:?}");
    assert_eq!(to.iter().filter(|to| *to == "kishi@example.jp").count(), 1, "{to:?}");
    world.close().await;
}

async fn reads(world: &World, key: &str, group: tasuki_law::nouns::GroupId) {
    let mut reader = world.visit(key).await;
    let page = reader.get(&format!("/groups/{group}")).await.expect(200);
    let url = page.between("data-read-url=\"", "\"").expect("where reading is told");
    let _ = reader.post(&url, &[("seq", "99")]).await;
    assert_eq!(world.unread(key, group).await, 0);
}

#[tokio::test]
async fn who_has_read_in_time_gets_none() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    world.visit("moriyama").await.write_post(group, "一").await;
    world.later(4 * MINUTE);
    reads(&world, "saeki", group).await;
    world.later(10 * MINUTE);
    assert_eq!(addresses(&world).await, ["kishi@example.jp"]);
    world.close().await;
}

#[tokio::test]
async fn who_listens_gets_one_only_after_the_page_is_closed() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    let open_page = world.house.presence.listen(world.account("saeki"));
    world.visit("moriyama").await.write_post(group, "一").await;
    world.later(6 * MINUTE);
    assert_eq!(addresses(&world).await, ["kishi@example.jp"]);
    drop(open_page);
    world.later(6 * MINUTE);
    assert_eq!(addresses(&world).await, ["kishi@example.jp", "saeki@example.jp"]);
    world.close().await;
}

#[tokio::test]
async fn an_open_stream_is_listening() {
    let world = World::with_cast().await;
    let doctor = world.account("saeki");
    let stream = world.visit("saeki").await.listen("/events", &[]).await;
    assert!(world.house.presence.is_listening(doctor));
    drop(stream);
    assert!(!world.house.presence.is_listening(doctor));
    world.close().await;
}

#[tokio::test]
async fn a_post_of_a_minute_ago_waits_for_its_own_five() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    nurse.write_post(group, "一").await;
    world.later(4 * MINUTE);
    reads(&world, "saeki", group).await;
    reads(&world, "kishi", group).await;
    nurse.write_post(group, "二").await;
    world.later(MINUTE);
    assert_eq!(world.mails().await.len(), 0, "the second post is a minute old");
    world.later(4 * MINUTE);
    assert_eq!(world.mails().await.len(), 2);
    world.close().await;
}

#[tokio::test]
async fn who_left_before_the_mail_went_gets_none() {
    let world = World::with_cast().await;
    let group = okada(&world).await;
    world.visit("moriyama").await.write_post(group, "一").await;
    world.take_out("saeki", group, "kishi").await;
    world.later(10 * MINUTE);
    assert_eq!(addresses(&world).await, ["saeki@example.jp"]);
    world.close().await;
}
