//! Saeki's clinic looks after Okada with Moriyama; Yamada is of another facility, Kishi of the clinic's office,
//! Mori an outsider.

use crate::patients::Facts;
use crate::testing::{Visitor, World};
use axum::http::Method;
use tasuki_law::nouns::{GroupId, PatientId, Sex};

const WRITTEN: &[(&str, &str)] = &[
    ("method", "written_region_form"),
    ("given_on", "Ｒ８．１０．３"),
    ("signer", "family"),
    ("signer_name", "岡田 由美"),
    ("relationship", "daughter"),
    ("explainer_name", "佐伯 健一"),
    ("explainer_facility", "あおぞら在宅クリニック"),
    ("explainer_phone", "086-225-0001"),
];
const SPOKEN: &[(&str, &str)] = &[
    ("method", "telephone"),
    ("given_on", "2026/11/20"),
    ("given_at", "14時ごろ"),
    ("signer", "patient"),
    ("explainer_name", "森山 みどり"),
    ("explainer_facility", "あおぞら在宅クリニック"),
    ("explainer_phone", "086-225-0001"),
    ("heard_by", "森山 みどり"),
    ("witness", "なし"),
];

async fn okada(world: &World) -> (PatientId, String) {
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.enter_group("saeki", "yamada", patient).await;
    (patient, format!("/patients/{patient}/consents"))
}

/// The consent that the list names first.
async fn newest(visitor: &mut Visitor, path: &str) -> String {
    let list = visitor.get(path).await.expect(200);
    let id = list.between(&format!("href=\"{path}/"), "\"").expect("a consent");
    format!("{path}/{id}")
}

#[tokio::test]
async fn a_written_consent_is_recorded_with_signer_and_explainer() {
    let world = World::with_cast().await;
    let (patient, path) = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    assert!(nurse.get(&path).await.expect(200).has("まだありません"));
    let form = nurse.get(&format!("{path}/new")).await.expect(200);
    assert!(form.has("value=\"森山 みどり\"") && form.has("value=\"0000000001\""), "begun with who asks");
    nurse.post(&format!("{path}/new"), WRITTEN).await.expect(303);
    let shown = newest(&mut nurse, &path).await;
    let shown = nurse.get(&shown).await.expect(200);
    for words in [
        "有効",
        "文書（地域の同意書）",
        "令和8年10月3日",
        "岡田 由美さん（ご家族・娘）",
        "佐伯 健一さん（あおぞら在宅クリニック）086-225-0001",
        "控えはありません",
        "森山 みどりさん",
    ] {
        assert!(shown.has(words), "{words}: {}", shown.text());
    }
    let card = nurse.get(&format!("/patients/{patient}")).await.expect(200);
    assert!(card.has("同意済み（文書 R8.10.3）"));
    world.close().await;
}

#[tokio::test]
async fn a_spoken_consent_asks_when_who_from_whom_and_who_was_there() {
    let world = World::with_cast().await;
    let (_, path) = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    let bare = [
        ("method", "oral_in_person"),
        ("given_on", "2026-11-21"),
        ("signer", "representative"),
        ("relationship", "other"),
        ("means", "\u{e001}"),
    ];
    let again = nurse.post(&format!("{path}/new"), &bare).await.expect(422);
    for words in [
        "今日より後",
        "署名した人（同意した人）の名前",
        "続柄を言葉で",
        "説明した人の名前",
        "説明した人の所属",
        "説明した人の電話番号",
        "時刻を入力",
        "同意を聞いた人",
        "立ち会った人の名前",
        "外字は使えません",
    ] {
        assert!(again.has(words), "{words}");
    }
    let nothing = nurse.post(&format!("{path}/new"), &[]).await.expect(422);
    assert!(
        nothing.has("同意の方法を選んで")
            && nothing.has("日付が読み取れません")
            && nothing.has("だれから同意を得たか")
    );
    world.close().await;
}

#[tokio::test]
async fn after_the_spoken_word_comes_the_paper() {
    let world = World::with_cast().await;
    let (_, path) = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    nurse.post(&format!("{path}/new"), SPOKEN).await.expect(303);
    let shown = newest(&mut nurse, &path).await;
    let shown = nurse.get(&shown).await.expect(200);
    for words in ["電話", "14時ごろ", "岡田 久恵さん（患者さん本人）", "なし", "同意を聞いた人"]
    {
        assert!(shown.has(words), "{words}");
    }
    assert!(nurse.get("/patients").await.expect(200).has("口頭・文書待ち"));
    nurse.post(&format!("{path}/new"), WRITTEN).await.expect(303);
    assert!(nurse.get(&path).await.expect(200).has("新しい同意あり"), "the paper takes its place");
    world.close().await;
}

#[tokio::test]
async fn pressing_twice_records_once() {
    let world = World::with_cast().await;
    let (_, path) = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    for _ in 0..2 {
        nurse.post(&format!("{path}/new"), WRITTEN).await.expect(303);
    }
    let list = nurse.get(&path).await.expect(200);
    assert_eq!(list.text().matches("記録: ").count(), 1);
    world.close().await;
}

#[tokio::test]
async fn withdrawal_asks_for_no_reason_and_works_at_once() {
    let world = World::with_cast().await;
    let (patient, path) = okada(&world).await;
    let mut nurse = world.visit("moriyama").await;
    nurse.post(&format!("{path}/new"), WRITTEN).await.expect(303);
    let consent = newest(&mut nurse, &path).await;
    let mut manager = world.visit("yamada").await;
    manager.get(&format!("/patients/{patient}")).await.expect(200);
    manager.get(&consent).await.expect(200);
    assert!(!manager.get(&consent).await.expect(200).has("撤回を記録"));
    let ask = nurse.get(&format!("{consent}/withdrawal")).await.expect(200);
    let asked = ask.between("<main", "</main>").unwrap_or_default();
    assert!(!asked.contains("<textarea") && !asked.contains("<input"), "nothing to fill in");
    for refused in ["yamada", "kishi"] {
        world.visit(refused).await.post(&format!("{consent}/withdrawal"), &[]).await;
        assert!(nurse.get(&consent).await.expect(200).has("有効"), "{refused}");
    }
    nurse.post(&format!("{consent}/withdrawal"), &[]).await.expect(303);
    nurse.post(&format!("{consent}/withdrawal"), &[]).await.expect(403);
    assert!(
        nurse.get(&consent).await.expect(200).has("令和8年11月20日（金） 09:00（記録: 森山 みどりさん）")
    );
    manager.get(&format!("/patients/{patient}")).await.expect(403);
    assert!(nurse.get("/patients?consent=withdrawn").await.expect(200).has("岡田 久恵"));
    // A new consent opens it again.
    nurse.post(&format!("{path}/new"), SPOKEN).await.expect(303);
    manager.get(&format!("/patients/{patient}")).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn who_records_and_who_sees() {
    let world = World::with_cast().await;
    let (_, path) = okada(&world).await;
    let new = format!("{path}/new");
    for (key, get, post) in
        [("mori", 404, 404), ("kishi", 403, 403), ("yamada", 403, 403), ("tsuda", 404, 404)]
    {
        world.visit(key).await.get(&new).await.expect(get);
        world.visit(key).await.post(&new, WRITTEN).await.expect(post);
    }
    world.stranger().get(&new).await.expect(303);
    world.stranger().post(&new, WRITTEN).await.expect(401);
    // An administrator of the clinic, member or not.
    let other = world.patient("moriyama", "隅田", "久恵", &[]).await;
    world.visit("saeki").await.post(&format!("/patients/{other}/consents/new"), WRITTEN).await.expect(303);
    world.visit("saeki").await.get(&format!("/patients/{other}/consents")).await.expect(200);
    world.visit("moriyama").await.post(&new, WRITTEN).await.expect(303);
    let consent = newest(&mut world.visit("moriyama").await, &path).await;
    for outside in ["mori", "kishi"] {
        let status = world.visit(outside).await.get(&consent).await.status.as_u16();
        assert!(status == 404 || status == 403, "{outside}");
    }
    let elsewhere = consent.replace(&path, &format!("/patients/{other}/consents"));
    world.visit("moriyama").await.get(&elsewhere).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn care_providers_are_told_that_paper_is_needed() {
    let world = World::with_cast().await;
    let theirs = world.patient("yamada", "上田", "正", &[]).await;
    let own = world.patient("saeki", "岡田", "久恵", &[]).await;
    let told = "文書での同意が必要です";
    assert!(
        world
            .visit("yamada")
            .await
            .get(&format!("/patients/{theirs}/consents/new"))
            .await
            .expect(200)
            .has(told)
    );
    assert!(
        !world.visit("saeki").await.get(&format!("/patients/{own}/consents/new")).await.expect(200).has(told)
    );
    world.close().await;
}

/// A form with one file, as a browser sends it.
fn parcel(fields: &[(&str, &str)], name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = String::new();
    for (field, value) in fields {
        body += &format!("--xx\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--xx\r\nContent-Disposition: form-data; name=\"scan_file\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    [body.as_bytes(), bytes, b"\r\n--xx--\r\n"].concat()
}

#[tokio::test]
async fn the_scan_of_the_signed_form_is_kept_through_a_mistake() {
    let world = World::with_cast().await;
    let (_, path) = okada(&world).await;
    let (new, kind) = (format!("{path}/new"), "multipart/form-data; boundary=xx");
    let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/page.pdf")).unwrap();
    let mut nurse = world.visit("moriyama").await;
    let wrong = parcel(&WRITTEN[1..], "同意書.pdf", "application/pdf", &pdf);
    let again = nurse.send(Method::POST, &new, kind, wrong).await.expect(422);
    assert!(again.has("控えは届いています"));
    let scan = again.between("name=\"scan\" value=\"", "\"").unwrap();
    let mended: Vec<_> = WRITTEN.iter().copied().chain([("scan", scan.as_str())]).collect();
    // Nobody else's upload is taken.
    world.visit("saeki").await.post(&new, &mended).await.expect(404);
    nurse.post(&new, &mended).await.expect(303);
    let consent = newest(&mut nurse, &path).await;
    let shown = nurse.get(&format!("{consent}/scan")).await.expect(200);
    assert_eq!(shown.bytes, pdf);
    world.visit("mori").await.get(&format!("{consent}/scan")).await.expect(404);
    let kishi = world.visit("kishi").await.get(&format!("{consent}/scan")).await.status;
    assert!(!kishi.is_success());
    let bad = parcel(WRITTEN, "a.exe", "application/octet-stream", b"MZ....");
    nurse.send(Method::POST, &new, kind, bad).await.expect(422);
    world.later(2 * tasuki_value::DAY);
    world.close().await;
}

/// Every page, list and answer that could name the patient to a care manager of another workplace.
async fn told_elsewhere(world: &World, patient: PatientId, group: GroupId) -> String {
    let mut manager = world.visit("yamada").await;
    let mut all = String::new();
    for path in [
        "/".to_owned(),
        "/?unread=1".to_owned(),
        "/patients".to_owned(),
        "/patients?tab=mine".to_owned(),
        "/groups".to_owned(),
        "/invitations".to_owned(),
        "/approvals".to_owned(),
        "/connections?view=facilities".to_owned(),
        "/facility/record".to_owned(),
        format!("/patients/{patient}"),
        format!("/patients/{patient}/phones"),
        format!("/patients/{patient}/consents"),
        format!("/groups/{group}"),
        format!("/groups/{group}/members"),
        format!("/groups/{group}/departure"),
        format!("/groups/{group}/invitations/new"),
        format!("/staff/{}/departure", world.seat("yamada")),
    ] {
        all.push_str(&manager.get(&path).await.text());
    }
    // A search says again what was looked for.
    for typed in ["久", "口の", "かだ", "メモ"] {
        for path in ["/?", "/patients?"] {
            let query = serde_urlencoded::to_string([("q", typed)]).expect("a query");
            all.push_str(&manager.get(&format!("{path}{query}")).await.text());
        }
    }
    let mut program = world.program_of(world.account("yamada")).await;
    for path in ["/api/v1/home", "/api/v1/groups", "/api/v1/invitations"] {
        all.push_str(&program.get(path).await.text());
    }
    all
}

#[tokio::test]
async fn after_withdrawal_other_workplaces_are_told_that_and_no_more() {
    let world = World::with_cast().await;
    let facts = Facts {
        memo: "裏口の鍵は植木鉢".to_owned(),
        family_kana: "おかだ".to_owned(),
        ..Facts::named("岡田", "久恵", Sex::Female)
    };
    let patient = world.patient_with("saeki", facts, &["moriyama"]).await;
    world.consent("saeki", patient).await;
    world.enter_group("saeki", "yamada", patient).await;
    let group = world.group_of(patient).await;
    world.visit("saeki").await.write_post(group, "銀の匙で三口").await;
    world.settle().await;
    let before = told_elsewhere(&world, patient, group).await;
    for words in ["岡田", "久恵", "裏口の鍵", "銀の匙"] {
        assert!(before.contains(words), "the premise: {words}");
    }
    let mut open = world.visit("yamada").await.listen("/events", &[]).await;
    while !open.is_silent().await {}

    world.withdraw_consent("saeki", patient).await;
    let mut doctor = world.visit("saeki").await;
    let fields = [("family", "岡田"), ("given", "久恵"), ("family_kana", "おかだ"), ("sex", "female")];
    let seen = doctor.get(&format!("/patients/{patient}/edit")).await.expect(200);
    let seen = seen.between("name=\"seen\" value=\"", "\"").unwrap_or_default();
    let memo = [fields.as_slice(), &[("memo", "新しいメモ"), ("seen", &seen)]].concat();
    let _ = doctor.post(&format!("/patients/{patient}/edit"), &memo).await.expect(303);
    world.settle().await;
    let after = told_elsewhere(&world, patient, group).await;
    for words in ["岡田", "久恵", "おかだ", "裏口の鍵", "新しいメモ", "銀の匙"] {
        assert!(!after.contains(words), "{words} is told still");
    }
    assert!(after.contains("同意が撤回された患者さん") && after.contains("同意が撤回されたため"));
    let home = world.program("yamada").await.get("/api/v1/home").await.expect(200).json();
    let place =
        home["places"].as_array().unwrap().iter().find(|place| place["id"] == group.to_string()).cloned();
    let place = place.expect("the place");
    assert_eq!(
        (place["seq"].as_i64(), place["rev"].as_i64()),
        (Some(0), Some(0)),
        "nor how much is written there"
    );
    let mut told_of_it = 0;
    while let Some(told) = open.soon().await {
        if told.data.contains(&group.to_string()) {
            told_of_it += 1;
            assert!(!told.data.contains("岡田") && !told.data.contains("メモ"), "{}", told.data);
        }
    }
    assert_eq!(told_of_it, 1, "that it is withdrawn; not that something changed there since");
    // Whoever is not told any more may still go.
    let mut manager = world.visit("yamada").await;
    let _ = manager.post(&format!("/groups/{group}/departure"), &[]).await.expect(303);
    // At home nothing is hidden: members, and colleagues who are none.
    assert!(doctor.get("/patients").await.expect(200).has("新しいメモ"));
    let colleague = world.visit("kishi").await.get("/patients").await.expect(200);
    assert!(colleague.has("岡田 久恵") && colleague.has("新しいメモ"));
    world.close().await;
}

#[tokio::test]
async fn who_was_invited_is_not_told_the_name_of_a_patient_who_withdrew() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    let fields = [("view", "mail"), ("email_1", "yamada@example.jp")];
    let sent = format!("/groups/{group}/invitations/new/sent");
    let _ = world.visit("saeki").await.post(&sent, &fields).await.expect(303);
    world.settle().await;
    let mut manager = world.visit("yamada").await;
    assert!(manager.get("/invitations").await.expect(200).has("岡田"), "the premise: invited, by name");
    world.withdraw_consent("saeki", patient).await;
    assert!(!manager.get("/invitations").await.expect(200).has("岡田"));
    world.settle().await;
    world.close().await;
}
