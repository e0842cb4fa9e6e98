//! A day of a team: posts, mails that tell nothing, 了解; and the ways out, each at once and everywhere.

use super::person::Person;
use super::team::{self, GIVEN, Team, person, team, write};
use tasuki::testing::World;
use tasuki_value::MINUTE;

const MORNING: &str = "朝の血圧は128の76でした";

/// Every address of the place that somebody inside could have kept.
async fn addresses(inside: &mut Person, team: &Team) -> Vec<String> {
    inside.open(&team.place()).await;
    let mut kept = vec![
        team.place(),
        format!("{}/members", team.place()),
        format!("{}/compose", team.place()),
        format!("/patients/{}", team.patient),
        format!("/patients/{}/history", team.patient),
        format!("/patients/{}/consents", team.patient),
        format!("/patients/{}/phones", team.patient),
    ];
    let pieces = inside
        .page
        .split('"')
        .filter(|piece| piece.starts_with("/posts/") || piece.starts_with("/timelines/"));
    kept.extend(
        pieces.filter(|url| !url.ends_with("/read") && !url.ends_with("/acknowledgement")).map(str::to_owned),
    );
    kept.sort();
    kept.dedup();
    assert!(
        kept.iter().any(|url| url.contains("/files/")) && kept.iter().any(|url| url.ends_with("/stream")),
        "{kept:?}"
    );
    kept
}

/// Nothing of the place opens any more, and nothing elsewhere speaks of it.
async fn is_out(person: &mut Person, kept: &[String]) {
    for url in kept {
        let (status, _) = person.visitor.stream(url, &[]).await;
        assert_eq!(status.as_u16(), 404, "{url}");
    }
    for page in ["/", "/groups", "/patients", "/connections"] {
        if person.try_open(page).await == 200 {
            person.misses(GIVEN).misses(MORNING);
        }
    }
}

#[tokio::test]
async fn what_the_nurse_writes_reaches_everyone_and_is_acknowledged() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let mut nurse = person(&world, "moriyama").await;
    let mut doctor = person(&world, "saeki").await;
    let before = world.mails().await.len();
    write(&mut nurse, &team.place(), MORNING, &["photo.jpg", "drawing.png"]).await;
    assert_eq!(nurse.page.matches("/thumb\"").count(), 2, "both pictures are shown");
    doctor.open("/").await.sees(GIVEN).sees("1");
    doctor.open("/?unread").await.sees(GIVEN);

    world.later(6 * MINUTE);
    let mails = world.mails().await.split_off(before);
    let mut to: Vec<_> = mails.iter().map(|letter| letter.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["kiyono@example.jp", "saeki@example.jp", "tsuda@example.jp", "yamada@example.jp"]);
    for letter in &mails {
        for word in [MORNING, "血圧", GIVEN, team::FAMILY, team::MEMO, "photo.jpg", "森山"] {
            assert!(!letter.body.contains(word) && !letter.subject.contains(word), "{word}: {}", letter.body);
        }
    }
    let letter = world.mail_to("saeki@example.jp").await;
    let link = world.link(&letter);
    doctor.open(link.split('#').next().unwrap_or_default()).await.sees(MORNING).sees("0人が了解");
    // Looking reads nothing; saying so does.
    doctor.open("/?unread").await.sees(GIVEN);
    doctor.open(&team.place()).await.press("ここまで読みました", &[]).await;
    doctor.open("/?unread").await.misses(GIVEN);
    doctor.open(&team.place()).await.press("了解", &[("want", "on")]).await;
    doctor.open(&team.place()).await.sees("了解済み").sees("1人が了解");
    nurse
        .open(&team.place())
        .await
        .sees("1人が了解")
        .follow("1人が了解")
        .await
        .sees("佐伯 健一")
        .sees("09:06");
    nurse.sees("清野 ももこ").sees("まだの人");
    // Pressed by mistake: taken back.
    doctor.press("了解済み", &[("want", "off")]).await;
    nurse.open(&team.place()).await.sees("0人が了解");
    world.close().await;
}

#[tokio::test]
async fn whoever_is_taken_out_is_out_at_once() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let mut nurse = person(&world, "moriyama").await;
    write(&mut nurse, &team.place(), MORNING, &["photo.jpg"]).await;
    let mut manager = person(&world, "yamada").await;
    let kept = addresses(&mut manager, &team).await;
    let stream = kept.iter().find(|url| url.ends_with("/stream")).expect("a stream");
    let mut open = manager.visitor.listen(stream, &[]).await;

    let mut doctor = person(&world, "saeki").await;
    doctor.open(&format!("{}/members", team.place())).await.follow("山田 太郎さんの詳細").await;
    doctor.follow("メンバーから外す").await.press("メンバーから外す", &[]).await.sees("30日以内に外れた人");
    world.settle().await;
    while let Some(told) = open.next().await {
        assert!(told.event == "gone" || !told.data.contains(MORNING), "{told:?}");
    }
    is_out(&mut manager, &kept).await;
    write(&mut nurse, &team.place(), "夕方の様子", &[]).await;
    world.later(6 * MINUTE);
    let mut told = world.mails().await.into_iter().filter(|letter| letter.to == "yamada@example.jp");
    assert!(told.next_back().is_none_or(|letter| !letter.subject.contains("新しい投稿")), "no mail any more");
    world.close().await;
}

#[tokio::test]
async fn whoever_leaves_the_clinic_loses_all_of_it_in_one_act() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let mut nurse = person(&world, "moriyama").await;
    write(&mut nurse, &team.place(), MORNING, &["photo.jpg"]).await;
    let mut kept = addresses(&mut nurse, &team).await;
    nurse.open(&format!("{}/compose", team.place())).await;
    kept.push(nurse.url.clone());
    nurse.open("/").await;
    kept.push(nurse.link("職場の情報共有").split('#').next().unwrap_or_default().to_owned());

    let mut doctor = person(&world, "saeki").await;
    doctor.open("/staff").await.follow("森山 みどりさんの詳細").await.follow("スタッフから外す").await;
    doctor.sees("すぐに、すべて見られなくなります").sees(GIVEN).press("スタッフから外す", &[]).await;
    doctor.misses("森山 みどりさんの詳細");
    world.settle().await;
    is_out(&mut nurse, &kept).await;
    assert_ne!(nurse.try_open("/staff").await, 200, "no workplace any more");
    // What was written stays, with the name.
    doctor.open(&team.place()).await.sees(MORNING).sees("森山 みどり");
    world.close().await;
}

#[tokio::test]
async fn a_free_group_works_the_same_way() {
    let world = World::with_cast().await;
    let mut nurse = person(&world, "moriyama").await;
    nurse
        .open("/groups")
        .await
        .follow("グループを作成する")
        .await
        .press("作成する", &[("name", "木蓮の会")])
        .await;
    nurse.sees("木蓮の会");
    let place = nurse.url.split(['?', '#']).next().unwrap_or_default().to_owned();
    nurse.open(&format!("{place}/members")).await.follow("招待").await;
    let invited = [world.account("kiyono").to_string(), world.account("hayashi").to_string()];
    let picked = [("person", invited[0].as_str()), ("person", invited[1].as_str())];
    nurse
        .press("確認へ進む", &picked)
        .await
        .sees("清野 ももこ")
        .sees("林 直樹")
        .press("2人を招待する", &[])
        .await;
    world.settle().await;
    for key in ["kiyono", "hayashi"] {
        let mut one = person(&world, key).await;
        one.open("/").await.follow("招待が1件届いています").await.follow("木蓮の会").await;
        one.follow("参加する")
            .await
            .press("参加する", &[])
            .await
            .sees("つながりますか")
            .press("はい", &[])
            .await;
        one.open("/groups").await.sees("木蓮の会");
    }
    let (mut kiyono, mut hayashi) = (person(&world, "kiyono").await, person(&world, "hayashi").await);
    write(&mut kiyono, &place, "来月の勉強会の案です", &["page.pdf"]).await;
    nurse.open(&place).await.sees("来月の勉強会の案です").sees("page.pdf").press("了解", &[]).await;
    kiyono.open(&place).await.sees("1人が了解");

    hayashi.open(&format!("{place}/members")).await.follow("このグループから退出する").await;
    hayashi.press("退出する", &[]).await;
    assert_eq!(hayashi.try_open(&place).await, 404, "gone by oneself");
    nurse.open(&format!("{place}/members")).await.follow("清野 ももこさんの詳細").await;
    nurse.follow("メンバーから外す").await.press("メンバーから外す", &[]).await;
    assert_eq!(kiyono.try_open(&place).await, 404, "taken out");
    kiyono.open("/groups").await.misses("木蓮の会");
    // The last administrator does not leave others behind: alone, one may.
    nurse.open(&place).await.sees("来月の勉強会の案です");
    world.close().await;
}
