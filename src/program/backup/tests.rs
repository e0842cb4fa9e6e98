use super::{Place, Rule, Wish, restore, verify};
use crate::config::{Plan, Sources, plan};
use crate::program::open;
use crate::testing::World;
use crate::testing::bucket::{self, Asked, Bucket};
use crate::{House, audit};
use axum::http::Method;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tasuki_base::db::Db;
use tasuki_base::seal::{self, Keyring};
use tasuki_law::nouns::GroupId;
use tasuki_value::{DAY, Ts};

pub const WORDS: &str = "銀の匙で三口";

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
        Place::new(&self.0.join("copy").display().to_string(), None)
    }

    /// A house of its own in this folder: on PostgreSQL in a schema of its own.
    pub async fn plan(&self, name: &str, pg: bool) -> Plan {
        let url = if pg { Some(self.schema(name).await) } else { None };
        self.plan_with(name, &[("DATABASE_URL", url)])
    }

    /// A house on SQLite, with the key to a bucket.
    pub fn plan_near(&self, name: &str, bucket: &Bucket) -> Plan {
        let flags = [
            ("TASUKI_BACKUP_S3_ENDPOINT", Some(bucket.url.clone())),
            ("TASUKI_BACKUP_S3_KEY", Some("AKID".to_owned())),
            ("TASUKI_BACKUP_S3_SECRET", Some("very-secret".to_owned())),
        ];
        self.plan_with(name, &flags)
    }

    pub fn plan_with(&self, name: &str, more: &[(&str, Option<String>)]) -> Plan {
        let data = self.0.join(name).display().to_string();
        let mut flags = vec![("TASUKI_DATA", Some(data))];
        flags.extend_from_slice(more);
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

const ALL: Wish = Wish { keep: None, lock_days: None, only_prune: false };

async fn backup(plan: Plan, place: Place) -> Result<(), Vec<String>> {
    super::backup(plan, place, ALL).await
}

pub async fn names(plan: &Plan, folder: &Folder) -> Vec<String> {
    folder.copy().open(plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}")).names().await.unwrap()
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
    let (db, marks, vault) = (&moved.house.db, &moved.house.marks, &moved.house.vault);
    let chain = audit::verify_chain(db, marks, vault).await.unwrap();
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
    let before = names(&from, &folder).await.pop().unwrap();
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
    let again = Place::new(&folder.0.join("again").display().to_string(), None);
    done(backup(to.clone(), again.clone())).await;
    done(verify(to, again)).await;
}

#[tokio::test]
async fn what_was_copied_before_another_master_key_opens_with_it() {
    let folder = Folder::new();
    let (from, to) = (folder.plan("from", false).await, folder.plan("to", false).await);
    let (world, [group, _]) = lived_in(&from).await;
    done(backup(from.clone(), folder.copy())).await;
    let before = names(&from, &folder).await.pop().unwrap();
    let old = std::fs::read(&from.master).unwrap();
    let with_copy = {
        let mut plan = from.clone();
        plan.config.keys_copy = Some(PathBuf::from(folder.copy().keys));
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
    let keys = PathBuf::from(folder.copy().keys);
    let told = async || {
        let vault = super::open_vault(&Keyring::folder(&keys), &plan.master).await.unwrap();
        super::verify::gone_in_words(&vault, &keys).unwrap().concat()
    };
    let rooms = &*world.house;
    let copy = || super::copy_keys(&rooms.db, &rooms.vault, &rooms.chance, &keys);
    done(copy()).await;
    assert_eq!(told().await, "", "nothing was destroyed");
    destroy_key_of(&world.house, one).await;
    done(copy()).await;
    assert!(told().await.contains("鍵1個は、古い控えの写しでまだ開けるおそれ"), "{}", told().await);

    // 2026-11-23 00:30 in Tokyo, the 22nd elsewhere.
    let night = tasuki_value::Ts(1_795_361_400_000_000);
    seal::turn(&rooms.db, &rooms.vault, &rooms.chance, night).await.unwrap();
    assert!(!told().await.contains("日から"), "the copy still holds the epoch: {}", told().await);
    done(copy()).await;
    assert!(
        told().await.contains("2026年11月23日から、消去した鍵1個の写しは、どの控えにも"),
        "{}",
        told().await
    );
    assert!(!told().await.contains("おそれ"), "{}", told().await);

    destroy_key_of(&world.house, other).await;
    done(copy()).await;
    assert!(
        told().await.contains("11月23日から、消去した鍵1個") && told().await.contains("おそれ"),
        "{}",
        told().await
    );
    seal::turn(&rooms.db, &rooms.vault, &rooms.chance, night.plus(tasuki_value::DAY)).await.unwrap();
    done(copy()).await;
    assert!(
        told().await.contains("11月23日から、消去した鍵1個")
            && told().await.contains("11月24日から、消去した鍵1個")
    );
    assert!(!told().await.contains("おそれ"), "{}", told().await);
}

pub fn change_a_byte(path: &Path) {
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
    let copy = folder.0.join("copy");
    let generation = copy.join("generations").join(names(&from, &folder).await.pop().unwrap());
    let tables = generation.join("tables-00000");
    let raw = std::fs::read(&tables).unwrap();
    for words in [WORDS, "森山", "moriyama@example.jp", "岡田"] {
        assert!(!raw.windows(words.len()).any(|window| window == words.as_bytes()), "{words} lies open");
    }
    let some_file = first_file(&copy.join("files"));
    let keys = folder.0.join("copy.keys");
    for path in [tables, generation.join("manifest"), keys.join("data_keys"), some_file] {
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

async fn shelf(plan: &Plan, place: &Place) -> super::place::Shelf {
    place.open(plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// Makes a generation as if it were another moment.
async fn made(plan: &Plan, place: &Place, lock_days: Option<u16>, at: Ts) {
    let vault = super::open_vault(&plan.keyring, &plan.master).await.unwrap();
    let shelf = place.make(plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}"));
    done(super::copy(plan, place, &shelf, &vault, lock_days, at)).await;
}

async fn pruned(plan: &Plan, place: &Place, rule: Rule, at: Ts) -> super::prune::Pruned {
    let vault = super::open_vault(&plan.keyring, &plan.master).await.unwrap();
    let done = super::prune::prune(&shelf(plan, place).await, &vault, &rule, at).await;
    done.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

const ONE: Rule = Rule { daily: 1, weekly: 0, monthly: 0 };

#[tokio::test]
async fn old_generations_go_and_a_day_later_the_files_that_only_they_named() {
    let folder = Folder::new();
    let (plan, place) = (folder.plan("from", false).await, folder.copy());
    let (world, _) = lived_in(&plan).await;
    let now = world.house.now();
    made(&plan, &place, None, now.minus(3 * DAY)).await;
    let count = |folder: &Folder| files_under(&folder.0.join("copy/files"));
    let before = count(&folder);
    assert!(before > 0);
    // The photo is gone from the house since.
    for (name, _) in world.house.blobs.list().await.unwrap() {
        world.house.blobs.delete(&name).await.unwrap();
    }
    made(&plan, &place, None, now).await;
    let first = pruned(&plan, &place, ONE, now).await;
    assert_eq!((first.kept.len(), first.removed.len(), first.files), (1, 1, 0), "{first:?}");
    assert_eq!(count(&folder), before, "nobody names them, and they stay for a day");
    let early = pruned(&plan, &place, ONE, now.plus(DAY - 1)).await;
    assert_eq!((early.files, count(&folder)), (0, before));
    let late = pruned(&plan, &place, ONE, now.plus(DAY)).await;
    assert_eq!((late.files, count(&folder)), (before, 0));
    done(verify(plan.clone(), place.clone())).await;
    // What was begun and never finished goes too; what does not open stays, with all the files.
    let begun = folder.0.join("copy/generations/20200101T000000Z");
    std::fs::create_dir_all(&begun).unwrap();
    std::fs::write(begun.join("tables-00000"), b"cut off").unwrap();
    let manifest = folder.0.join("copy/generations").join(&late.kept[0]).join("manifest");
    change_a_byte(&manifest);
    let odd = pruned(&plan, &place, ONE, now.plus(3 * DAY)).await;
    assert_eq!(odd.unread, late.kept);
    assert!(!begun.exists() && manifest.exists());
}

#[tokio::test]
async fn what_is_write_once_is_read_only_and_stays_until_it_lapses() {
    let folder = Folder::new();
    let (plan, place) = (folder.plan("from", false).await, folder.copy());
    let (world, _) = lived_in(&plan).await;
    let now = world.house.now();
    made(&plan, &place, Some(30), now.minus(10 * DAY)).await;
    made(&plan, &place, None, now).await;
    let locked = folder.0.join("copy/generations").join(&names(&plan, &folder).await[0]);
    for path in
        [locked.join("manifest"), locked.join("tables-00000"), first_file(&folder.0.join("copy/files"))]
    {
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o400,
            "{}",
            path.display()
        );
    }
    assert_eq!(pruned(&plan, &place, ONE, now).await.removed.len(), 0);
    assert_eq!(pruned(&plan, &place, ONE, now.plus(20 * DAY)).await.removed.len(), 1);
    done(verify(plan.clone(), place)).await;
}

#[tokio::test]
async fn a_bucket_is_a_place_like_any_other() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let (from, to) = (folder.plan_near("from", &bucket), folder.plan_near("to", &bucket));
    let place = Place::new(&format!("s3://{}/home/tasuki", bucket::NAME), None);
    let (world, [group, _]) = lived_in(&from).await;
    let now = world.house.now();
    made(&from, &place, None, now.minus(2 * DAY)).await;
    done(crate::program::keys::rotate(from.clone())).await;
    assert!(verify(from.clone(), place.clone()).await.is_err(), "the keys there are still under the old one");
    done(super::backup(from.clone(), place.clone(), Wish { keep: Some(ONE), ..ALL })).await;
    done(verify(from.clone(), place.clone())).await;
    assert_eq!(shelf(&from, &place).await.names().await.unwrap().len(), 1);
    let names: Vec<String> = bucket.objects().keys().cloned().collect();
    for under in ["home/tasuki/generations/", "home/tasuki/files/", "home/tasuki.keys/epoch-1.key"] {
        assert!(names.iter().any(|name| name.starts_with(under)), "{under}: {names:?}");
    }
    for (kind, count) in [("former-", 1), ("data_keys", 1), ("destroyed_keys", 1), (".", 0), ("probe", 0)] {
        let keys = names.iter().filter_map(|name| name.strip_prefix("home/tasuki.keys/"));
        assert_eq!(keys.filter(|name| name.starts_with(kind)).count(), count, "{kind}: {names:?}");
    }
    for (name, bytes) in bucket.objects().iter() {
        let lies_open = bytes.windows(WORDS.len()).any(|window| window == WORDS.as_bytes());
        assert!(!lies_open, "{name}");
    }
    assert!(bucket.asked().iter().all(|asked| !asked.headers.contains_key("x-amz-object-lock-mode")));
    key_from_the_safe(&from, &to);
    done(restore(to.clone(), place.clone(), None)).await;
    let moved = world.moved(opened(&to).await);
    assert_eq!(moved.posts("saeki", group).await[0].text, WORDS);
    // Without the bucket's key it is said which setting is missing.
    let keyless = folder.plan("keyless", false).await;
    let wrong = verify(keyless, place).await.unwrap_err().join("");
    assert!(wrong.contains("TASUKI_BACKUP_S3_KEY"), "{wrong}");
}

#[tokio::test]
async fn a_lock_in_a_bucket_is_asked_of_the_store_itself() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let plan = folder.plan_near("from", &bucket);
    let keys = folder.0.join("keys").display().to_string();
    let place = Place::new(&format!("s3://{}/home", bucket::NAME), Some(&keys));
    let (world, _) = lived_in(&plan).await;
    bucket.keep_versions();
    let at = world.house.now();
    made(&plan, &place, Some(30), at).await;
    let put = || bucket.asked().into_iter().filter(|asked| asked.method == Method::PUT).collect::<Vec<_>>();
    let until =
        |asked: &Asked| asked.headers["x-amz-object-lock-retain-until-date"].to_str().unwrap().to_owned();
    let files = put().iter().filter(|asked| asked.key.contains("/files/")).count();
    assert!(files > 0);
    for asked in put() {
        let headers = &asked.headers;
        assert_eq!(headers["x-amz-object-lock-mode"], "COMPLIANCE", "{}", asked.key);
        assert!(headers.contains_key("x-amz-checksum-sha256"), "the store demands one");
        let signed = headers["authorization"].to_str().unwrap();
        for name in ["x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"] {
            assert!(signed.contains(name), "{signed}");
        }
        let days = if asked.key.contains("/files/") { 60 } else { 30 };
        let day = tasuki_base::text::local(at.plus(days * DAY)).with_time_zone(jiff::tz::TimeZone::UTC);
        assert_eq!(until(&asked), day.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(), "{}", asked.key);
    }
    // A month later the files' lock still covers the next generation; after that they are sent and locked again.
    for (days, again) in [(30, 0), (31, files)] {
        let before = put().len();
        made(&plan, &place, Some(30), at.plus(days * DAY)).await;
        let sent = put()[before..].iter().filter(|asked| asked.key.contains("/files/")).count();
        assert_eq!(sent, again, "after {days} days");
    }
    done(verify(plan.clone(), place)).await;
    // A bucket that keeps what is replaced is no place for keys: a destroyed one would live on.
    let kept = Place::new(&format!("s3://{}/other", bucket::NAME), None);
    let refused = backup(plan, kept).await.unwrap_err().join("");
    assert!(refused.contains("--keys"), "{refused}");
    assert!(!bucket.objects().keys().any(|name| name.contains("epoch-")), "and none was sent");
}

fn files_under(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { files_under(&path) } else { 1 }).sum()
}
