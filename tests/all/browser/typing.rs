//! Helpers at fields: they help, and never work against whoever types.

use super::window::Window;
use crate::walks::team::team;
use serde_json::json;
use tasuki::testing::World;

async fn value(window: &Window, name: &str) -> String {
    let script = format!("return document.querySelector('[name={name}]').value");
    window.ask(&script).await.as_str().unwrap_or_default().to_owned()
}

/// A field emptied by key, as people do.
async fn empty(window: &Window, css: &str) {
    window.type_keys(css, "\u{e009}a\u{e000}\u{e003}").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readings_follow_what_stands_in_the_field() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let doctor = Window::open(&served.url).await;
    doctor.sign_in(&world, world.account("saeki")).await;
    doctor.goto("/patients/new").await;
    let field = "[name=family]";
    doctor.click(field).await;
    doctor.compose("たなか", "田中").await;
    doctor.until_true("return document.querySelector('[name=family_kana]').value === 'たなか'").await;
    empty(&doctor, field).await;
    doctor.compose("さとう", "佐藤").await;
    doctor.until_true("return document.querySelector('[name=family_kana]').value === 'さとう'").await;
    // Another name behind it, and a letter too many taken back.
    doctor.compose("はら", "原").await;
    doctor.until_true("return document.querySelector('[name=family_kana]').value === 'さとうはら'").await;
    doctor.type_keys(field, "\u{e003}").await;
    doctor.until_true("return document.querySelector('[name=family_kana]').value === 'さとう'").await;
    // What somebody typed into the reading stays.
    doctor.fill("family_kana", "さいとう").await;
    doctor.click(field).await;
    doctor.compose("べ", "部").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(value(&doctor, "family_kana").await, "さいとう");
    // Kana typed as kana is its own reading.
    doctor.click("[name=given]").await;
    doctor.type_keys("[name=given]", "ハナコ").await;
    doctor.until_true("return document.querySelector('[name=given_kana]').value === 'はなこ'").await;
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postal_code_never_writes_over_what_was_typed() {
    let world = World::with_cast().await;
    let served = world.serve().await;
    let doctor = Window::open(&served.url).await;
    doctor.sign_in(&world, world.account("saeki")).await;
    doctor.goto("/patients/new").await;
    doctor.ask("document.querySelectorAll('details.fold').forEach(fold => { fold.open = true; })").await;
    let code = |code: &'static str| {
        let doctor = &doctor;
        async move {
            empty(doctor, "[name=postal_code]").await;
            doctor.type_keys("[name=postal_code]", code).await;
        }
    };
    code("7000835").await;
    doctor.until_true("return document.querySelector('[name=city]').value !== ''").await;
    let city = value(&doctor, "city").await;
    doctor.type_keys("[name=town]", "1-2-3 ひまわり荘").await;
    let town = value(&doctor, "town").await;
    assert!(town.ends_with("1-2-3 ひまわり荘"), "{town}");
    // A digit was wrong: the town follows, the street and the building stay.
    code("7000836").await;
    let other = format!("return document.querySelector('[name=town]').value !== {}", json!(town));
    doctor.until_true(&other).await;
    let corrected = value(&doctor, "town").await;
    assert!(corrected.ends_with("1-2-3 ひまわり荘") && value(&doctor, "city").await == city, "{corrected}");
    // What was typed from the first letter on is nobody's to change.
    empty(&doctor, "[name=town]").await;
    doctor.type_keys("[name=town]", "自分で書いた町").await;
    code("7000835").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(value(&doctor, "town").await, "自分で書いた町");
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_filter_hides_and_finds_in_every_list() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    let doctor = Window::open(&served.url).await;
    doctor.sign_in(&world, world.account("saeki")).await;
    let shown = "[...document.querySelectorAll('#people li')].filter(li => li.offsetParent).length";
    let ask = format!("return {shown}");
    let of_patient = format!("/groups/{}/invitations/new?view=connections", team.group);
    for path in ["/connections", &of_patient, "/patients/new/staff"] {
        doctor.goto(path).await;
        if doctor.count("#people li").await < 2 {
            continue;
        }
        let all = doctor.ask(&ask).await;
        // Family, given and their readings, as the list itself tells them.
        let told = doctor.ask("return document.querySelector('#people li').dataset.text").await;
        let told: Vec<String> = told.as_str().unwrap_or_default().split(' ').map(str::to_owned).collect();
        let both = format!("{}　{}", told[0], told[1]);
        for (typed, words, left) in [
            (both.as_str(), "1件見つかりました", json!(1)),
            ("だれでもない人", "見つかりませんでした", json!(0)),
        ] {
            doctor.type_keys("[data-filter]", typed).await;
            doctor.until(words).await;
            assert_eq!(doctor.ask(&ask).await, left, "{path} {typed}");
            empty(&doctor, "[data-filter]").await;
            doctor.until_true(&format!("return {shown} === {all}")).await;
        }
    }
    // The script folds as the house does, by the house's own table.
    doctor.goto("/connections").await;
    for (name, typed) in [
        ("佐々木 花", "佐佐木"),
        ("佐佐木 花", "佐々木"),
        ("髙﨑 太郞", "高崎　太郎"),
        ("斎藤", "齋藤"),
        ("いすゞ", "イスズ"),
        ("龍ヶ崎", "竜ケ崎"),
        ("繩田", "縄田"),
        ("マリア", "ﾏﾘｱ"),
        ("Ｍａｒｉａ", "maria"),
        ("神\u{fa19}", "神神"),
    ] {
        let list = format!(
            "document.querySelector('#people').innerHTML = '<ul><li>{name}</li><li>別の人</li></ul>'"
        );
        doctor.ask(&list).await;
        doctor.type_keys("[data-filter]", typed).await;
        doctor.until("1件見つかりました").await;
        let first = typed.split('　').next().unwrap_or_default();
        assert!(tasuki_base::text::fold(name).contains(&tasuki_base::text::fold(first)), "{name}");
        empty(&doctor, "[data-filter]").await;
        doctor.until_true("return !document.querySelector('[data-said]').textContent").await;
    }
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}
