use crate::testing::{Visitor, World};

const PASSWORD: &str = "kawabe-no-hotaru-77";

async fn registers(world: &World, email: &str) -> Visitor {
    let mut hara = world.stranger();
    for (path, fields) in [
        ("/register", &[("professional", "yes")][..]),
        ("/register/workplace", &[("colleague", "no")]),
        ("/register/account", &[("email", email)]),
        (
            "/register/person",
            &[
                ("family", "原"),
                ("given", "多恵子"),
                ("family_kana", "はら"),
                ("given_kana", "たえこ"),
                ("profession", "physician"),
            ],
        ),
        (
            "/register/facility",
            &[
                ("facility", "はら内科"),
                ("postal_code", "7000835"),
                ("prefecture", "岡山県"),
                ("address", "岡山市北区中井町1-1"),
                ("building", ""),
                ("phone", "0860001234"),
                ("kind", "clinic"),
            ],
        ),
        ("/register/confirmation", &[("agreed", "on")]),
    ] {
        let _ = hara.post(path, fields).await.expect(303);
    }
    hara
}

#[tokio::test]
async fn two_mails_lead_through_a_registration() {
    let world = World::with_cast().await;
    let mut hara = registers(&world, "hara@example.jp").await;
    let letter = world.mail_to("hara@example.jp").await;
    assert!(letter.subject.contains("72時間以内"), "{}", letter.subject);
    assert!(letter.body.starts_with("原 多恵子 様\n"), "{}", letter.body);
    assert!(
        letter.body.contains("1行のまま") && letter.body.contains("11月23日（月）09:00"),
        "{}",
        letter.body
    );
    let link = world.link(&letter);
    assert!(link.starts_with("/register/completion/"), "{link}");
    let _ = hara.post(&link, &[("password", PASSWORD)]).await.expect(303);

    let second = world.mail_to("hara@example.jp").await;
    assert!(second.subject.contains("登録が完了しました"), "{}", second.subject);
    assert_eq!(world.link(&second), "/sign-in");
    assert_eq!(world.mails().await.len(), 2);
    world.close().await;
}

#[tokio::test]
async fn the_owner_of_a_known_address_is_told_and_nobody_else() {
    let world = World::with_cast().await;
    let _ = registers(&world, "Moriyama@example.jp").await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "moriyama@example.jp");
    assert!(mails[0].subject.contains("すでに登録されています"), "{}", mails[0].subject);
    assert!(
        mails[0].body.starts_with("森山 みどり 様\n"),
        "to the owner, by their own name: {}",
        mails[0].body
    );
    world.close().await;
}
