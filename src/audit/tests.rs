//! Saeki administers the clinic, Yamada her own office; Mori is an outsider.

mod attacks;

use super::{Chain, verify_chain};
use crate::testing::{Visitor, World};
use tasuki_law::nouns::{EventKind, GroupId};
use tasuki_value::{DAY, HOUR, MINUTE};

const LOOKED: &str = "患者カードを開いた";

/// How often the record says so.
async fn said(world: &World, key: &str, query: &str, words: &str) -> usize {
    let shown = world.visit(key).await.get(&format!("/facility/record{query}")).await.expect(200);
    let lines = shown.text();
    let lines = lines.split_once("<tbody>").map_or("", |(_, lines)| lines);
    lines.matches(words).count()
}

#[tokio::test]
async fn a_look_is_recorded_once_in_a_while_and_before_the_answer() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    for _ in 0..3 {
        nurse.get(&format!("/patients/{patient}")).await.expect(200);
    }
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 1);
    world.later(16 * MINUTE);
    nurse.get(&format!("/patients/{patient}")).await.expect(200);
    // The first, the one after the window, and how many there were within it.
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 3);
    assert_eq!(said(&world, "saeki", "?kind=looks", "ほか2回").await, 1);
    // Another session is another look; a refused one is none.
    world.visit("moriyama").await.get(&format!("/patients/{patient}")).await.expect(200);
    world.visit("kishi").await.get(&format!("/patients/{patient}")).await.expect(404);
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 4);
    world.close().await;
}

/// The addresses of three files of one post.
async fn with_files(world: &World, nurse: &mut Visitor, group: GroupId) -> Vec<String> {
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let mut files = Vec::new();
    for name in ["a.jpg", "b.jpg", "c.jpg"] {
        let photo = include_bytes!("../../tests/fixtures/photo.jpg");
        files.push(nurse.send_file(group, &draft, name, photo).await);
    }
    let post = nurse.write_post(group, "写真です").await;
    world.settle().await;
    files.into_iter().map(|file| format!("/posts/{post}/files/{file}")).collect()
}

#[tokio::test]
async fn each_file_is_a_look_of_its_own_and_repeats_are_counted() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    let files = with_files(&world, &mut world.visit("moriyama").await, group).await;
    assert_eq!(files.len(), 3, "{files:?}");
    let mut nurse = world.visit("moriyama").await;
    for file in &files {
        for _ in 0..3 {
            nurse.get(file).await.expect(200);
        }
        nurse.get(&format!("{file}/thumb")).await.expect(200);
    }
    assert_eq!(said(&world, "saeki", "?kind=files", "ファイルを開いた").await, 3);
    assert_eq!(said(&world, "saeki", "?kind=files", "ファイルを小さな画像で見た").await, 3);
    assert_eq!(said(&world, "saeki", "?kind=files", "00のファイル").await, 6, "which, by when it came");
    assert_eq!(said(&world, "saeki", "?kind=files", "ほか2回").await, 0);
    // Nobody comes again: the counts are written all the same.
    world.later(16 * MINUTE);
    world.settle().await;
    assert_eq!(said(&world, "saeki", "?kind=files", "ほか2回").await, 3);
    world.later(16 * MINUTE);
    world.settle().await;
    assert_eq!(said(&world, "saeki", "?kind=files", "ほか2回").await, 3, "and once");
    world.close().await;
}

#[tokio::test]
async fn what_is_counted_is_written_when_the_house_closes() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let mut nurse = world.visit("moriyama").await;
    for _ in 0..4 {
        nurse.get(&format!("/patients/{patient}/phones")).await.expect(200);
    }
    super::count_looks(&world.house, true).await.expect("counts");
    assert_eq!(said(&world, "saeki", "?kind=looks", "ほか3回").await, 1);
    world.close().await;
}

#[tokio::test]
async fn one_kind_of_look_hides_no_other() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    let mut doctor = world.visit("saeki").await;
    for path in ["", "/edit", "/history", "/phones", "/code", "/consents", "/consents/new"] {
        doctor.get(&format!("/patients/{patient}{path}")).await.expect(200);
    }
    for path in ["", "/members", "/invitations/new", "/departure"] {
        doctor.get(&format!("/groups/{group}{path}")).await.expect(200);
    }
    doctor.get("/patients").await.expect(200);
    doctor.get("/").await.expect(200);
    for words in [
        LOOKED,
        "変更画面を開いた",
        "情報の変更の記録を見た",
        "緊急の電話番号を見た",
        "本人確認コードを見た",
        "同意の記録を見た",
        "同意を記録する画面を開いた",
        "タイムラインを開いた",
        "メンバーを見た",
        "グループの画面を開いた",
        "一覧を見た",
    ] {
        assert_eq!(said(&world, "saeki", "?kind=looks", words).await, 1, "{words}");
    }
    world.close().await;
}

#[tokio::test]
async fn what_an_open_page_is_told_is_a_look() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.consent("saeki", patient).await;
    let group = world.group_of(patient).await;
    let mut nurse = world.visit("moriyama").await;
    let (mut heard, ..) = nurse.opened(group).await;
    let nurses = format!("?kind=looks&person={}", world.account("moriyama"));
    assert_eq!(said(&world, "saeki", &nurses, "タイムラインを開いた").await, 1);
    let mut doctor = world.visit("saeki").await;
    doctor.write_post(group, "午後に伺います").await;
    world.settle().await;
    assert_eq!(heard.next().await.expect("a post").event, "post");
    assert_eq!(said(&world, "saeki", &nurses, "タイムラインを開いた").await, 1, "counted");
    world.later(16 * MINUTE);
    world.visit("saeki").await.write_post(group, "遅れます").await;
    world.settle().await;
    assert_eq!(heard.next().await.expect("a post").event, "post");
    // A line for the new window, and one for what the first counted.
    assert_eq!(said(&world, "saeki", &nurses, "タイムラインを開いた").await, 3);
    world.close().await;
}

#[tokio::test]
async fn words_of_a_place_do_not_open_without_a_look() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let group = world.group_of(patient).await;
    let house = world.house.clone().for_people();
    let read = house.read(move |tx| Ok(crate::groups::place(tx, group)?.title.name));
    assert!(read.await.is_err(), "nobody said who sees it");
    let written = house.write(move |tx| Ok(crate::groups::place(tx, group)?.title.name));
    assert!(written.await.is_err());
    let who = world.who("moriyama");
    let asked = house.read(move |tx| {
        crate::groups::access::to_see_members(tx, &who, group)?;
        Ok(crate::groups::place(tx, group)?.title.name)
    });
    assert!(asked.await.expect("a name").contains("岡田"));
    world.close().await;
}

#[tokio::test]
async fn administrators_read_the_record_of_their_own_facility() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    world.enter_group("saeki", "yamada", patient).await;
    world.consent("saeki", patient).await;
    world.visit("yamada").await.get(&format!("/patients/{patient}")).await.expect(200);
    world.visit("moriyama").await.get(&format!("/patients/{patient}")).await.expect(200);
    let own = world.visit("saeki").await.get("/facility/record").await.expect(200);
    for words in
        ["患者さんを登録した", "同意を記録した", "森山 みどり", "岡田 久恵さん", "みなみケアプランセンター"]
    {
        assert!(own.has(words), "{words}");
    }
    // Yamada reads what her own staff did there, and no name of a patient who is not hers.
    let theirs = world.visit("yamada").await.get("/facility/record").await.expect(200);
    assert!(
        theirs.has(LOOKED)
            && theirs.has("ほかの施設の患者さん")
            && !theirs.has("岡田")
            && !theirs.has("森山")
    );
    assert_eq!(said(&world, "mori", "", LOOKED).await, 0);
    for refused in ["moriyama", "kishi", "okubo"] {
        world.visit(refused).await.get("/facility/record").await.expect(403);
    }
    let clinic = world.facility("aozora");
    world.visit("mori").await.get(&format!("/facility/record?facility={clinic}")).await.expect(404);
    world.stranger().get("/facility/record").await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn the_record_is_narrowed_by_person_kind_patient_and_day() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let other = world.patient("saeki", "隅田", "久恵", &["moriyama"]).await;
    for path in [patient, other] {
        world.visit("moriyama").await.get(&format!("/patients/{path}")).await.expect(200);
        world.visit("saeki").await.get(&format!("/patients/{path}")).await.expect(200);
    }
    let nurse = world.account("moriyama");
    assert_eq!(said(&world, "saeki", &format!("?person={nurse}&kind=looks"), LOOKED).await, 2);
    assert_eq!(said(&world, "saeki", &format!("?patient={patient}&kind=looks"), LOOKED).await, 2);
    assert_eq!(
        said(&world, "saeki", &format!("?patient={patient}&person={nurse}&kind=looks"), LOOKED).await,
        1
    );
    assert_eq!(said(&world, "saeki", "?kind=posts", "<tr>").await, 0);
    assert_eq!(said(&world, "saeki", "?from=2026-11-21&to=2026-11-22", "<tr>").await, 0);
    assert_eq!(said(&world, "saeki", "?from=R8.11.20&to=R8.11.20&kind=looks", LOOKED).await, 4);
    world.later(31 * DAY);
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 0, "the last thirty days, unless asked");
    assert_eq!(said(&world, "saeki", "?kind=looks&from=2026-11-01", LOOKED).await, 4);
    world.close().await;
}

#[tokio::test]
async fn long_records_go_on_without_a_gap_or_a_repeat() {
    let world = World::with_cast().await;
    for number in 0..30 {
        world.patient("saeki", &format!("患者{number:02}"), "", &[]).await;
    }
    let mut doctor = world.visit("saeki").await;
    let (mut next, mut seen) = ("/facility/record?kind=members".to_owned(), 0);
    loop {
        let shown = doctor.get(&next).await.expect(200);
        seen += shown.text().split_once("<tbody>").map_or(0, |(_, lines)| lines.matches("<tr>").count());
        match shown.between("<p class=\"more\"><a class=\"btn-second\" href=\"", "\"") {
            Some(more) => next = more.replace("&#38;", "&"),
            None => break,
        }
    }
    // Each place was made and entered; so were the workplace and its five seats.
    assert_eq!(seen, 30 * 2 + 1 + 5);
    world.close().await;
}

const FAILED: &str = "ログインに失敗した";

async fn own(world: &World, key: &str) -> crate::testing::Answer {
    world.visit(key).await.get("/settings/record").await.expect(200)
}

#[tokio::test]
async fn a_failed_sign_in_stands_in_that_persons_record_and_their_facilitys() {
    let world = World::with_cast().await;
    let tried = async |email: &str| {
        let fields = [("email", email), ("password", "chigau-kotoba-2026")];
        let _ = world.stranger().post("/sign-in", &fields).await;
    };
    tried("moriyama@example.jp").await;
    tried("nobody@example.jp").await;
    for _ in 0..2 {
        assert!(own(&world, "moriyama").await.has(FAILED), "before its block and in it");
        assert!(own(&world, "moriyama").await.has("ログインしていない人"));
        assert!(!own(&world, "kishi").await.has(FAILED));
        assert_eq!(said(&world, "saeki", "?kind=sign_ins", FAILED).await, 1, "the unknown one is nobody's");
        let nurse = world.account("moriyama");
        assert_eq!(said(&world, "saeki", &format!("?person={nurse}"), FAILED).await, 1);
        assert_eq!(said(&world, "yamada", "", FAILED).await, 0, "another facility's");
        chained(&world).await;
    }
    // Too many, and the wrong password in the settings.
    for _ in 0..15 {
        tried("moriyama@example.jp").await;
    }
    let held = own(&world, "moriyama").await.text().matches("しばらく止めた").count();
    assert_eq!(held, 1, "once in a while");
    let fields = [("old", "chigau"), ("password", "atarashii-kotoba-2026")];
    let again = world.visit("kishi").await.post("/settings/password", &fields).await.expect(422);
    assert!(again.has("いまのパスワードが違います"));
    assert!(own(&world, "kishi").await.has("確認のためのパスワードを間違えた"));
    world.close().await;
}

#[tokio::test]
async fn ones_own_record_goes_on_and_is_ones_own() {
    let world = World::with_cast().await;
    for _ in 0..60 {
        world.visit("moriyama").await;
    }
    chained(&world).await;
    world.visit("moriyama").await;
    let mut nurse = world.visit("moriyama").await;
    let (mut next, mut lines) = ("/settings/record".to_owned(), 0);
    loop {
        let shown = nurse.get(&next).await.expect(200);
        lines += shown.text().split_once("<tbody>").map_or(0, |(_, lines)| lines.matches("<tr>").count());
        match shown.between("<p class=\"more\"><a class=\"btn-second\" href=\"", "\"") {
            Some(more) => next = more.replace("&#38;", "&"),
            None => break,
        }
    }
    assert!(lines >= 62, "{lines}");
    assert!(nurse.get("/settings").await.expect(200).has("/settings/record"));
    world.stranger().get("/settings/record").await.expect(303);
    world.close().await;
}

async fn looked_through(world: &World) -> Chain {
    verify_chain(&world.house.db, &world.house.marks, &world.house.vault).await.unwrap()
}

async fn chained(world: &World) -> Chain {
    world.settle().await;
    world.later(2 * MINUTE);
    world.settle().await;
    looked_through(world).await
}

#[tokio::test]
async fn the_record_says_the_same_before_and_after_its_block() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let look = async |who| {
        let _ = world.visit(who).await.get(&format!("/patients/{patient}")).await.expect(200);
    };
    look("moriyama").await;
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 1);
    assert!(chained(&world).await.events > 0);
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 1);
    world.later(16 * MINUTE);
    look("moriyama").await;
    look("saeki").await;
    assert_eq!(said(&world, "saeki", "?kind=looks", LOOKED).await, 3, "one in a block, two in none");
    world.close().await;
}

#[tokio::test]
async fn the_chain_is_whole_and_grows() {
    let world = World::with_cast().await;
    let first = chained(&world).await;
    assert!(
        first.is_whole() && first.blocks == 1 && first.events > 10 && first.head.len() == 64,
        "{first:?}"
    );
    world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
    let second = chained(&world).await;
    assert!(
        second.is_whole() && second.blocks == 2 && second.events > first.events && second.head != first.head
    );
    world.later(HOUR);
    assert_eq!(chained(&world).await, second, "nothing happened, nothing is added");
    world.close().await;
}

#[tokio::test]
async fn whoever_alters_removes_or_adds_an_event_is_found() {
    const ALTER: &str = "UPDATE events SET kind = 'signed_out' WHERE kind = 'patient_registered'";
    const REMOVE: &str = "DELETE FROM events WHERE kind = 'patient_registered'";
    const ADD: &str = "INSERT INTO events (id, at, kind, block) SELECT $1, at, kind, block FROM events
      WHERE kind = 'patient_registered'";
    const UNCHAIN: &str = "UPDATE events SET block = NULL WHERE kind = 'patient_registered'";
    for crime in [ALTER, REMOVE, ADD, UNCHAIN] {
        let world = World::with_cast().await;
        world.patient("saeki", "岡田", "久恵", &["moriyama"]).await;
        assert!(chained(&world).await.is_whole());
        let stray = world.house.chance.uuid(world.house.now());
        let done = world.house.db.write(move |tx| match crime {
            ADD => tx.exec(crime, &[&stray]),
            _ => tx.exec(crime, &[]),
        });
        assert_eq!(done.await.unwrap(), 1);
        let found = looked_through(&world).await;
        assert!(!found.is_whole(), "{crime}: {found:?}");
        world.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn runs_of_the_chain_beside_each_other_make_one() {
    let world = World::with_cast().await;
    let write = |tx: &mut crate::Tx<'_, '_>| {
        (0..3_500)
            .try_for_each(|_| crate::events::announce(tx, &crate::events::Event::new(EventKind::SignedOut)))
    };
    world.house.write(write).await.unwrap();
    let run = || (super::CHAIN.run)(world.house.clone(), "null".to_owned());
    for _ in 0..3 {
        let _ = futures_util::future::join_all((0..4).map(|_| tokio::spawn(run()))).await;
    }
    run().await.unwrap();
    let chain = verify_chain(&world.house.db, &world.house.marks, &world.house.vault).await.unwrap();
    assert!(chain.is_whole() && chain.blocks >= 4 && chain.waiting == 0, "{chain:?}");
    assert!(matches!(super::settle(&world.house).await.unwrap(), super::Stand::Fine(_)));
    world.close().await;
}
