use crate::testing::cast::PASSWORD;
use crate::testing::{Visitor, World};
use crate::{accounts, facilities, invitations};
use tasuki_value::{DAY, HOUR, MINUTE};

/// Invites an address to the clinic's staff and answers the path of the mailed link.
async fn invited(world: &World, by: &str, email: &'static str) -> String {
    let (who, clinic) = (world.who(by), world.facility("aozora"));
    let made = world.house.write(move |tx| {
        let key = facilities::access::to_invite(tx, &who, clinic)?;
        invitations::actions::invite_staff(tx, &key, email)
    });
    made.await.expect("an invitation");
    let letter = world.mail_to(email).await;
    world.link(&letter)
}

const PASSWORD_OF_SORA: &str = "kumo-to-hotaru-no-uta-38";
const LAST: [(&str, &str); 2] = [("agreed", "on"), ("password", PASSWORD_OF_SORA)];
const FORM: [(&str, &str); 5] = [
    ("family", "青井"),
    ("given", "そら"),
    ("family_kana", "あおい"),
    ("given_kana", "そら"),
    ("profession", "registered_nurse"),
];

async fn register(visitor: &mut Visitor, link: &str) {
    let filled = visitor.post(link, &FORM).await.expect(303);
    assert_eq!(filled.location(), format!("{link}/confirmation"));
    visitor.get(&filled.location()).await.expect(200);
    let made = visitor.post(&format!("{link}/completion"), &LAST).await.expect(303);
    assert_eq!(made.location(), format!("{link}/completion"));
}

#[tokio::test]
async fn stf_07_to_09_the_short_form_makes_an_account_and_home_has_the_invitation() {
    let world = World::with_cast().await;
    world.under_an_office().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let mut newcomer = world.stranger();
    let form = newcomer.get(&link).await.expect(200);
    for shown in
        ["あおぞら在宅クリニック", "700-0835", "中井町1-2-3", "佐伯 健一", "未確認", "sora@example.jp"]
    {
        assert!(form.has(shown), "{shown}");
    }
    for asked in ["facility", "postal_code", "phone", "email"] {
        assert!(!form.has(&format!("name=\"{asked}\"")), "{asked} is shown, not asked");
    }
    let check = {
        newcomer.post(&link, &FORM).await.expect(303);
        newcomer.get(&format!("{link}/confirmation")).await.expect(200)
    };
    assert!(
        check.has("青井 そら")
            && check.has("看護師")
            && check.has("href=\"/terms\"")
            && check.has("href=\"/privacy\"")
    );
    assert!(check.has("name=\"password\""), "the password is chosen in the last step");
    let unsure = newcomer.post(&format!("{link}/completion"), &LAST[1..]).await.expect(422);
    assert!(unsure.has("同意するときは印を"));
    let back = newcomer.get(&link).await.expect(200);
    assert!(back.has("value=\"青井\""), "戻る keeps what was typed");
    register(&mut newcomer, &link).await;
    let done = newcomer.get(&format!("{link}/completion")).await.expect(200);
    assert!(
        done.has("登録が完了しました")
            && done.has("action=\"/sign-in\"")
            && done.has("value=\"sora@example.jp\"")
    );
    let mails = world.mails().await;
    let second = mails.iter().filter(|letter| letter.to == "sora@example.jp").count();
    assert_eq!(second, 2, "STF-08: the invitation, and that the registration is finished");

    let signed = [("email", "sora@example.jp"), ("password", "kumo-to-hotaru-no-uta-38")];
    newcomer.post("/sign-in", &signed).await.expect(303);
    let list = newcomer.get("/invitations").await.expect(200);
    let id = list.between("<a href=\"/invitations/", "\"").expect("the invitation waits");
    newcomer.post(&format!("/invitations/{id}/acceptance"), &[]).await.expect(303);
    let mut doctor = world.visit("saeki").await;
    assert!(doctor.get("/staff").await.expect(200).has("青井 そら"));
    world.close().await;
}

#[tokio::test]
async fn what_is_missing_is_said_at_the_field() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let mut newcomer = world.stranger();
    let wrong = newcomer.post(&link, &[("given", "青井")]).await.expect(422);
    for words in ["入力に誤りが2つ", "value=\"青井\""] {
        assert!(wrong.has(words), "{words}: {}", wrong.text());
    }
    newcomer.get(&format!("{link}/confirmation")).await.expect(303);
    newcomer.post(&link, &FORM).await.expect(303);
    for guessable in ["aoi", "sora@example.jp", ""] {
        let fields = [("agreed", "on"), ("password", guessable)];
        let again = newcomer.post(&format!("{link}/completion"), &fields).await.expect(422);
        assert!(again.has("青井 そら") && again.has("id=\"e-password\""), "{guessable}");
    }
    world.close().await;
}

#[tokio::test]
async fn a_link_serves_once_and_looks_use_nothing_up() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let mut newcomer = world.stranger();
    for _ in 0..3 {
        world.stranger().get(&link).await.expect(200);
    }
    register(&mut newcomer, &link).await;
    world.settle().await;
    let again = world.stranger().get(&link).await.expect(303);
    assert!(again.location().starts_with("/sign-in?next="), "the address has an account now");
    let twice = newcomer.post(&format!("{link}/completion"), &LAST).await.expect(303);
    newcomer.get(&twice.location()).await.expect(200);
    newcomer.post(&link, &FORM).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn two_presses_at_once_make_one_account() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let (mut one, mut other) = (world.stranger(), world.stranger());
    one.post(&link, &FORM).await.expect(303);
    let url = format!("{link}/completion");
    let agreed = LAST;
    let (a, b) = tokio::join!(one.post(&url, &agreed), other.post(&url, &agreed));
    assert_eq!((a.status.as_u16(), b.status.as_u16()), (303, 303));
    let mails = world.mails().await;
    assert_eq!(mails.iter().filter(|letter| letter.to == "sora@example.jp").count(), 2);
    world.close().await;
}

#[tokio::test]
async fn a_late_link_explains_itself_and_a_new_one_is_sent() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    world.later(73 * HOUR);
    let mut newcomer = world.stranger();
    let late = newcomer.get(&link).await.expect(200);
    assert!(late.has("72時間以内") && late.has("新しいリンクを送る"));
    newcomer.post(&link, &FORM).await.expect(303);
    assert!(newcomer.post(&format!("{link}/again"), &[]).await.expect(200).has("メールを送ります"));
    newcomer.post(&format!("{link}/again"), &[]).await.expect(200);
    let mails = world.mails().await;
    let theirs: Vec<_> = mails.iter().filter(|letter| letter.to == "sora@example.jp").collect();
    assert_eq!(theirs.len(), 2, "one more, however often it is pressed");
    let fresh = world.link(theirs[1]);
    assert_ne!(fresh, link);
    register(&mut newcomer, &fresh).await;
    world.settle().await;
    world.close().await;
}

#[tokio::test]
async fn an_over_or_broken_link_is_a_plain_page() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    for broken in ["/join/x", "/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(world.stranger().get(broken).await.expect(404).has("このリンクは使えません"));
    }
    world.later(15 * DAY);
    world.settle().await;
    assert!(world.stranger().get(&link).await.expect(404).has("もう一度招待を頼んで"));
    world.stranger().post(&link, &FORM).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn stf_16_who_has_an_account_signs_in_and_lands_on_the_invitation() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "mori@example.jp").await;
    let mut nurse = world.stranger();
    let asked = nurse.get(&link).await.expect(303).location();
    assert!(asked.starts_with("/sign-in?next=%2Finvitations%2F"), "{asked}");
    let next = asked.trim_start_matches("/sign-in?next=").replace("%2F", "/");
    let fields = [("email", "mori@example.jp"), ("password", PASSWORD), ("next", next.as_str())];
    let signed = nurse.post("/sign-in", &fields).await.expect(303);
    assert!(signed.location().contains("invitations"), "{}", signed.location());
    let landed = nurse.get(&link).await.expect(303).location();
    assert_eq!(landed, next);
    assert!(nurse.get(&landed).await.expect(200).has("招待が届いています"));
    world.close().await;
}

#[tokio::test]
async fn another_account_may_only_ask_and_an_approver_decides() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let mut other = world.visit("mori").await;
    let page = other.get(&link).await.expect(200);
    for words in ["別のメールアドレスあて", "毛利 かおる", "もみじ訪問看護ステーション", "参加を希望する"]
    {
        assert!(page.has(words), "{words}");
    }
    other.post(&link, &FORM).await.expect(303);
    world.stranger().post(&format!("{link}/request"), &[]).await.expect(401);
    other.post(&format!("{link}/request"), &[]).await.expect(303);
    assert!(other.get(&link).await.expect(200).has("希望を伝えました"));
    assert!(
        other.get("/invitations").await.expect(200).has("届いている招待はありません"),
        "not joined, not invited"
    );

    let mut doctor = world.visit("saeki").await;
    let waiting = doctor.get("/approvals").await.expect(200);
    for words in ["毛利 かおる", "看護師", "もみじ訪問看護ステーション", "別の"] {
        assert!(waiting.has(words), "{words}");
    }
    assert!(world.mail_to("saeki@example.jp").await.body.contains("毛利 かおる"));
    let id = waiting.between("action=\"/invitations/", "/approval").expect("a button");
    let mut nurse = world.visit("moriyama").await;
    nurse.post(&format!("/invitations/{id}/approval"), &[]).await.expect(404);
    doctor.post(&format!("/invitations/{id}/approval"), &[]).await.expect(303);
    world.settle().await;
    other.post(&format!("/invitations/{id}/acceptance"), &[]).await.expect(303);
    assert!(doctor.get("/staff").await.expect(200).has("毛利 かおる"));
    // The address that was written to first has nothing to answer any more.
    world.stranger().post(&format!("{link}/completion"), &LAST).await.expect(303);
    let none = world.house.read(|tx| accounts::by_email(tx, "sora@example.jp")).await.expect("a look");
    assert!(none.is_none());
    world.close().await;
}

#[tokio::test]
async fn where_the_other_account_is_turned_down_the_invited_person_may_still_come() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let mut other = world.visit("mori").await;
    other.post(&format!("{link}/request"), &[]).await.expect(303);
    assert!(world.stranger().get(&link).await.expect(200).has("希望を伝えました"));
    let mut doctor = world.visit("saeki").await;
    let waiting = doctor.get("/approvals").await.expect(200);
    let id = waiting.between("action=\"/invitations/", "/refusal").expect("a button");
    let id = id.rsplit('/').next().unwrap_or_default().to_owned();
    doctor.post(&format!("/invitations/{id}/refusal"), &[]).await.expect(303);
    let mut newcomer = world.stranger();
    register(&mut newcomer, &link).await;
    world.later(MINUTE);
    world.settle().await;
    other.post(&format!("/invitations/{id}/acceptance"), &[]).await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn what_another_holder_of_the_link_typed_is_no_credential_and_changes_nothing_underneath() {
    let world = World::with_cast().await;
    let link = invited(&world, "saeki", "sora@example.jp").await;
    let (mut sora, mut scanner) = (world.stranger(), world.stranger());
    let theirs = [
        ("family", "黒井"),
        ("given", "かげ"),
        ("profession", "physician"),
        ("password", "neko-no-shippo-42-hon"),
    ];
    scanner.post(&link, &theirs).await.expect(303);
    sora.post(&link, &FORM).await.expect(303);
    let check = sora.get(&format!("{link}/confirmation")).await.expect(200);
    assert!(check.has("name=\"family\" value=\"青井\""), "what is shown travels along");
    scanner.post(&link, &theirs).await.expect(303);
    sora.post(&format!("{link}/completion"), &[("agreed", "on")]).await.expect(422);
    sora.post(&format!("{link}/completion"), &[&FORM[..], &LAST].concat()).await.expect(303);
    let enters = |password: &'static str| [("email", "sora@example.jp"), ("password", password)];
    world.stranger().post("/sign-in", &enters("neko-no-shippo-42-hon")).await.expect(422);
    world.stranger().post("/sign-in", &enters(PASSWORD_OF_SORA)).await.expect(303);
    let card = world.house.read(|tx| {
        let account = accounts::by_email(tx, "sora@example.jp")?.expect("an account");
        accounts::card(tx, account)
    });
    assert_eq!(card.await.expect("a look").name(), "青井 そら");
    world.close().await;
}
