use crate::testing::World;
use crate::testing::cast::PASSWORD;
use axum::http::Method;
use serde_json::json;
use tasuki_value::{DAY, MINUTE};

#[tokio::test]
async fn a_password_makes_a_token_that_opens_what_its_person_may_open() {
    let world = World::with_cast().await;
    let mut program = world.stranger();
    let asked = json!({"email": "Moriyama@example.jp", "password": PASSWORD, "name": "  夜勤の端末 "});
    let made = program.tell("/api/v1/tokens", asked).await.expect(201).json();
    assert_eq!(made["expires_at"], "2026-12-20T00:00:00Z");
    program.bear(made["token"].as_str().unwrap());
    let me = program.ask(Method::GET, "/api/v1/me").await.expect(200).json();
    assert_eq!(me["id"], world.account("moriyama").to_string());
    assert_eq!((&me["name"], &me["email"]), (&json!("森山 みどり"), &json!("moriyama@example.jp")));
    let seat = &me["seats"][0];
    assert_eq!((&seat["facility_name"], &seat["admin"]), (&json!("あおぞら在宅クリニック"), &json!(false)));
    let mut nurse = world.visit("moriyama").await;
    assert!(nurse.get("/settings/sessions").await.expect(200).has("夜勤の端末"), "listed in the settings");
    world.close().await;
}

#[tokio::test]
async fn a_token_ends_by_itself_by_its_person_and_with_the_password() {
    let world = World::with_cast().await;
    let mut old = world.program("moriyama").await;
    world.later(29 * DAY);
    let _ = old.ask(Method::GET, "/api/v1/me").await.expect(200);
    world.later(DAY);
    let _ = old.ask(Method::GET, "/api/v1/me").await.problem(401);

    let mut left = world.program("moriyama").await;
    let _ = left.ask(Method::DELETE, "/api/v1/tokens/current").await.expect(204);
    let _ = left.ask(Method::GET, "/api/v1/me").await.problem(401);

    let mut before = world.program("moriyama").await;
    let mut nurse = world.visit("moriyama").await;
    let new = "hamabe no kani 88 hiki";
    let fields = [("old", PASSWORD), ("new", new), ("password", new), ("again", new), ("others", "")];
    let _ = nurse.post("/settings/password", &fields).await.expect(303);
    let _ = before.ask(Method::GET, "/api/v1/me").await.problem(401);
    world.close().await;
}

#[tokio::test]
async fn unknown_address_and_wrong_password_answer_alike_and_only_so_often() {
    let world = World::with_cast().await;
    let mut guesser = world.stranger();
    let ask = |email: &str| json!({"email": email, "password": "wrong-wrong-wrong", "name": "x"});
    let known = guesser.tell("/api/v1/tokens", ask("moriyama@example.jp")).await.problem(401);
    let unknown = guesser.tell("/api/v1/tokens", ask("nobody000@example.jp")).await.problem(401);
    assert_eq!(known, unknown);
    for _ in 1..10 {
        let _ = guesser.tell("/api/v1/tokens", ask("moriyama@example.jp")).await.problem(401);
    }
    let right = json!({"email": "moriyama@example.jp", "password": PASSWORD, "name": "x"});
    let _ = guesser.tell("/api/v1/tokens", right.clone()).await.problem(429);
    let page = [("email", "moriyama@example.jp"), ("password", PASSWORD)];
    let _ = guesser.post("/sign-in", &page).await.expect(429);
    world.later(16 * MINUTE);
    let _ = guesser.tell("/api/v1/tokens", right).await.expect(201);
    world.close().await;
}

#[tokio::test]
async fn what_is_wrong_with_the_input_is_said_in_words() {
    let world = World::with_cast().await;
    let mut program = world.stranger();
    let path = "/api/v1/tokens";
    let broken =
        program.send(Method::POST, path, "application/json", b"{\"email\":".to_vec()).await.problem(400);
    assert!(broken["errors"][0]["detail"].as_str().unwrap().contains("EOF"));
    let missing = program.tell(path, json!({"email": "moriyama@example.jp"})).await.problem(422);
    assert!(missing["errors"][0]["detail"].as_str().unwrap().contains("password"), "{missing}");
    for name in ["", " 　", &"あ".repeat(51), "\u{e000}"] {
        let asked = json!({"email": "moriyama@example.jp", "password": PASSWORD, "name": name});
        let problem = program.tell(path, asked).await.problem(422);
        assert_eq!(problem["errors"][0]["field"], "name", "{name}");
    }
    let large = vec![b' '; 3 * 1024 * 1024];
    let _ = program.send(Method::POST, path, "application/json", large).await.problem(413);
    world.close().await;
}

#[tokio::test]
async fn a_cookie_opens_the_api_for_pages_of_the_house_and_a_token_needs_no_origin() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let _ = nurse.ask(Method::GET, "/api/v1/me").await.expect(200);
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")];
    let path = "/api/v1/tokens/current";
    let _ = nurse.send_with(Method::DELETE, path, &foreign, Vec::new()).await.problem(400);
    let basic = [foreign[0], foreign[1], ("authorization", "Basic bW9yaQ==")];
    let _ = nurse.send_with(Method::DELETE, path, &basic, Vec::new()).await.problem(400);
    let _ = nurse.ask(Method::GET, "/api/v1/me").await.expect(200);
    let mut program = world.program("moriyama").await;
    let _ = program.send_with(Method::DELETE, path, &foreign, Vec::new()).await.expect(204);
    world.close().await;
}
