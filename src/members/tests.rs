use crate::groups;
use crate::testing::World;
use tasuki_law::nouns::{GroupId, MemberId, PatientId};

async fn team(world: &World) -> (PatientId, GroupId) {
    let patient = world.patient("saeki", "岡田", "久恵", &["saeki", "moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    world.join(group, "saeki", "yamada").await;
    (patient, group)
}

async fn member(world: &World, group: GroupId, whom: &str) -> Option<MemberId> {
    let account = world.account(whom);
    let found = world.house.read(move |tx| groups::member_of(tx, group, account)).await;
    found.expect("a look").map(|mine| mine.member)
}

#[tokio::test]
async fn ptl_08_who_is_here_by_workplace() {
    let world = World::with_cast().await;
    world.under_an_office().await;
    let (_, group) = team(&world).await;
    let mut nurse = world.visit("moriyama").await;
    let list = nurse.get(&format!("/groups/{group}/members")).await.expect(200);
    for words in
        ["あおぞら在宅クリニック", "みなみケアプランセンター", "山田 太郎", "看護師", "未確認", "メンバー3人"]
    {
        assert!(list.has(words), "{words}");
    }
    assert!(!list.has("@example.jp"), "CON-08");
    assert_eq!(list.text().matches("未確認の施設").count(), 1, "one's own facility one knows");
    // Once the office has confirmed it, or where there is none, nobody is warned.
    let confirmed =
        |tx: &mut tasuki_base::db::Tx<'_>| tx.exec("UPDATE facilities SET vouched_at = made_at", &[]);
    world.house.db.write::<_, tasuki_base::db::Error>(confirmed).await.expect("confirmed");
    assert!(!nurse.get(&format!("/groups/{group}/members")).await.expect(200).has("未確認"));
    // A colleague of the facility who is no member sees nothing; nor does an outsider.
    for outsider in ["kiyono", "mori", "okubo"] {
        let mut visitor = world.visit(outsider).await;
        visitor.get(&format!("/groups/{group}/members")).await.expect(404);
    }
    world.stranger().get(&format!("/groups/{group}/members")).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn ptl_09_who_leaves_loses_the_place_at_once() {
    let world = World::with_cast().await;
    let (_, group) = team(&world).await;
    let mut manager = world.visit("yamada").await;
    manager.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(manager.get(&format!("/groups/{group}/departure")).await.expect(200).has("退出しますか"));
    manager.post(&format!("/groups/{group}/departure"), &[]).await.expect(303);
    manager.get(&format!("/groups/{group}/members")).await.expect(404);
    manager.post(&format!("/groups/{group}/departure"), &[]).await.expect(404);
    let mut doctor = world.visit("saeki").await;
    let noted = doctor.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(noted.has("自分で退出") && noted.has("山田 太郎"));
    world.close().await;
}

#[tokio::test]
async fn ptl_10_a_group_administrator_takes_somebody_out_and_both_see_it() {
    let world = World::with_cast().await;
    let (_, group) = team(&world).await;
    let theirs = member(&world, group, "yamada").await.expect("the premise: he is a member");
    let removal = format!("/groups/{group}/members/{theirs}/removal");
    let mut nurse = world.visit("moriyama").await;
    let refused = nurse.post(&removal, &[]).await.expect(403);
    assert!(refused.has("グループの管理者だけ"), "ROL-06");
    let mut outsider = world.visit("mori").await;
    outsider.post(&removal, &[]).await.expect(404);
    world.stranger().post(&removal, &[]).await.expect(401);

    let mut doctor = world.visit("saeki").await;
    assert!(doctor.get(&removal).await.expect(200).has("山田 太郎"));
    doctor.post(&removal, &[]).await.expect(303);
    let mut manager = world.visit("yamada").await;
    manager.get(&format!("/groups/{group}/members")).await.expect(404);
    let noted = doctor.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(noted.has("佐伯 健一さんによる操作"));
    let told = manager.get("/invitations").await.expect(200);
    assert!(
        told.has("患者グループのメンバーから外されました") && !told.has("岡田"),
        "told, without the name"
    );
    doctor.post(&removal, &[]).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn rol_04_several_administrators_and_never_none() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    world.join(group, "saeki", "moriyama").await;
    let (doctors, nurses) =
        (member(&world, group, "saeki").await.unwrap(), member(&world, group, "moriyama").await.unwrap());
    let right = |member| format!("/groups/{group}/members/{member}/administrator");
    let mut doctor = world.visit("saeki").await;
    let last = doctor.post(&right(doctors), &[("right", "off")]).await.expect(403);
    assert!(last.has("ほかの人を管理者にしてください"));
    let stuck = doctor.post(&format!("/groups/{group}/departure"), &[]).await.expect(403);
    assert!(stuck.has("ほかの人を管理者にしてください"));
    let mut nurse = world.visit("moriyama").await;
    nurse.post(&right(nurses), &[("right", "on")]).await.expect(403);
    doctor.post(&right(nurses), &[("right", "on")]).await.expect(303);
    doctor.post(&format!("/groups/{group}/departure"), &[]).await.expect(303);
    nurse.get(&format!("/groups/{group}/edit")).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn an_administrator_of_the_originating_facility_manages_without_reading() {
    let world = World::with_cast().await;
    let patient = world.patient("moriyama", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    let mut doctor = world.visit("saeki").await;
    assert!(member(&world, group, "saeki").await.is_none(), "the premise: the doctor is no member");
    let list = doctor.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(list.has("自分をメンバーに加える"));
    let mut colleague = world.visit("kiyono").await;
    colleague.post(&format!("/groups/{group}/joining"), &[]).await.expect(404);
    doctor.get(&format!("/groups/{group}/joining")).await.expect(200);
    doctor.post(&format!("/groups/{group}/joining"), &[]).await.expect(303);
    assert!(member(&world, group, "saeki").await.is_some());
    doctor.post(&format!("/groups/{group}/joining"), &[]).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn the_workplaces_group_follows_the_staff() {
    let world = World::with_cast().await;
    let clinic = world.facility("aozora");
    let group = world.house.read(move |tx| crate::facilities::card(tx, clinic)).await.expect("a card").group;
    let mut nurse = world.visit("moriyama").await;
    let list = nurse.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(list.has("清野 ももこ") && list.has("職場スタッフを開く") && !list.has("退出する"));
    let stuck = nurse.post(&format!("/groups/{group}/departure"), &[]).await.expect(403);
    assert!(stuck.has("スタッフの一覧と同じ"));
    let theirs = member(&world, group, "moriyama").await.unwrap();
    let mut doctor = world.visit("saeki").await;
    doctor.post(&format!("/groups/{group}/members/{theirs}/removal"), &[]).await.expect(403);
    world.close().await;
}
