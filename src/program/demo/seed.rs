//! Moves the cast in and lets it live through some days.

use super::stories::{CIRCLE, FACES, NOTES, Note, PATIENTS, Person, Place};
use crate::consents::actions::Taken;
use crate::consents::{self, Details};
use crate::house::Rooms;
use crate::media::{Purpose, PurposeKind};
use crate::patients::Facts;
use crate::testing::cast::{self, Actor};
use crate::testing::{Visitor, World};
use crate::{House, accounts, facilities, media, profiles};
use bytes::Bytes;
use std::collections::HashMap;
use tasuki_base::{Clock, text};
use tasuki_law::nouns::{ConsentMethod, GroupId, PatientId, Signer};
use tasuki_value::{DAY, HOUR, MINUTE, Ts};

/// Fills an empty house. It lives on a clock of its own, some days ago.
///
/// # Panics
/// When the house refuses what its own people do: a fault of ours, not of the operator.
pub async fn seed(house: &House) {
    let start = start(house.now());
    let clock = Clock::fixed(start.plus(8 * HOUR));
    let rooms = Rooms { clock, ..Rooms::clone(house) };
    let mut world = World::around(House::new(rooms));
    for (number, actor) in super::cast().enumerate() {
        world.admit(actor).await;
        photograph(&world, actor, FACES[number % FACES.len()]).await;
    }
    world.settle().await;
    let mut patients = Vec::new();
    for person in PATIENTS {
        patients.push(take_in(&world, person).await);
    }
    let circle = world.free_group("yamada", CIRCLE, &["saeki", "moriyama", "tsuda", "okubo"]).await;
    world.settle().await;
    let mut team = Team { world: &world, start, visitors: HashMap::new() };
    for note in NOTES {
        team.write(note, &patients, circle).await;
    }
    // One answer is still to be given.
    let group = world.group_of(patients[0]).await;
    let _ = world.invite(group, "saeki", "nishi").await;
    team.finish().await;
    world.settle().await;
}

/// Midnight before the first of the three days; the last is today, once its notes are all past.
fn start(now: Ts) -> Ts {
    let today = text::midnight(text::local_date(now)).unwrap_or(now);
    // Days are of one length in Japan.
    let days = if today.plus(13 * HOUR) <= now { 2 } else { 3 };
    today.minus(days * DAY)
}

async fn photograph(world: &World, actor: &'static Actor, face: &'static [u8]) {
    let account = world.account(actor.key);
    let card = world.house.read(move |tx| accounts::card(tx, account)).await.expect("a person");
    let purpose = Purpose { account, data_key: card.data_key, draft: None, kind: PurposeKind::Profile };
    let kept = media::actions::keep_photo(&world.house, &purpose, "face.jpg", Bytes::from_static(face)).await;
    let photo = kept.expect("a kept photo").unwrap_or_else(|_| panic!("the face of {}", actor.key));
    let changed = world.house.write(move |tx| profiles::actions::change_photo(tx, &purpose, Some(photo)));
    changed.await.expect("a photo in its place");
}

async fn take_in(world: &World, person: &'static Person) -> PatientId {
    let [family, given, family_kana, given_kana] = person.names;
    let facts = Facts {
        family_kana: family_kana.to_owned(),
        given_kana: given_kana.to_owned(),
        birth: text::date(person.birth),
        memo: person.memo.to_owned(),
        diseases: person.diseases.iter().map(|name| (*name).to_owned()).collect(),
        medicines: person.medicines.to_owned(),
        care_level: Some(person.care),
        ..Facts::named(family, given, person.sex)
    };
    let patient = world.patient_with("saeki", facts, person.staff).await;
    if !person.team.is_empty() {
        agree(world, patient, format!("{family} {given}")).await;
        for member in person.team {
            world.enter_group("saeki", member, patient).await;
        }
    }
    patient
}

async fn agree(world: &World, patient: PatientId, name: String) {
    let (who, clinic) = (world.who("saeki"), world.facility("aozora"));
    let day = text::local_date(world.house.now()).to_string();
    let recorded = world.house.write(move |tx| {
        let key = consents::access::to_record(tx, &who, patient)?;
        let details = Details {
            given_on: day.clone(),
            given_at: String::new(),
            signer: Signer::Patient,
            signer_name: name.clone(),
            relationship: None,
            relationship_words: String::new(),
            explainer_name: cast::actor("saeki").name(),
            explainer_facility: facilities::card(tx, clinic)?.name,
            explainer_phone: facilities::details(tx, clinic)?.phone,
            heard_by: String::new(),
            witness: String::new(),
            means: String::new(),
        };
        let method = ConsentMethod::WrittenRegionForm;
        consents::actions::record(tx, &key, &Taken { method, details: &details, scan: None })
    });
    recorded.await.expect("a consent");
}

/// The people at their devices.
struct Team<'w> {
    world: &'w World,
    start: Ts,
    visitors: HashMap<&'static str, Visitor>,
}

impl Team<'_> {
    async fn write(&mut self, note: &Note, patients: &[PatientId], circle: GroupId) {
        let (day, hour, minute) = note.at;
        let at = self.start.plus(day * DAY + hour * HOUR + minute * MINUTE);
        self.world.later(at.since(self.world.house.now()));
        let group = match note.place {
            Place::Patient(number) => self.world.group_of(patients[number]).await,
            Place::Clinic => self.world.workplace("aozora").await,
            Place::Circle => circle,
        };
        let mut author = self.world.visit(note.by).await;
        let draft = author.get(&format!("/groups/{group}/compose")).await.expect(303).location();
        for (name, bytes) in note.pictures {
            author.send_file(group, &draft, name, bytes).await;
        }
        let saved = author.post(&draft, &[("body", note.words), ("go", "confirmation")]).await.expect(303);
        let page = author.get(&saved.location()).await.expect(200);
        let digest = page.between("name=\"digest\" value=\"", "\"").expect("a digest");
        let posted = author.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
        let place = posted.location();
        let (_, post) = place.split_once("#p-").expect("a post");
        for who in note.acknowledged {
            self.world.later(2 * MINUTE);
            let mut reader = self.world.visit(who).await;
            let _ = reader.get(&format!("/groups/{group}")).await.expect(200);
            let _ = reader.post(&format!("/posts/{post}/acknowledgement"), &[]).await.expect(303);
        }
        self.visitors.insert(note.by, author);
        self.world.settle().await;
    }

    /// Everybody signs out, so that the demo begins with nobody's session open.
    async fn finish(self) {
        for (_, mut visitor) in self.visitors {
            let _ = visitor.post("/sign-out", &[]).await;
        }
    }
}
