use crate::groups;
use crate::invitations::Invitee;
use crate::testing::World;
use tasuki_law::nouns::GroupId;

/// A patient's team across two facilities, and a free group of the nurse's own.
async fn places(world: &World) -> (GroupId, GroupId) {
    let patient = world.patient("saeki", "岡田", "久恵", &["saeki", "moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    let circle = world.free_group("moriyama", "看護の会", &[]).await;
    world.join(circle, "moriyama", "kiyono").await;
    (group, circle)
}

#[tokio::test]
async fn stf_13_who_left_loses_the_workplace_and_every_group_in_one_act() {
    let world = World::with_cast().await;
    let (group, circle) = places(&world).await;
    let seat = world.seat("moriyama");
    let mut nurse = world.visit("moriyama").await;
    let lost = [format!("/groups/{group}/members"), format!("/groups/{circle}/members"), "/staff".to_owned()];
    for path in &lost {
        nurse.get(path).await.expect(200);
    }
    let mut colleague = world.visit("kiyono").await;
    let refused = colleague.post(&format!("/staff/{seat}/departure"), &[]).await.expect(403);
    assert!(refused.has("施設の管理者だけ"));
    let mut outsider = world.visit("mori").await;
    outsider.get(&format!("/staff/{seat}/departure")).await.expect(404);
    outsider.post(&format!("/staff/{seat}/departure"), &[]).await.expect(404);
    world.stranger().post(&format!("/staff/{seat}/departure"), &[]).await.expect(401);

    let mut doctor = world.visit("saeki").await;
    let confirm = doctor.get(&format!("/staff/{seat}/departure")).await.expect(200);
    assert!(confirm.has("岡田 久恵さん") && confirm.has("ほかのグループ 1か所"), "{}", confirm.text());
    assert!(!confirm.has("さんさん"));
    assert!(!confirm.has("看護の会"), "a group the doctor is not in keeps its name");
    doctor.post(&format!("/staff/{seat}/departure"), &[]).await.expect(303);
    nurse.get(&lost[0]).await.expect(404);
    nurse.get(&lost[1]).await.expect(404);
    nurse.get(&lost[2]).await.expect(403);
    assert!(!doctor.get("/staff").await.expect(200).has("森山 みどり"));
    // The group she administered has an administrator still.
    let heir = colleague.get(&format!("/groups/{circle}/edit")).await;
    heir.expect(200);
    let twice = doctor.post(&format!("/staff/{seat}/departure"), &[]).await.expect(403);
    assert!(twice.has("すでに手続きが済んでいます"));
    world.close().await;
}

#[tokio::test]
async fn the_last_administrator_needs_a_successor_and_anyone_else_may_go() {
    let world = World::with_cast().await;
    let own = world.seat("saeki");
    let mut doctor = world.visit("saeki").await;
    doctor.get(&format!("/staff/{own}/departure")).await.expect(403);
    doctor.post(&format!("/staff/{own}/departure"), &[]).await.expect(403);
    let nurses = world.seat("kiyono");
    let mut nurse = world.visit("kiyono").await;
    assert!(nurse.get(&format!("/staff/{nurses}/departure")).await.expect(200).has("退出しますか"));
    nurse.post(&format!("/staff/{nurses}/departure"), &[]).await.expect(303);
    nurse.get("/staff").await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn nothing_is_entered_through_a_seat_while_it_ends() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let (id, _) = world.invite(group, "saeki", "moriyama").await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let seat = world.seat("moriyama");
    let (accept, depart) = (format!("/invitations/{id}/acceptance"), format!("/staff/{seat}/departure"));
    let (_, ended) = tokio::join!(nurse.post(&accept, &[]), doctor.post(&depart, &[]));
    assert_eq!(ended.status.as_u16(), 303);
    let account = world.account("moriyama");
    let living = world.house.read(move |tx| groups::member_of(tx, group, account)).await.expect("a look");
    assert!(living.is_none(), "whichever was first, she is out");
    world.close().await;
}

#[tokio::test]
async fn an_ended_seat_invites_nobody() {
    let world = World::with_cast().await;
    let (group, _) = places(&world).await;
    world.end_seat("saeki", "moriyama").await;
    let (who, invitee) = (world.who("moriyama"), Invitee::Mail("aoi@example.jp".to_owned()));
    let tried = world.house.write(move |tx| {
        let key = groups::access::to_invite(tx, &who, group)?;
        crate::invitations::actions::invite_member(tx, &key, &invitee)
    });
    assert!(tried.await.is_err());
    world.close().await;
}
