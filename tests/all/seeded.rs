//! A world in which everything exists that a path can name, with words that stand nowhere else.

use crate::html;
use crate::routes::Route;
use crate::walks::person::{Person, fixture, parcel};
use crate::walks::team::person;
use axum::http::Method;
use std::collections::HashMap;
use tasuki::accounts::actions::NewAccount;
use tasuki::patients::Facts;
use tasuki::testing::{Visitor, World, cast};
use tasuki_law::nouns::{AccountId, AccountKind, GroupId, Profession, Sex};

pub const GIVEN: &str = "ことね";
pub const MEMO: &str = "裏口の鈴を二回";
pub const POST: &str = "銀の匙で三口";
pub const DRAFT: &str = "まだ言えない下書き";
pub const GROUP: &str = "木蓮の会";
pub const FILE: &str = "umeboshi-no-shashin.jpg";

pub struct Seeded {
    pub world: World,
    family: AccountId,
    ishii: AccountId,
    /// The browser that all of them share.
    device: String,
    /// What stands for a name in a path.
    things: HashMap<&'static str, String>,
}

impl Seeded {
    pub async fn new() -> Self {
        let world = World::with_cast().await;
        let facts = Facts { memo: MEMO.to_owned(), ..Facts::named("棗田", GIVEN, Sex::Female) };
        let patient = world.patient_with("saeki", facts, &["moriyama", "kiyono"]).await;
        world.consent("saeki", patient).await;
        let group = world.group_of(patient).await;
        let family = account(&world, AccountKind::FamilyMember, "musume@example.jp").await;
        let ishii = account(&world, AccountKind::Professional, "ishii@example.jp").await;
        let mut things = HashMap::from([
            ("patient", patient.to_string()),
            ("group", group.to_string()),
            ("seat", world.seat("kiyono").to_string()),
            ("account", world.account("moriyama").to_string()),
            ("facility", world.facility("aozora").to_string()),
            ("number", "0".to_owned()),
            ("name", "home".to_owned()),
            ("code", "7000835".to_owned()),
            ("token", "A".repeat(43)),
        ]);
        people(&world, group, &mut things).await;
        posts(&world, group, &mut things).await;
        things_of_patients(&world, &mut things).await;
        let device = world.house.chance.token();
        things.insert("kept", world.kept_form("moriyama", &device).await.to_string());
        world.settle().await;
        Self { world, family, ishii, device: device.text(), things }
    }

    /// A browser, or a linked app, of somebody.
    pub async fn visit(&self, who: &str, api: bool) -> Visitor {
        if who == "nobody" {
            return self.world.stranger();
        }
        let account = self.account(who);
        if api {
            return self.world.program_of(account).await;
        }
        let mut visitor = self.world.visit_account(account).await;
        let mut cookies = visitor.cookies();
        cookies.push(("device".to_owned(), self.device.clone()));
        visitor.set_cookies(cookies);
        visitor
    }

    pub fn account(&self, who: &str) -> AccountId {
        match who {
            "family" => self.family,
            "ishii" => self.ishii,
            other => self.world.account(other),
        }
    }

    /// The path of a route with the ids of this world.
    pub fn path(&self, route: &Route) -> String {
        let mut folder = "";
        let mut path = String::new();
        for piece in route.path.split('/').skip(1) {
            path.push('/');
            match piece.strip_prefix('{') {
                None => path.push_str(piece),
                Some(name) => path.push_str(self.thing(route, folder, name.trim_end_matches('}'))),
            }
            folder = piece;
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }

    fn thing(&self, route: &Route, folder: &str, name: &str) -> &str {
        let name = match (name, folder) {
            ("id", folder) => folder.strip_suffix('s').unwrap_or(folder),
            (name, _) => name,
        };
        let last = route.path.rsplit('/').next().unwrap_or_default();
        let special = match name {
            "group" if last == "edit" => "free group",
            "upload" if folder == "files" && route.path.starts_with("/drafts/") => "drafted file",
            "upload" if folder == "files" => "posted file",
            "upload" if route.is_api() => "api upload",
            "invitation" if route.is_api() => "api invitation",
            "invitation" => match last {
                "approval" => "approval",
                "refusal" => "refusal",
                "cancellation" => "cancellation",
                "declination" => "declination",
                "connection" => "connection",
                _ => "invitation",
            },
            other => other,
        };
        self.things.get(special).unwrap_or_else(|| panic!("nothing is a {special} for {}", route.path))
    }

    fn fields(&self) -> Vec<(&str, &str)> {
        let thing = |name: &str| self.things.get(name).map_or("", String::as_str);
        vec![
            ("patient", thing("patient")),
            ("facility", thing("facility")),
            ("group", thing("group")),
            ("draft", thing("draft")),
            ("form", thing("form")),
            ("person", thing("account")),
            ("account", thing("account")),
            ("q", "棗田"),
            ("email_1", "dareka@example.jp"),
            ("right", "on"),
            ("fit", "on"),
            ("answer", "yes"),
            ("body", "書き換えました"),
            ("digest", thing("digest")),
            ("seq", "1"),
            ("name", "x.jpg"),
            ("size", "10"),
            ("type", "image/jpeg"),
        ]
    }

    /// A form with everything that any form of the house asks for.
    pub fn form(&self) -> String {
        serde_urlencoded::to_string(self.fields()).expect("text")
    }

    /// The same as JSON.
    pub fn json(&self) -> serde_json::Value {
        let fields = self.fields().into_iter().map(|(name, value)| (name.to_owned(), value.into()));
        let mut all: serde_json::Map<String, serde_json::Value> = fields.collect();
        all.insert("side".to_owned(), "professional".into());
        all.insert("seq".to_owned(), 1.into());
        all.insert("attachments".to_owned(), serde_json::json!([]));
        all.into()
    }

    /// What nobody outside may read; one's own address one may.
    pub fn secrets(&self, who: &str) -> Vec<String> {
        let mut words: Vec<String> = [GIVEN, MEMO, POST, DRAFT, GROUP, FILE].map(str::to_owned).to_vec();
        words.extend(cast::ACTORS.iter().filter(|actor| actor.key != who).map(cast::Actor::email));
        words
    }

    /// The premise: those inside do read all of it.
    pub async fn of_the_world_are_told_inside(&self) {
        let group = &self.things["group"];
        let mut nurse = Person::new(self.world.visit("moriyama").await);
        nurse.open(&format!("/groups/{group}")).await.sees(GIVEN).sees(POST);
        nurse.open(&format!("/drafts/{}", self.things["draft"])).await.sees(DRAFT);
        nurse.open("/groups").await.sees(GROUP);
        nurse.open("/patients").await.sees(MEMO);
        let mut was = Person::new(self.world.visit("nishi").await);
        assert_eq!(was.try_open(&format!("/groups/{group}")).await, 404, "no longer a member");
    }

    pub async fn close(self) {
        self.world.settle().await;
        self.world.close_with_leftovers();
    }
}

/// An account without a seat.
async fn account(world: &World, kind: AccountKind, email: &'static str) -> AccountId {
    let id = AccountId(world.house.chance.uuid(world.house.now()));
    let data_key = world.house.mint_key().await.expect("a key");
    let made = world.house.write(move |tx| {
        let new = NewAccount {
            id,
            kind,
            email,
            email_key: email,
            family: "石井",
            given: "夏海",
            family_kana: "いしい",
            given_kana: "なつみ",
            profession: Profession::RegisteredNurse,
            password: "-",
            data_key,
            terms_version: "1",
        };
        tasuki::accounts::actions::create(tx, &new)
    });
    made.await.expect("an account");
    id
}

/// The id in the first address on a page that stands between two marks.
#[track_caller]
fn found(page: &str, before: &str, after: &str) -> String {
    let pieces = page.split(before).skip(1).filter_map(|rest| rest.split_once(after));
    let mut ids = pieces.map(|(id, _)| id).filter(|id| id.len() == 26);
    ids.next().unwrap_or_else(|| panic!("no {before}…{after} in {}", html::words(page))).to_owned()
}

/// Invites by mail and answers the ids that the sender's list shows newest first.
async fn invite(world: &World, by: &str, group: &str, email: &str) -> String {
    let mut visitor = world.visit(by).await;
    let fields = [("view", "mail"), ("email_1", email)];
    let _ = visitor.post(&format!("/groups/{group}/invitations/new/sent"), &fields).await.expect(303);
    world.settle().await;
    let list = visitor.get("/invitations").await.expect(200).text();
    let sent = list.split("h-sent").nth(2).expect("what was sent").to_owned();
    found(&sent, "/invitations/", "\"")
}

async fn join(world: &World, group: &str, who: &str) {
    let id = invite(world, "saeki", group, &cast::actor(who).email()).await;
    let mut visitor = world.visit(who).await;
    let _ = visitor.post(&format!("/invitations/{id}/acceptance"), &[("fit", "on")]).await.expect(303);
}

/// Members, one who was, and invitations in every state.
async fn people(world: &World, group: GroupId, things: &mut HashMap<&'static str, String>) {
    let group = group.to_string();
    for who in ["yamada", "tsuda", "nishi"] {
        join(world, &group, who).await;
    }
    let mut doctor = world.visit("saeki").await;
    let mut member = async |name: &str| {
        let page = doctor.get(&format!("/groups/{group}/members")).await.expect(200).text();
        let (_, row) = page.split_once(name).expect("a member");
        found(row, "/members/", "\"")
    };
    let was = member("西 大輔").await;
    things.insert("member", member("津田 文子").await);
    let _ = doctor.post(&format!("/groups/{group}/members/{was}/removal"), &[]).await.expect(303);
    things.insert("invitation", invite(world, "saeki", &group, "ota@example.jp").await);
    things.insert("cancellation", invite(world, "saeki", &group, "hitori@example.jp").await);
    things.insert("approval", invite(world, "moriyama", &group, "futari@example.jp").await);
    things.insert("refusal", invite(world, "moriyama", &group, "sannin@example.jp").await);
    let mut nurse = world.visit("moriyama").await;
    let made = nurse.post("/groups/new", &[("name", GROUP)]).await.expect(303).location();
    let free = made.trim_start_matches("/groups/").split(['?', '#']).next().expect("an id").to_owned();
    let joined = invite(world, "moriyama", &free, "saeki@example.jp").await;
    let _ = doctor.post(&format!("/invitations/{joined}/acceptance"), &[]).await.expect(303);
    things.insert("connection", joined);
    things.insert("declination", invite(world, "moriyama", &free, "kiyono@example.jp").await);
    things.insert("api invitation", invite(world, "moriyama", &free, "ota@example.jp").await);
    // Administers the patient's facility without being in the patient's group.
    let seat = world.seat("kishi");
    let _ = doctor.post(&format!("/staff/{seat}/administrator"), &[("right", "on")]).await.expect(303);
    things.insert("free group", free);
}

/// A post with a picture, and a draft with another.
async fn posts(world: &World, group: GroupId, things: &mut HashMap<&'static str, String>) {
    let mut nurse = world.visit("moriyama").await;
    let draft = written(&mut nurse, group, POST).await;
    let page = nurse.get(&format!("{draft}/confirmation")).await.expect(200);
    let digest = page.between("name=\"digest\" value=\"", "\"").expect("a digest");
    let posted = nurse.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303).location();
    things.insert("post", posted.split_once("#p-").expect("a post").1.to_owned());
    let page = nurse.get(&format!("/groups/{group}")).await.expect(200).text();
    things.insert("timeline", found(&page, "/timelines/", "/read"));
    things.insert("posted file", found(&page, "/files/", "/thumb"));
    let draft = written(&mut nurse, group, DRAFT).await;
    let page = nurse.get(&draft).await.expect(200).text();
    things.insert("drafted file", found(&page, "name=\"remove\" value=\"", "\""));
    for thing in ["upload", "api upload"] {
        let id = draft.trim_start_matches("/drafts/");
        let file = [("draft", id), ("name", FILE), ("size", "1"), ("type", "image/jpeg")];
        let begun = nurse.post(&format!("/groups/{group}/uploads"), &file).await.json();
        things.insert(thing, begun["id"].as_str().expect("an id").to_owned());
    }
    let page = nurse.get(&format!("{draft}/confirmation")).await.expect(200);
    things.insert("digest", page.between("name=\"digest\" value=\"", "\"").expect("a digest"));
    things.insert("draft", draft.trim_start_matches("/drafts/").to_owned());
}

/// A draft with words and a picture.
async fn written(nurse: &mut Visitor, group: GroupId, words: &str) -> String {
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    let fields = [("body".to_owned(), words.to_owned()), ("go".to_owned(), "confirmation".to_owned())];
    let file = ("files".to_owned(), FILE.to_owned(), fixture("photo.jpg"));
    let (kind, body) = parcel(&fields, &[file]);
    let _ = nurse.send(Method::POST, &draft, &kind, body).await.expect(303);
    draft
}

/// A consent with its scan, pictures of people, and a registration that is not finished.
async fn things_of_patients(world: &World, things: &mut HashMap<&'static str, String>) {
    let patient = things["patient"].clone();
    let (mut doctor, mut nurse) = (person(world, "saeki").await, person(world, "moriyama").await);
    doctor.open(&format!("/patients/{patient}/consents/new")).await;
    doctor.choose("scan_file", FILE, fixture("photo.jpg"));
    doctor.press("同意を記録する", &[("method", "written_own_form"), ("signer", "patient")]).await;
    things.insert("consent", found(&doctor.page, "/consents/", "\""));
    doctor.open(&format!("/patients/{patient}/edit")).await.choose("picture", FILE, fixture("photo.jpg"));
    doctor.press("画像を保存する", &[]).await;
    nurse.open("/profile").await.choose("photo", FILE, fixture("photo.jpg"));
    nurse.press("この写真にする", &[]).await;
    let style = nurse.page.split("/static/").nth(1).and_then(|rest| rest.split('"').next());
    things.insert("file", style.expect("a style sheet").to_owned());
    let mut nurse = world.visit("moriyama").await;
    let fields = [("family", "棗田"), ("given", GIVEN), ("memo", MEMO), ("sex", "female")];
    let form = nurse.post("/patients/new", &fields).await.expect(303).location();
    things.insert("form", form.split("form=").nth(1).expect("a form").to_owned());
}
