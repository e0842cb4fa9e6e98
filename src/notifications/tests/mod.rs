mod invitations;
mod posts;
mod registration;
mod smtp;

use crate::accounts::links::{self, LinkKind};
use crate::events::{Event, announce};
use crate::testing::World;
use smtp::Server;
use tasuki_base::chance::Token;
use tasuki_base::jobs;
use tasuki_law::nouns::{AccountId, EventKind};
use tasuki_value::{HOUR, MINUTE};

/// As a room does it: inside its own transaction.
async fn happens(world: &World, event: Event) {
    world.house.write(move |tx| announce(tx, &event)).await.unwrap();
}

fn asked(account: AccountId) -> Event {
    Event::new(EventKind::PasswordResetAsked).concerning(account)
}

#[tokio::test]
async fn a_reset_mail_holds_one_link_that_opens_for_an_hour() {
    let world = World::with_cast().await;
    let nurse = world.account("moriyama");
    happens(&world, asked(nurse)).await;
    let letter = world.mail_to("moriyama@example.jp").await;
    assert_eq!(letter.to_name.as_deref(), Some("森山 みどり"));
    assert!(letter.subject.contains("1時間以内"), "{}", letter.subject);
    assert!(letter.body.starts_with("森山 みどり 様\n"), "{}", letter.body);
    assert!(letter.body.contains("11月20日（金）10:00"), "{}", letter.body);

    let path = world.link(&letter);
    let found = world.house.read(move |tx| {
        let token = path.strip_prefix("/password-reset/").and_then(Token::parse).unwrap();
        links::find(tx, LinkKind::PasswordReset, &token)
    });
    let link = found.await.unwrap().unwrap();
    let now = world.house.now();
    assert!(link.subject == nurse.0 && link.is_open(now.plus(HOUR - 1)) && !link.is_open(now.plus(HOUR)));
    world.close().await;
}

#[tokio::test]
async fn every_mail_names_the_support_desk_and_the_domain_to_allow() {
    let world = World::with_cast().await;
    let doctor = world.account("saeki");
    for kind in [
        EventKind::PasswordResetAsked,
        EventKind::PasswordChanged,
        EventKind::RegistrationRepeated,
        EventKind::RegistrationCompleted,
    ] {
        happens(&world, Event::new(kind).by(doctor)).await;
    }
    let mails = world.mails().await;
    assert_eq!(mails.len(), 4);
    for letter in &mails {
        for words in ["000-000-0100", "support@example.jp", "岡山市北区表町1-1", "「tasuki.test」"] {
            assert!(letter.body.contains(words), "{words} in {}", letter.body);
        }
        assert!(letter.subject.starts_with("【たすきネット】"), "{}", letter.subject);
        assert!(letter.body.contains("1行のまま"), "{}", letter.body);
        assert!(!letter.body.contains("\n\n\n"), "{}", letter.body);
        assert!(world.link(letter).starts_with("/"));
    }
    world.close().await;
}

#[tokio::test]
async fn what_does_not_call_for_anybody_to_act_sends_nothing() {
    let world = World::with_cast().await;
    let doctor = world.account("saeki");
    for kind in EventKind::ALL {
        let quiet = !matches!(
            kind,
            EventKind::PasswordResetAsked
                | EventKind::PasswordChanged
                | EventKind::PasswordReset
                | EventKind::RegistrationRepeated
                | EventKind::RegistrationCompleted
        );
        if quiet {
            happens(&world, Event::new(*kind).by(doctor)).await;
        }
    }
    assert_eq!(world.mails().await.len(), 0);
    world.close().await;
}

#[tokio::test]
async fn with_a_mail_server_the_letter_travels() {
    let server = Server::start().await;
    let world = World::with_mailer(server.mailer()).await.peopled().await;
    happens(&world, asked(world.account("moriyama"))).await;
    assert_eq!(world.mails().await.len(), 0, "nothing is held");
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].to, "moriyama@example.jp");
    assert!(taken[0].data.contains("Auto-Submitted: auto-generated"));
    assert!(!taken[0].data.contains("森山"), "the words travel encoded: {}", taken[0].data);
    world.close().await;
}

#[tokio::test]
async fn a_server_that_says_later_gets_the_letter_later() {
    let server = Server::start().await;
    let world = World::with_mailer(server.mailer()).await.peopled().await;
    server.answer_next("451 come back");
    happens(&world, asked(world.account("moriyama"))).await;
    world.settle().await;
    assert_eq!(server.taken().len(), 0);
    world.later(MINUTE);
    world.settle().await;
    assert_eq!(server.taken().len(), 1);
    world.close().await;
}

#[tokio::test]
async fn a_server_that_says_no_is_not_asked_again() {
    let server = Server::start().await;
    let world = World::with_mailer(server.mailer()).await.peopled().await;
    server.answer_next("550 no such user");
    happens(&world, asked(world.account("moriyama"))).await;
    world.settle().await;
    let dead = world.house.read(|tx| Ok(jobs::dead(tx)?)).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].last_error.as_deref(), Some("mail_refused_550"));
    assert!(!dead[0].payload.contains('@'), "ids only: {}", dead[0].payload);
    world.close_with_leftovers();
}

#[tokio::test]
async fn a_held_letter_is_sealed_and_no_page_shows_it_outside_the_demo() {
    let world = World::with_cast().await;
    happens(&world, asked(world.account("moriyama"))).await;
    world.settle().await;
    let kept = world.house.read(|tx| super::store::held(tx, 9)).await.unwrap();
    let words = "森山".as_bytes();
    assert_eq!(kept.len(), 1);
    assert!(!kept[0].1.windows(words.len()).any(|part| part == words));
    let _ = world.stranger().get("/demo/mails").await.expect(404);
    let _ = world.visit("saeki").await.get("/demo/mails").await.expect(404);
    world.close().await;
}
