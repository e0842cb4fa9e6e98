use super::{Place, backup, restore, verify};
use crate::config::{Plan, Sources, plan};
use crate::program::open;
use crate::testing::World;
use crate::{House, audit};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tasuki_base::db::Db;
use tasuki_base::seal;
use tasuki_law::nouns::GroupId;

const WORDS: &str = "銀の匙で三口";

/// A folder for one test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("tasuki-backup-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn copy(&self) -> Place {
        Place::new(self.0.join("copy"), None)
    }

    /// A house of its own in this folder: on PostgreSQL in a schema of its own.
    pub async fn plan(&self, name: &str, pg: bool) -> Plan {
        let url = if pg { Some(self.schema(name).await) } else { None };
        let data = self.0.join(name).display().to_string();
        let flags = [("TASUKI_DATA", Some(data)), ("DATABASE_URL", url)];
        let sources = Sources::gather(&flags, |_| None, None).unwrap();
        plan(&sources, false).unwrap_or_else(|wrong| panic!("{wrong:?}"))
    }

    async fn schema(&self, name: &str) -> String {
        let url = std::env::var("TASUKI_TEST_PG").unwrap();
        let own = self.0.file_name().unwrap().to_string_lossy().replace('-', "_");
        let (server, schema) = (url.clone(), format!("{own}_{name}"));
        let named = schema.clone();
        tokio::task::spawn_blocking(move || Db::pg(&server, 1, Some(&named)).map(drop))
            .await
            .unwrap()
            .unwrap();
        format!("{url}?options=-csearch_path%3D{schema}")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub async fn opened(plan: &Plan) -> House {
    open(plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// A team with two patients, posts, consents and a photo.
pub async fn lived_in(plan: &Plan) -> (World, [GroupId; 2]) {
    let world = World::around(opened(plan).await).peopled().await;
    let mut groups = Vec::new();
    for (family, given) in [("岡田", "久恵"), ("隅田", "ヨシ子")] {
        let patient = world.patient("saeki", family, given, &["moriyama"]).await;
        world.consent("saeki", patient).await;
        groups.push(world.group_of(patient).await);
    }
    let mut nurse = world.visit("moriyama").await;
    let draft = nurse.get(&format!("/groups/{}/compose", groups[0])).await.expect(303).location();
    nurse
        .send_file(groups[0], &draft, "kakato.jpg", include_bytes!("../../../tests/fixtures/photo.jpg"))
        .await;
    for group in &groups {
        nurse.write_post(*group, WORDS).await;
    }
    world.settle().await;
    (audit::CHAIN.run)(world.house.clone(), "null".to_owned()).await.unwrap();
    (world, [groups[0], groups[1]])
}

/// Takes the master key out of the safe for a new place.
pub fn key_from_the_safe(from: &Plan, to: &Plan) {
    std::fs::copy(&from.master, &to.master).unwrap();
}

pub async fn done(what: impl Future<Output = Result<(), Vec<String>>>) {
    what.await.unwrap_or_else(|wrong| panic!("{wrong:?}"));
}

async fn move_house(from_pg: bool, to_pg: bool) {
    let folder = Folder::new();
    let (from, to) = (folder.plan("from", from_pg).await, folder.plan("to", to_pg).await);
    let (world, [group, _]) = lived_in(&from).await;
    done(backup(from.clone(), folder.copy())).await;
    done(verify(from.clone(), folder.copy())).await;
    key_from_the_safe(&from, &to);
    done(restore(to.clone(), folder.copy(), None)).await;

    let moved = world.moved(opened(&to).await);
    let posts = moved.posts("saeki", group).await;
    assert_eq!(posts.iter().map(|post| post.text.as_str()).collect::<Vec<_>>(), [WORDS]);
    let file = &posts[0].files[0];
    let path = format!("/posts/{}/files/{}", posts[0].id, file.id);
    let there = moved.visit("saeki").await.get(&path).await.expect(200);
    let here = world.visit("saeki").await.get(&path).await.expect(200);
    assert!(!here.bytes.is_empty() && there.bytes == here.bytes, "the photo is the photo");
    let chain = audit::verify_chain(&moved.house.db).await.unwrap();
    assert!(chain.is_whole() && chain.events > 0, "{chain:?}");
    // Life goes on in the new place.
    moved.visit("moriyama").await.write_post(group, "引っ越しました").await;
    assert_eq!(moved.posts("saeki", group).await.last().unwrap().seq, 2);
    let again = restore(to, folder.copy(), None).await;
    assert!(again.is_err(), "nothing is ever restored over a house that is lived in");
}

#[tokio::test]
async fn a_house_moves_with_everything_in_it() {
    move_house(false, false).await;
}

#[tokio::test]
async fn a_house_moves_from_one_engine_to_the_other_and_back() {
    if std::env::var("TASUKI_TEST_PG").is_ok() {
        move_house(false, true).await;
        move_house(true, false).await;
    }
}

/// Moves every row of a patient's group under another key and destroys its own: what is left sealed by it stays.
pub async fn destroy_key_of(house: &House, group: GroupId) {
    let spare = house.mint_key().await.unwrap();
    let now = house.now();
    let destroyed = house.db.write::<_, tasuki_base::db::Error>(move |tx| {
        let (key,) = tx.one::<(seal::KeyId,)>("SELECT data_key FROM groups WHERE id = $1", &[&group])?;
        for sql in [
            "UPDATE groups SET data_key = $2 WHERE data_key = $1",
            "UPDATE patients SET data_key = $2 WHERE data_key = $1",
            "UPDATE uploads SET data_key = $2 WHERE data_key = $1",
            "UPDATE patient_forms SET data_key = $2 WHERE data_key = $1",
        ] {
            tx.exec(sql, &[&key, &spare])?;
        }
        seal::store::destroy(tx, key, now)
    });
    assert!(destroyed.await.unwrap());
}

#[tokio::test]
async fn a_destroyed_patient_is_closed_in_every_generation_and_nobody_else_is() {
    let folder = Folder::new();
    let (from, to) = (folder.plan("from", false).await, folder.plan("to", false).await);
    let (world, [kept, destroyed]) = lived_in(&from).await;
    done(backup(from.clone(), folder.copy())).await;
    let before = folder.copy().names().unwrap().pop().unwrap();
    assert_eq!(world.posts("saeki", destroyed).await.len(), 1, "readable until then");

    destroy_key_of(&world.house, destroyed).await;
    let rooms = &*world.house;
    let turned = seal::turn(&rooms.db, &rooms.vault, &rooms.chance, world.house.now()).await.unwrap();
    assert_eq!(turned.destroyed.len(), 1);
    // Names of generations tell seconds.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    done(backup(from.clone(), folder.copy())).await;
    done(verify(from.clone(), folder.copy())).await;

    key_from_the_safe(&from, &to);
    done(restore(to.clone(), folder.copy(), Some(before))).await;
    let moved = world.moved(opened(&to).await);
    assert_eq!(moved.posts("saeki", kept).await[0].text, WORDS);
    let who = moved.who("saeki");
    let read = moved.house.read(move |tx| {
        let (_, facts, state) = crate::timeline::access::to_read(tx, &who, destroyed)?;
        crate::timeline::posts(tx, &who, &facts, &state, 1, state.seq)
    });
    assert!(read.await.is_err(), "the old copy holds the row and no key to it");
    // The house that moved in is copied like any other, with a row that opens nothing.
    let again = Place::new(folder.0.join("again"), None);
    done(backup(to.clone(), again.clone())).await;
    done(verify(to, again)).await;
}

#[tokio::test]
async fn what_was_copied_before_another_master_key_opens_with_it() {
    let folder = Folder::new();
    let (from, to) = (folder.plan("from", false).await, folder.plan("to", false).await);
    let (world, [group, _]) = lived_in(&from).await;
    done(backup(from.clone(), folder.copy())).await;
    let before = folder.copy().names().unwrap().pop().unwrap();
    let old = std::fs::read(&from.master).unwrap();
    let with_copy = {
        let mut plan = from.clone();
        plan.config.keys_copy = Some(folder.copy().keys);
        plan
    };
    done(crate::program::keys::rotate(with_copy)).await;
    assert_ne!(std::fs::read(&from.master).unwrap(), old);
    done(verify(from.clone(), folder.copy())).await;
    key_from_the_safe(&from, &to);
    done(restore(to.clone(), folder.copy(), Some(before))).await;
    let moved = world.moved(opened(&to).await);
    assert_eq!(moved.posts("saeki", group).await[0].text, WORDS);
    std::fs::write(&to.master, old).unwrap();
    assert!(verify(to, folder.copy()).await.is_err(), "the old master key opens the keys' copy no more");
}

#[tokio::test]
async fn it_is_told_from_which_day_no_copy_of_a_destroyed_key_is_left() {
    let folder = Folder::new();
    let plan = folder.plan("from", false).await;
    let (world, [one, other]) = lived_in(&plan).await;
    let told = || {
        let vault = super::open_vault(&folder.copy().keys, &plan.master).unwrap();
        super::verify::gone_in_words(&vault, &folder.copy()).unwrap().concat()
    };
    let rooms = &*world.house;
    let keys = folder.copy().keys;
    let copy = || super::copy_keys(&rooms.db, &rooms.vault, &rooms.chance, &keys);
    done(copy()).await;
    assert_eq!(told(), "", "nothing was destroyed");
    destroy_key_of(&world.house, one).await;
    done(copy()).await;
    assert!(told().contains("鍵1個は、古い控えの写しでまだ開けるおそれ"), "{}", told());

    // 2026-11-23 00:30 in Tokyo, the 22nd elsewhere.
    let night = tasuki_value::Ts(1_795_361_400_000_000);
    seal::turn(&rooms.db, &rooms.vault, &rooms.chance, night).await.unwrap();
    assert!(!told().contains("日から"), "the copy still holds the epoch: {}", told());
    done(copy()).await;
    assert!(told().contains("2026年11月23日から、消去した鍵1個の写しは、どの控えにも"), "{}", told());
    assert!(!told().contains("おそれ"), "{}", told());

    destroy_key_of(&world.house, other).await;
    done(copy()).await;
    assert!(told().contains("11月23日から、消去した鍵1個") && told().contains("おそれ"), "{}", told());
    seal::turn(&rooms.db, &rooms.vault, &rooms.chance, night.plus(tasuki_value::DAY)).await.unwrap();
    done(copy()).await;
    assert!(told().contains("11月23日から、消去した鍵1個") && told().contains("11月24日から、消去した鍵1個"));
    assert!(!told().contains("おそれ"), "{}", told());
}

fn change_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn what_is_damaged_or_of_another_key_is_found() {
    let folder = Folder::new();
    let (from, to) = (folder.plan("from", false).await, folder.plan("to", false).await);
    let (world, _) = lived_in(&from).await;
    done(backup(from.clone(), folder.copy())).await;
    drop(world);
    let copy = folder.copy();
    let generation = copy.generations().join(copy.names().unwrap().pop().unwrap());
    let raw = std::fs::read(generation.join("tables")).unwrap();
    for words in [WORDS, "森山", "moriyama@example.jp", "岡田"] {
        assert!(!raw.windows(words.len()).any(|window| window == words.as_bytes()), "{words} lies open");
    }
    let some_file = first_file(&copy.files());
    for path in
        [generation.join("tables"), generation.join("manifest"), copy.keys.join("data_keys"), some_file]
    {
        let whole = std::fs::read(&path).unwrap();
        change_a_byte(&path);
        assert!(verify(from.clone(), folder.copy()).await.is_err(), "{}", path.display());
        std::fs::write(&path, whole).unwrap();
        done(verify(from.clone(), folder.copy())).await;
    }
    let missing = restore(to.clone(), folder.copy(), None).await;
    assert!(missing.is_err(), "the master key is not in the copy");
    let stranger = folder.plan("stranger", false).await;
    drop(opened(&stranger).await);
    key_from_the_safe(&stranger, &to);
    assert!(restore(to.clone(), folder.copy(), None).await.is_err(), "another house's key opens nothing");
    assert!(!to.config.data.exists(), "and nothing was made");
}

fn first_file(folder: &Path) -> PathBuf {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let first = entries.into_iter().next().expect("a file");
    if first.is_dir() { first_file(&first) } else { first }
}
