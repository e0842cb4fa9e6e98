use crate::testing::World;

#[tokio::test]
async fn stf_01_the_staff_list_shows_names_professions_and_administrators() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let list = nurse.get("/staff").await.expect(200);
    for words in ["佐伯 健一", "医師", "管理者", "森山 みどり", "看護師", "スタッフ", "5人", "（あなた）"]
    {
        assert!(list.has(words), "{words}");
    }
    assert!(!list.has("@example.jp"), "CON-08");
    assert!(!list.has("山田 太郎"), "another facility's");
    let clinic = world.facility("aozora");
    let mut outsider = world.visit("mori").await;
    outsider.get(&format!("/staff?facility={clinic}")).await.expect(404);
    world.stranger().get("/staff").await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn rol_01_administrators_appoint_and_others_see_no_button() {
    let world = World::with_cast().await;
    let seat = format!("/staff/{}", world.seat("kiyono"));
    let mut nurse = world.visit("moriyama").await;
    let page = nurse.get(&seat).await.expect(200);
    assert!(!page.has("管理者にする") && !page.has("スタッフから外す"));
    // ROL-06: a refused act explains why.
    let refused = nurse.post(&format!("{seat}/administrator"), &[("right", "on")]).await.expect(403);
    assert!(refused.has("施設の管理者だけができる操作です"));
    let mut outsider = world.visit("mori").await;
    outsider.get(&seat).await.expect(404);
    outsider.post(&format!("{seat}/administrator"), &[("right", "on")]).await.expect(404);
    world.stranger().post(&format!("{seat}/administrator"), &[("right", "on")]).await.expect(401);

    let mut doctor = world.visit("saeki").await;
    assert!(doctor.get(&seat).await.expect(200).has("管理者にする"));
    doctor.post(&format!("{seat}/administrator"), &[("right", "on")]).await.expect(303);
    let mut new_admin = world.visit("kiyono").await;
    new_admin.get("/facility").await.expect(200);
    doctor.post(&format!("{seat}/administrator"), &[("right", "off")]).await.expect(303);
    new_admin.get("/facility").await.expect(403);
    world.close().await;
}

#[tokio::test]
async fn the_last_administrator_keeps_the_right() {
    let world = World::with_cast().await;
    let own = world.seat("saeki");
    let mut doctor = world.visit("saeki").await;
    let last = doctor.post(&format!("/staff/{own}/administrator"), &[("right", "off")]).await.expect(403);
    assert!(last.has("ほかの人を管理者にしてください"));
    world.close().await;
}

#[tokio::test]
async fn two_administrators_dismiss_each_other_at_once_and_one_stays() {
    let world = World::with_cast().await;
    let (one, other) = (world.seat("saeki"), world.seat("kiyono"));
    let mut doctor = world.visit("saeki").await;
    doctor.post(&format!("/staff/{other}/administrator"), &[("right", "on")]).await.expect(303);
    let mut nurse = world.visit("kiyono").await;
    let (first, second) = (format!("/staff/{other}/administrator"), format!("/staff/{one}/administrator"));
    let off = [("right", "off")];
    let (a, b) = tokio::join!(doctor.post(&first, &off), nurse.post(&second, &off));
    let mut answers = [a.status.as_u16(), b.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 403]);
    world.close().await;
}

#[tokio::test]
async fn an_administrator_mends_the_facilitys_own_facts() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    nurse.get("/facility").await.expect(403);
    let mut doctor = world.visit("saeki").await;
    let facts = doctor.get("/facility").await.expect(200);
    assert!(facts.has("value=\"あおぞら在宅クリニック\"") && facts.has("value=\"700-0835\""));
    let clinic = world.facility("aozora").to_string();
    let fields = |name| {
        [
            ("facility", clinic.as_str()),
            ("name", name),
            ("kind", "clinic"),
            ("postal_code", "７００-0835"),
            ("prefecture", "岡山県"),
            ("address", "岡山市北区中井町9-9"),
            ("phone", "０８６-000-0009"),
        ]
    };
    let wrong = doctor.post("/facility", &fields("")).await.expect(422);
    assert!(wrong.has("施設名を入力してください") && wrong.has("中井町9-9"), "what was typed is kept");
    nurse.post("/facility", &fields("よその名前")).await.expect(403);
    let mut outsider = world.visit("mori").await;
    outsider.post("/facility", &fields("よその名前")).await.expect(404);
    doctor.post("/facility", &fields("あおぞらクリニック")).await.expect(303);
    let list = nurse.get("/staff").await.expect(200);
    assert!(list.has("あおぞらクリニック") && list.has("700-0835") && list.has("中井町9-9"));
    assert!(!list.has("事務局の確認待ち") && !list.has("未確認"), "there is no office");
    world.under_an_office().await;
    let list = nurse.get("/staff").await.expect(200);
    assert!(list.has("事務局の確認待ち") && !list.has("未確認"), "no alarm about one's own workplace");
    world.close().await;
}
