use super::Kept;
use super::fill::fill;
use crate::testing::{Visitor, World, cast};
use axum::http::Method;
use tasuki_value::{DAY, HOUR, MINUTE};

const PAGE: &str = r#"<main><div id="status"></div>
<form method="post" action="/other"><input name="a" value="1"></form>
<form method="post" action="/here?x=1"><input type="hidden" name="key" value="fresh"><input name="a" value="old"><input name="a">
<input type="checkbox" name="c" value="1" checked><input type="checkbox" name="c" value="2"><input type="radio" name="r" value="x"><input type="radio" name="r" value="y" checked>
<select name="s"><option value="1" selected>一</option><option value="2">二</option></select>
<textarea name="t">before</textarea><input type="password" name="password"><button name="go" value="on">送る</button></form></main>"#;

fn kept(fields: &[(&str, &str)]) -> Kept {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Kept { from: "/page?b=1".to_owned(), path: "/here".to_owned(), fields }
}

#[test]
fn every_kind_of_field_gets_back_what_was_typed() {
    let typed = [
        ("key", "stale"),
        ("a", "x\"<b>"),
        ("a", "二つめ"),
        ("c", "2"),
        ("r", "x"),
        ("s", "2"),
        ("t", "\n<一行目>\n&"),
        ("go", "on"),
    ];
    let page = fill(PAGE, &kept(&typed), "/kept/1").unwrap().expect("a form");
    for stands in [
        r#"action="/other"><input name="a" value="1">"#,
        r#"name="key" value="fresh""#,
        r#"<input name="a" value="x&quot;<b>">"#,
        r#"<input name="a" value="二つめ">"#,
        r#"<input type="checkbox" name="c" value="1"><input type="checkbox" name="c" value="2" checked="">"#,
        r#"<input type="radio" name="r" value="x" checked=""><input type="radio" name="r" value="y">"#,
        r#"<option value="1">一</option><option value="2" selected="">二</option>"#,
        "<textarea name=\"t\">\n\n&lt;一行目&gt;\n&amp;</textarea>",
        "まだ送られていません",
    ] {
        assert!(page.contains(stands), "{stands} in {page}");
    }
    assert!(!page.contains("/kept/1"), "all of it found its place");
    let more = fill(PAGE, &kept(&[("a", "1"), ("gone", "この欄はもうない")]), "/kept/1").unwrap().unwrap();
    assert!(more.contains("href=\"/kept/1\""), "{more}");
    let other = Kept { path: "/elsewhere".to_owned(), ..kept(&[]) };
    assert!(fill(PAGE, &other, "/kept/1").unwrap().is_none());
}

async fn signed_in(world: &World, key: &str) -> Visitor {
    let mut visitor = world.stranger();
    sign_in(&mut visitor, key, "").await;
    visitor
}

async fn sign_in(visitor: &mut Visitor, key: &str, next: &str) -> String {
    let email = cast::actor(key).email();
    let fields = [("email", &*email), ("password", cast::PASSWORD), ("next", next)];
    visitor.post("/sign-in", &fields).await.expect(303).location()
}

/// Sends a form from a page, as a browser does.
async fn send(
    visitor: &mut Visitor,
    page: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> crate::testing::Answer {
    let body = serde_urlencoded::to_string(fields).unwrap().into_bytes();
    let referer = format!("http://tasuki.test{page}");
    let (kind, size) = ("application/x-www-form-urlencoded", body.len().to_string());
    let headers = [("content-type", kind), ("content-length", &*size), ("referer", &*referer)];
    visitor.send_with(Method::POST, path, &headers, body).await
}

fn next(location: &str) -> String {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
    pairs.into_iter().find(|(name, _)| name == "next").map(|(_, next)| next).unwrap_or_default()
}

#[tokio::test]
async fn what_was_sent_after_the_session_had_ended_stands_in_its_form_again() {
    for away in [20 * MINUTE, 9 * HOUR, 23 * HOUR] {
        let world = World::with_cast().await;
        let group = world.free_group("saeki", "会", &["moriyama"]).await;
        let mut nurse = signed_in(&world, "moriyama").await;
        let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
        nurse.get(&draft).await.expect(200);
        world.later(away);
        let answer =
            send(&mut nurse, &draft, &draft, &[("body", "足のむくみが\n引きました"), ("go", "confirmation")])
                .await;
        let to = answer.expect(303).location();
        assert!(to.starts_with("/sign-in?done=kept"), "{to}");
        assert!(nurse.get(&to).await.expect(200).has("残してあります"));
        let on = sign_in(&mut nurse, "moriyama", &next(&to)).await;
        let on = if on.starts_with("/tour") { next(&on) } else { on };
        let page = nurse.get(&on).await.expect(200);
        assert!(page.has("足のむくみが\n引きました") && page.has("まだ送られていません"), "{}", page.text());
        assert!(world.posts("moriyama", group).await.is_empty(), "nothing is sent by itself");
        world.later(DAY);
        world.settle().await;
        assert!(!nurse.get(&on).await.has("引きました"), "after a day it is gone");
        world.close().await;
    }
}

#[tokio::test]
async fn nobody_else_sees_what_was_kept() {
    let world = World::with_cast().await;
    let mut nurse = signed_in(&world, "moriyama").await;
    let fields =
        [("family", "森山"), ("about", "ひみつの言葉"), ("password", "かくすもの"), ("old", "かくすもの")];
    world.later(20 * MINUTE);
    let to = send(&mut nurse, "/profile", "/profile", &fields).await.expect(303).location();
    let on = next(&to);
    let (_, id) = on.split_once("kept=").unwrap();
    let alone = format!("/kept/{id}");
    // Another person in the same browser, the same person in another browser, a stranger.
    let device = nurse.cookies().into_iter().filter(|(name, _)| name.ends_with("device")).collect::<Vec<_>>();
    let mut colleague = world.stranger();
    colleague.set_cookies(device.clone());
    sign_in(&mut colleague, "kiyono", "").await;
    let mut elsewhere = signed_in(&world, "moriyama").await;
    for other in [&mut colleague, &mut elsewhere] {
        other.get(&alone).await.expect(404);
        assert!(!other.get(&on).await.has("ひみつの言葉"));
        let _ = other.post(&format!("{alone}/removal"), &[]).await;
    }
    assert!(!world.stranger().get(&on).await.has("ひみつの言葉"));
    sign_in(&mut nurse, "moriyama", "").await;
    // The same person may clear it away from anywhere.
    nurse.get(&alone).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn passwords_are_kept_nowhere_and_an_ended_session_keeps_nothing() {
    let world = World::with_cast().await;
    let mut nurse = signed_in(&world, "moriyama").await;
    let before = nurse.cookies();
    world.later(20 * MINUTE);
    let fields = [("old", "ひみつ-1"), ("password", "ひみつ-2"), ("note", "ことば")];
    let to =
        send(&mut nurse, "/settings/password", "/settings/password", &fields).await.expect(303).location();
    sign_in(&mut nurse, "moriyama", "").await;
    let on = next(&to);
    let page = nurse.get(&on).await.expect(200);
    assert!(!page.has("ひみつ"));
    let (_, id) = on.split_once("kept=").unwrap();
    let alone = nurse.get(&format!("/kept/{id}")).await.expect(200);
    assert!(alone.has("ことば") && !alone.has("ひみつ"));
    nurse.post(&format!("/kept/{id}/removal"), &[]).await.expect(303);
    nurse.get(&format!("/kept/{id}")).await.expect(404);
    // Signed out on purpose: the old cookie keeps nothing.
    nurse.set_cookies(before);
    sign_in(&mut nurse, "moriyama", "").await;
    let cookies = nurse.cookies();
    nurse.post("/sign-out", &[]).await.expect(303);
    nurse.set_cookies(cookies);
    send(&mut nurse, "/profile", "/profile", &[("about", "ことば")]).await.expect(401);
    // Nor does a script, which keeps its page.
    world.close().await;
}

#[tokio::test]
async fn the_cover_opens_with_ones_own_password_alone() {
    let world = World::with_cast().await;
    for away in [MINUTE, 20 * MINUTE, 10 * HOUR] {
        let mut nurse = signed_in(&world, "moriyama").await;
        let account = world.account("moriyama").to_string();
        world.later(away);
        let body = |account: &str, password: &str| {
            serde_urlencoded::to_string([("account", account), ("password", password)]).unwrap().into_bytes()
        };
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let headers = [kind, ("x-requested-with", "fetch")];
        let path = "/session/opening";
        let wrong =
            nurse.send_with(Method::POST, path, &headers, body(&account, "まちがい")).await.expect(422);
        assert!(wrong.has("パスワードが違います"), "{}", wrong.text());
        let other = world.account("kiyono").to_string();
        nurse.send_with(Method::POST, path, &headers, body(&other, cast::PASSWORD)).await.expect(404);
        let old = nurse.cookies();
        nurse.send_with(Method::POST, path, &headers, body(&account, cast::PASSWORD)).await.expect(204);
        nurse.get("/profile").await.expect(200);
        // The session of before is over, and opens nothing again.
        let mut thief = world.stranger();
        thief.set_cookies(old);
        thief.send_with(Method::POST, path, &headers, body(&account, cast::PASSWORD)).await.expect(401);
        nurse.post("/sign-out", &[]).await.expect(303);
        nurse.send_with(Method::POST, path, &headers, body(&account, cast::PASSWORD)).await.expect(401);
    }
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_session_is_followed_by_one_and_an_ended_one_by_none() {
    let world = World::with_cast().await;
    let account = world.account("moriyama").to_string();
    let body = serde_urlencoded::to_string([("account", &*account), ("password", cast::PASSWORD)]).unwrap();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-requested-with", "fetch")];
    for leaves in [false, true] {
        let nurse = signed_in(&world, "moriyama").await;
        let mut tabs: Vec<_> = (0..8).map(|_| world.stranger()).collect();
        tabs.iter_mut().for_each(|tab| tab.set_cookies(nurse.cookies()));
        let mut leaving = world.stranger();
        leaving.set_cookies(nurse.cookies());
        if leaves {
            leaving.post("/sign-out", &[]).await.expect(303);
        }
        let open = |tab: Visitor| {
            let body = body.clone().into_bytes();
            async move {
                let mut tab = tab;
                tab.send_with(Method::POST, "/session/opening", &headers, body).await.status.as_u16()
            }
        };
        let answers = futures_util::future::join_all(tabs.into_iter().map(open)).await;
        let opened = answers.iter().filter(|status| **status == 204).count();
        assert_eq!(opened, usize::from(!leaves), "{answers:?}");
    }
    world.close().await;
}
