use crate::testing::World;

#[tokio::test]
async fn con_01_and_02_people_i_share_a_place_with() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let mut doctor = world.visit("saeki").await;
    let before = doctor.get("/connections?view=others").await.expect(200);
    assert!(!before.has("山田 太郎"), "the premise: no shared place yet");
    world.join(group, "saeki", "yamada").await;
    let own = doctor.get("/connections").await.expect(200);
    assert!(own.has("森山 みどり") && !own.has("山田 太郎"));
    let all = doctor.get("/connections?view=facilities").await.expect(200);
    assert!(all.has("森山 みどり") && all.has("山田 太郎") && all.has("みなみケアプランセンター"));
    assert!(!all.has("@example.jp"), "CON-08");
    // かな finds 漢字; a profession finds its people.
    for typed in ["%E3%82%84%E3%81%BE%E3%81%A0", "%E3%82%B1%E3%82%A2%E3%83%9E%E3%83%8D"] {
        let found = doctor.get(&format!("/connections?view=facilities&q={typed}")).await.expect(200);
        assert!(found.has("山田 太郎") && !found.has("森山 みどり"), "{typed}");
    }
    let mut outsider = world.visit("mori").await;
    let hers = outsider.get("/connections?view=facilities").await.expect(200);
    assert!(!hers.has("佐伯") && !hers.has("山田") && hers.has("まだつながりはありません"));
    world.stranger().get("/connections").await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn a_colleague_of_two_workplaces_stands_where_i_know_them_from() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    world.join(group, "saeki", "mori").await;
    let (nurse, clinic) = (world.account("mori"), world.facility("aozora"));
    let mut doctor = world.visit("saeki").await;
    assert!(doctor.get("/connections?view=others").await.expect(200).has("毛利 かおる"));
    let seated = world.house.write(move |tx| {
        let profession = crate::accounts::card(tx, nurse)?.profession;
        crate::workplaces::actions::take_seat(tx, nurse, clinic, profession)
    });
    seated.await.expect("a second seat");
    assert!(doctor.get("/connections?view=own").await.expect(200).has("毛利 かおる"));
    world.close().await;
}
