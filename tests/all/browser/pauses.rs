//! People think before they press: every main button is tried after a pause, when the page has saved already.

use super::window::Window;
use crate::source::root;
use crate::walks::team::{Team, team};
use std::time::Duration;
use tasuki::testing::World;

/// Longer than the page waits before it saves by itself.
const PAUSE: Duration = Duration::from_secs(7);

async fn goes_on(nurse: &Window, words: &str) {
    nurse.until("この内容で投稿する").await;
    nurse.until(words).await;
}

async fn written(nurse: &Window, team: &Team, words: &str) {
    nurse.goto(&format!("{}/compose", team.place())).await;
    nurse.fill("body", words).await;
    nurse.until("下書きを保存しました").await;
    tokio::time::sleep(PAUSE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_pauses_before_going_on_goes_on_all_the_same() {
    let world = World::with_cast().await;
    let team = team(&world).await;
    let served = world.serve().await;
    let nurse = Window::open(&served.url).await;
    nurse.sign_in(&world, world.account("moriyama")).await;

    written(&nurse, &team, "押す前に考えた一行").await;
    nurse.press("確認へ進む").await;
    goes_on(&nurse, "押す前に考えた一行").await;

    // Back to it, nothing changed, and on again; by the key as well.
    nurse.press("書き直す").await;
    nurse.until("確認へ進む").await;
    tokio::time::sleep(PAUSE).await;
    nurse.type_keys("form[action^='/drafts/'] button.btn-wide", "\n").await;
    goes_on(&nurse, "押す前に考えた一行").await;

    // Left alone and opened again another time.
    nurse.goto("/").await;
    nurse.goto(&format!("{}/compose", team.place())).await;
    nurse.press("確認へ進む").await;
    goes_on(&nurse, "押す前に考えた一行").await;
    tokio::time::sleep(PAUSE).await;
    nurse.press("この内容で投稿する").await;
    nurse.until("0人が了解").await;

    // A photo without a word.
    nurse.goto(&format!("{}/compose", team.place())).await;
    let photo = root().join("tests/fixtures/photo.jpg").display().to_string();
    nurse.find("#f-files").await.send_keys(photo).await.expect("a file is chosen");
    nurse
        .until_true("return document.querySelectorAll('.uploads li').length === 1 && !document.querySelector('.uploads progress')")
        .await;
    tokio::time::sleep(PAUSE).await;
    nurse.press("確認へ進む").await;
    nurse.until("この内容で投稿する").await;

    // Pressed in the moment in which the page saves: once, and it goes on.
    written(&nurse, &team, "保存の").await;
    nurse.type_keys("[name=body]", "さなかに").await;
    nurse.press("確認へ進む").await;
    goes_on(&nurse, "保存のさなかに").await;

    nurse.close().await;
    drop(served);
    world.close_with_leftovers();
}
