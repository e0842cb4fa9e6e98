use crate::testing::World;
use tasuki_value::MINUTE;

#[tokio::test]
async fn the_front_page_shows_every_place_and_the_last_words() {
    let world = World::with_cast().await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let work = world.workplace("aozora").await;
    let group = world.free_group("saeki", "山田地区多職種の会", &["moriyama"]).await;
    nurse.write_post(group, "資料です。\n\n2枚目もご覧ください").await;
    let page = doctor.get("/").await.expect(200);
    for words in [
        "職場の情報共有",
        "あおぞら在宅クリニック",
        "山田地区多職種の会",
        "森山: 資料です。 2枚目も",
        "09:00",
    ] {
        assert!(page.has(words), "{words}");
    }
    assert!(page.has(&format!("href=\"/groups/{group}#unread\"")));
    for tab in ["/patients", "/groups", "/connections", "/staff", "/settings", "/profile", "/guide"] {
        assert!(page.has(&format!("href=\"{tab}\"")), "{tab}");
    }
    assert!(page.has("ログアウト"));
    // The workplace first, although the other place is newer.
    let text = page.text();
    assert!(text.find(&format!("row-{work}")).unwrap() < text.find(&format!("row-{group}")).unwrap());
    let mori = world.visit("mori").await.get("/").await.expect(200);
    assert!(!mori.has("多職種の会") && !mori.has("資料です") && mori.has("もみじ訪問看護"));
    let stranger = world.stranger().get("/").await.expect(200);
    assert!(stranger.has("新規登録") && !stranger.has("職場の情報共有"));
    world.close().await;
}

#[tokio::test]
async fn unread_alone_and_the_changed_places_first() {
    let world = World::with_cast().await;
    let (mut nurse, mut doctor) = (world.visit("moriyama").await, world.visit("saeki").await);
    let quiet = world.free_group("saeki", "静かな会", &["moriyama"]).await;
    world.later(MINUTE);
    let early = world.free_group("saeki", "早い会", &["moriyama"]).await;
    world.later(MINUTE);
    let late = world.free_group("saeki", "遅い会", &["moriyama"]).await;
    world.later(MINUTE);
    nurse.write_post(early, "先に変わりました").await;
    let at = |text: &str, group| text.find(&format!("row-{group}")).unwrap_or(usize::MAX);
    let text = doctor.get("/").await.expect(200).text();
    assert!(at(&text, early) < at(&text, late) && at(&text, late) < at(&text, quiet));
    let text = doctor.get("/?unread").await.expect(200).text();
    assert!(text.contains("早い会") && !text.contains("遅い会") && !text.contains("静かな会"));
    assert!(!text.contains("職場の情報共有"));
    let _ = doctor.get(&format!("/groups/{early}")).await.expect(200);
    assert!(doctor.get("/?unread").await.expect(200).has("早い会"), "a look reads nothing");
    doctor.read_on(early).await;
    assert!(doctor.get("/?unread").await.expect(200).has("未読の投稿はありません"));
    // One's own post makes nothing unread and lets the place rise all the same.
    world.later(MINUTE);
    doctor.write_post(quiet, "書きました").await;
    let text = doctor.get("/").await.expect(200).text();
    assert!(at(&text, quiet) < at(&text, early));
    assert!(!doctor.get("/?unread").await.expect(200).has("静かな会"));
    assert!(nurse.get("/?unread").await.expect(200).has("静かな会"));
    world.close().await;
}

#[tokio::test]
async fn a_person_of_many_groups_turns_the_pages() {
    let world = World::with_cast().await;
    let mut names = Vec::new();
    for number in 0..75 {
        let name: &'static str = format!("第{number}の会、").leak();
        world.free_group("saeki", name, &[]).await;
        names.push(name);
        if number % 7 == 0 {
            world.later(MINUTE);
        }
    }
    let mut doctor = world.visit("saeki").await;
    let first = doctor.get("/").await.expect(200);
    assert_eq!(first.text().matches("id=\"row-").count(), 51);
    let next = first.between("<p class=\"more\"><a class=\"btn-second\" href=\"", "\"").expect("more");
    let second = doctor.get(&next.replace("&#38;", "&")).await.expect(200);
    assert_eq!(second.text().matches("id=\"row-").count(), 25);
    assert!(!second.has("もっと見る") && !second.has("職場の情報共有"));
    for name in names {
        assert!(first.has(name) != second.has(name), "{name}");
    }
    world.close().await;
}

#[tokio::test]
async fn the_search_finds_what_one_may_see_however_it_is_typed() {
    let world = World::with_cast().await;
    world.free_group("saeki", "﨑山地区カンファレンス", &["moriyama", "tsuda"]).await;
    let mut nurse = world.visit("moriyama").await;
    for (typed, found) in [
        ("崎山", "﨑山地区カンファレンス"),
        ("かんふぁれんす", "﨑山地区カンファレンス"),
        ("ｶﾝﾌｧﾚﾝｽ 﨑山", "﨑山地区カンファレンス"),
        ("津田", "津田 文子"),
        ("ツダ", "津田 文子"),
        ("ﾂﾀﾞ　ふみこ", "津田 文子"),
        ("薬剤師 つばめ", "津田 文子"),
        ("あおぞら", "清野 ももこ"),
    ] {
        let query = serde_urlencoded::to_string([("q", typed)]).unwrap();
        let page = nurse.get(&format!("/?{query}")).await.expect(200);
        let results = page.between("の検索結果", "検索をやめる").expect("results");
        assert!(results.contains(found), "{typed}: {results}");
    }
    // People and places that one shares nothing with are not found; nor is what is not there.
    for typed in ["毛利", "もみじ", "西", "大久保", "xyz", "カンファレンス 薬局"] {
        let query = serde_urlencoded::to_string([("q", typed)]).unwrap();
        let page = nurse.get(&format!("/?{query}")).await.expect(200);
        assert!(page.has("見つかりませんでした"), "{typed}");
    }
    let page = world.visit("mori").await.get("/?q=%E5%B4%8E%E5%B1%B1").await.expect(200);
    assert!(page.has("見つかりませんでした") && !page.has("カンファレンス"));
    let page = nurse.get("/?q=%3Cscript%3E").await.expect(200);
    assert!(!page.has("<script>") && page.has("&#60;script&#62;"));
    world.close().await;
}

#[tokio::test]
async fn the_three_requests_stay_until_they_are_closed() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let page = nurse.get("/").await.expect(200);
    for words in [
        "3つのお願い",
        "顔写真を登録してください",
        "「了解」を</span>押してください",
        "「ログアウト」してください",
        "プロフィールの準備",
    ] {
        assert!(page.has(words), "{words}");
    }
    let _ = nurse.post("/home/hint/closing", &[]).await.expect(303);
    assert!(!nurse.get("/").await.expect(200).has("3つのお願い"));
    assert!(world.visit("saeki").await.get("/").await.expect(200).has("3つのお願い"));
    let _ = world.stranger().post("/home/hint/closing", &[]).await.expect(401);
    world.close().await;
}
