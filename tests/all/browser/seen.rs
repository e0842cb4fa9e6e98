//! What was on the screen is read, and nothing else; a page left alone keeps what was typed.

use super::window::Window;
use crate::walks::team::{person, team, write};
use serde_json::json;
use std::time::Duration;
use tasuki::testing::{World, cast};
use tasuki_value::{HOUR, MINUTE};

const MOMENT: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_stood_on_the_screen_is_read() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let mut nurse = person(&world, "moriyama").await;
    for number in 1..=12 {
        let long = format!("{number}番目の投稿\n").repeat(12);
        write(&mut nurse, &team.place(), &long, &[]).await;
    }
    let served = world.serve().await;
    let doctor = Window::open(&served.url).await;
    doctor.sign_in(&world, world.account("saeki")).await;

    // The page has come, and the line breaks: nothing can say that it was seen.
    doctor.goto("/").await;
    doctor.goto(&team.place()).await;
    doctor.offline(true).await;
    tokio::time::sleep(MOMENT).await;
    assert_eq!(world.unread("saeki", team.group).await, 12);
    doctor.offline(false).await;
    doctor.until_true("return true").await;

    // Back on the line: what stands there is read, and what lies below is not.
    doctor.goto(&team.place()).await;
    tokio::time::sleep(MOMENT).await;
    let left = world.unread("saeki", team.group).await;
    assert!((1..12).contains(&left), "{left} of 12 are left");
    // The line of new posts stands where it was when the page is loaded again.
    assert_ne!(doctor.ask("return new URLSearchParams(location.search).get('new')").await, json!(null));
    doctor.ask("location.reload()").await;
    doctor.until("ここから新しい投稿").await;
    // Leafed to the end, step by step.
    for _ in 0..40 {
        doctor.ask("window.scrollBy(0, innerHeight / 2)").await;
        tokio::time::sleep(Duration::from_millis(1000)).await;
        if world.unread("saeki", team.group).await == 0 {
            break;
        }
    }
    assert_eq!(world.unread("saeki", team.group).await, 0);
    assert_eq!(doctor.count("#read-here:not([hidden])").await, 0, "no button for what the page says itself");
    doctor.close().await;
    drop(served);
    world.close_with_leftovers();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cover_gives_back_the_page_as_it_was() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    let nurse = Window::open(&served.url).await;
    nurse.sign_in(&world, world.account("moriyama")).await;
    for (away, words) in [(16 * MINUTE, "書きかけのまま電話に出た"), (10 * HOUR, "夜をまたいだ一行")]
    {
        nurse.goto(&format!("/patients/{}/edit", team.patient)).await;
        nurse.fill("memo", words).await;
        nurse.ask("window.noted = true").await;
        world.later(away);
        nurse.ask("const real = Date.now; Date.now = () => real() + 61 * 60000").await;
        nurse.until("画面を隠しました").await;
        assert!(!nurse.text().await.contains(words));
        let inert = nurse.ask("return document.querySelector('#main').closest('[inert]') !== null").await;
        assert_eq!(inert, json!(true), "nothing under it can be reached");
        nurse.fill_css("#cover-password", "まちがい").await;
        nurse.click("#cover form .btn-wide").await;
        nurse.until("パスワードが違います").await;
        nurse.fill_css("#cover-password", cast::PASSWORD).await;
        nurse.click("#cover form .btn-wide").await;
        nurse.until_true("return document.querySelector('#cover').hidden").await;
        assert_eq!(nurse.ask("return window.noted === true").await, json!(true), "the same page");
        assert_eq!(nurse.ask("return document.querySelector('[name=memo]').value").await, json!(words));
        nurse.press("保存する").await;
        nurse.until(words).await;
    }
    nurse.close().await;
    drop(served);
    world.close_with_leftovers();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_too_late_stands_in_its_form_again() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    for scripts in [true, false] {
        let nurse = if scripts {
            Window::open(&served.url).await
        } else {
            Window::without_scripts(&served.url).await
        };
        nurse.goto("/sign-in").await;
        sign_in(&nurse).await;
        nurse.goto(&format!("{}/compose", team.place())).await;
        nurse.fill("body", "押したときにはもう切れていた").await;
        if scripts {
            nurse.until("下書きを保存しました").await;
        }
        world.later(20 * MINUTE);
        nurse.press("確認へ進む").await;
        nurse.until("残してあります").await;
        sign_in(&nurse).await;
        nurse.until("まだ送られていません").await;
        assert_eq!(
            nurse.find("[name=body]").await.prop("value").await.expect("a value").as_deref(),
            Some("押したときにはもう切れていた")
        );
        nurse.press("確認へ進む").await;
        nurse.until("この内容で投稿する").await;
        nurse.close().await;
    }
    drop(served);
    world.close_with_leftovers();
}

async fn sign_in(window: &Window) {
    window.fill("email", &cast::actor("moriyama").email()).await;
    window.fill("password", cast::PASSWORD).await;
    window.click("form[action='/sign-in'] .btn-wide").await;
    window.until_true("return !location.pathname.startsWith('/sign-in')").await;
    if window.path().await.starts_with("/tour") {
        window.click("main form button").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_found_signed_out_in_the_middle_says_the_password_and_goes_on() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    let nurse = Window::open(&served.url).await;
    nurse.goto("/sign-in").await;
    sign_in(&nurse).await;
    nurse.goto(&format!("{}/compose", team.place())).await;
    world.later(20 * MINUTE);
    nurse.fill("body", "保存しようとして切れていた").await;
    nurse.until("ログインが切れました").await;
    nurse.fill_css("#cover-password", cast::PASSWORD).await;
    nurse.click("#cover form .btn-wide").await;
    nurse.until("下書きを保存しました").await;
    nurse.press("確認へ進む").await;
    nurse.until("この内容で投稿する").await;
    nurse.close().await;
    drop(served);
    world.close_with_leftovers();
}
