//! Groups and their members, made by named people.

use super::World;
use crate::accounts::actions::NewAccount;
use crate::invitations::{Invitee, access, actions, answers};
use crate::{accounts, groups, workplaces};
use tasuki_law::nouns::{AccountId, AccountKind, GroupId, InvitationId, InvitationState, Profession};

impl World {
    /// An invitation of one person of the cast by another, however far it comes.
    ///
    /// # Panics
    /// When the law or the database refuses.
    pub async fn invite(&self, group: GroupId, by: &str, whom: &str) -> (InvitationId, InvitationState) {
        let (who, invitee) = (self.who(by), Invitee::Person(self.account(whom)));
        let made = self.house.write(move |tx| {
            groups::actions::lock(tx, group)?;
            let key = groups::access::to_invite(tx, &who, group)?;
            actions::invite_member(tx, &key, &invitee)
        });
        let made = made.await.expect("an invitation");
        (made.id, made.state)
    }

    /// Brings a person of the cast into a group: invited by one who needs nobody's approval, and accepted.
    ///
    /// # Panics
    /// When the invitation does not reach the person.
    pub async fn join(&self, group: GroupId, by: &str, whom: &str) {
        let (id, state) = self.invite(group, by, whom).await;
        if state == InvitationState::Accepted {
            return;
        }
        assert_eq!(state, InvitationState::AwaitingInvitee, "{whom} is not asked yet");
        let who = self.who(whom);
        let joined = self.house.write(move |tx| answers::accept_as(tx, &who, id, None));
        joined.await.expect("a member");
    }

    /// Approves an invitation, as a person of the cast who may.
    ///
    /// # Panics
    /// When they may not.
    pub async fn approve(&self, by: &str, id: InvitationId) -> InvitationState {
        let who = self.who(by);
        let approved = self.house.write(move |tx| {
            let row = access::hold(tx, id)?;
            let key = access::to_decide(tx, &who, &row)?;
            actions::approve(tx, &key, row)
        });
        approved.await.expect("an approver")
    }

    /// A nurse who has just come to a workplace of the cast, with an address of her own.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn newcomer(&self, facility: &str, email: &'static str) -> AccountId {
        let account = AccountId(self.house.chance.uuid(self.house.now()));
        let facility = self.facility(facility);
        let data_key = self.house.mint_key().await.expect("a key");
        let came = self.house.write(move |tx| {
            let new = NewAccount {
                id: account,
                kind: AccountKind::Professional,
                email,
                email_key: email,
                family: "青井",
                given: "あおい",
                family_kana: "あおい",
                given_kana: "あおい",
                profession: Profession::RegisteredNurse,
                password: "-",
                data_key,
                terms_version: "1",
            };
            accounts::actions::create(tx, &new)?;
            workplaces::actions::take_seat(tx, account, facility, new.profession)
        });
        came.await.expect("a newcomer");
        self.settle().await;
        account
    }

    /// Ends the seat of a person of the cast, as another one.
    ///
    /// # Panics
    /// When the law refuses.
    pub async fn end_seat(&self, by: &str, whom: &str) {
        let (who, seat) = (self.who(by), self.seat(whom));
        let ended = self.house.write(move |tx| crate::departures::actions::depart(tx, &who, seat));
        ended.await.expect("the seat ends");
    }
}
