use super::{first, invite_by_mail, refused};
use crate::testing::World;
use tasuki_law::nouns::InvitationState;

/// A patient of the clinic with doctor and nurse in the team, consent on record.
async fn team(world: &World) -> (tasuki_law::nouns::PatientId, tasuki_law::nouns::GroupId) {
    let patient = world.patient("saeki", "岡田", "久恵", &["saeki", "moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    world.settle().await;
    (patient, group)
}

#[tokio::test]
async fn ptl_04_and_06_the_care_manager_is_invited_by_mail_and_sees_no_post_before_joining() {
    let world = World::with_cast().await;
    let (_, group) = team(&world).await;
    let mut doctor = world.visit("saeki").await;
    let base = format!("/groups/{group}/invitations/new");
    let sent = invite_by_mail(&mut doctor, &base, &["yamada@example.jp"]).await;
    assert!(doctor.get(&sent.location()).await.expect(200).has("1人に招待を送りました"));
    world.settle().await;

    let mut manager = world.visit("yamada").await;
    let arrived = first(&mut manager).await;
    let page = manager.get(&arrived).await.expect(200);
    for words in ["岡田 久恵さん", "佐伯 健一", "2人", "参加する", "参加しない"] {
        assert!(page.has(words), "{words}");
    }
    assert!(!page.has("さんさん"), "the group's name says it already");
    manager.get(&format!("/groups/{group}/members")).await.expect(404);
    refused(&world, &arrived).await;

    // PTL-07: is it right to join this team?
    let ask = manager.get(&format!("{arrived}/acceptance")).await.expect(200);
    assert!(ask.has("適切か"));
    let unasked = manager.post(&format!("{arrived}/acceptance"), &[]).await.expect(422);
    assert!(unasked.has("関わるときだけ参加できます"));
    let joined = manager.post(&format!("{arrived}/acceptance"), &[("fit", "on")]).await.expect(303);
    assert_eq!(joined.location(), format!("/groups/{group}?done=joined"));
    let members = manager.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(
        members.has("山田 太郎") && members.has("みなみケアプランセンター") && members.has("連携元の施設")
    );
    world.close().await;
}

#[tokio::test]
async fn con_03_people_one_knows_are_picked_without_an_address() {
    let world = World::with_cast().await;
    let (_, group) = team(&world).await;
    world.join(group, "saeki", "yamada").await;
    let circle = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let mut doctor = world.visit("saeki").await;
    let base = format!("/groups/{circle}/invitations/new");
    let own = doctor.get(&base).await.expect(200);
    assert!(own.has("清野 ももこ") && !own.has("山田 太郎"), "自施設");
    let others = doctor.get(&format!("{base}?view=others")).await.expect(200);
    assert!(others.has("山田 太郎") && !others.has("清野 ももこ"), "他施設");
    assert!(!others.has("@example.jp"), "CON-08: no address anywhere");
    let found = doctor
        .get(&format!("{base}?view=facilities&q=%E3%82%B1%E3%82%A2%E3%83%9E%E3%83%8D"))
        .await
        .expect(200);
    assert!(found.has("山田 太郎") && !found.has("清野 ももこ"), "CON-02: by profession");

    let yamada = world.account("yamada").to_string();
    let kiyono = world.account("kiyono").to_string();
    // What was picked in one view stays picked in the next.
    let other_view = doctor.post(&base, &[("person", &yamada), ("view", "own")]).await.expect(200);
    assert!(other_view.has(&format!("type=\"hidden\" name=\"person\" value=\"{yamada}\"")));
    let picked = [("person", yamada.as_str()), ("person", kiyono.as_str())];
    let check = doctor.post(&format!("{base}/confirmation"), &picked).await.expect(200);
    assert!(check.has("2人を招待する"));
    doctor.post(&format!("{base}/sent"), &picked).await.expect(303);
    let mut manager = world.visit("yamada").await;
    assert!(manager.get("/invitations").await.expect(200).has("在宅の勉強会"));
    let left = doctor.get(&format!("{base}?view=others")).await.expect(200);
    assert!(!left.has("山田 太郎"), "whoever is invited is not offered again");

    // Somebody one does not know cannot be invited by guessing an id.
    let mori = world.account("mori").to_string();
    doctor.post(&format!("{base}/sent"), &[("person", &mori)]).await.expect(422);
    world.close().await;
}

#[tokio::test]
async fn con_06_who_knows_nobody_is_told_and_led_to_mail() {
    let world = World::with_cast().await;
    let group = world.free_group("mori", "訪問看護の会", &[]).await;
    let mut nurse = world.visit("mori").await;
    let base = format!("/groups/{group}/invitations/new");
    let empty = nurse.get(&base).await.expect(200);
    assert!(empty.has("招待できる人がまだいません") && empty.has("メールで招待する"));
    let mail = nurse.post(&base, &[("view", "mail")]).await.expect(200);
    assert!(mail.has("name=\"email_4\""), "four fields at least");
    world.close().await;
}

#[tokio::test]
async fn ptl_05_the_originating_facilitys_administrator_approves() {
    let world = World::with_cast().await;
    let (_, group) = team(&world).await;
    world.join(group, "saeki", "yamada").await;
    // A care manager of another facility invites; even its own administrator has to ask.
    let mut manager = world.visit("yamada").await;
    let base = format!("/groups/{group}/invitations/new");
    assert!(manager.get(&base).await.expect(200).has("管理者の承認後に相手へ届きます"));
    invite_by_mail(&mut manager, &base, &["tsuda@example.jp"]).await;
    let own = first(&mut manager).await;
    manager.post(&format!("{own}/approval"), &[]).await.expect(404);
    let mut pharmacist = world.visit("tsuda").await;
    pharmacist.get(&own).await.expect(404);

    let mut doctor = world.visit("saeki").await;
    let members = doctor.get(&format!("/groups/{group}/members")).await.expect(200);
    assert!(members.has("招待中") && members.has("承認する"), "on the members page, too");
    let back = doctor.post(&format!("{own}/approval"), &[("group", &group.to_string())]).await.expect(303);
    assert_eq!(back.location(), format!("/groups/{group}/members?done=invitation_approved"));
    pharmacist.get(&own).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn until_consent_other_facilities_are_not_told_and_colleagues_are_added() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["saeki"]).await;
    let group = world.group_of(patient).await;
    let (_, state) = world.invite(group, "saeki", "moriyama").await;
    assert_eq!(state, InvitationState::Accepted, "a colleague of the originating facility");
    let (id, state) = world.invite(group, "saeki", "yamada").await;
    assert_eq!(state, InvitationState::AwaitingConsent);
    let mut manager = world.visit("yamada").await;
    manager.get(&format!("/invitations/{id}")).await.expect(404);
    world.consent("saeki", patient).await;
    world.settle().await;
    manager.get(&format!("/invitations/{id}")).await.expect(200);
    assert!(world.mail_to("yamada@example.jp").await.body.contains("患者グループ"));
    // Withdrawn before the answer: nothing opens any more.
    world.withdraw_consent("saeki", patient).await;
    let shut = manager.post(&format!("/invitations/{id}/acceptance"), &[("fit", "on")]).await.expect(403);
    assert!(shut.has("同意が撤回された"));
    world.close().await;
}

#[tokio::test]
async fn what_consent_opens_is_sent_later_where_the_address_had_its_letters_for_the_day() {
    use crate::accounts::limits::{self, table};
    use crate::invitations::{Invitee, actions};
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["saeki"]).await;
    let group = world.group_of(patient).await;
    let who = world.who("saeki");
    let invited = world.house.write(move |tx| {
        for _ in 0..table::INVITED.most {
            limits::allow(tx, &table::INVITED, "aoi@example.jp")?;
        }
        crate::groups::actions::lock(tx, group)?;
        let key = crate::groups::access::to_invite(tx, &who, group)?;
        actions::invite_member(tx, &key, &Invitee::Mail("aoi@example.jp".to_owned()))
    });
    invited.await.unwrap();
    world.consent("saeki", patient).await;
    world.settle().await;
    assert!(world.mails().await.iter().all(|letter| letter.to != "aoi@example.jp"));
    world.later(tasuki_value::DAY + tasuki_value::HOUR);
    world.settle().await;
    assert!(world.mail_to("aoi@example.jp").await.body.contains("患者グループ"));
    world.close().await;
}

#[tokio::test]
async fn grp_04_one_further_question_and_either_answer_ends_in_the_group() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    for (whom, answer) in [("yamada", "yes"), ("tsuda", "no")] {
        world.invite(group, "saeki", whom).await;
        let mut guest = world.visit(whom).await;
        let arrived = first(&mut guest).await;
        let joined = guest.post(&format!("{arrived}/acceptance"), &[]).await.expect(303);
        assert_eq!(joined.location(), format!("{arrived}/connection"));
        assert!(guest.get(&joined.location()).await.expect(200).has("つながりますか"));
        let end = guest.post(&joined.location(), &[("answer", answer)]).await.expect(303);
        assert_eq!(end.location(), format!("/groups/{group}?done=joined"));
        guest.post(&format!("/groups/{group}/departure"), &[]).await.expect(303);
    }
    let mut doctor = world.visit("saeki").await;
    let known = doctor.get("/connections?view=others").await.expect(200);
    assert!(known.has("山田 太郎"), "connected: stays after both left the same group");
    assert!(!known.has("津田 文子"), "not connected: gone with the group");
    world.close().await;
}

#[tokio::test]
async fn a_group_invitation_waits_while_a_newcomer_finds_a_workplace() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let mut doctor = world.visit("saeki").await;
    invite_by_mail(&mut doctor, &format!("/groups/{group}/invitations/new"), &["aoi@example.jp"]).await;
    let letter = world.mail_to("aoi@example.jp").await;
    let link = world.link(&letter);
    let page = world.stranger().get(&link).await.expect(200);
    assert!(page.has("先に、勤め先の登録が必要です"));
    assert!(!page.has("在宅の勉強会"), "the group's name is for its members and the invited account");
    let aoi = world.newcomer("momiji", "aoi@example.jp").await;
    let mut newcomer = world.visit_account(aoi).await;
    let arrived = first(&mut newcomer).await;
    assert!(newcomer.get(&arrived).await.expect(200).has("在宅の勉強会"));
    world.close().await;
}
