use crate::invitations::{self, actions};
use crate::testing::World;
use crate::{Outcome, facilities};
use tasuki_law::nouns::{InvitationId, InvitationState};
use tasuki_law::rules::facility::ManageFacility;

async fn invites(world: &World, inviter: &str, email: &'static str) -> invitations::Made {
    let (who, clinic) = (world.who(inviter), world.facility("aozora"));
    let made = world.house.write(move |tx| {
        let key = facilities::access::to_invite(tx, &who, clinic)?;
        actions::invite_staff(tx, &key, email)
    });
    made.await.unwrap()
}

async fn approves(world: &World, approver: &str, id: InvitationId) {
    let who = world.who(approver);
    let approved = world.house.write(move |tx| {
        let row = invitations::access::hold(tx, id)?;
        let key = invitations::access::to_decide(tx, &who, &row)?;
        actions::approve(tx, &key, row)
    });
    approved.await.unwrap();
}

#[tokio::test]
async fn an_administrators_invitation_goes_straight_to_the_invited_person() {
    let world = World::with_cast().await;
    world.under_an_office().await;
    invites(&world, "saeki", "new@example.jp").await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    let letter = &mails[0];
    assert_eq!((letter.to.as_str(), letter.to_name.as_deref()), ("new@example.jp", None));
    assert_eq!(letter.subject, "【たすきネット】佐伯 健一さんからの招待（72時間以内にご確認ください）");
    assert!(letter.body.contains("あおぞら在宅クリニックの職場（スタッフ）への参加"), "{}", letter.body);
    assert!(
        letter.body.contains("事務局未確認") && letter.body.contains("11月23日（月）"),
        "{}",
        letter.body
    );
    assert!(!letter.body.contains("様") && !letter.body.contains("\n\n\n"), "{}", letter.body);
    assert!(world.link(letter).starts_with("/join/"));
    world.close().await;
}

#[tokio::test]
async fn an_ordinary_persons_invitation_reaches_the_administrator_first() {
    let world = World::with_cast().await;
    let made = invites(&world, "moriyama", "new@example.jp").await;
    assert_eq!(made.state, InvitationState::AwaitingAdminApproval);
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1, "nobody else must act yet");
    assert_eq!(mails[0].to, "saeki@example.jp");
    for words in ["佐伯 健一 様", "森山 みどり", "招待される人　new@example.jp", "承認するか却下するか"]
    {
        assert!(mails[0].body.contains(words), "{words} in {}", mails[0].body);
    }
    assert_eq!(world.link(&mails[0]), "/approvals");
    approves(&world, "saeki", made.id).await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].to, "new@example.jp");
    world.close().await;
}

#[tokio::test]
async fn what_was_taken_back_before_the_mail_went_is_not_told() {
    let world = World::with_cast().await;
    let made = invites(&world, "saeki", "new@example.jp").await;
    let who = world.who("saeki");
    let cancelled = world.house.write(move |tx| {
        let row = invitations::access::hold(tx, made.id)?;
        let key = invitations::access::to_cancel(tx, &who, &row)?;
        actions::cancel(tx, &key, &row)
    });
    cancelled.await.unwrap();
    assert_eq!(world.mails().await.len(), 0);
    world.close().await;
}

#[tokio::test]
async fn an_invited_person_with_an_account_is_greeted_by_name() {
    let world = World::with_cast().await;
    invites(&world, "saeki", "Mori@Example.jp").await;
    let letter = world.mails().await.remove(0);
    assert!(letter.body.starts_with("毛利 かおる 様\n"), "{}", letter.body);
    assert!(world.link(&letter).starts_with("/join/"));
    world.close().await;
}

#[tokio::test]
async fn a_facility_that_calls_itself_an_address_is_not_one_in_the_mail() {
    let world = World::with_cast().await;
    let (who, clinic) = (world.who("saeki"), world.facility("aozora"));
    let renamed: Outcome<()> = world
        .house
        .write(move |tx| {
            let key: tasuki_law::Key<'_, ManageFacility> = facilities::access::to_manage(tx, &who, clinic)?;
            let mut card = facilities::card(tx, clinic)?;
            card.name = "当選 https://evil.example/ 医院".to_owned();
            let details = facilities::details(tx, clinic)?;
            crate::workplaces::actions::change(tx, &key, &card, &details)
        })
        .await;
    renamed.unwrap();
    invites(&world, "saeki", "new@example.jp").await;
    let letter = world.mails().await.remove(0);
    assert!(letter.body.contains("当選 医院") && !letter.body.contains("evil"), "{}", letter.body);
    world.close().await;
}
