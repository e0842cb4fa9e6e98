use crate::testing::World;
use axum::http::Method;

#[tokio::test]
async fn one_tap_turns_it_on_and_a_second_takes_it_back() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let post = nurse.write_post(group, "申し送り").await;
    let url = format!("/posts/{post}/acknowledgement");
    let form = [("content-type", "application/x-www-form-urlencoded"), ("hx-request", "true")];
    let foot = doctor.send_with(Method::POST, &url, &form, b"want=on".to_vec()).await.expect(200);
    assert!(
        foot.text().starts_with(&format!("<footer class=\"post-foot\" id=\"foot-{post}\">")),
        "{}",
        foot.text()
    );
    assert!(foot.has("aria-pressed=\"true\"") && foot.has("了解済み") && foot.has("1人が了解"));
    // The same wish again changes nothing: a phone that sends twice does not take it back.
    let foot = doctor.send_with(Method::POST, &url, &form, b"want=on".to_vec()).await.expect(200);
    assert!(foot.has("aria-pressed=\"true\"") && foot.has("1人が了解"));
    // Without script the page comes back with the post in sight.
    let back = doctor.post(&url, &[("want", "off")]).await.expect(303);
    assert_eq!(back.location(), format!("/groups/{group}?around=1#p-{post}"));
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200);
    assert!(page.has("0人が了解"));
    // Without a wish it is turned over.
    let _ = doctor.post(&url, &[]).await.expect(303);
    assert!(nurse.get(&format!("/groups/{group}")).await.expect(200).has("1人が了解"));
    world.close().await;
}

#[tokio::test]
async fn the_number_opens_who_and_when() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "多職種の会", &["moriyama", "tsuda", "yamada"]).await;
    let (mut nurse, mut pharmacist) = (world.visit("moriyama").await, world.visit("tsuda").await);
    let post = nurse.write_post(group, "お薬の件").await;
    world.later(5 * tasuki_value::MINUTE);
    let _ = pharmacist.post(&format!("/posts/{post}/acknowledgement"), &[("want", "on")]).await.expect(303);
    let url = format!("/posts/{post}/acknowledgements");
    let list = nurse.get(&url).await.expect(200);
    for words in [
        "了解した人",
        "津田 文子",
        "薬剤師・",
        "つばめ薬局",
        "11/20 09:05",
        "まだの人",
        "佐伯 健一",
        "山田 太郎",
    ] {
        assert!(list.has(words), "{words}");
    }
    assert!(!list.has("森山 みどり・"), "the writer is asked for nothing");
    // Administrators look after the post as its writer does; other members see only who pressed.
    assert!(world.visit("saeki").await.get(&url).await.expect(200).has("まだの人"));
    let list = world.visit("yamada").await.get(&url).await.expect(200);
    assert!(list.has("津田 文子") && !list.has("まだの人"));
    let _ = world.visit("mori").await.get(&url).await.expect(404);
    let _ = world.stranger().get(&url).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn only_ones_own_name_is_ever_added() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let post = nurse.write_post(group, "申し送り").await;
    let account = world.account("saeki").to_string();
    let fields = [("want", "on"), ("account", account.as_str()), ("seat", account.as_str())];
    let mut colleague = world.visit("kiyono").await;
    let _ = colleague.post(&format!("/posts/{post}/acknowledgement"), &fields).await.expect(303);
    let list = nurse.get(&format!("/posts/{post}/acknowledgements")).await.expect(200).text();
    let (done, missing) = list.split_once("まだの人").expect("both");
    assert!(done.contains("清野 ももこ") && !done.contains("佐伯") && missing.contains("佐伯 健一"));
    world.close().await;
}

#[tokio::test]
async fn many_at_once_are_counted_right() {
    let world = World::with_cast().await;
    let group = world.workplace("aozora").await;
    let mut nurse = world.visit("moriyama").await;
    let post = nurse.write_post(group, "申し送り").await;
    let url = format!("/posts/{post}/acknowledgement");
    let mut visitors = Vec::new();
    for key in ["saeki", "kiyono", "kishi", "hayashi", "saeki", "kiyono"] {
        visitors.push(world.visit(key).await);
    }
    let presses = visitors.iter_mut().map(|visitor| visitor.post(&url, &[("want", "on")]));
    for answer in futures_util::future::join_all(presses).await {
        let _ = answer.expect(303);
    }
    let seen = &world.posts("moriyama", group).await[0];
    assert_eq!((seen.foot.acks, seen.rev), (4, 5));
    let back = visitors.iter_mut().map(|visitor| visitor.post(&url, &[("want", "off")]));
    for answer in futures_util::future::join_all(back).await {
        let _ = answer.expect(303);
    }
    assert_eq!(world.posts("moriyama", group).await[0].foot.acks, 0);
    world.close().await;
}

#[tokio::test]
async fn the_writer_is_not_asked_and_sees_how_many_have() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "会", &["moriyama", "yamada"]).await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let post = nurse.write_post(group, "申し送り").await;
    let url = format!("/posts/{post}/acknowledgement");
    let here = format!("/groups/{group}");
    let own = nurse.get(&here).await.expect(200);
    assert!(own.has("2人中0人が了解") && !own.has(&format!("action=\"{url}\"")), "no button on one's own");
    let _ = nurse.post(&url, &[("want", "on")]).await.expect(403);
    let mut program = world.program("moriyama").await;
    let by_program = format!("/api/v1/posts/{post}/acknowledgement");
    let _ = program.json(axum::http::Method::PUT, &by_program, &serde_json::json!(null)).await.expect(403);
    assert!(doctor.get(&here).await.expect(200).has("0人が了解"));
    let _ = doctor.post(&url, &[("want", "on")]).await.expect(303);
    assert!(nurse.get(&here).await.expect(200).has("2人中1人が了解"));
    assert!(!doctor.get(&here).await.expect(200).has("人中"), "the writer alone is told of how many");
    let _ = world.visit("yamada").await.post(&url, &[("want", "on")]).await.expect(303);
    assert!(nurse.get(&here).await.expect(200).has("全員が了解しました"));
    assert!(nurse.get(&format!("/posts/{post}")).await.expect(200).has("申し送り"));
    world.close().await;
}
