//! A team around one patient, as after the first days.

use super::person::{Person, fixture};
use tasuki::patients::Facts;
use tasuki::testing::World;
use tasuki_law::nouns::{GroupId, PatientId, Sex};

pub const FAMILY: &str = "棗田";
pub const GIVEN: &str = "ことね";
pub const MEMO: &str = "裏口の鈴を二回";

pub struct Team {
    pub patient: PatientId,
    pub group: GroupId,
}

impl Team {
    /// The patient's page of posts.
    pub fn place(&self) -> String {
        format!("/groups/{}", self.group)
    }
}

/// Saeki's patient with the clinic's nurses, the care manager and the pharmacist, the consent on record.
pub async fn team(world: &World) -> Team {
    let facts = Facts { memo: MEMO.to_owned(), ..Facts::named(FAMILY, GIVEN, Sex::Female) };
    let patient = world.patient_with("saeki", facts, &["moriyama", "kiyono"]).await;
    world.consent("saeki", patient).await;
    let team = Team { patient, group: world.group_of(patient).await };
    for member in ["yamada", "tsuda"] {
        world.join(team.group, "saeki", member).await;
    }
    world.settle().await;
    team
}

/// Somebody of the cast, signed in.
pub async fn person(world: &World, key: &str) -> Person {
    Person::new(world.visit(key).await)
}

/// Writes, adds files, confirms, posts.
pub async fn write(person: &mut Person, place: &str, words: &str, files: &[&str]) {
    person.open(&format!("{place}/compose")).await;
    for name in files {
        person.choose("files", name, fixture(name));
    }
    person.press("確認へ進む", &[("body", words)]).await.sees(words).press("この内容で投稿する", &[]).await;
    person.sees(words);
}
