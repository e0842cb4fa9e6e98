use super::limits::{self, table};
use super::links::{self, LinkKind};
use super::{devices, proof};
use crate::testing::cast::PASSWORD;
use crate::testing::{Answer, Visitor, World};
use crate::web::Client;
use crate::{Trouble, phrases};
use axum::http::Method;
use tasuki_base::chance::Token;
use tasuki_value::{HOUR, MINUTE};

const NEW_PASSWORD: &str = "hamabe no kani 88 hiki";

async fn sign_in(visitor: &mut Visitor, email: &str, password: &str) -> Answer {
    visitor.post("/sign-in", &[("email", email), ("password", password)]).await
}

/// Finishes the tour, so that signing in leads home.
async fn toured(world: &World, key: &str) {
    let account = world.account(key);
    let mut person = world.visit_account(account).await;
    let _ = person.post("/tour", &[]).await.expect(303);
}

fn error_words(answer: &Answer) -> String {
    answer.between("role=\"alert\" tabindex=\"-1\" autofocus>", "</div>").expect("a summary of errors")
}

#[tokio::test]
async fn the_right_password_opens_and_a_wrong_one_does_not() {
    let world = World::with_cast().await;
    let mut nurse = world.stranger();
    let closed = nurse.get("/settings").await.expect(303);
    assert_eq!(closed.location(), "/sign-in?next=%2Fsettings");
    let refused = sign_in(&mut nurse, "moriyama@example.jp", "wrong-wrong-wrong").await.expect(422);
    assert!(refused.has(phrases::WRONG_PASSWORD) && refused.has("value=\"moriyama@example.jp\""));
    assert!(!refused.has("wrong-wrong-wrong") && !nurse.has_session());
    let opened = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    assert_eq!(opened.location(), "/tour", "the first sign-in leads to the tour");
    let cookies: Vec<_> =
        opened.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    let session = cookies.iter().find(|line| line.starts_with("session=")).unwrap();
    assert!(session.contains("; HttpOnly; SameSite=Lax") && session.contains("Path=/"), "{session}");
    let _ = nurse.get("/settings").await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn an_unknown_address_is_answered_like_a_wrong_password() {
    let world = World::with_cast().await;
    let mut guesser = world.stranger();
    let known = sign_in(&mut guesser, "moriyama@example.jp", "wrong-wrong-wrong").await.expect(422);
    let unknown = sign_in(&mut guesser, "nobody000@example.jp", "wrong-wrong-wrong").await.expect(422);
    assert_eq!(known.text().replace("moriyama@", "nobody000@"), unknown.text());
    world.close().await;
}

#[tokio::test]
async fn the_address_is_read_as_people_type_it() {
    let world = World::with_cast().await;
    toured(&world, "moriyama").await;
    for typed in ["　Ｍｏｒｉｙａｍａ＠ｅｘａｍｐｌｅ．ｊｐ ", "Moriyama@EXAMPLE.jp", "moriyama@example.jp。"]
    {
        let mut nurse = world.stranger();
        assert_eq!(sign_in(&mut nurse, typed, PASSWORD).await.expect(303).location(), "/", "{typed}");
    }
    world.close().await;
}

#[tokio::test]
async fn the_address_is_kept_only_where_asked_and_the_password_never() {
    let world = World::with_cast().await;
    let mut nurse = world.stranger();
    let fields = [("email", "moriyama@example.jp"), ("password", PASSWORD), ("remember", "on")];
    let kept = nurse.post("/sign-in", &fields).await.expect(303);
    let lines: Vec<_> =
        kept.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(lines.iter().any(|line| line.starts_with("address=moriyama@example.jp;")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains(PASSWORD)));
    let _ = nurse.post("/sign-out", &[]).await.expect(303);
    let page = nurse.get("/sign-in").await.expect(200);
    assert!(page.has("value=\"moriyama@example.jp\"") && page.has("checked"));
    let _ = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    let _ = nurse.post("/sign-out", &[]).await.expect(303);
    assert!(!nurse.get("/sign-in").await.expect(200).has("moriyama@example.jp"), "unticked: forgotten");
    world.close().await;
}

#[tokio::test]
async fn next_leads_to_our_own_pages_only() {
    let world = World::with_cast().await;
    toured(&world, "moriyama").await;
    let tries = [
        ("/settings/display?x=1", "/settings/display?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("", "/"),
    ];
    for (next, leads) in tries {
        let mut nurse = world.stranger();
        let fields = [("email", "moriyama@example.jp"), ("password", PASSWORD), ("next", next)];
        assert_eq!(nurse.post("/sign-in", &fields).await.expect(303).location(), leads, "{next}");
        let query = serde_urlencoded::to_string([("next", next)]).unwrap();
        assert_eq!(nurse.get(&format!("/sign-in?{query}")).await.expect(303).location(), leads, "{next}");
    }
    world.close().await;
}

#[tokio::test]
async fn many_wrong_passwords_are_stopped_for_that_account_only() {
    let world = World::with_cast().await;
    let mut guesser = world.stranger();
    for _ in 0..10 {
        let _ = sign_in(&mut guesser, "moriyama@example.jp", "wrong-wrong-wrong").await.expect(422);
    }
    let stopped = sign_in(&mut guesser, "moriyama@example.jp", PASSWORD).await.expect(429);
    assert!(stopped.has(phrases::TOO_MANY.0));
    for _ in 0..10 {
        let _ = sign_in(&mut guesser, "nobody@example.jp", "wrong-wrong-wrong").await.expect(422);
    }
    let _ = sign_in(&mut guesser, "nobody@example.jp", "wrong-wrong-wrong").await.expect(429);
    // A colleague behind the same address of the hospital is not held up.
    let _ = sign_in(&mut world.stranger(), "kiyono@example.jp", PASSWORD).await.expect(303);
    world.later(16 * MINUTE);
    let _ = sign_in(&mut world.stranger(), "moriyama@example.jp", PASSWORD).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn after_signing_out_nothing_opens_and_nothing_stays() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let _ = nurse.get("/settings").await.expect(200);
    let stolen = nurse.cookies();
    let out = nurse.post("/sign-out", &[]).await.expect(303);
    assert_eq!(out.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert!(!nurse.has_session());
    assert!(nurse.get("/settings").await.expect(303).location().starts_with("/sign-in"));
    nurse.set_cookies(stolen);
    let _ = nurse.get("/settings").await.expect(303);
    let _ = world.stranger().post("/sign-out", &[]).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn no_page_stays_in_the_browser() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let page = nurse.get("/settings").await.expect(200);
    assert_eq!(page.headers["cache-control"], "no-store, private");
    assert!(page.has("action=\"/sign-out\""), "the way out is on every page");
    world.close().await;
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let world = World::with_cast().await;
    let mut phone = world.visit("moriyama").await;
    let mut desk = world.stranger();
    let _ = sign_in(&mut desk, "moriyama@example.jp", PASSWORD).await.expect(303);
    assert!(phone.get("/settings").await.expect(200).has("data-idle=\"60\""));
    assert!(desk.get("/settings").await.expect(200).has("data-idle=\"15\""));
    world.later(17 * MINUTE);
    let _ = desk.get("/settings").await.expect(303);
    let _ = phone.get("/settings").await.expect(200);
    for _ in 0..8 {
        world.later(58 * MINUTE);
        let _ = phone.get("/settings").await;
    }
    assert!(!phone.get("/settings").await.has("data-idle"), "eight hours are the end");
    world.close().await;
}

#[tokio::test]
async fn one_account_on_several_devices_and_one_device_ended() {
    let world = World::with_cast().await;
    let (mut desk, mut phone) = (world.visit("moriyama").await, world.visit("moriyama").await);
    let mut other = world.visit("kiyono").await;
    let page = phone.get("/settings/sessions").await.expect(200);
    assert!(page.has("この端末"));
    let text = page.text();
    let ids: Vec<&str> = text.split("name=\"session\" value=\"").skip(1).map(|rest| &rest[..26]).collect();
    assert_eq!(ids.len(), 2, "both devices, and nobody else's");
    // The first of the list is this device itself.
    let _ = other.post("/settings/sessions", &[("session", ids[1])]).await.expect(303);
    let _ = desk.get("/settings").await.expect(200);
    let _ = phone.post("/settings/sessions", &[("session", ids[1])]).await.expect(303);
    let _ = desk.get("/settings").await.expect(303);
    let _ = phone.get("/settings").await.expect(200);
    let gone = phone.post("/settings/sessions", &[("session", ids[0])]).await.expect(303);
    assert_eq!(gone.location(), "/sign-in?done=signed_out");
    world.close().await;
}

#[tokio::test]
async fn of_many_devices_the_last_used_are_listed_and_the_rest_is_counted() {
    let world = World::with_cast().await;
    for _ in 0..22 {
        world.visit("moriyama").await;
    }
    let mut phone = world.visit("moriyama").await;
    let page = phone.get("/settings/sessions").await.expect(200);
    assert_eq!(page.text().matches("name=\"session\"").count(), 20);
    assert!(page.has("この端末") && page.has("端末が3件あります"));
    let done = phone.post("/settings/sessions", &[("others", "1")]).await.expect(303);
    let page = phone.get(&done.location()).await.expect(200);
    assert!(!page.has("このほかに") && page.text().matches("name=\"session\"").count() == 1);
    world.close().await;
}

#[tokio::test]
async fn all_other_devices_end_at_once() {
    let world = World::with_cast().await;
    let (mut desk, mut phone) = (world.visit("moriyama").await, world.visit("moriyama").await);
    let done = phone.post("/settings/sessions", &[("others", "1")]).await.expect(303);
    assert!(phone.get(&done.location()).await.expect(200).has("ログインを終わらせました"));
    let _ = desk.get("/settings").await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_other_sessions_on_request() {
    let world = World::with_cast().await;
    let (mut desk, mut phone) = (world.visit("moriyama").await, world.visit("moriyama").await);
    let change = |old: &'static str, new: &'static str, others: &'static str| {
        [("old", old), ("password", new), ("end_others", others)]
    };
    let wrong = phone.post("/settings/password", &change("wrong-wrong", NEW_PASSWORD, "")).await.expect(422);
    assert!(wrong.has(phrases::OLD_PASSWORD_WRONG));
    let weak = phone.post("/settings/password", &change(PASSWORD, "moriyamamidori", "")).await.expect(422);
    assert!(weak.has(phrases::PASSWORD_GUESSABLE) && !weak.has("moriyamamidori"));
    let done = phone.post("/settings/password", &change(PASSWORD, NEW_PASSWORD, "")).await.expect(303);
    assert!(phone.get(&done.location()).await.expect(200).has("パスワードを変更しました"));
    let _notice = world.mail_to("moriyama@example.jp").await;
    let _ = desk.get("/settings").await.expect(200);
    let _ = phone.post("/settings/password", &change(NEW_PASSWORD, PASSWORD, "on")).await.expect(303);
    let _ = desk.get("/settings").await.expect(303);
    let _ = phone.get("/settings").await.expect(200);
    let _ = sign_in(&mut world.stranger(), "moriyama@example.jp", NEW_PASSWORD).await.expect(422);
    world.close().await;
}

/// The link as the mail would carry it; the mail room makes it in the same way.
async fn mailed_link(world: &World, key: &str) -> String {
    let (account, token) = (world.account(key), world.house.chance.token());
    let hash = token.hash();
    let issued = world.house.write(move |tx| links::issue(tx, LinkKind::PasswordReset, account.0, &hash));
    issued.await.unwrap();
    LinkKind::PasswordReset.url("", &token)
}

#[tokio::test]
async fn asking_for_a_reset_tells_nothing() {
    let world = World::with_cast().await;
    let mut visitor = world.stranger();
    let known = visitor.post("/password-reset", &[("email", "moriyama@example.jp")]).await.expect(303);
    let unknown = visitor.post("/password-reset", &[("email", "nobody@example.jp")]).await.expect(303);
    assert_eq!(known.location(), unknown.location());
    let link = world.link(&world.mail_to("moriyama@example.jp").await);
    assert!(visitor.get(&link).await.expect(200).has("新しいパスワード"));
    assert!(!world.mails().await.iter().any(|letter| letter.to == "nobody@example.jp"));
    let page = visitor.get(&known.location()).await.expect(200);
    assert!(page.has("受け付けました") && page.has("tasuki.test"), "the domain to allow is named");
    let bad = visitor.post("/password-reset", &[("email", "moriyama.example.jp")]).await.expect(422);
    assert!(error_words(&bad).contains("「@」がありません"));
    for _ in 0..4 {
        let _ = visitor.post("/password-reset", &[("email", "nobody@example.jp")]).await.expect(303);
    }
    let full = visitor.post("/password-reset", &[("email", "nobody@example.jp")]).await.expect(429);
    assert!(full.has(phrases::RESETS_SENT));
    for _ in 0..4 {
        let _ = visitor.post("/password-reset", &[("email", "Moriyama+1@example.jp")]).await.expect(303);
    }
    let known = visitor.post("/password-reset", &[("email", "moriyama@example.jp")]).await.expect(429);
    let text = full.text().replace("nobody@", "moriyama@");
    assert_eq!(known.text(), text, "the same, whether there is an account");
    world.close().await;
}

#[tokio::test]
async fn a_reset_link_works_once_within_the_hour() {
    let world = World::with_cast().await;
    let mut desk = world.visit("moriyama").await;
    let mut visitor = world.stranger();
    let (link, second) = (mailed_link(&world, "moriyama").await, mailed_link(&world, "moriyama").await);
    for _ in 0..2 {
        assert!(visitor.get(&link).await.expect(200).has("moriyama@example.jp"), "a look uses nothing up");
    }
    let weak = visitor.post(&link, &[("password", "みどりのしんごうをわたる")]).await.expect(422);
    assert!(weak.has(phrases::PASSWORD_FULL_WIDTH));
    let done = visitor.post(&link, &[("password", NEW_PASSWORD)]).await.expect(303);
    assert_eq!(done.location(), "/sign-in?done=password_reset");
    let _ = desk.get("/settings").await.expect(303);
    for used in [&link, &second] {
        assert!(visitor.get(used).await.expect(200).has("このリンクは使えません"));
        let _ = visitor.post(used, &[("password", NEW_PASSWORD)]).await.expect(422);
    }
    let _ = sign_in(&mut visitor, "moriyama@example.jp", NEW_PASSWORD).await.expect(303);
    let late = mailed_link(&world, "kiyono").await;
    world.later(HOUR + MINUTE);
    assert!(visitor.get(&late).await.expect(200).has("このリンクは使えません"));
    let _ = visitor.post(&late, &[("password", NEW_PASSWORD)]).await.expect(422);
    assert!(visitor.get("/password-reset/nonsense").await.expect(200).has("もう一度送る"));
    world.close().await;
}

#[tokio::test]
async fn the_text_size_is_kept() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let _ = nurse.post("/settings/display", &[("size", "huge")]).await.expect(400);
    let _ = nurse.post("/settings/display", &[("size", "xl")]).await.expect(303);
    assert!(nurse.get("/settings").await.expect(200).has("data-size=\"xl\""));
    assert!(world.visit("kiyono").await.get("/settings").await.expect(200).has("data-size=\"m\""));
    world.close().await;
}

#[tokio::test]
async fn an_error_page_knows_who_reads_it() {
    let world = World::with_cast().await;
    let known = world.visit("moriyama").await.get("/nowhere").await.expect(404);
    assert!(known.has("森山 みどり") && known.has("class=\"dock\""));
    let unknown = world.stranger().get("/nowhere").await.expect(404);
    assert!(!unknown.has("class=\"dock\"") && unknown.has(phrases::UNSEEN.0));
    world.close().await;
}

#[tokio::test]
async fn a_touch_keeps_a_reader_signed_in_and_a_stream_does_not() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    for _ in 0..4 {
        world.later(50 * MINUTE);
        let _ = nurse.post("/session", &[]).await.expect(204);
    }
    let listens = [("accept", "text/event-stream")];
    world.later(50 * MINUTE);
    let _ = nurse.send_with(Method::GET, "/settings", &listens, Vec::new()).await;
    world.later(50 * MINUTE);
    let _ = nurse.post("/session", &[]).await.expect(401);
    world.close().await;
}

/// Failures as they would come from a place; `house.config` of a test trusts no proxy, so the limits are asked below
/// the pages.
async fn tries(world: &World, from: &str, email: &str, password: &str, device: Option<[u8; 32]>) -> u16 {
    let client = Client { address: from.parse().unwrap(), device: "other", phone: false };
    match proof::recognise(&world.house, &client, device, email, password).await {
        Ok(Some(_)) => 303,
        Ok(None) => 422,
        Err(Trouble::TooMany) => 429,
        Err(other) => panic!("{other:?}"),
    }
}

async fn floods(world: &World, places: u8, email: &str) {
    for place in 1..=places {
        for _ in 0..10 {
            tries(world, &format!("198.51.100.{place}"), email, "wrong-wrong-wrong", None).await;
        }
    }
}

#[tokio::test]
async fn guesses_from_seven_places_lock_nobody_out() {
    let world = World::with_cast().await;
    let mut nurse = world.stranger();
    let _ = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    let _ = nurse.post("/sign-out", &[]).await.expect(303);
    floods(&world, 7, "moriyama@example.jp").await;
    // From a browser nobody knows, at a place of its own, who knows the password gets in; who does not has two tries.
    for right in [false, true] {
        let password = if right { PASSWORD } else { "wrong-wrong-wrong" };
        let here = if right { "203.0.113.1" } else { "203.0.113.2" };
        let first = tries(&world, here, "moriyama@example.jp", password, None).await;
        assert_eq!(first, if right { 303 } else { 422 });
    }
    assert_eq!(tries(&world, "203.0.113.2", "moriyama@example.jp", "wrong-wrong-wrong", None).await, 422);
    assert_eq!(tries(&world, "203.0.113.2", "moriyama@example.jp", PASSWORD, None).await, 429);
    // And the browser she used before is not held up at all.
    let _ = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn where_the_stairs_end_a_known_browser_and_the_mailed_link_still_open() {
    let world = World::with_cast().await;
    let mut nurse = world.stranger();
    let _ = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    let _ = nurse.post("/sign-out", &[]).await.expect(303);
    // As after three hundred failures from everywhere, and three thousand from the tests' own place.
    let spent = world.house.write(|tx| {
        for _ in 0..table::ACCOUNT_SHUT.most {
            limits::count(tx, &table::ACCOUNT, "moriyama@example.jp")?;
        }
        for _ in 0..table::PLACE_SHUT.most {
            limits::count(tx, &table::PLACE, "127.0.0.1")?;
        }
        Ok(())
    });
    spent.await.unwrap();
    let mut phone = world.stranger();
    let stopped = sign_in(&mut phone, "moriyama@example.jp", PASSWORD).await.expect(429);
    assert!(stopped.has(phrases::TOO_MANY_SIGN_INS) && stopped.has("value=\"moriyama@example.jp\""));
    let _ = sign_in(&mut nurse, "moriyama@example.jp", PASSWORD).await.expect(303);
    // The known browser is known to her account alone.
    let _ = sign_in(&mut nurse, "kiyono@example.jp", PASSWORD).await.expect(429);
    let _ = phone.post("/password-reset", &[("email", "moriyama@example.jp")]).await.expect(303);
    let link = world.link(&world.mail_to("moriyama@example.jp").await);
    let _ = phone.post(&link, &[("password", NEW_PASSWORD)]).await.expect(303);
    let _ = sign_in(&mut phone, "moriyama@example.jp", NEW_PASSWORD).await.expect(303);
    // A known browser guesses no longer than another.
    let _ = nurse.post("/sign-out", &[]).await;
    for _ in 0..10 {
        let _ = sign_in(&mut nurse, "moriyama@example.jp", "wrong-wrong-wrong").await.expect(422);
    }
    let _ = sign_in(&mut nurse, "moriyama@example.jp", NEW_PASSWORD).await.expect(429);
    world.close().await;
}

#[tokio::test]
async fn a_browser_is_known_only_by_what_the_house_gave_it() {
    let world = World::with_cast().await;
    let mut guest = world.stranger();
    let made_up = world.house.chance.token();
    guest.set_cookies(vec![("device".to_owned(), made_up.text())]);
    let _ = sign_in(&mut guest, "moriyama@example.jp", PASSWORD).await.expect(303);
    let kept = guest.cookies().into_iter().find(|(name, _)| name == "device").unwrap().1;
    assert_ne!(kept, made_up.text());
    // Two people who share a browser: both are known in it.
    let _ = guest.post("/sign-out", &[]).await.expect(303);
    let opened = sign_in(&mut guest, "kiyono@example.jp", PASSWORD).await.expect(303);
    assert!(opened.headers.get_all("set-cookie").iter().any(|line| {
        let line = line.to_str().unwrap();
        line.starts_with(&format!("device={kept};")) && line.contains("HttpOnly")
    }));
    for email in ["moriyama@example.jp", "kiyono@example.jp", "saeki@example.jp"] {
        let hash = Token::parse(&kept).unwrap().hash();
        let found = world.house.read(move |tx| devices::known(tx, email, Some(&hash))).await.unwrap();
        assert_eq!(found.is_some(), email != "saeki@example.jp", "{email}");
    }
    world.close().await;
}

#[tokio::test]
async fn three_hundred_made_up_names_do_not_shut_a_hospitals_address() {
    let world = World::with_cast().await;
    let spent = world.house.write(|tx| {
        (0..=table::PLACE.most).try_for_each(|_| limits::count(tx, &table::PLACE, "203.0.113.9").map(|_| ()))
    });
    spent.await.unwrap();
    for _ in 0..20 {
        assert_eq!(tries(&world, "203.0.113.9", "kiyono@example.jp", PASSWORD, None).await, 303);
    }
    // Guessing there is bounded all the same.
    for (tried, status) in [422, 422, 429, 429].into_iter().enumerate() {
        let now = tries(&world, "203.0.113.9", "saeki@example.jp", "wrong-wrong-wrong", None).await;
        assert_eq!(now, status, "{tried}");
    }
    world.close().await;
}

#[tokio::test]
async fn a_stolen_session_does_not_shut_its_owner_out_of_their_password() {
    let world = World::with_cast().await;
    let (mut thief, mut owner) = (world.visit("moriyama").await, world.visit("moriyama").await);
    let change = |old: &'static str| [("old", old), ("password", NEW_PASSWORD), ("end_others", "on")];
    for _ in 0..10 {
        let _ = thief.post("/settings/password", &change("wrong-wrong")).await.expect(422);
    }
    let _ = thief.post("/settings/password", &change("wrong-wrong")).await.expect(429);
    let _ = owner.post("/settings/password", &change(PASSWORD)).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn whoever_asks_for_resets_without_end_leaves_their_owner_a_link_that_opens() {
    let world = World::with_cast().await;
    for _ in 0..6 {
        let mut sent = 0;
        for _ in 0..6 {
            let asked = world.stranger().post("/password-reset", &[("email", "moriyama@example.jp")]).await;
            sent += u8::from(asked.status == 303);
        }
        assert!(sent >= 1, "one an hour at least");
        let link = world.link(&world.mail_to("moriyama@example.jp").await);
        assert!(world.stranger().get(&link).await.expect(200).has("新しいパスワード"));
        world.later(HOUR + MINUTE);
    }
    let mails = world.mails().await.len();
    assert!(mails <= 14, "ten, then one an hour: {mails}");
    world.close().await;
}

#[tokio::test]
async fn one_member_has_few_passwords_guessed_at_and_nobody_waits_for_it() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let guessable = "passwordpassword";
    let mut answers = Vec::new();
    for _ in 0..40 {
        let fields = [("old", PASSWORD), ("password", guessable)];
        answers.push(nurse.post("/settings/password", &fields).await.status.as_u16());
    }
    assert!(answers[..20].iter().all(|status| *status == 422), "{answers:?}");
    assert_eq!(answers.last(), Some(&429));
    // Without the old one nothing is guessed at, and a password of no shape is told at once.
    let without = nurse.post("/settings/password", &[("old", ""), ("password", guessable)]).await.expect(422);
    assert!(without.has(phrases::OLD_PASSWORD_MISSING));
    let short =
        nurse.post("/settings/password", &[("old", PASSWORD), ("password", "みじかい")]).await.expect(422);
    assert!(short.has("class=\"wrong\""));
    world.visit("saeki").await.get("/").await.expect(200);
    world.close().await;
}
