use crate::accounts::TERMS_VERSION;
use crate::testing::World;

const PUBLIC: &[&str] =
    &["/about", "/guide", "/contact", "/terms", "/privacy", "/accessibility", "/register", "/sign-in"];

#[tokio::test]
async fn everybody_reads_the_public_pages_and_nothing_else_of_the_house() {
    let world = World::with_cast().await;
    let mut stranger = world.stranger();
    for path in PUBLIC.iter().chain(&["/"]) {
        let page = stranger.get(path).await.expect(200);
        assert!(page.has("href=\"/register\"") && page.has("href=\"/sign-in\""), "{path}");
        assert!(page.has("たすきネット"), "{path}: the network's own name");
        for hidden in ["あおぞら", "佐伯", "class=\"dock\"", "/patients"] {
            assert!(!page.has(hidden), "{path}: {hidden}");
        }
    }
    world.close().await;
}

#[tokio::test]
async fn the_signed_in_keep_their_own_header() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    for path in PUBLIC.iter().filter(|path| !["/register", "/sign-in"].contains(path)) {
        let page = nurse.get(path).await.expect(200);
        assert!(page.has("森山 みどり") && page.has("action=\"/sign-out\""), "{path}");
    }
    assert!(nurse.get("/guide").await.expect(200).has("href=\"/tour\""));
    assert!(!world.stranger().get("/guide").await.expect(200).has("href=\"/tour\""));
    world.close().await;
}

#[tokio::test]
async fn the_operator_s_own_settings_are_shown() {
    let world = World::with_cast().await;
    let contact = world.stranger().get("/contact").await.expect(200);
    for shown in [
        "たすきネット事務局",
        "tel:0000000100",
        "support@example.jp",
        "岡山市北区表町1-1",
        "平日",
        "tasuki.test",
    ] {
        assert!(contact.has(shown), "{shown}");
    }
    let guide = world.stranger().get("/guide").await.expect(200);
    assert!(guide.has("tasuki.test") && guide.has("無料Wi-Fi") && guide.has("パスワードを保存させない"));
    world.close().await;
}

#[tokio::test]
async fn the_terms_tell_their_version() {
    let world = World::with_cast().await;
    for path in ["/terms", "/privacy"] {
        let page = world.stranger().get(path).await.expect(200);
        assert!(page.has(&format!("第{TERMS_VERSION}版")) && page.has("たすきネット事務局"), "{path}");
    }
    let settings = world.visit("moriyama").await.get("/settings").await.expect(200);
    assert!(
        settings.has(&format!("第{TERMS_VERSION}版・<span class=\"whole\">令和8年11月20日（金）</span>"))
    );
    world.close().await;
}

#[tokio::test]
async fn the_poster_leads_to_registration() {
    let world = World::with_cast().await;
    assert_eq!(
        world.stranger().get("/register/qr").await.expect(303).location(),
        "/sign-in?next=%2Fregister%2Fqr"
    );
    let poster = world.visit("saeki").await.get("/register/qr").await.expect(200);
    assert!(
        poster.has("http://tasuki.test/register") && poster.has("M4 4h1v1h-1z"),
        "the first finder's corner"
    );
    world.close().await;
}

#[tokio::test]
async fn the_tour_is_met_once_and_opened_again_from_the_guide() {
    let world = World::with_cast().await;
    assert!(world.stranger().get("/tour").await.expect(303).location().starts_with("/sign-in"));
    let _ = world.stranger().post("/tour", &[]).await.expect(401);
    let mut nurse = world.stranger();
    let password = crate::testing::cast::PASSWORD;
    let mut fields = vec![("email", "moriyama@example.jp"), ("password", password), ("next", "/settings")];
    let first = nurse.post("/sign-in", &fields).await.expect(303);
    assert_eq!(first.location(), "/tour?next=%2Fsettings");
    let one = nurse.get(&first.location()).await.expect(200);
    assert!(one.has("次へ") && !one.has("はじめる"));
    let two = nurse.get("/tour?page=2&next=%2Fsettings").await.expect(200);
    assert!(two.has("次へ") && two.has("前へ"));
    let last = nurse.get("/tour?page=3&next=%2Fsettings").await.expect(200);
    assert!(last.has("はじめる") && !last.has("次へ"));
    for asked in ["顔写真", "了解", "ログアウト"] {
        assert!(last.has(asked), "{asked}");
    }
    assert_eq!(nurse.post("/tour", &[("next", "/settings")]).await.expect(303).location(), "/settings");
    fields.pop();
    let again = world.stranger().post("/sign-in", &fields).await.expect(303);
    assert_eq!(again.location(), "/", "it does not return");
    let _ = nurse.get("/tour").await.expect(200);
    assert_eq!(nurse.post("/tour", &[("next", "//evil.example")]).await.expect(303).location(), "/");
    world.close().await;
}
