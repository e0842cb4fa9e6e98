//! Patients for tests and the demo, through the house's own verbs.

use super::cast;
use super::world::World;
use crate::consents::actions::Taken;
use crate::consents::{self, Details};
use crate::patients::actions::Registration;
use crate::patients::{self, Facts};
use crate::{facilities, groups};
use tasuki_law::nouns::{ConsentMethod, GroupId, MemberRole, PatientId, SeatId, Sex, Signer};

impl World {
    /// A patient registered by somebody at their workplace, with the chosen colleagues in the group.
    ///
    /// # Panics
    /// When the house refuses.
    pub async fn patient(&self, by: &str, family: &str, given: &str, staff: &[&str]) -> PatientId {
        self.patient_with(by, Facts::named(family, given, Sex::Female), staff).await
    }

    /// A patient of whom more is known.
    ///
    /// # Panics
    /// When the house refuses.
    pub async fn patient_with(&self, by: &str, facts: Facts, staff: &[&str]) -> PatientId {
        let who = self.who(by);
        let facility = self.facility(cast::actor(by).facility);
        let seats: Vec<SeatId> = staff.iter().map(|key| self.seat(key)).collect();
        let data_key = self.house.mint_key().await.expect("a key");
        let registered = self.house.write(move |tx| {
            let key = facilities::access::to_register_patient(tx, &who, facility)?;
            let new = Registration { facts: &facts, data_key, staff: &seats };
            patients::actions::register(tx, &key, &new)
        });
        registered.await.expect("a patient")
    }

    /// A written consent, recorded by somebody who may.
    ///
    /// # Panics
    /// When the house refuses.
    pub async fn consent(&self, by: &str, patient: PatientId) {
        let (who, actor) = (self.who(by), cast::actor(by));
        let workplace =
            cast::WORKPLACES.iter().find(|place| place.key == actor.facility).expect("a workplace");
        let named = self.house.read(move |tx| Ok(patients::patient(tx, patient)?.facts.name()));
        let details = Details {
            given_on: "2026-11-19".to_owned(),
            given_at: String::new(),
            signer: Signer::Patient,
            signer_name: named.await.expect("a patient"),
            relationship: None,
            relationship_words: String::new(),
            explainer_name: actor.name(),
            explainer_facility: workplace.name.to_owned(),
            explainer_phone: workplace.phone.to_owned(),
            heard_by: String::new(),
            witness: String::new(),
            means: String::new(),
        };
        let recorded = self.house.write(move |tx| {
            let key = consents::access::to_record(tx, &who, patient)?;
            let method = ConsentMethod::WrittenRegionForm;
            consents::actions::record(tx, &key, &Taken { method, details: &details, scan: None })
        });
        recorded.await.expect("a consent");
    }

    /// Withdraws what [`World::consent`] recorded.
    ///
    /// # Panics
    /// When the house refuses.
    pub async fn withdraw_consent(&self, by: &str, patient: PatientId) {
        let who = self.who(by);
        let withdrawn = self.house.write(move |tx| {
            let key = consents::access::to_record(tx, &who, patient)?;
            let newest = consents::newest(tx, patient)?.expect("a consent");
            consents::actions::withdraw(tx, &key, newest.id)
        });
        withdrawn.await.expect("a withdrawal");
    }

    /// The group of a patient.
    ///
    /// # Panics
    /// When there is no such patient.
    pub async fn group_of(&self, patient: PatientId) -> GroupId {
        let found = self.house.read(move |tx| Ok(patients::patient(tx, patient)?.group));
        found.await.expect("a patient")
    }
}

impl World {
    /// Lets somebody of any facility into a patient's group, as an accepted invitation does.
    ///
    /// # Panics
    /// When the house refuses.
    pub async fn enter_group(&self, by: &str, key: &str, patient: PatientId) {
        let group = self.group_of(patient).await;
        let (account, seat, by) = (self.account(key), self.seat(key), self.account(by));
        let entered = self.house.write(move |tx| {
            groups::actions::lock(tx, group)?;
            groups::actions::join(tx, group, account, seat, MemberRole::Member, Some(by))
        });
        entered.await.expect("a membership");
    }
}
