use super::base::fading;
use super::far::{Far, Spot, Thing};
use super::line::{Fate, Line};
use super::{restore, run, verify};
use crate::House;
use crate::config::{Database, Plan};
use crate::program::backup::Place as Copy;
use crate::program::backup::tests::{
    Folder, WORDS, change_a_byte, done, key_from_the_safe, lived_in, opened,
};
use crate::program::places::place;
use crate::testing::World;
use crate::testing::bucket::{self, Bucket};
use axum::http::Method;
use std::path::PathBuf;
use std::time::Duration;
use tasuki_base::seal;
use tasuki_law::nouns::GroupId;
use tasuki_value::{MINUTE, SECOND};
use tokio::sync::oneshot;

/// A house whose copy goes to a folder beside it.
fn plan(folder: &Folder) -> Plan {
    folder.plan_with("from", &[("TASUKI_COPY_TO", Some(to(folder).to))])
}

fn to(folder: &Folder) -> Copy {
    Copy::new(&folder.0.join("far").display().to_string(), None)
}

async fn posts(world: &World, group: GroupId) -> Vec<String> {
    world.posts("saeki", group).await.into_iter().map(|post| post.text.clone()).collect()
}

/// Waits until what is committed now is over there.
async fn copied(house: &House) {
    let now = house.now();
    for _ in 0..400 {
        let until = house.pulse.copy_lag(house.now()).map(|lag| house.now().minus(lag));
        if until.is_some_and(|until| until.0 > now.0 + SECOND / 10) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the copy does not come");
}

async fn far(plan: &Plan, house: &House) -> Far {
    let to = &plan.copy.as_ref().unwrap().data;
    Far::new(place(plan, to).unwrap(), house.vault.clone(), house.chance.clone())
}

async fn line(plan: &Plan, house: &House) -> Line {
    let Database::Lite(file) = plan.database.clone() else { panic!("SQLite") };
    let opened = Line::open(far(plan, house).await, house.db.clone(), house.clock.clone(), file).await;
    opened.unwrap_or_else(|wrong| panic!("{wrong:?}"))
}

/// Steps until one could move in.
async fn based(line: &mut Line) {
    for _ in 0..200 {
        assert!(matches!(line.step().await, Ok(Fate::GoesOn)));
        if line.is_based() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no base");
}

async fn step(line: &mut Line) {
    let fate = line.step().await.unwrap_or_else(|wrong| panic!("{wrong:?}"));
    assert!(matches!(fate, Fate::GoesOn));
}

async fn followed(from: &Plan, to: &Copy, folder: &Folder, name: &str) -> Plan {
    let new = folder.plan_with(
        name,
        &[
            ("TASUKI_BACKUP_S3_ENDPOINT", from.backup_s3.as_ref().and_then(|s3| s3.endpoint.clone())),
            ("TASUKI_BACKUP_S3_KEY", from.backup_s3.as_ref().map(|s3| s3.key.clone())),
            ("TASUKI_BACKUP_S3_SECRET", from.backup_s3.as_ref().map(|s3| s3.secret.clone())),
        ],
    );
    key_from_the_safe(from, &new);
    done(restore(new.clone(), to.clone())).await;
    new
}

async fn a_house_comes_back(plan: Plan, to: Copy, folder: &Folder) {
    let (world, [group, _]) = lived_in(&plan).await;
    let (quiet, hears) = oneshot::channel();
    let copying = tokio::spawn(run(world.house.clone(), plan.clone(), hears));
    let mut nurse = world.visit("moriyama").await;
    for number in 0..5 {
        nurse.write_post(group, &format!("{number}回目")).await;
    }
    let photo = include_bytes!("../../../tests/fixtures/photo.jpg");
    let draft = nurse.get(&format!("/groups/{group}/compose")).await.expect(303).location();
    nurse.send_file(group, &draft, "nochi.jpg", photo).await;
    nurse.write_post(group, "写真を送ります").await;
    copied(&world.house).await;
    // Files have a way of their own.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (before, shown) = (posts(&world, group).await, world.posts("saeki", group).await);
    done(verify(plan.clone(), to.clone())).await;
    let reach = super::reach(&plan, world.house.vault.clone()).await.unwrap();
    assert!(reach.is_some_and(|at| world.house.now().since(at) < 2 * MINUTE), "what doctor tells");
    std::fs::remove_dir_all(&plan.config.data).unwrap();

    let new = followed(&plan, &to, folder, "new").await;
    let moved = world.moved(opened(&new).await);
    assert_eq!(posts(&moved, group).await, before);
    for post in shown.iter().filter(|post| !post.files.is_empty()) {
        let path = format!("/posts/{}/files/{}", post.id, post.files[0].id);
        let photo = moved.visit("saeki").await.get(&path).await.expect(200);
        assert!(!photo.bytes.is_empty());
    }
    assert_eq!(shown.iter().filter(|post| !post.files.is_empty()).count(), 2, "with two photos");
    moved.visit("moriyama").await.write_post(group, "また書けます").await;
    assert!(restore(new, to).await.is_err(), "never over a house that is lived in");
    drop(quiet);
    copying.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_comes_back_from_a_folder() {
    let folder = Folder::new();
    a_house_comes_back(plan(&folder), to(&folder), &folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_comes_back_from_a_bucket() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let place = Copy::new(&format!("s3://{}/now", bucket::NAME), None);
    let mut plan = folder.plan_near("from", &bucket);
    plan.copy = Some(crate::config::CopyTo { data: place.to.clone(), keys: place.keys.clone() });
    a_house_comes_back(plan, place, &folder).await;
    for (name, bytes) in bucket.objects().iter() {
        for words in [WORDS, "森山", "moriyama@example.jp"] {
            assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{words}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_away_holds_nobody_up_and_is_caught_up_with() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let mut plan = folder.plan_near("from", &bucket);
    let place = Copy::new(&format!("s3://{}/now", bucket::NAME), None);
    plan.copy = Some(crate::config::CopyTo { data: place.to.clone(), keys: place.keys.clone() });
    let (world, [group, _]) = lived_in(&plan).await;
    let (quiet, hears) = oneshot::channel();
    let copying = tokio::spawn(run(world.house.clone(), plan.clone(), hears));
    copied(&world.house).await;
    bucket.go_away(true);
    let mut nurse = world.visit("moriyama").await;
    for number in 0..10 {
        nurse.write_post(group, &format!("{number}回目")).await;
    }
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(world.house.pulse.copy_lag(world.house.now()).unwrap() > SECOND, "the lag is told");
    let before = bucket.objects().len();
    bucket.go_away(false);
    copied(&world.house).await;
    assert!(bucket.objects().len() > before);
    done(verify(plan.clone(), place.clone())).await;
    let new = followed(&plan, &place, &folder, "new").await;
    assert_eq!(posts(&world.moved(opened(&new).await), group).await, posts(&world, group).await);
    drop(quiet);
    copying.await.unwrap();
}

#[tokio::test]
async fn a_log_that_grew_too_long_is_let_go_and_another_era_begins() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let mut plan = folder.plan_near("from", &bucket);
    let place = Copy::new(&format!("s3://{}/now", bucket::NAME), None);
    plan.copy = Some(crate::config::CopyTo { data: place.to.clone(), keys: place.keys.clone() });
    let (world, [group, _]) = lived_in(&plan).await;
    let mut first = line(&plan, &world.house).await;
    based(&mut first).await;
    let mut nurse = world.visit("moriyama").await;
    bucket.go_away(true);
    nurse.write_post(group, "届かない").await;
    assert!(first.step().await.is_err());
    first.log_limit = 1000;
    assert!(matches!(first.step().await, Ok(Fate::Lost)));
    drop(first);
    // Nobody holds the log any more.
    let Database::Lite(file) = &plan.database else { panic!("SQLite") };
    let other = rusqlite::Connection::open(file).unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    nurse.write_post(group, "別の記録から").await;
    bucket.go_away(false);
    let mut second = line(&plan, &world.house).await;
    based(&mut second).await;
    assert_eq!(far(&plan, &world.house).await.newest_era().await.unwrap(), 2);
    drop(second);
    bring_keys(&plan, &place).await;
    let new = followed(&plan, &place, &folder, "new").await;
    assert_eq!(posts(&world.moved(opened(&new).await), group).await, posts(&world, group).await);
}

/// What [`run`] does beside the line.
async fn bring_keys(plan: &Plan, place: &Copy) {
    let mut keys = super::keys::Mirror::open(plan, &place.keys).await.unwrap();
    let living = keys.bring().await.unwrap();
    keys.forget_all_but(&living).await.unwrap();
}

#[tokio::test]
async fn a_house_that_was_killed_goes_on_in_its_era() {
    let folder = Folder::new();
    let (plan, to) = (plan(&folder), to(&folder));
    let (world, [group, _]) = lived_in(&plan).await;
    let mut first = line(&plan, &world.house).await;
    based(&mut first).await;
    let mut nurse = world.visit("moriyama").await;
    nurse.write_post(group, "前").await;
    step(&mut first).await;
    drop(first);
    nurse.write_post(group, "あと").await;
    let mut second = line(&plan, &world.house).await;
    assert!(second.is_based(), "the base of before is good");
    step(&mut second).await;
    assert_eq!(far(&plan, &world.house).await.newest_era().await.unwrap(), 1);
    bring_keys(&plan, &to).await;
    let new = followed(&plan, &to, &folder, "new").await;
    assert_eq!(posts(&world.moved(opened(&new).await), group).await, [WORDS, "前", "あと"]);
}

#[tokio::test]
async fn a_base_with_nothing_behind_it_is_a_whole_copy() {
    let folder = Folder::new();
    let (plan, to) = (plan(&folder), to(&folder));
    let (world, [group, _]) = lived_in(&plan).await;
    let mut line = line(&plan, &world.house).await;
    world.visit("moriyama").await.write_post(group, "前").await;
    based(&mut line).await;
    line.say_alive().await.unwrap();
    bring_keys(&plan, &to).await;
    let things = far(&plan, &world.house).await.things().await.unwrap();
    assert!(
        things.iter().all(|thing| !matches!(thing, Thing::Log(_)) && thing.spot().number > 1),
        "{things:?}"
    );
    done(verify(plan.clone(), to.clone())).await;
    let new = followed(&plan, &to, &folder, "new").await;
    assert_eq!(posts(&world.moved(opened(&new).await), group).await, [WORDS, "前"]);
}

#[tokio::test]
async fn damage_anywhere_is_found() {
    let folder = Folder::new();
    let (plan, to) = (plan(&folder), to(&folder));
    let (world, [group, _]) = lived_in(&plan).await;
    let mut line = line(&plan, &world.house).await;
    based(&mut line).await;
    let mut nurse = world.visit("moriyama").await;
    for number in 0..4 {
        nurse.write_post(group, &format!("{number}")).await;
        step(&mut line).await;
    }
    // Once a minute it is written down how far it is.
    line.say_alive().await.unwrap();
    bring_keys(&plan, &to).await;
    done(verify(plan.clone(), to.clone())).await;
    let era = folder.0.join("far/eras/00000001");
    let mut log: Vec<PathBuf> =
        std::fs::read_dir(era.join("log")).unwrap().map(|entry| entry.unwrap().path()).collect();
    log.sort();
    let base = std::fs::read_dir(era.join("base")).unwrap().next().unwrap().unwrap().path();
    let middle = log[log.len() - 2].clone();
    for path in [&middle, &base.join("000000"), &base.join("ready"), &folder.0.join("far/alive")] {
        let whole = std::fs::read(path).unwrap();
        change_a_byte(path);
        assert!(verify(plan.clone(), to.clone()).await.is_err(), "{} changed", path.display());
        std::fs::remove_file(path).unwrap();
        assert!(verify(plan.clone(), to.clone()).await.is_err(), "{} removed", path.display());
        std::fs::write(path, whole).unwrap();
    }
    let (last, before) = (std::fs::read(log.last().unwrap()).unwrap(), std::fs::read(&middle).unwrap());
    std::fs::write(&middle, &last).unwrap();
    std::fs::write(log.last().unwrap(), &before).unwrap();
    assert!(verify(plan.clone(), to.clone()).await.is_err(), "exchanged");
    std::fs::write(&middle, &before).unwrap();
    std::fs::remove_file(log.last().unwrap()).unwrap();
    assert!(verify(plan.clone(), to.clone()).await.is_err(), "the end cut off");
    std::fs::write(log.last().unwrap(), &last).unwrap();
    done(verify(plan.clone(), to.clone())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_destroyed_in_the_house_is_not_in_the_copy() {
    let folder = Folder::new();
    let (plan, to) = (plan(&folder), to(&folder));
    let (world, [group, _]) = lived_in(&plan).await;
    let (quiet, hears) = oneshot::channel();
    let copying = tokio::spawn(run(world.house.clone(), plan.clone(), hears));
    copied(&world.house).await;
    let keys = folder.0.join("far.keys");
    assert!(keys.join("epoch-1.key").exists());
    let rooms = &*world.house;
    seal::turn(&rooms.db, &rooms.vault, &rooms.chance, world.house.now()).await.unwrap();
    copied(&world.house).await;
    assert!(keys.join("epoch-2.key").exists() && !keys.join("epoch-1.key").exists());
    done(verify(plan.clone(), to.clone())).await;
    let new = followed(&plan, &to, &folder, "new").await;
    assert_eq!(posts(&world.moved(opened(&new).await), group).await, [WORDS], "the living open");
    drop(quiet);
    copying.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_copied_before_the_master_key_was_rotated_opens_with_the_new_one() {
    let folder = Folder::new();
    let (plan, to) = (plan(&folder), to(&folder));
    let (world, [group, _]) = lived_in(&plan).await;
    let (quiet, hears) = oneshot::channel();
    let copying = tokio::spawn(run(world.house.clone(), plan.clone(), hears));
    copied(&world.house).await;
    let old = std::fs::read(&plan.master).unwrap();
    let mut nurse = world.visit("moriyama").await;
    for number in 0..2 {
        // As another process would.
        done(crate::program::keys::rotate(plan.clone())).await;
        nurse.write_post(group, &format!("{number}回目")).await;
        copied(&world.house).await;
        done(verify(plan.clone(), to.clone())).await;
    }
    let formers = || {
        let names = std::fs::read_dir(folder.0.join("far.keys")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("former-")).count()
    };
    assert_eq!(formers(), 2);
    done(crate::program::keys::turn(plan.clone())).await;
    nurse.write_post(group, "替えたあと").await;
    copied(&world.house).await;
    assert_eq!(formers(), 2, "they outlive the epochs");
    let before = posts(&world, group).await;
    drop(quiet);
    copying.await.unwrap();

    let stale = folder.plan_with("stale", &[]);
    std::fs::write(&stale.master, old).unwrap();
    assert!(restore(stale.clone(), to.clone()).await.is_err(), "the old master key opens nothing");
    assert!(!stale.config.data.exists(), "and nothing was made");
    let new = followed(&plan, &to, &folder, "new").await;
    let moved = world.moved(opened(&new).await);
    assert_eq!(posts(&moved, group).await, before);
    moved.visit("moriyama").await.write_post(group, "また書けます").await;
}

#[tokio::test]
async fn a_rotation_under_the_mirror_is_brought_over_former_first() {
    let (folder, bucket) = (Folder::new(), Bucket::open().await);
    let plan = folder.plan_near("from", &bucket);
    let place = Copy::new(&format!("s3://{}/now", bucket::NAME), None);
    let (world, _) = lived_in(&plan).await;
    bring_keys(&plan, &place).await;
    let mut keys = super::keys::Mirror::open(&plan, &place.keys).await.unwrap();
    keys.bring().await.unwrap();
    let sent = || bucket.asked().into_iter().filter(|asked| asked.method == Method::PUT);
    let before = sent().count();
    keys.bring().await.unwrap();
    assert_eq!(sent().count(), before, "nothing is sent twice");
    world.house.vault.rotate(&world.house.chance).unwrap();
    let living = keys.bring().await.unwrap();
    let sent: Vec<String> = sent().skip(before).map(|asked| asked.key).collect();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(sent[0].contains("/former-") && sent[1].ends_with("/epoch-1.key"), "{sent:?}");
    assert_eq!(living.into_iter().collect::<Vec<_>>(), ["epoch-1.key"]);
}

#[test]
fn the_last_two_bases_stay_with_the_log_behind_them() {
    let spot = |era, number| Spot { era, number };
    let log = |era, number| Thing::Log(spot(era, number));
    let base = |era, number| [Thing::Base(spot(era, number), 0), Thing::Ready(spot(era, number))];
    assert!(fading(&[log(1, 1), Thing::Base(spot(1, 1), 0)]).is_empty(), "there is no base yet");
    let mut things = vec![log(1, 1), log(1, 2), log(2, 1), log(2, 2), log(2, 3), log(2, 4)];
    things.extend(base(1, 1));
    assert!(fading(&things).is_empty());
    things.extend(base(2, 2));
    assert!(fading(&things).is_empty(), "the one before the last may be needed");
    // Begun and never finished.
    things.push(Thing::Base(spot(2, 3), 0));
    things.extend(base(2, 4));
    let gone = fading(&things);
    let [old_base, old_ready] = base(1, 1);
    let expected = [old_ready, log(1, 1), log(1, 2), log(2, 1), old_base, Thing::Base(spot(2, 3), 0)];
    assert_eq!(gone.len(), expected.len(), "{gone:?}");
    assert!(expected.iter().all(|thing| gone.contains(thing)), "{gone:?}");
    assert_eq!(gone[0], old_ready, "first it is no base any more");
    for thing in things {
        assert_eq!(Thing::parse(&thing.name()), Some(thing));
    }
}
