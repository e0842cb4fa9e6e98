//! From a new clinic's sign-up to a team around its first patient.

use super::person::Person;
use super::team::{person, write};
use tasuki::testing::World;

const PASSWORD: &str = "hamabe no kani 88 hiki";

/// Who registers a workplace.
struct Founder {
    email: &'static str,
    family: &'static str,
    given: &'static str,
    profession: &'static str,
    facility: &'static str,
    kind: &'static str,
}

const HARA: Founder = Founder {
    email: "hara@example.jp",
    family: "原",
    given: "多恵子",
    profession: "physician",
    facility: "はら内科",
    kind: "clinic",
};

/// The public page, the two questions, the three forms, the confirmation, the mail, the first sign-in.
async fn register(world: &World, who: &Founder) -> Person {
    let mut person = Person::new(world.stranger());
    person.open("/").await.follow("新規登録").await;
    register_from_here(world, person, who).await
}

async fn register_from_here(world: &World, mut person: Person, who: &Founder) -> Person {
    person.press("次へ", &[("professional", "yes")]).await.sees("勤め先で、ほかに使っている人はいますか");
    person.press("調べる", &[("postal_code", "700-0835")]).await.sees("あおぞら在宅クリニック");
    person.press("次へ", &[("colleague", "no")]).await;
    person.press("次へ", &[("email", who.email)]).await;
    let name = [("family", who.family), ("given", who.given), ("profession", who.profession)];
    person.press("次へ", &name).await;
    let facility = [("facility", who.facility), ("postal_code", "700-0835")];
    person.press("住所を入れる", &facility).await;
    assert!(person.page.contains("value=\"岡山市北区東中央町\""), "the address comes from the postal code");
    let rest = [("address", "岡山市北区東中央町1-2"), ("phone", "086-000-1234"), ("kind", who.kind)];
    person.press("確認へ進む", &rest).await.sees(who.facility).sees("まだ送信されていません");
    person.press("送信する", &[("agreed", "on")]).await.sees("まだ登録は完了していません");
    let link = world.link(&world.mail_to(who.email).await);
    person.open(&link).await.sees("だれかがこのメールアドレスで").sees(who.facility);
    person.press("登録を完了する", &[("password", PASSWORD)]).await.sees("登録が完了しました");
    person.press("ログイン", &[("email", who.email), ("password", PASSWORD)]).await;
    person.sees("招待された人だけの、連絡の場所です").follow("次へ").await.follow("次へ").await;
    person.press("はじめる", &[]).await;
    world.settle().await;
    person
}

/// The short form behind a mailed invitation, up to the first look at home.
async fn come(world: &World, email: &str, family: &str, given: &str) -> Person {
    let mut person = Person::new(world.stranger());
    let link = world.link(&world.mail_to(email).await);
    person.open(&link).await.sees("はら内科").sees(email);
    let form = [("family", family), ("given", given), ("profession", "registered_nurse")];
    person.press("確認へ進む", &form).await.sees(family).sees("看護師");
    person.press("登録する", &[("password", PASSWORD), ("agreed", "on")]).await.sees("登録が完了しました");
    person.press("ログイン", &[("email", email), ("password", PASSWORD)]).await.press("とばす", &[]).await;
    person.open("/").await.sees("招待が1件届いています");
    person
}

/// From home into what one is invited to.
async fn accept(person: &mut Person, place: &str, fit: bool) {
    person.open("/").await.follow("招待が1件届いています").await.follow(place).await.sees("さん");
    person.follow("参加する").await;
    if fit {
        assert_eq!(
            person.try_press("参加する", &[]).await,
            422,
            "nobody joins a team without saying it is right"
        );
    }
    person.press("参加する", if fit { &[("fit", "on")] } else { &[] }).await;
}

async fn mails_to(world: &World, email: &str) -> usize {
    world.mails().await.iter().filter(|letter| letter.to == email).count()
}

#[tokio::test]
async fn a_clinic_comes_and_gathers_a_team() {
    let world = World::with_cast().await;
    let mut doctor = register(&world, &HARA).await;
    doctor.open("/").await.sees("3つのお願い").sees("職場の情報共有");

    let mut nurse = staff_comes(&world, &mut doctor).await;
    let patient = patient_comes(&mut doctor).await;
    let place = consent(&mut doctor, &mut nurse, &patient).await;
    write(&mut doctor, &place, "往診の予定を木曜に移します", &[]).await;
    others_come(&world, &mut doctor, &place).await;
    world.close().await;
}

/// The doctor's invitation goes out at once, the nurse's waits for the doctor.
async fn staff_comes(world: &World, doctor: &mut Person) -> Person {
    doctor
        .open("/staff")
        .await
        .sees("はら内科")
        .follow("招待する")
        .await
        .misses("管理者の承認後に相手へ届きます");
    doctor.press("確認する", &[("email_1", "sumi@example.jp")]).await.sees("sumi@example.jp");
    doctor.press("1人に送信する", &[]).await;
    let mut nurse = come(world, "sumi@example.jp", "角", "すみれ").await;
    accept(&mut nurse, "はら内科", false).await;

    nurse.open("/staff").await.follow("招待する").await.sees("管理者の承認後に相手へ届きます");
    nurse.press("確認する", &[("email_1", "kaji@example.jp")]).await.press("1人に送信する", &[]).await;
    assert_eq!(mails_to(world, "kaji@example.jp").await, 0, "nothing is sent before the approval");
    let link = world.link(&world.mail_to("hara@example.jp").await);
    doctor.open(&link).await.sees("kaji@example.jp").sees("角 すみれ");
    doctor.open("/").await.follow("承認を待っている招待が1件あります").await.press("承認する", &[]).await;
    assert_eq!(mails_to(world, "kaji@example.jp").await, 1);
    let mut colleague = come(world, "kaji@example.jp", "梶", "りく").await;
    accept(&mut colleague, "はら内科", false).await;

    doctor.open("/").await.follow("職場の情報共有").await.follow("メンバー").await;
    doctor.sees("原 多恵子").sees("角 すみれ").sees("梶 りく");
    write(&mut colleague, &workplace(&mut nurse).await, "今日から働きます", &[]).await;
    nurse.open("/").await.follow("職場の情報共有").await.sees("今日から働きます");
    nurse
}

async fn workplace(person: &mut Person) -> String {
    person.open("/").await;
    person.link("職場の情報共有").split('#').next().unwrap_or_default().to_owned()
}

/// Only a name and the sex are asked for; all of the staff are ticked; the code is shown.
async fn patient_comes(doctor: &mut Person) -> String {
    doctor.open("/patients").await.follow("患者情報を登録する").await;
    assert_eq!(doctor.try_press("確認へ進む", &[]).await, 422);
    let facts = [("family", "棗田"), ("given", "ことね"), ("sex", "female"), ("memo", "裏口の鈴を二回")];
    doctor.press("確認へ進む", &facts).await.sees("棗田 ことね").sees("未登録").follow("次へ").await;
    let ticked = doctor.page.matches("name=\"person\"").count();
    assert_eq!((ticked, doctor.page.matches(" checked").count()), (2, 2), "all are ticked at first");
    doctor.press("登録する", &[]).await.sees("棗田 ことねさんを登録しました");
    let code = doctor
        .page
        .split("class=\"code\">")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next())
        .unwrap_or_default();
    let code = crate::html::words(code).replace(char::is_whitespace, "");
    assert_eq!(code.len(), 16, "{code}");
    doctor.link("患者カードを開く")
}

/// Nobody posts before it; an oral one says who, when, from whom.
async fn consent(doctor: &mut Person, nurse: &mut Person, card: &str) -> String {
    doctor.open(card).await;
    let place = doctor.link("やりとりを開く");
    nurse.open(&place).await.misses("/compose");
    assert_eq!(nurse.try_open(&format!("{place}/compose")).await, 403);
    doctor.follow("同意を記録する").await;
    assert_eq!(
        doctor.try_press("同意を記録する", &[("method", "oral_in_person"), ("signer", "patient")]).await,
        422
    );
    let oral = [
        ("method", "oral_in_person"),
        ("signer", "patient"),
        ("given_on", "R8.11.20"),
        ("given_at", "9時ごろ"),
        ("heard_by", "原 多恵子"),
        ("witness", "角 すみれ"),
    ];
    doctor
        .press("同意を記録する", &oral)
        .await
        .sees("有効")
        .follow("令和8年")
        .await
        .sees("角 すみれ")
        .sees("9時ごろ");
    nurse.open(&place).await.sees("投稿を書く");
    place
}

/// People of other workplaces, one of them not here yet; each sees who invites and how many are in, and no post.
async fn others_come(world: &World, doctor: &mut Person, place: &str) {
    doctor.open(&format!("{place}/members")).await.follow("招待").await.press("メールで", &[]).await;
    let addresses =
        [("email_1", "yamada@example.jp"), ("email_2", "tsuda@example.jp"), ("email_3", "hitomi@example.jp")];
    doctor.press("確認へ進む", &addresses).await.sees("間違いがないか").press("3人を招待する", &[]).await;
    for email in ["yamada@example.jp", "tsuda@example.jp", "hitomi@example.jp"] {
        let letter = world.mail_to(email).await;
        for word in ["棗田", "ことね", "往診"] {
            assert!(!letter.body.contains(word) && !letter.subject.contains(word), "{word}: {}", letter.body);
        }
    }
    let mut manager = person(world, "yamada").await;
    let link = world.link(&world.mail_to("yamada@example.jp").await);
    manager
        .open(&link)
        .await
        .sees("棗田 ことねさん")
        .misses("さんさん")
        .sees("原 多恵子")
        .sees("3人")
        .misses("往診の予定");
    assert_eq!(manager.try_open(place).await, 404, "invited is no member yet");
    accept(&mut manager, "棗田 ことね", true).await;
    manager.open(place).await.sees("往診の予定を木曜に移します");

    let mut pharmacist = person(world, "tsuda").await;
    pharmacist.open("/invitations").await.follow("棗田 ことね").await.follow("参加しない").await;
    pharmacist.press("参加しない", &[]).await;
    assert_eq!(pharmacist.try_open(place).await, 404);
    doctor.open("/invitations").await.sees("参加しない");

    let mut newcomer = Person::new(world.stranger());
    let link = world.link(&world.mail_to("hitomi@example.jp").await);
    newcomer
        .open(&link)
        .await
        .sees("先に、勤め先の登録が必要です")
        .misses("棗田")
        .follow("新規登録へ進む")
        .await;
    let hitomi = Founder {
        email: "hitomi@example.jp",
        family: "瞳",
        given: "圭",
        profession: "occupational_therapist",
        facility: "ひとみ訪問リハ",
        kind: "visiting_nursing",
    };
    let mut newcomer = register_from_here(world, newcomer, &hitomi).await;
    accept(&mut newcomer, "棗田 ことね", true).await;
    newcomer.open(place).await.sees("往診の予定を木曜に移します");
    doctor.open(&format!("{place}/members")).await.sees("瞳 圭").sees("山田 太郎").misses("津田");
}
