use crate::accounts::links::{self, LinkKind};
use crate::accounts::{self, TERMS_VERSION};
use crate::phrases::registration as words;
use crate::testing::{Answer, Visitor, World};
use crate::{Trouble, facilities, phrases};
use tasuki_base::chance::Token;
use tasuki_law::nouns::RegistrationId;
use tasuki_value::{HOUR, MINUTE};

const PASSWORD: &str = "hamabe no kani 88 hiki";
const CHOSEN: &[(&str, &str)] = &[("password", PASSWORD)];
const PERSON: &[(&str, &str)] = &[
    ("family", "原"),
    ("given", "多恵子"),
    ("family_kana", "ハラ"),
    ("given_kana", "たえこ"),
    ("profession", "physician"),
];
const FACILITY: &[(&str, &str)] = &[
    ("facility", "はら内科"),
    ("postal_code", "〒７００−０８３５"),
    ("prefecture", "岡山県"),
    ("address", "岡山市北区東中央町1-2"),
    ("building", "中央ビル2階"),
    ("phone", "０８６（０００）１２３４"),
    ("kind", "clinic"),
];

/// Dr Hara answers both questions; nobody of her clinic is here yet.
async fn begun(world: &World) -> Visitor {
    let mut hara = world.stranger();
    assert_eq!(
        hara.post("/register", &[("professional", "yes")]).await.expect(303).location(),
        "/register/workplace"
    );
    let on = hara.post("/register/workplace", &[("colleague", "no")]).await.expect(303);
    assert_eq!(on.location(), "/register/account");
    hara
}

async fn account(visitor: &mut Visitor, email: &str) -> Answer {
    visitor.post("/register/account", &[("email", email)]).await
}

/// Everything is filled in; the confirmation waits.
async fn filled(world: &World, email: &str) -> Visitor {
    let mut hara = begun(world).await;
    assert_eq!(account(&mut hara, email).await.expect(303).location(), "/register/person");
    assert_eq!(hara.post("/register/person", PERSON).await.expect(303).location(), "/register/facility");
    let on = hara.post("/register/facility", FACILITY).await.expect(303);
    assert_eq!(on.location(), "/register/confirmation");
    hara
}

async fn submitted(world: &World, email: &str) -> Visitor {
    let mut hara = filled(world, email).await;
    let sent = hara.post("/register/confirmation", &[("agreed", "on")]).await.expect(303);
    assert_eq!(sent.location(), "/register/sent");
    hara
}

/// The registration that this browser is about.
async fn registration(world: &World, visitor: &Visitor) -> RegistrationId {
    let cookies = visitor.cookies();
    let (_, value) = cookies.iter().find(|(name, _)| name == "registration").expect("a registration");
    let hash = Token::parse(value).expect("a token").hash();
    let found = world.house.read(move |tx| super::store::look(tx, &hash)).await.unwrap();
    found.expect("a registration under way").id
}

/// The link as the mail would carry it.
async fn mailed_link(world: &World, id: RegistrationId) -> String {
    let token = world.house.chance.token();
    let hash = token.hash();
    let issued = world.house.write(move |tx| links::issue(tx, LinkKind::Registration, id.0, &hash));
    issued.await.unwrap();
    LinkKind::Registration.url("", &token)
}

#[tokio::test]
async fn a_doctor_registers_from_the_first_question_to_the_first_sign_in() {
    let world = World::with_cast().await;
    let mut hara = filled(&world, "ｈａｒａ@example.jp").await;
    let look = hara.get("/register/confirmation").await.expect(200);
    for shown in [
        "hara@example.jp",
        "原 多恵子（はら たえこ）",
        "医師",
        "はら内科",
        "700-0835",
        "086-000-1234",
        "医科診療所",
        "中央ビル2階",
    ] {
        assert!(look.has(shown), "{shown}");
    }
    assert!(look.has("href=\"/terms\"") && look.has("href=\"/privacy\"") && !look.has(PASSWORD));
    let refused = hara.post("/register/confirmation", &[]).await.expect(422);
    assert!(refused.has(words::AGREE_FIRST) && refused.has("はら内科"));
    let sent = hara.post("/register/confirmation", &[("agreed", "on")]).await.expect(303);
    let sent = hara.get(&sent.location()).await.expect(200);
    for shown in ["まだ登録は完了していません", "hara@example.jp", "72時間", "tasuki.test", "もう一度送る"]
    {
        assert!(sent.has(shown), "{shown}");
    }
    assert!(sent.has("（まだです）") && !sent.has("aria-current=\"step\""), "the last step is still to come");
    let mail = world.mail_to("hara@example.jp").await;
    assert!(mail.subject.contains("72時間") && mail.body.contains("原 多恵子"));
    let link = world.link(&mail);
    // The mail is opened on another device, after a scanner looked at the link.
    let mut phone = world.stranger();
    let _ = world.stranger().get(&link).await.expect(200);
    assert!(phone.get(&link).await.expect(200).has("登録を完了する"));
    let done = phone.post(&link, &[("password", PASSWORD)]).await.expect(303);
    let done = phone.get(&done.location()).await.expect(200);
    assert!(
        done.has("登録が完了しました") && done.has("メールアドレスを保存する") && done.has("hara@example.jp")
    );
    assert_eq!(world.link(&world.mail_to("hara@example.jp").await), "/sign-in", "the second mail");
    let fields = [("email", "hara@example.jp"), ("password", PASSWORD)];
    assert_eq!(phone.post("/sign-in", &fields).await.expect(303).location(), "/tour");
    assert!(phone.get("/settings").await.expect(200).has(&format!("第{TERMS_VERSION}版")));
    world.close().await;
}

#[tokio::test]
async fn the_founder_administers_the_new_facility() {
    let world = World::with_cast().await;
    let mut hara = submitted(&world, "hara@example.jp").await;
    let id = registration(&world, &hara).await;
    let link = mailed_link(&world, id).await;
    let _ = hara.post(&link, CHOSEN).await.expect(303);
    let (email, name) = world.house.read(move |tx| super::addressee(tx, id)).await.unwrap();
    assert_eq!((email.as_str(), name.as_str()), ("hara@example.jp", "原 多恵子"));
    let (seats, details) = world
        .house
        .read(|tx| {
            let account = accounts::by_email(tx, "hara@example.jp")?.ok_or_else(Trouble::unseen)?;
            let seats = facilities::seats_of(tx, account)?;
            let details = facilities::details(tx, seats[0].facility)?;
            Ok((seats, details))
        })
        .await
        .unwrap();
    let [seat] = seats.as_slice() else { panic!("one seat: {seats:?}") };
    assert!(seat.admin && seat.facility_name == "はら内科" && seat.vouched_at.is_some());
    assert_eq!((details.phone.as_str(), details.building.as_str()), ("086-000-1234", "中央ビル2階"));
    world.close().await;
}

#[tokio::test]
async fn whoever_is_no_professional_reaches_no_form() {
    let world = World::with_cast().await;
    let mut daughter = world.stranger();
    let _ = daughter.post("/register", &[]).await.expect(422);
    let told = daughter.post("/register", &[("professional", "no")]).await.expect(303);
    let told = daughter.get(&told.location()).await.expect(200);
    assert!(
        told.has("最初に戻る") && told.has("招待をお願いしてください") && !told.has("<form class=\"card")
    );
    for page in ["workplace", "account", "person", "facility", "confirmation", "sent"] {
        let answer = daughter.get(&format!("/register/{page}")).await.expect(303);
        assert_eq!(answer.location(), "/register", "{page}");
    }
    let _ = account(&mut daughter, "daughter@example.jp").await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn pages_ahead_wait_for_the_pages_before() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    for page in ["/register/person", "/register/facility", "/register/confirmation"] {
        assert_eq!(hara.get(page).await.expect(303).location(), "/register/account", "{page}");
    }
    let _ = hara.post("/register/confirmation", &[("agreed", "on")]).await.expect(303);
    assert_eq!(hara.get("/register/sent").await.expect(303).location(), "/register");
    world.close().await;
}

#[tokio::test]
async fn a_colleague_here_already_means_asking_for_an_invitation() {
    let world = World::with_cast().await;
    let mut nurse = world.stranger();
    let _ = nurse.post("/register", &[("professional", "yes")]).await.expect(303);
    let found = nurse.get("/register/workplace?postal_code=700-0835").await.expect(200);
    assert!(found.has("あおぞら在宅クリニック") && found.has("岡山県岡山市北区中井町1-2-3"));
    for hidden in ["佐伯", "saeki", "0000000001"] {
        assert!(!found.has(hidden), "{hidden}");
    }
    let none = nurse.get("/register/workplace?postal_code=0600000").await.expect(200);
    assert!(none.has("登録している施設はありません"));
    let _ = nurse.get("/register/workplace?postal_code=700").await.expect(422);
    let stop = nurse.post("/register/workplace", &[("colleague", "yes")]).await.expect(303);
    assert!(nurse.get(&stop.location()).await.expect(200).has("招待を頼んでください"));
    assert_eq!(nurse.get("/register/account").await.expect(303).location(), "/register/workplace");
    for _ in 0..58 {
        let _ = nurse.get("/register/workplace?postal_code=7000835").await.expect(200);
    }
    let _ = nurse.get("/register/workplace?postal_code=7000835").await.expect(429);
    world.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_the_field_and_nothing_is_lost() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    for (email, words) in [
        ("", "入力してください"),
        ("hara.example.jp", "「@」がありません"),
        ("はら@example.jp", "使えない文字"),
    ] {
        assert!(account(&mut hara, email).await.expect(422).has(words), "{email}");
    }
    let _ = account(&mut hara, "hara@example.jp").await.expect(303);
    let missing = hara.post("/register/person", &[("family", "原"), ("given", "　")]).await.expect(422);
    assert!(missing.has(words::PROFESSION_MISSING));
    let one_name = [
        ("family", "マリア"),
        ("given", ""),
        ("family_kana", "まりあ"),
        ("profession", "certified_care_worker"),
    ];
    let on = hara.post("/register/person", &one_name).await.expect(303);
    assert_eq!(on.location(), "/register/facility", "one name is a name");
    let _ = hara.post("/register/facility", &[("back", "1")]).await.expect(303);
    assert!(missing.has("value=\"原\"") && missing.has("情報入力") && missing.has("aria-current=\"step\""));
    let odd =
        [("family", "原\u{e000}"), ("given", "多恵子"), ("family_kana", "原"), ("profession", "physician")];
    let odd = hara.post("/register/person", &odd).await.expect(422);
    assert!(odd.has(words::PRIVATE_USE) && odd.has(words::KANA_ONLY));
    let _ = hara.post("/register/person", PERSON).await.expect(303);
    let wrong = [("facility", "はら内科"), ("phone", "123"), ("postal_code", "70008")];
    let wrong = hara.post("/register/facility", &wrong).await.expect(422);
    for words in [
        words::POSTAL_CODE_WRONG,
        words::PREFECTURE_MISSING,
        words::ADDRESS_MISSING,
        words::PHONE_WRONG,
        words::KIND_MISSING,
    ] {
        assert!(wrong.has(words), "{words}");
    }
    assert!(wrong.has("value=\"はら内科\"") && wrong.has("value=\"123\""));
    world.close().await;
}

#[tokio::test]
async fn back_keeps_what_was_typed() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    let _ = account(&mut hara, "hara@example.jp").await.expect(303);
    let half = [("family", "原"), ("given", ""), ("back", "1")];
    assert_eq!(hara.post("/register/person", &half).await.expect(303).location(), "/register/account");
    let first = hara.get("/register/account").await.expect(200);
    assert!(first.has("value=\"hara@example.jp\""));
    assert!(hara.get("/register/person").await.expect(200).has("value=\"原\""));
    let _ = hara.post("/register/person", PERSON).await.expect(303);
    let half = [("facility", "はら内科"), ("kind", "clinic"), ("back", "1")];
    assert_eq!(hara.post("/register/facility", &half).await.expect(303).location(), "/register/person");
    let page = hara.get("/register/facility").await.expect(200);
    assert!(page.has("value=\"はら内科\"") && page.has("<option value=\"clinic\" selected>"));
    world.close().await;
}

#[tokio::test]
async fn the_address_is_filled_in_without_a_script() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    let _ = account(&mut hara, "hara@example.jp").await.expect(303);
    let _ = hara.post("/register/person", PERSON).await.expect(303);
    let fill = |code: &'static str, line: &'static str| {
        [("facility", "はら内科"), ("postal_code", code), ("line", line), ("fill", "1")]
    };
    let one = hara.post("/register/facility", &fill("700-0835", "")).await.expect(200);
    assert!(one.has("value=\"岡山市北区東中央町\"") && one.has("<option value=\"岡山県\" selected>"));
    assert!(one.has("value=\"はら内科\""));
    let many = hara.post("/register/facility", &fill("4801103", "")).await.expect(200);
    assert!(many.has("value=\"長久手市\"") && many.has("選んだ住所を入れる"));
    let chosen = hara.post("/register/facility", &fill("4801103", "長久手市岩作中根")).await.expect(200);
    assert!(chosen.has("name=\"address\" type=\"text\" value=\"長久手市岩作中根\""));
    let unknown = hara.post("/register/facility", &fill("9999999", "")).await.expect(422);
    assert!(unknown.has(words::POSTAL_CODE_UNKNOWN));
    let script = hara.get("/postal-codes/7000835").await.expect(200).json();
    assert_eq!(script["prefecture"], "岡山県");
    let _ = hara.get("/postal-codes/9999999").await.expect(404);
    world.close().await;
}

#[tokio::test]
async fn a_shared_box_is_warned_of() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    let warned = account(&mut hara, "info@example.jp").await.expect(422);
    assert!(warned.has("何人かで使うアドレスのようです") && warned.has("このアドレスを読むのは、私だけです"));
    let fields = [("email", "info@example.jp"), ("unshared", "on")];
    let _ = hara.post("/register/account", &fields).await.expect(303);
    world.close().await;
}

#[tokio::test]
async fn an_address_that_has_an_account_is_answered_like_any_other() {
    let world = World::with_cast().await;
    let mut new = filled(&world, "hara@example.jp").await;
    let mut known = filled(&world, "saeki@example.jp").await;
    for path in ["/register/confirmation", "/register/account", "/register/person"] {
        let (one, other) = (new.get(path).await.expect(200), known.get(path).await.expect(200));
        assert_eq!(one.text(), other.text().replace("saeki@", "hara@"), "{path}");
    }
    for visitor in [&mut new, &mut known] {
        let sent = visitor.post("/register/confirmation", &[("agreed", "on")]).await.expect(303);
        assert_eq!(sent.location(), "/register/sent");
    }
    let (one, other) =
        (new.get("/register/sent").await.expect(200), known.get("/register/sent").await.expect(200));
    assert_eq!(one.text(), other.text().replace("saeki@", "hara@"));
    let told = world.mail_to("saeki@example.jp").await;
    assert!(told.subject.contains("すでに登録されています"), "the owner is told");
    // Even a link would not make a second account.
    let link = mailed_link(&world, registration(&world, &known).await).await;
    assert!(known.get(&link).await.expect(200).has("すでに登録されています"));
    let again = known.post(&link, CHOSEN).await.expect(303);
    assert!(known.get(&again.location()).await.expect(200).has("すでに登録されています"));
    world.close().await;
}

#[tokio::test]
async fn a_late_link_leads_to_a_new_one_and_a_used_one_to_the_sign_in() {
    let world = World::with_cast().await;
    let mut hara = submitted(&world, "hara@example.jp").await;
    let id = registration(&world, &hara).await;
    let late = mailed_link(&world, id).await;
    world.later(72 * HOUR + MINUTE);
    let told = hara.get(&late).await.expect(200);
    assert!(told.has("このリンクは使えません") && told.has("新しいリンクを送る"));
    let _ = hara.post(&late, &[]).await.expect(303);
    assert!(hara.get(&late).await.expect(200).has("このリンクは使えません"));
    let renewed = hara.post(&late, &[("renew", "1")]).await.expect(303);
    assert!(hara.get(&renewed.location()).await.expect(200).has("メールを送りました"));
    let fresh = mailed_link(&world, id).await;
    for _ in 0..2 {
        let done = hara.post(&fresh, CHOSEN).await.expect(303);
        assert!(hara.get(&done.location()).await.expect(200).has("登録が完了しました"));
    }
    assert!(hara.get(&late).await.expect(200).has("登録が完了しました"));
    let nonsense = hara.get("/register/completion/nonsense").await.expect(200);
    assert!(nonsense.has("このリンクは使えません"));
    let _ = hara.post("/register/completion/%E3%81%82%0A", &[]).await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn racing_completions_make_one_account() {
    let world = World::with_cast().await;
    let hara = submitted(&world, "hara@example.jp").await;
    let id = registration(&world, &hara).await;
    let (one, other) = (mailed_link(&world, id).await, mailed_link(&world, id).await);
    // And the same address once more, from another browser.
    let again = submitted(&world, "hara@example.jp").await;
    let second = registration(&world, &again).await;
    assert_ne!(second, id, "two registrations of one address");
    let rival = mailed_link(&world, second).await;
    let press = |link: String| {
        let mut visitor = world.stranger();
        async move { visitor.post(&link, CHOSEN).await }
    };
    let answers =
        futures_util::future::join_all([&one, &one, &other, &rival].map(|link| press(link.clone()))).await;
    for answer in &answers {
        assert!(matches!(answer.status.as_u16(), 200 | 303), "{}", answer.text());
    }
    let seats = world.house.read(|tx| {
        let account = accounts::by_email(tx, "hara@example.jp")?.ok_or_else(Trouble::unseen)?;
        facilities::seats_of(tx, account)
    });
    assert_eq!(seats.await.unwrap().len(), 1);
    let named = world.house.read(|tx| facilities::at_postal_code(tx, "7000835")).await.unwrap();
    assert_eq!(named.iter().filter(|card| card.name == "はら内科").count(), 1);
    world.close().await;
}

#[tokio::test]
async fn another_address_after_sending_makes_the_first_mail_worthless() {
    let world = World::with_cast().await;
    let mut hara = submitted(&world, "wrong@example.jp").await;
    let first = registration(&world, &hara).await;
    let link = mailed_link(&world, first).await;
    let _ = account(&mut hara, "hara@example.jp").await.expect(303);
    let sent = hara.post("/register/confirmation", &[("agreed", "on")]).await.expect(303);
    assert!(hara.get(&sent.location()).await.expect(200).has("hara@example.jp"));
    // Whoever got the first mail can do nothing with it.
    let mut finder = world.stranger();
    assert!(finder.post(&link, &[]).await.expect(200).has("このリンクは使えません"));
    let late = world.house.read(move |tx| super::addressee(tx, first)).await;
    assert!(matches!(late, Err(Trouble::Refused(_))), "the first mail, if still waiting, is not sent");
    assert!(world.house.read(|tx| accounts::by_email(tx, "hara@example.jp")).await.unwrap().is_none());
    world.close().await;
}

#[tokio::test]
async fn mails_to_one_address_are_few() {
    let world = World::with_cast().await;
    let mut hara = submitted(&world, "hara@example.jp").await;
    for _ in 0..4 {
        let again = hara.post("/register/sent", &[]).await.expect(303);
        assert!(hara.get(&again.location()).await.expect(200).has("メールを送りました"));
    }
    let full = hara.post("/register/sent", &[]).await.expect(429);
    assert!(full.has(words::MAILS_SENT));
    world.close().await;
}

#[tokio::test]
async fn what_was_given_up_is_forgotten_after_two_weeks() {
    let world = World::with_cast().await;
    let mut hara = begun(&world).await;
    let _ = account(&mut hara, "hara@example.jp").await.expect(303);
    world.later(15 * 24 * HOUR);
    let _ = world.stranger().post("/register", &[("professional", "yes")]).await.expect(303);
    assert_eq!(hara.get("/register/person").await.expect(303).location(), "/register");
    world.close().await;
}

const STRANGERS: &str = "neko-no-shippo-42-hon";

async fn opens(world: &World, email: &str, password: &str) -> bool {
    let fields = [("email", email), ("password", password)];
    world.stranger().post("/sign-in", &fields).await.status == 303
}

#[tokio::test]
async fn who_registers_somebody_elses_address_gets_nothing_of_the_account() {
    let world = World::with_cast().await;
    let mut stranger = begun(&world).await;
    // A password sent along anywhere before the link is nobody's.
    let forced = |fields: &[(&'static str, &'static str)]| [fields, &[("password", STRANGERS)]].concat();
    let _ = stranger.post("/register/account", &forced(&[("email", "nurse@example.jp")])).await.expect(303);
    let _ = stranger.post("/register/person", &forced(PERSON)).await.expect(303);
    let _ = stranger.post("/register/facility", &forced(FACILITY)).await.expect(303);
    let _ = stranger.post("/register/confirmation", &forced(&[("agreed", "on")])).await.expect(303);
    let link = world.link(&world.mail_to("nurse@example.jp").await);

    let mut nurse = world.stranger();
    let page = nurse.get(&link).await.expect(200);
    assert!(page.has("だれかがこのメールアドレスで") && page.has("心当たりがない") && page.has("はら内科"));
    let _ = nurse.post(&link, &[]).await.expect(422);
    let weak = nurse.post(&link, &[("password", "nurse@example.jp")]).await.expect(422);
    assert!(weak.has(phrases::PASSWORD_GUESSABLE));
    let wrong = nurse.post(&link, &[("family", "梅田"), ("password", PASSWORD)]).await.expect(422);
    assert!(wrong.has("<details class=\"fold\" open>") && wrong.has("value=\"梅田\""));
    let mine =
        [&[("family", "梅田"), ("given", "さき"), ("profession", "registered_nurse")], FACILITY, CHOSEN];
    let done = nurse.post(&link, &mine.concat()).await.expect(303);
    assert!(nurse.get(&done.location()).await.expect(200).has("登録が完了しました"));

    assert!(!opens(&world, "nurse@example.jp", STRANGERS).await);
    assert!(opens(&world, "nurse@example.jp", PASSWORD).await);
    for page in ["/register/sent", "/register/confirmation", "/register/account"] {
        assert_eq!(stranger.get(page).await.expect(303).location(), "/register", "{page}");
    }
    let _ = stranger.get("/settings").await.expect(303);
    let card = world.house.read(|tx| {
        let account = accounts::by_email(tx, "nurse@example.jp")?.ok_or_else(Trouble::unseen)?;
        accounts::card(tx, account)
    });
    assert_eq!(card.await.unwrap().name(), "梅田 さき");
    world.close().await;
}

#[tokio::test]
async fn what_changes_after_the_mail_went_out_is_not_behind_its_link() {
    let world = World::with_cast().await;
    for (page, fields) in [
        ("/register/person", PERSON),
        ("/register/facility", FACILITY),
        ("/register/account", &[("email", "nurse@example.jp")][..]),
    ] {
        let mut stranger = submitted(&world, "nurse@example.jp").await;
        let link = mailed_link(&world, registration(&world, &stranger).await).await;
        let _ = stranger.post(page, fields).await.expect(303);
        let mut nurse = world.stranger();
        assert!(nurse.get(&link).await.expect(200).has("このリンクは使えません"), "{page}");
        assert!(nurse.post(&link, CHOSEN).await.expect(200).has("このリンクは使えません"), "{page}");
        assert_eq!(stranger.get("/register/sent").await.expect(303).location(), "/register", "{page}");
    }
    assert!(!opens(&world, "nurse@example.jp", PASSWORD).await);
    world.close().await;
}

#[tokio::test]
async fn whoever_did_not_ask_for_it_makes_it_vanish() {
    let world = World::with_cast().await;
    for late in [false, true] {
        let mut stranger = submitted(&world, "nurse@example.jp").await;
        let link = mailed_link(&world, registration(&world, &stranger).await).await;
        world.settle().await;
        world.later(if late { 73 * HOUR } else { 0 });
        let mut nurse = world.stranger();
        assert!(nurse.post(&link, &[("refuse", "1")]).await.expect(200).has("申し込みを取り消しました"));
        assert!(nurse.post(&link, CHOSEN).await.expect(200).has("このリンクは使えません"));
        assert_eq!(stranger.get("/register/sent").await.expect(303).location(), "/register");
        assert_eq!(stranger.post("/register/sent", &[]).await.expect(303).location(), "/register");
    }
    let none = world.house.read(|tx| accounts::by_email(tx, "nurse@example.jp")).await.unwrap();
    assert!(none.is_none());
    world.close().await;
}

#[tokio::test]
async fn a_known_address_costs_the_same_and_one_mailbox_is_one_however_it_is_written() {
    let world = World::with_cast().await;
    for number in 0..5 {
        let email = format!("hara+{number}@example.jp");
        let _ = submitted(&world, &email).await;
    }
    let mut more = filled(&world, "Hara+x@example.jp").await;
    let full = more.post("/register/confirmation", &[("agreed", "on")]).await.expect(429);
    assert!(full.has(words::MAILS_SENT) && full.has("はら内科"));
    assert_eq!(world.mails().await.len(), 5);
    world.close().await;
}
