use super::{STAFF, first, invite_by_mail, refused};
use crate::testing::World;
use tasuki_value::{DAY, HOUR};

#[tokio::test]
async fn stf_02_several_addresses_are_confirmed_dropped_and_mended() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let form = doctor.get(STAFF).await.expect(200);
    for field in ["email_1", "email_2", "email_3", "email_4", "email_5"] {
        assert!(form.has(&format!("name=\"{field}\"")), "{field}");
    }
    let typed = [
        ("email_1", "ａｏｉ@ｅｘａｍｐｌｅ.jp　"),
        ("email_3", "info@example.jp"),
        ("email_4", "sora@example.jp"),
    ];
    let check = doctor.post("/staff/invitations/new/confirmation", &typed).await.expect(200);
    assert!(
        check.has("aoi@example.jp") && check.has("3人に送信する"),
        "full width is mended: {}",
        check.text()
    );
    assert!(check.has("共用のアドレスのようです"));
    let typed = [("email_1", "aoi@example.jp"), ("email_2", "info@example.jp"), ("drop", "info@example.jp")];
    let check = doctor.post("/staff/invitations/new/confirmation", &typed).await.expect(200);
    assert!(check.has("1人に送信する") && !check.has("info@example.jp"));
    let again = doctor.post(STAFF, &typed[..2]).await.expect(200);
    assert!(again.has("value=\"info@example.jp\""), "修正する keeps what was typed");
    let more = doctor.post(STAFF, &[("more", "on")]).await.expect(200);
    assert!(more.has("name=\"email_10\""));
    let nothing = doctor.get(&format!("{STAFF}/sent")).await.expect(200);
    assert!(nothing.has("いま送った招待はありません") && !nothing.has("受け付けました"));
    world.close().await;
}

#[tokio::test]
async fn stf_02_what_is_wrong_is_said_at_the_field() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let check = "/staff/invitations/new/confirmation";
    let empty = doctor.post(check, &[]).await.expect(422);
    assert!(empty.has("1つ以上入力してください"));
    let typed = [
        ("email_1", "aoi@example"),
        ("email_2", "sora@example.jp"),
        ("email_3", "Sora@example.jp"),
        ("email_4", "saeki@example.jp"),
    ];
    let wrong = doctor.post(check, &typed).await.expect(422);
    for words in
        ["メールアドレスの形ではありません", "同じアドレスが2回", "ご自身のアドレスです", "入力に誤りが3つ"]
    {
        assert!(wrong.has(words), "{words}");
    }
    let sent = doctor.post("/staff/invitations/new/sent", &typed).await.expect(422);
    assert!(sent.has("メールアドレスの形ではありません"), "the last step checks again");
    assert_eq!(world.mails().await.len(), 0);
    world.close().await;
}

#[tokio::test]
async fn stf_03_and_06_an_administrators_invitation_is_sent_at_once() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let sent = invite_by_mail(&mut doctor, STAFF, &["aoi@example.jp"]).await;
    let page = doctor.get(&sent.location()).await.expect(200);
    assert!(page.has("1人に招待を送りました") && page.has("職場スタッフへ戻る"));
    let letter = world.mail_to("aoi@example.jp").await;
    assert!(letter.body.contains("佐伯 健一") && letter.body.contains("あおぞら在宅クリニック"));
    // Sending the same again is the same invitation.
    invite_by_mail(&mut doctor, STAFF, &["aoi@example.jp"]).await;
    assert_eq!(world.mails().await.len(), 1);
    world.close().await;
}

#[tokio::test]
async fn stf_04_and_05_an_ordinary_persons_invitation_waits_for_an_administrator() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    assert!(nurse.get(STAFF).await.expect(200).has("管理者の承認後に相手へ届きます"));
    let sent = invite_by_mail(&mut nurse, STAFF, &["aoi@example.jp"]).await;
    assert!(nurse.get(&sent.location()).await.expect(200).has("承認待ち"));
    let own = first(&mut nurse).await;
    assert!(nurse.get(&own).await.expect(200).has("承認待ち"));
    assert!(world.mails().await.iter().all(|letter| letter.to != "aoi@example.jp"));
    refused(&world, &own).await;

    // The colleague beside her neither sees nor decides it.
    let mut colleague = world.visit("kiyono").await;
    colleague.post(&format!("{own}/approval"), &[]).await.expect(404);
    nurse.post(&format!("{own}/approval"), &[]).await.expect(404);

    let mut doctor = world.visit("saeki").await;
    let home = doctor.get("/approvals").await.expect(200);
    for words in ["aoi@example.jp", "森山 みどり", "承認する", "却下する"] {
        assert!(home.has(words), "{words}");
    }
    doctor.post(&format!("{own}/approval"), &[]).await.expect(303);
    assert!(world.mail_to("aoi@example.jp").await.body.contains("森山 みどり"));
    assert!(nurse.get(&own).await.expect(200).has("返事待ち"));
    world.close().await;
}

#[tokio::test]
async fn stf_05_what_is_turned_down_reaches_nobody() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    invite_by_mail(&mut nurse, STAFF, &["aoi@example.jp"]).await;
    let own = first(&mut nurse).await;
    let mut doctor = world.visit("saeki").await;
    doctor.post(&format!("{own}/refusal"), &[]).await.expect(303);
    assert!(nurse.get(&own).await.expect(200).has("却下"));
    assert!(world.mails().await.iter().all(|letter| letter.to != "aoi@example.jp"));
    let late = doctor.post(&format!("{own}/approval"), &[]).await.expect(403);
    assert!(late.has("すでに手続きが済んでいます"), "a refused act explains why");
    world.close().await;
}

#[tokio::test]
async fn two_approvers_press_at_once_and_one_decides() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let seat = world.seat("hayashi");
    doctor.post(&format!("/staff/{seat}/administrator"), &[("right", "on")]).await.expect(303);
    let mut nurse = world.visit("moriyama").await;
    invite_by_mail(&mut nurse, STAFF, &["aoi@example.jp"]).await;
    let own = first(&mut nurse).await;
    let mut therapist = world.visit("hayashi").await;
    let (approval, refusal) = (format!("{own}/approval"), format!("{own}/refusal"));
    let (one, other) = tokio::join!(doctor.post(&approval, &[]), therapist.post(&refusal, &[]));
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 403], "one decided, the other was too late");
    world.close().await;
}

#[tokio::test]
async fn stf_09_to_12_an_invited_colleague_joins_and_is_in_the_list() {
    let world = World::with_cast().await;
    world.under_an_office().await;
    let (mut doctor, mut nurse) = (world.visit("saeki").await, world.visit("mori").await);
    invite_by_mail(&mut doctor, STAFF, &["mori@example.jp"]).await;
    world.settle().await;
    let arrived = first(&mut nurse).await;
    let page = nurse.get(&arrived).await.expect(200);
    for words in ["招待が届いています", "あおぞら在宅クリニック", "未確認", "参加する", "参加しない"]
    {
        assert!(page.has(words), "{words}");
    }
    let ask = nurse.get(&format!("{arrived}/acceptance")).await.expect(200);
    assert!(ask.has("参加しますか"));
    let staff = doctor.get("/staff").await.expect(200);
    assert!(!staff.has("毛利 かおる"), "the premise: she is not there yet");
    let joined = nurse.post(&format!("{arrived}/acceptance"), &[]).await.expect(303);
    let place = joined.location();
    assert!(place.starts_with("/groups/") && place.ends_with("?done=joined"), "{place}");
    assert!(doctor.get("/staff").await.expect(200).has("毛利 かおる"));
    let group = place.trim_end_matches("?done=joined");
    let members = doctor.get(&format!("{group}/members")).await.expect(200);
    assert!(members.has("毛利 かおる") && members.has("メンバー6人"), "from the head count");
    let twice = nurse.post(&format!("{arrived}/acceptance"), &[]).await.expect(403);
    assert!(twice.has("すでに手続きが済んでいます"));
    assert!(doctor.get("/invitations").await.expect(200).has(">参加<"));
    world.close().await;
}

#[tokio::test]
async fn stf_11_who_does_not_join_is_seen_by_the_inviter() {
    let world = World::with_cast().await;
    let (mut doctor, mut nurse) = (world.visit("saeki").await, world.visit("mori").await);
    invite_by_mail(&mut doctor, STAFF, &["mori@example.jp"]).await;
    world.settle().await;
    let arrived = first(&mut nurse).await;
    nurse.get(&format!("{arrived}/declination")).await.expect(200);
    nurse.post(&format!("{arrived}/declination"), &[]).await.expect(303);
    assert!(nurse.get("/invitations").await.expect(200).has("届いている招待はありません"));
    let seen = first(&mut doctor).await;
    assert!(doctor.get(&seen).await.expect(200).has("参加しない"));
    nurse.post(&format!("{arrived}/acceptance"), &[]).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn what_was_taken_back_cannot_be_accepted() {
    let world = World::with_cast().await;
    let (mut doctor, mut nurse) = (world.visit("saeki").await, world.visit("mori").await);
    invite_by_mail(&mut doctor, STAFF, &["mori@example.jp"]).await;
    world.settle().await;
    let arrived = first(&mut nurse).await;
    nurse.post(&format!("{arrived}/cancellation"), &[]).await.expect(404);
    doctor.post(&format!("{arrived}/cancellation"), &[]).await.expect(303);
    nurse.post(&format!("{arrived}/acceptance"), &[]).await.expect(403);
    assert!(doctor.get(&arrived).await.expect(200).has("取り消し"));
    world.close().await;
}

#[tokio::test]
async fn nobody_answers_in_fourteen_days_and_it_is_over() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    invite_by_mail(&mut doctor, STAFF, &["mori@example.jp"]).await;
    world.settle().await;
    let mut nurse = world.visit("mori").await;
    let arrived = first(&mut nurse).await;
    world.later(14 * DAY + HOUR);
    world.settle().await;
    let mut nurse = world.visit("mori").await;
    let over = nurse.post(&format!("{arrived}/acceptance"), &[]).await.expect(403);
    assert!(over.has("期限が過ぎています"));
    let mut doctor = world.visit("saeki").await;
    assert!(doctor.get(&arrived).await.expect(200).has("期限切れ"));
    world.close().await;
}

#[tokio::test]
async fn known_and_unknown_addresses_look_alike_to_the_inviter() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let known = invite_by_mail(&mut doctor, STAFF, &["mori@example.jp"]).await.location();
    world.settle().await;
    let known_page = {
        let path = first(&mut doctor).await;
        doctor.get(&path).await.text()
    };
    let unknown = invite_by_mail(&mut doctor, STAFF, &["mora@example.jp"]).await.location();
    world.settle().await;
    let unknown_path = first(&mut doctor).await;
    let unknown_page = doctor.get(&unknown_path).await.text();
    assert_eq!(known, unknown);
    let bare = |page: &str| {
        let main = page.split_once("<main").map_or("", |(_, main)| main).to_owned();
        let id =
            main.split("/invitations/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        main.replace(id, "ID").replace("mori@", "X@").replace("mora@", "X@")
    };
    assert_eq!(bare(&known_page), bare(&unknown_page));
    world.close().await;
}

#[tokio::test]
async fn fifty_a_day_and_no_more() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    for round in 0..10 {
        let emails: Vec<String> = (0..5).map(|n| format!("new-{round}-{n}@example.jp")).collect();
        let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
        invite_by_mail(&mut doctor, STAFF, &emails).await;
    }
    let one_more = [("email_1", "one-more@example.jp")];
    let full = doctor.post("/staff/invitations/new/confirmation", &one_more).await.expect(422);
    assert!(full.has("1日に送れる招待は50件まで"));
    doctor.post("/staff/invitations/new/sent", &one_more).await.expect(422);
    world.later(DAY + HOUR);
    let mut doctor = world.visit("saeki").await;
    doctor.post("/staff/invitations/new/confirmation", &one_more).await.expect(200);
    assert_eq!(world.mails().await.len(), 50);
    world.close().await;
}

#[tokio::test]
async fn a_facility_is_only_its_own_staffs_to_invite_to() {
    let world = World::with_cast().await;
    let clinic = world.facility("aozora");
    refused(&world, &format!("{STAFF}?facility={clinic}")).await;
    let mut outsider = world.visit("mori").await;
    let typed = [("facility", clinic.to_string()), ("email_1", "aoi@example.jp".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(k, v)| (*k, v.as_str())).collect();
    outsider.post("/staff/invitations/new/sent", &typed).await.expect(404);
    world.stranger().post("/staff/invitations/new/sent", &typed).await.expect(401);
    world.close().await;
}

/// Five groups in a day are an honest day's work; a tenth letter is the last, from a second member's seat, too.
#[tokio::test]
async fn one_address_gets_few_letters_whoever_sends_them() {
    use crate::accounts::limits::table;
    use crate::invitations::{Invitee, actions};
    use crate::{Trouble, groups};
    let world = World::with_cast().await;
    let mut told = Vec::new();
    for by in ["saeki", "mori"] {
        let mut sent = 0;
        for number in 0..14 {
            let group = world.free_group(by, "勉強会", &[]).await;
            let (who, email) = (world.who(by), format!("Sora+{number}@example.jp"));
            let made = world.house.write(move |tx| {
                groups::actions::lock(tx, group)?;
                let key = groups::access::to_invite(tx, &who, group)?;
                actions::invite_member(tx, &key, &Invitee::Mail(email.clone()))
            });
            match made.await {
                Ok(_) => sent += 1,
                Err(Trouble::Refused(_)) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        told.push(sent);
    }
    assert!(told.iter().all(|sent| *sent >= 6), "{told:?}");
    assert!(told.iter().sum::<i64>() <= table::INVITED.most, "{told:?}");
    assert!(told[0] <= table::INVITED_BY_ONE.most, "{told:?}");
    let letters = world.mails().await.len();
    assert_eq!(i64::try_from(letters).expect("few"), told.iter().sum::<i64>());
    world.close().await;
}

#[tokio::test]
async fn who_is_here_already_is_not_written_to_and_nobody_learns_who_exists() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let check = "/staff/invitations/new/confirmation";
    for typed in [
        "moriyama@example.jp",
        "Moriyama@Example.JP",
        "ｍｏｒｉｙａｍａ＠example。jp",
        "森山 <MORIYAMA@example.jp>",
    ] {
        let told = doctor.post(check, &[("email_1", typed)]).await.expect(422);
        assert!(told.has("すでに職場のスタッフです"), "{typed}");
    }
    // Of other workplaces, with an account or without: the same.
    for typed in ["yamada@example.jp", "dareka@example.jp"] {
        assert!(doctor.post(check, &[("email_1", typed)]).await.expect(200).has("1人に送信する"), "{typed}");
    }
    let group = world.free_group("saeki", "会", &["yamada"]).await;
    let of_group = format!("/groups/{group}/invitations/new/confirmation");
    let told =
        doctor.post(&of_group, &[("view", "mail"), ("email_1", "YAMADA@example.jp")]).await.expect(422);
    assert!(told.has("すでにグループのメンバーです"));
    let mut program = world.program("saeki").await;
    let body = serde_json::json!({"email": "Yamada@example.jp"});
    let by_program =
        program.json(axum::http::Method::POST, &format!("/api/v1/groups/{group}/invitations"), &body).await;
    assert_eq!(by_program.status.as_u16(), 422, "{}", by_program.text());
    assert_eq!(world.mails().await.len(), 0);
    world.close().await;
}

#[tokio::test]
async fn several_addresses_in_one_field_fill_several() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    let check = "/staff/invitations/new/confirmation";
    for typed in [
        "a1@example.jp, a2@example.jp;a3@example.jp",
        "a1@example.jp　a2＠example.jp、a3@example.jp",
        "花 <a1@example.jp>, 月 子 <a2@example.jp>, a3@example.jp",
        "a1@example.jp\r\na2@example.jp\r\na3@example.jp",
    ] {
        let page = doctor.post(check, &[("email_2", typed)]).await.expect(200);
        assert!(page.has("3人に送信する") && page.has("a2@example.jp"), "{typed}: {}", page.text());
    }
    assert!(doctor.post(check, &[("email_1", "花 <a1@example.jp>")]).await.expect(200).has("a1@example.jp"));
    // A blank that does not belong there is no second address.
    assert!(
        doctor
            .post(check, &[("email_1", "ha na@example.jp")])
            .await
            .expect(422)
            .has("メールアドレスの形ではありません")
    );
    let eleven: Vec<String> = (0..11).map(|n| format!("b{n}@example.jp")).collect();
    assert!(doctor.post(check, &[("email_1", &eleven.join(" "))]).await.expect(422).has("10人まで"));
    world.close().await;
}
