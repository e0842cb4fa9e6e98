use crate::testing::World;

#[tokio::test]
async fn grp_01_and_05_one_name_makes_a_group() {
    let world = World::with_cast().await;
    let mut helper = world.visit("okubo").await;
    let empty = helper.get("/groups").await.expect(200);
    assert!(empty.has("まだグループはありません"));
    helper.post("/groups/new", &[("name", "  ")]).await.expect(422);
    let long = "あ".repeat(51);
    assert!(helper.post("/groups/new", &[("name", &long)]).await.expect(422).has("50文字まで"));
    for name in ["ヘルパーの会", "認知症の勉強会"] {
        let made = helper.post("/groups/new", &[("name", name)]).await.expect(303);
        assert!(made.location().ends_with("?done=group_made"));
    }
    let list = helper.get("/groups").await.expect(200);
    assert!(list.has("ヘルパーの会") && list.has("認知症の勉強会") && list.has("1人"));
    let mut outsider = world.visit("mori").await;
    assert!(!outsider.get("/groups").await.expect(200).has("ヘルパーの会"), "GRP-02: not to be found");
    world.stranger().post("/groups/new", &[("name", "x")]).await.expect(401);
    world.close().await;
}

#[tokio::test]
async fn grp_01_name_and_details_change_later() {
    let world = World::with_cast().await;
    let group = world.free_group("okubo", "ヘルパーの会", &[]).await;
    world.join(group, "okubo", "ota").await;
    let edit = format!("/groups/{group}/edit");
    let fields = [("name", "ヘルパー連絡会"), ("about", "毎月第2金曜に集まります。\n会費はありません。")];
    let mut member = world.visit("ota").await;
    let refused = member.post(&edit, &fields).await.expect(403);
    assert!(refused.has("グループの管理者だけ"));
    let mut outsider = world.visit("mori").await;
    outsider.get(&edit).await.expect(404);
    outsider.post(&edit, &fields).await.expect(404);
    let mut maker = world.visit("okubo").await;
    assert!(maker.get(&edit).await.expect(200).has("value=\"ヘルパーの会\""));
    maker.post(&edit, &fields).await.expect(303);
    let seen = member.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(seen.has("ヘルパー連絡会") && seen.has("会費はありません"));
    // The workplace's own group takes its name from the facility.
    let card = world.facility("minami");
    let workplace =
        world.house.read(move |tx| crate::facilities::card(tx, card)).await.expect("a card").group;
    let mut manager = world.visit("yamada").await;
    manager.get(&format!("/groups/{workplace}/edit")).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn a_form_sent_again_makes_the_same_group_and_another_form_another() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let once = |page: crate::testing::Answer| page.between("name=\"once\" value=\"", "\"").expect("a key");
    let key = once(nurse.get("/groups/new").await.expect(200));
    let fields = [("name", "栄養の勉強会"), ("once", key.as_str())];
    let made = nurse.post("/groups/new", &fields).await.expect(303).location();
    assert_eq!(nurse.post("/groups/new", &fields).await.expect(303).location(), made, "pressed again");
    // At once, as two presses on a slow line come in.
    let key = once(nurse.get("/groups/new").await.expect(200));
    let fields = [("name", "褥瘡の会"), ("once", key.as_str())];
    let mut twins = [world.visit("moriyama").await, world.visit("moriyama").await];
    let presses =
        futures_util::future::join_all(twins.iter_mut().map(|twin| twin.post("/groups/new", &fields))).await;
    let places: Vec<_> = presses.into_iter().map(|answer| answer.expect(303).location()).collect();
    assert_eq!(places[0], places[1]);
    assert_ne!(places[0], made);
    // What went wrong keeps its key; somebody else's key, or one made up, is none.
    let again = nurse.post("/groups/new", &[("name", ""), ("once", &key)]).await.expect(422);
    assert_eq!(once(again), key);
    let theirs = world.visit("yamada").await.post("/groups/new", &fields).await.expect(303).location();
    assert_ne!(theirs, places[0]);
    let made_up = "0".repeat(64);
    let other = nurse.post("/groups/new", &[("name", "会"), ("once", &made_up)]).await.expect(303).location();
    assert!(!other.contains("00000000"));
    world.close().await;
}
