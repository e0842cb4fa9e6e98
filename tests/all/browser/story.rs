//! Two people at once, in real Chromium on a real socket.

use super::window::Window;
use crate::source::root;
use crate::walks::team::{Team, team};
use serde_json::json;
use tasuki::testing::{World, cast};

const WORDS: &str = "14時訪問。むせはありません。";

/// A team on a socket, with the nurse's phone and the doctor's.
async fn two(world: &World, url: &str) -> (Window, Window) {
    let (nurse, doctor) = tokio::join!(Window::open(url), Window::open(url));
    nurse.sign_in(world, world.account("moriyama")).await;
    doctor.sign_in(world, world.account("saeki")).await;
    (nurse, doctor)
}

async fn compose(window: &Window, team: &Team) {
    window.goto(&format!("{}/compose", team.place())).await;
}

async fn posts(world: &World, team: &Team, words: &str) -> usize {
    world.posts("saeki", team.group).await.iter().filter(|post| post.text.contains(words)).count()
}

/// What a person typed is still there.
async fn typed(window: &Window) -> String {
    window
        .ask("return document.querySelector('[name=body]').value")
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// A page that is not loaded anew keeps what was noted in it.
async fn note(window: &Window) {
    window.ask("window.noted = true").await;
}

async fn is_the_same_page(window: &Window) -> bool {
    window.ask("return window.noted === true").await == json!(true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_share_a_day() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    let (nurse, doctor) = two(&world, &served.url).await;
    doctor.goto(&team.place()).await;
    note(&doctor).await;

    write_with_files(&nurse, &team).await;
    doctor.until(WORDS).await;
    assert!(is_the_same_page(&doctor).await, "it came without a reload");
    assert_eq!(doctor.count("article .pics img, article .pics a img").await, 2, "both pictures");
    assert!(doctor.count("article video, article a[href*='/files/'] ").await >= 3, "and the film");
    nurse.goto(&team.place()).await;
    note(&nurse).await;
    doctor.click(".ack button").await;
    doctor.until("了解済み").await;
    nurse.until("1人が了解").await;
    assert!(is_the_same_page(&nurse).await && is_the_same_page(&doctor).await);
    let blue = doctor.ask("return document.querySelector('.ack button').getAttribute('aria-pressed')").await;
    assert_eq!(blue, json!("true"));

    // Another place's page hears of the post as well: home counts it.
    doctor.goto("/").await;
    note(&doctor).await;
    one_line(&nurse, &team, "ホームに知らせる一行").await;
    doctor.until_true("return [...document.querySelectorAll('[data-unread]')].some(b => !b.hidden && b.textContent.includes('1'))").await;
    assert!(is_the_same_page(&doctor).await);

    // A member who is taken out: the open page goes away.
    doctor.sign_in(&world, world.account("yamada")).await;
    doctor.goto(&team.place()).await;
    doctor.until(WORDS).await;
    world.take_out("saeki", team.group, "yamada").await;
    doctor.until_true("return location.pathname === '/'").await;
    assert!(!doctor.text().await.contains(WORDS));

    typing(&world, &nurse, &team).await;
    the_line_breaks(&world, &nurse, &team).await;
    signs_out(&nurse, &team).await;
    nurse.close().await;
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}

async fn write_with_files(nurse: &Window, team: &Team) {
    nurse.goto(&team.place()).await;
    nurse.press("投稿を書く").await;
    nurse.fill("body", WORDS).await;
    let folder = root().join("tests/fixtures");
    let files = ["drawing.png", "film.mp4"].map(|name| folder.join(name).display().to_string());
    // What the phone's camera hands over goes the same way.
    let taken = folder.join("photo.jpg").display().to_string();
    nurse.find("#f-camera[capture=environment]").await.send_keys(taken).await.expect("a picture is taken");
    nurse.find("#f-files").await.send_keys(files.join("\n")).await.expect("files are chosen");
    nurse.until_true("return document.querySelectorAll('.uploads li').length === 3 && !document.querySelector('.uploads progress')").await;
    assert_eq!(nurse.count(".uploads [data-wrong]").await, 0, "{}", nurse.text().await);
    nurse.press("確認へ進む").await;
    nurse.until("この内容で投稿する").await;
    nurse.press("この内容で投稿する").await;
    nurse.until("0人が了解").await;
}

async fn one_line(window: &Window, team: &Team, words: &str) {
    compose(window, team).await;
    window.fill("body", words).await;
    window.press("確認へ進む").await;
    window.until("この内容で投稿する").await;
    window.press("この内容で投稿する").await;
    window.until("0人が了解").await;
}

/// Choosing a word with Enter never sends, and Enter in the composer is a new line.
async fn typing(world: &World, nurse: &Window, team: &Team) {
    compose(nurse, team).await;
    let here = nurse.path().await;
    nurse.click("[name=body]").await;
    nurse.compose("けつあつ", "血圧").await;
    nurse.type_keys("[name=body]", "\n二行目\n").await;
    assert_eq!(nurse.path().await, here);
    let text = typed(nurse).await;
    assert!(text.contains("血圧") && text.contains("\n二行目"), "{text}");
    assert_eq!(posts(world, team, "二行目").await, 0);

    // In a field of one line Enter sends; not the one that only chooses a word.
    nurse.goto("/patients").await;
    nurse.click("[name=q]").await;
    nurse.compose("なつめ", "棗").await;
    assert!(
        !nurse.ask("return location.search").await.as_str().unwrap_or_default().contains("q="),
        "nothing was sent"
    );
    nurse.type_keys("[name=q]", "\n").await;
    nurse.until_true("return location.search.includes('q=')").await;
}

/// Nothing typed is lost while the line is down, and what is sent twice is there once.
async fn the_line_breaks(world: &World, nurse: &Window, team: &Team) {
    compose(nurse, team).await;
    nurse.fill("body", "電波の切れた階段から").await;
    nurse.offline(true).await;
    nurse.press("確認へ進む").await;
    nurse.until("送れませんでした").await;
    assert_eq!(typed(nurse).await, "電波の切れた階段から");
    nurse.offline(false).await;
    nurse.press("確認へ進む").await;
    nurse.until("この内容で投稿する").await;

    nurse.offline(true).await;
    nurse.press("この内容で投稿する").await;
    nurse.until("送れませんでした").await;
    assert_eq!(posts(world, team, "階段から").await, 0);
    nurse.offline(false).await;
    // It arrives, and the answer is lost on the way back; the person presses again.
    let lost = nurse
        .ask("const form = document.querySelector('form[action$=\"/post\"]'); return fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then(a => a.status)")
        .await;
    assert_eq!(lost, json!(200));
    nurse.press("この内容で投稿する").await;
    nurse.until("0人が了解").await;
    assert_eq!(posts(world, team, "階段から").await, 1, "one post");
}

/// After signing out the back button shows nothing.
async fn signs_out(nurse: &Window, team: &Team) {
    nurse.goto(&team.place()).await;
    nurse.until(WORDS).await;
    nurse.goto("/").await;
    nurse.click("main form[action='/sign-out'] button").await;
    nurse.until("ログイン").await;
    for _ in 0..2 {
        nurse.driver.back().await.expect("back");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let text = nurse.text().await;
        assert!(!text.contains(WORDS) && !text.contains("ことね"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_needs_no_script() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    world.visit("moriyama").await.write_post(team.group, WORDS).await;
    let served = world.serve().await;
    let doctor = Window::without_scripts(&served.url).await;
    doctor.goto("/sign-in").await;
    doctor.fill("email", &cast::actor("saeki").email()).await;
    doctor.fill("password", cast::PASSWORD).await;
    doctor.click("form[action='/sign-in'] button.btn-wide").await;
    doctor.until("招待された人だけの、連絡の場所です").await;
    doctor.press("とばす").await;
    doctor.until("ことね").await;
    doctor.goto(&team.place()).await;
    doctor.until(WORDS).await;
    doctor.click(".ack button").await;
    doctor.until("1人が了解").await;
    one_line(&doctor, &team, "スクリプトなしの返事").await;
    assert_eq!(posts(&world, &team, "スクリプトなし").await, 1);
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}
