//! Who may what, asked of the actions directly where no page would offer it.

use crate::invitations::{access, actions, answers};
use crate::testing::World;
use crate::{Trouble, facilities};
use tasuki_law::nouns::InvitationState;
use tasuki_law::{Refusal, Why};

#[tokio::test]
async fn the_approver_and_nobody_else_decides() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    world.join(group, "saeki", "okubo").await;
    // A helper of another facility invites: her own administrator approves, or the group's.
    let (id, state) = world.invite(group, "okubo", "ota").await;
    assert_eq!(state, InvitationState::AwaitingAdminApproval);
    for outsider in ["okubo", "ota", "mori", "tsuda", "kiyono"] {
        let who = world.who(outsider);
        let asked = world.house.read(move |tx| {
            let row = super::super::find(tx, id)?;
            access::to_decide(tx, &who, &row).map(|_| ())
        });
        let refused = matches!(asked.await, Err(Trouble::Refused(Refusal::Unseen)));
        assert!(refused, "{outsider} decides nothing");
    }
    assert_eq!(world.approve("yamada", id).await, InvitationState::AwaitingInvitee);
    world.close().await;
}

#[tokio::test]
async fn a_person_with_two_workplaces_chooses_one() {
    let world = World::with_cast().await;
    let nurse = world.account("mori");
    let clinic = world.facility("aozora");
    let seated = world.house.write(move |tx| {
        let profession = crate::accounts::card(tx, nurse)?.profession;
        crate::workplaces::actions::take_seat(tx, nurse, clinic, profession)
    });
    let second = seated.await.expect("a second seat");
    let group = world.free_group("saeki", "在宅の勉強会", &[]).await;
    let (id, _) = world.invite(group, "saeki", "mori").await;
    let who = world.who("mori");
    let unchosen = world.house.write(move |tx| answers::accept_as(tx, &who, id, None)).await;
    assert!(matches!(unchosen, Err(Trouble::Refused(Refusal::Because(Why::NeedsSeat)))));
    let mut visitor = world.visit("mori").await;
    let page = visitor.get(&format!("/invitations/{id}/acceptance")).await.expect(200);
    assert!(page.has("どの職場の立場で参加しますか"));
    let stranger_seat = world.seat("saeki").to_string();
    visitor.post(&format!("/invitations/{id}/acceptance"), &[("seat", &stranger_seat)]).await.expect(422);
    visitor
        .post(&format!("/invitations/{id}/acceptance"), &[("seat", &second.to_string())])
        .await
        .expect(303);
    let seat =
        world.house.read(move |tx| Ok(crate::groups::member_of(tx, group, nurse)?.map(|m| m.seat))).await;
    assert_eq!(seat.expect("a look"), Some(second));
    world.close().await;
}

#[tokio::test]
async fn whoever_leaves_takes_their_open_invitations_with_them() {
    let world = World::with_cast().await;
    let group = world.free_group("moriyama", "看護の会", &[]).await;
    let (id, _) = world.invite(group, "moriyama", "yamada").await;
    world.end_seat("saeki", "moriyama").await;
    let mut manager = world.visit("yamada").await;
    manager.post(&format!("/invitations/{id}/acceptance"), &[]).await.expect(403);
    let seat = world.seat("moriyama");
    let held = world.house.write(move |tx| facilities::actions::hold_seat(tx, seat)).await;
    assert!(held.is_err(), "the premise: an ended seat opens nothing");
    world.close().await;
}

#[tokio::test]
async fn the_same_invitation_twice_is_one() {
    let world = World::with_cast().await;
    let (who, clinic) = (world.who("saeki"), world.facility("aozora"));
    let ids = world.house.write(move |tx| {
        let key = facilities::access::to_invite(tx, &who, clinic)?;
        let one = actions::invite_staff(tx, &key, "aoi@example.jp")?;
        let two = actions::invite_staff(tx, &key, "Aoi@Example.jp")?;
        Ok((one.id, two.id))
    });
    let (one, two) = ids.await.expect("an invitation");
    assert_eq!(one, two);
    world.close().await;
}
