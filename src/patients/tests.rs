//! Requests by named people: Saeki runs the clinic that registers, Moriyama and Kiyono nurse there, Kishi keeps
//! its office; Yamada manages care elsewhere; Mori is an outsider to them all.

use crate::groups;
use crate::patients::{self, Facts};
use crate::testing::{Answer, Visitor, World};
use tasuki_law::nouns::{AccountId, MemberRole, PatientId, Sex};

const OKADA: &[(&str, &str)] = &[
    ("family", "岡田"),
    ("given", "久恵"),
    ("family_kana", "オカダ"),
    ("given_kana", "ﾋｻｴ"),
    ("sex", "female"),
    ("birth", "S14.3.2"),
    ("memo", "鍵は右のボックス"),
    ("postal_code", "〒700-0835"),
    ("prefecture", "岡山県"),
    ("city", "岡山市北区"),
    ("town", "中井町1-2-3"),
    ("phone", "０８６-２２５-０００１"),
    ("care_level", "care_3"),
    ("disease", "パーキンソン病"),
    ("disease", ""),
    ("disease", "慢性心不全"),
    ("medicines", "½錠を朝"),
    ("contact1_name", "岡田 由美"),
    ("contact1_relationship", "daughter"),
    ("contact1_phone", "090-0000-0001"),
];

/// Types a form and answers its id.
async fn typed(visitor: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let answer = visitor.post("/patients/new", fields).await.expect(303);
    let to = answer.location();
    to.strip_prefix("/patients/new/confirmation?form=").expect("the confirmation").to_owned()
}

/// Goes all four steps with the seats ticked, and answers the patient.
async fn registered(visitor: &mut Visitor, fields: &[(&str, &str)], seats: &[String]) -> PatientId {
    let form = typed(visitor, fields).await;
    let mut staff = vec![("form", form.as_str())];
    staff.extend(seats.iter().map(|seat| ("person", seat.as_str())));
    let answer = visitor.post("/patients/new/staff", &staff).await.expect(303);
    let to = answer.location();
    to.strip_prefix("/patients/new/done?patient=").expect("the last step").parse().expect("an id")
}

async fn members(world: &World, patient: PatientId) -> Vec<(AccountId, MemberRole)> {
    let group = world.group_of(patient).await;
    let found = world.house.read(move |tx| groups::members(tx, group)).await.unwrap();
    found.into_iter().map(|member| (member.account, member.role)).collect()
}

/// The numbers are as long as the code: four letters, four times.
fn code_of(answer: &Answer) -> String {
    let shown = answer.between("<p class=\"code\">", "</p>").expect("a code");
    let letters = shown.split("nowrap\">").skip(1).filter_map(|four| four.split('<').next());
    letters.collect()
}

#[tokio::test]
async fn the_confirmation_shows_every_item_and_marks_the_empty_ones() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let form = typed(&mut nurse, OKADA).await;
    let seen = nurse.get(&format!("/patients/new/confirmation?form={form}")).await.expect(200);
    for words in [
        "岡田 久恵",
        "おかだ ひさえ",
        "昭和14年3月2日（1939年）",
        "87歳",
        "要介護3",
        "086-225-0001",
        "½錠を朝",
        "岡田 由美（娘） 090-0000-0001",
        "パーキンソン病、慢性心不全",
        "700-0835",
        "未登録",
    ] {
        assert!(seen.has(words), "{words}: {}", seen.text());
    }
    world.close().await;
}

#[tokio::test]
async fn everybody_of_the_facility_is_ticked_and_only_the_chosen_come_in() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let form = typed(&mut nurse, OKADA).await;
    let staff = nurse.get(&format!("/patients/new/staff?form={form}")).await.expect(200);
    let ticked = staff.text().matches("name=\"person\"").count();
    assert_eq!(
        (ticked, staff.text().matches(" checked").count()),
        (4, 4),
        "everybody else is ticked at first"
    );
    assert!(!staff.has("毛利") && !staff.has("山田"), "nobody of another facility");

    let chosen = [world.seat("saeki").to_string(), world.seat("mori").to_string()];
    let patient = registered(&mut nurse, OKADA, &chosen).await;
    let (me, saeki) = (world.account("moriyama"), world.account("saeki"));
    let mut inside = members(&world, patient).await;
    inside.sort();
    let mut wanted = vec![(me, MemberRole::Admin), (saeki, MemberRole::Member)];
    wanted.sort();
    assert_eq!(inside, wanted, "a seat of another facility is not taken");
    assert!(nurse.get("/patients").await.expect(200).has("岡田 久恵"), "at once in the list");
    let place = world.house.read({
        let group = world.group_of(patient).await;
        move |tx| groups::place(tx, group)
    });
    let place = place.await.unwrap();
    assert_eq!((place.title.name.as_str(), place.title.note.as_str()), ("岡田 久恵さん", "鍵は右のボックス"));
    assert_eq!(place.patient, Some(patient), "one group, one patient");
    world.close().await;
}

#[tokio::test]
async fn only_family_name_and_sex_are_required_and_mistakes_keep_what_was_typed() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let wrong = [
        ("given", "リン"),
        ("birth", "きのう"),
        ("phone", "12"),
        ("memo", "\u{e000}"),
        ("family_kana", "漢字"),
    ];
    let again = nurse.post("/patients/new", &wrong).await.expect(422);
    for words in [
        "姓を入力",
        "性別を選んで",
        "生年月日が読み取れません",
        "電話番号は",
        "外字は使えません",
        "ひらがなで",
        "value=\"リン\"",
        "value=\"きのう\"",
    ] {
        assert!(again.has(words), "{words}");
    }
    let tomorrow = [("family", "岡田"), ("sex", "female"), ("birth", "2026-11-21")];
    assert!(nurse.post("/patients/new", &tomorrow).await.expect(422).has("今日より後"));
    let long = "あ".repeat(61);
    let too_long = [("family", "岡田"), ("sex", "female"), ("memo", long.as_str())];
    assert!(nurse.post("/patients/new", &too_long).await.expect(422).has("60文字まで"));
    // A person with one name.
    let patient = registered(&mut nurse, &[("family", "Thuy"), ("sex", "not_stated")], &[]).await;
    let card = nurse.get(&format!("/patients/{patient}")).await.expect(200);
    assert!(
        card.has("Thuyさん") && card.has("<dd>生年月日、要介護度、疾患名、"),
        "one line for all that is missing"
    );
    assert!(!card.has("<dt>生年月日</dt>") && !card.has("<dt>緊急連絡先</dt>"));
    world.close().await;
}

#[tokio::test]
async fn going_back_keeps_the_input_and_pressing_twice_registers_once() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let form = typed(&mut nurse, OKADA).await;
    let back = nurse.get(&format!("/patients/new?form={form}")).await.expect(200);
    assert!(back.has("value=\"久恵\"") && back.has("value=\"パーキンソン病\"") && back.has("½錠を朝"));
    let mut changed = vec![("form", form.as_str()), ("family", "岡本"), ("sex", "female")];
    changed.push(("given", "久恵"));
    assert_eq!(typed(&mut nurse, &changed).await, form, "the same form");

    assert!(!world.visit("saeki").await.get(&format!("/patients/new?form={form}")).await.status.is_success());
    let press = [("form", form.as_str())];
    let first = nurse.post("/patients/new/staff", &press).await.expect(303).location();
    let second = nurse.post("/patients/new/staff", &press).await.expect(303).location();
    assert_eq!(first, second);
    let list = nurse.get("/patients").await.expect(200).text();
    assert_eq!(list.matches("岡本 久恵").count(), 1);
    world.later(2 * tasuki_value::DAY);
    world.settle().await;
    let mut tomorrow = world.visit("moriyama").await;
    assert!(
        tomorrow.get("/patients").await.expect(200).has("岡本 久恵"),
        "forgetting the form keeps the key"
    );
    world.close().await;
}

#[tokio::test]
async fn an_abandoned_form_is_forgotten_with_its_key() {
    let world = World::with_cast().await;
    let form = typed(&mut world.visit("moriyama").await, OKADA).await;
    world.later(2 * tasuki_value::DAY);
    world.settle().await;
    world.visit("moriyama").await.get(&format!("/patients/new?form={form}")).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn the_identity_code_is_read_by_administrators_of_the_patient_only() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let patient = registered(&mut nurse, OKADA, &[world.seat("kiyono").to_string()]).await;
    let path = format!("/patients/{patient}/code");
    let done = nurse.get(&format!("/patients/new/done?patient={patient}")).await.expect(200);
    let code = code_of(&done);
    assert_eq!(code.len(), 16, "{code}");
    assert!(!code.contains(['0', 'O', '1', 'I', 'L', '5', 'S', '2', 'Z', '8', 'B']), "{code}");
    assert_eq!(code_of(&nurse.get(&path).await.expect(200)), code, "the registrar administers the group");
    assert_eq!(
        code_of(&world.visit("saeki").await.get(&path).await.expect(200)),
        code,
        "the clinic's administrator, no member"
    );
    world.visit("kiyono").await.get(&path).await.expect(403);
    world.visit("kishi").await.get(&path).await.expect(403);
    world.visit("mori").await.get(&path).await.expect(404);
    assert_eq!(
        world.stranger().get(&path).await.expect(303).location(),
        format!("/sign-in?next=%2Fpatients%2F{patient}%2Fcode")
    );
    let record = world.visit("saeki").await.get("/facility/record?kind=looks").await.expect(200);
    assert_eq!(record.text().matches("本人確認コードを見た").count(), 2, "{}", record.text());
    world.close().await;
}

#[tokio::test]
async fn the_card_opens_to_members_and_to_other_facilities_while_consent_is_in_force() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.enter_group("saeki", "yamada", patient).await;
    let path = format!("/patients/{patient}");
    for inside in ["saeki", "moriyama"] {
        let card = world.visit(inside).await.get(&path).await.expect(200);
        assert!(card.has("岡田 久恵") && card.has("あおぞら在宅クリニック") && card.has("同意なし"));
    }
    for outside in ["kishi", "mori", "tsuda"] {
        for page in ["", "/history", "/edit", "/photo", "/consents", "/phones"] {
            world.visit(outside).await.get(&format!("{path}{page}")).await.expect(404);
        }
    }
    world.visit("yamada").await.get(&path).await.expect(403);
    world.consent("saeki", patient).await;
    assert!(world.visit("yamada").await.get(&path).await.expect(200).has("同意済み（文書 R8.11.19）"));
    world.withdraw_consent("saeki", patient).await;
    world.visit("yamada").await.get(&path).await.expect(403);
    assert!(world.visit("moriyama").await.get(&path).await.expect(200).has("撤回（R8.11.20）"));
    world.stranger().get(&path).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn the_list_shows_each_what_the_law_opens() {
    let world = World::with_cast().await;
    let mut okada = Facts::named("岡田", "久恵", Sex::Female);
    okada.memo = "鍵は右".to_owned();
    (okada.family_kana, okada.given_kana) = ("おかだ".to_owned(), "ひさえ".to_owned());
    okada.birth = Some(jiff::civil::date(1939, 3, 2));
    world.patient_with("saeki", okada, &["moriyama"]).await;
    let sumida = world.patient("moriyama", "隅田", "久恵", &[]).await;
    world.patient("yamada", "上田", "正", &[]).await;
    world.consent("moriyama", sumida).await;
    let mut nurse = world.visit("moriyama").await;
    let all = nurse.get("/patients").await.expect(200);
    assert!(
        all.has("岡田 久恵")
            && all.has("87歳")
            && all.has("鍵は右")
            && all.has("隅田 久恵")
            && !all.has("上田")
    );
    // Kishi works there and is in no group: name and memo, nothing else, and no way in.
    let mut clerk = world.visit("kishi").await;
    let inside = clerk.get("/patients?tab=facility").await.expect(200);
    assert!(
        inside.has("岡田 久恵")
            && inside.has("鍵は右")
            && !inside.has("87歳")
            && !inside.has("href=\"/patients/0")
    );
    assert!(!clerk.get("/patients?tab=mine").await.expect(200).has("岡田"));
    // Saeki manages a group she is not in, without reading.
    let managed = world.visit("saeki").await.get("/patients").await.expect(200);
    let group = world.group_of(sumida).await;
    assert!(managed.has(&format!("/groups/{group}/members")) && !managed.has(&format!("/patients/{sumida}")));
    assert!(!world.visit("mori").await.get("/patients").await.expect(200).has("岡田"));
    world.stranger().get("/patients").await.expect(303);

    world.close().await;
}

#[tokio::test]
async fn the_list_is_searched_in_kana_and_narrowed_by_consent() {
    let world = World::with_cast().await;
    let mut okada = Facts::named("岡田", "久恵", Sex::Female);
    (okada.memo, okada.family_kana) = ("鍵は右".to_owned(), "おかだ".to_owned());
    world.patient_with("saeki", okada, &[]).await;
    let sumida = world.patient("saeki", "隅田", "久恵", &[]).await;
    world.consent("saeki", sumida).await;
    let mut doctor = world.visit("saeki").await;
    let asked = [
        ("q", "おかだ", true),
        ("q", "ｵｶﾀﾞ", true),
        ("q", "鍵", true),
        ("q", "すみだ", false),
        ("consent", "none", true),
        ("consent", "valid", false),
    ];
    for (field, value, found) in asked {
        let query = serde_urlencoded::to_string([(field, value)]).unwrap();
        let answer = doctor.get(&format!("/patients?{query}")).await.expect(200);
        assert_eq!(answer.has("岡田 久恵"), found, "{query}");
    }
    assert!(doctor.get("/patients?consent=valid").await.expect(200).has("隅田 久恵"));
    world.close().await;
}

#[tokio::test]
async fn old_character_forms_find_each_other() {
    let world = World::with_cast().await;
    world.patient("saeki", "髙橋", "惠子", &[]).await;
    let who = world.who("saeki");
    let outsider = world.who("mori");
    let query = tasuki_base::text::fold("高橋恵");
    let found = world.house.read(move |tx| {
        Ok((patients::hits(tx, &who, &query)?.len(), patients::hits(tx, &outsider, &query)?.len()))
    });
    assert_eq!(found.await.unwrap(), (1, 0));
    world.close().await;
}

#[tokio::test]
async fn long_lists_are_read_page_by_page() {
    let world = World::with_cast().await;
    for number in 0..53 {
        world.patient("saeki", &format!("患者{number:02}"), "", &[]).await;
    }
    let mut doctor = world.visit("saeki").await;
    let first = doctor.get("/patients").await.expect(200);
    assert!(first.has("患者49") && !first.has("患者50") && first.has("続きを見る（3件）"));
    let more = first
        .between("<p class=\"more\"><a class=\"btn-second\" href=\"", "\"")
        .unwrap()
        .replace("&#38;", "&");
    let rest = doctor.get(&more).await.expect(200);
    assert!(rest.has("患者52") && !rest.has("患者49"));
    world.close().await;
}

#[tokio::test]
async fn changes_are_kept_with_who_and_when() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let (edit, history) = (format!("/patients/{patient}/edit"), format!("/patients/{patient}/history"));
    let mut nurse = world.visit("moriyama").await;
    nurse.get(&edit).await.expect(200);
    let now = [("family", "岡本"), ("given", "久恵"), ("sex", "female"), ("memo", "犬がいます")];
    nurse.post(&edit, &now).await.expect(303);
    let seen = nurse.get(&history).await.expect(200);
    for words in ["森山 みどりさん", "岡田 久恵", "岡本 久恵", "犬がいます", "令和8年11月20日（金） 09:00"]
    {
        assert!(seen.has(words), "{words}");
    }
    let group = world.group_of(patient).await;
    let title = world.house.read(move |tx| Ok(groups::place(tx, group)?.title)).await.unwrap();
    assert_eq!(
        (title.name.as_str(), title.note.as_str()),
        ("岡本 久恵さん", "犬がいます"),
        "the group is renamed"
    );
    nurse.post(&edit, &[("family", ""), ("sex", "female")]).await.expect(422);
    for outside in ["kishi", "mori"] {
        world.visit(outside).await.post(&edit, &now).await.expect(404);
    }
    world.stranger().post(&edit, &now).await.expect(401);
    world.close().await;
}

#[tokio::test]
async fn nobody_writes_over_what_another_changed_meanwhile() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let edit = format!("/patients/{patient}/edit");
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let shown = nurse.get(&edit).await.expect(200).between("name=\"seen\" value=\"", "\"").unwrap();
    doctor
        .post(&edit, &[("family", "岡田"), ("given", "久恵"), ("sex", "female"), ("memo", "犬")])
        .await
        .expect(303);
    let late =
        [("seen", shown.as_str()), ("family", "岡田"), ("given", "久惠"), ("sex", "female"), ("memo", "猫")];
    let again = nurse.post(&edit, &late).await.expect(422);
    assert!(again.has("ほかの人がこの患者さんの情報を直しました") && again.has("value=\"猫\""));
    let seen = again.between("name=\"seen\" value=\"", "\"").unwrap();
    let after = [
        ("seen", seen.as_str()),
        ("family", "岡田"),
        ("given", "久惠"),
        ("sex", "female"),
        ("memo", "犬と猫"),
    ];
    nurse.post(&edit, &after).await.expect(303);
    assert!(nurse.get(&format!("/patients/{patient}")).await.expect(200).has("犬と猫"));
    world.close().await;
}

#[tokio::test]
async fn an_administrator_opens_the_facts_to_members_of_other_facilities() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.enter_group("saeki", "yamada", patient).await;
    world.consent("saeki", patient).await;
    let (edit, editing) = (format!("/patients/{patient}/edit"), format!("/patients/{patient}/editing"));
    let mut manager = world.visit("yamada").await;
    manager.get(&edit).await.expect(403);
    assert!(!manager.get(&format!("/patients/{patient}")).await.expect(200).has("/edit\""));
    for unable in ["moriyama", "yamada", "kishi"] {
        world.visit(unable).await.post(&editing, &[("open", "yes")]).await.expect(403);
    }
    world.visit("mori").await.post(&editing, &[("open", "yes")]).await.expect(404);
    let mut doctor = world.visit("saeki").await;
    doctor.post(&editing, &[("open", "yes")]).await.expect(303);
    manager.get(&edit).await.expect(200);
    manager
        .post(&edit, &[("family", "岡田"), ("given", "久恵"), ("sex", "female"), ("memo", "朝は留守")])
        .await
        .expect(303);
    doctor.post(&editing, &[("open", "no")]).await.expect(303);
    manager.get(&edit).await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn a_patient_who_seems_known_raises_a_hint_to_whom_it_may_be_told() {
    let world = World::with_cast().await;
    let mut known = Facts::named("髙橋", "恵子", Sex::Female);
    known.birth = Some(jiff::civil::date(1939, 3, 2));
    let patient = world.patient_with("saeki", known, &["moriyama"]).await;
    let hint = "すでに登録があるかもしれません";
    let twin = [("family", "高橋"), ("given", "惠子"), ("sex", "female"), ("birth", "1939/3/2")];
    let ask = async |key: &str, fields: &[(&str, &str)]| {
        let mut visitor = world.visit(key).await;
        let form = typed(&mut visitor, fields).await;
        visitor.get(&format!("/patients/new/confirmation?form={form}")).await.expect(200)
    };
    let member = ask("moriyama", &twin).await;
    assert!(member.has(hint) && member.has(&format!("/patients/{patient}\"")));
    let colleague = ask("kishi", &twin).await;
    assert!(
        colleague.has(hint)
            && colleague.has("佐伯 健一さんに招待を頼んで")
            && !colleague.has(&patient.to_string())
    );
    assert!(!ask("mori", &twin).await.has(hint), "never told to outsiders");
    let other = [("family", "高橋"), ("given", "惠子"), ("sex", "female"), ("birth", "1950/3/2")];
    assert!(!ask("moriyama", &other).await.has(hint));
    let unknown = [("family", "高橋"), ("given", "惠子"), ("sex", "female")];
    assert!(ask("moriyama", &unknown).await.has(hint));
    world.close().await;
}

#[tokio::test]
async fn the_numbers_to_call_are_there_for_every_member_whom_the_consent_reaches() {
    let world = World::with_cast().await;
    let mut facts = Facts::named("岡田", "久恵", Sex::Female);
    facts.contacts.push(patients::Contact {
        name: "岡田 由美".to_owned(),
        relationship: None,
        phone: "090-0000-0001".to_owned(),
    });
    let patient = world.patient_with("saeki", facts, &["moriyama"]).await;
    world.enter_group("saeki", "yamada", patient).await;
    let path = format!("/patients/{patient}/phones");
    let nurse = world.visit("moriyama").await.get(&path).await.expect(200);
    assert!(nurse.has("tel:119") && nurse.has("あおぞら在宅クリニック") && nurse.has("tel:+819000000001"));
    let mut manager = world.visit("yamada").await;
    assert!(manager.get(&path).await.expect(403).has("同意"), "the card is closed to her yet");
    world.consent("saeki", patient).await;
    let shown = manager.get(&path).await.expect(200);
    assert!(shown.has("みなみケアプランセンター") && shown.has("岡田 由美"));
    world.withdraw_consent("saeki", patient).await;
    let refused = manager.get(&path).await.expect(403);
    assert!(refused.has("同意が撤回された") && !refused.has("岡田"));
    world.visit("moriyama").await.get(&path).await.expect(200);
    world.visit("mori").await.get(&path).await.expect(404);
    world.close().await;
}

/// A form with one file, as a browser sends it.
fn parcel(field: &str, name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--xx\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n--xx--\r\n"].concat()
}

#[tokio::test]
async fn a_picture_is_shown_where_the_card_opens() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let path = format!("/patients/{patient}/photo");
    let mut nurse = world.visit("moriyama").await;
    nurse.get(&path).await.expect(404);
    let jpeg = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/photo.jpg")).unwrap();
    let kind = "multipart/form-data; boundary=xx";
    let post = axum::http::Method::POST;
    let pdf = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/page.pdf")).unwrap();
    let refused = parcel("picture", "a.pdf", "application/pdf", &pdf);
    nurse.send(post.clone(), &path, kind, refused).await.expect(422);
    nurse.send(post.clone(), &path, kind, parcel("picture", "a.jpg", "image/jpeg", &jpeg)).await.expect(303);
    let shown = nurse.get(&path).await.expect(200);
    assert!(shown.headers["content-type"].to_str().unwrap().starts_with("image/"));
    assert!(nurse.get("/patients").await.expect(200).has(&path));
    assert!(nurse.get(&format!("/patients/{patient}/history")).await.expect(200).has("画像"));
    for outside in ["kishi", "mori"] {
        world.visit(outside).await.get(&path).await.expect(404);
        let other = parcel("picture", "a.jpg", "image/jpeg", &jpeg);
        world.visit(outside).await.send(post.clone(), &path, kind, other).await.expect(404);
    }
    nurse.post(&path, &[("remove", "yes")]).await.expect(303);
    nurse.get(&path).await.expect(404);
    world.later(2 * tasuki_value::DAY);
    world.close().await;
}

#[tokio::test]
async fn what_was_typed_of_a_disease_is_taken_whole_or_refused_in_words() {
    let world = World::with_cast().await;
    let mut doctor = world.visit("saeki").await;
    for (letters, taken) in [(100, true), (201, true), (1_990, true), (2_001, false), (3_000, false)] {
        let disease = format!("{}末尾アレルギー注意", "あ".repeat(letters - 9));
        let fields = [("family", "試"), ("sex", "male"), ("disease", disease.as_str())];
        let answer = doctor.post("/patients/new", &fields).await;
        if taken {
            let shown = doctor.get(&answer.expect(303).location()).await.expect(200);
            assert!(shown.has(&disease), "{letters}: all of it");
        } else {
            assert!(answer.expect(422).has("2000文字まで"), "{letters}");
        }
    }
    world.close().await;
}
