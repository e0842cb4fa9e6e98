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
