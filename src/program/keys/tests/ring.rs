//! The same with the keyring in a bucket.

use super::{done, live_on, wrong};
use crate::config::Plan;
use crate::program::backup::tests::{Folder, destroy_key_of, lived_in, opened};
use crate::program::keys::{move_to, rotate, status, turn};
use crate::program::{doctor, open};
use crate::testing::World;
use crate::testing::bucket::{self, Bucket};
use std::time::{Duration, Instant};
use tasuki_base::seal::{self, Keyring};

const OBJECT: &str = "ring/keyring";

/// A house on either engine, with its keyring in this bucket.
async fn engines(bucket: &Bucket) -> Vec<(Folder, Plan)> {
    let mut plans = Vec::new();
    for pg in [false, true] {
        if !pg || std::env::var("TASUKI_TEST_PG").is_ok() {
            let folder = Folder::new();
            let mut plan = folder.plan("house", pg).await;
            let ringed = with_ring(&folder, bucket);
            (plan.keyring, plan.keyring_s3) = (ringed.keyring, ringed.keyring_s3);
            plan.config.keys_copy = Some(folder.0.join("keys"));
            plans.push((folder, plan));
        }
    }
    plans
}

fn with_ring(folder: &Folder, bucket: &Bucket) -> Plan {
    let ring = format!("s3://{}/ring", bucket::NAME);
    folder.plan_with("house", &[&door(bucket)[..], &[("TASUKI_KEYRING", Some(ring))]].concat())
}

fn door(bucket: &Bucket) -> [(&'static str, Option<String>); 3] {
    [
        ("TASUKI_KEYRING_S3_ENDPOINT", Some(bucket.url.clone())),
        ("TASUKI_KEYRING_S3_KEY", Some("AKID".to_owned())),
        ("TASUKI_KEYRING_S3_SECRET", Some("very-secret".to_owned())),
    ]
}

/// As another node would open it.
async fn another(plan: &Plan, world: &World) -> World {
    world.moved(opened(plan).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_follow_turns_and_rotations_in_a_bucket_while_they_write() {
    let bucket = Bucket::open().await;
    for (_folder, plan) in engines(&bucket).await {
        bucket.objects().clear();
        let (world, [group, second]) = lived_in(&plan).await;
        let other = another(&plan, &world).await;
        let (posts, before) = (world.posts("saeki", group).await.len(), world.house.vault.mark());
        // As other processes would, and two of them at once.
        let keys = async |first: bool| {
            for number in 0..3 {
                done(turn(plan.clone())).await;
                // The master key's file is one: who rotates waits for the other.
                if first || number == 1 {
                    done(rotate(plan.clone())).await;
                }
            }
        };
        tokio::join!(live_on(&world, group, 0..6), live_on(&other, second, 6..12), keys(true), keys(false));
        live_on(&other, group, 12..14).await;
        let written = posts + 8;
        for node in [&world, &other] {
            node.house.mint_key().await.expect("a key, after a look");
            assert_ne!(node.house.vault.mark(), before, "the open house has followed");
            assert_eq!(node.posts("saeki", group).await.len(), written);
            let found = seal::verify(&node.house.db, &node.house.vault).await.unwrap();
            assert_eq!(found.lost, 0, "{found:?}");
        }
        done(turn(plan.clone())).await;
        let again = another(&plan, &world).await;
        assert_eq!(again.house.vault.epochs().len(), 1);
        assert_eq!(again.posts("saeki", group).await.len(), written);
        done(status(plan.clone())).await;
        let copy = plan.config.keys_copy.as_deref().unwrap();
        assert!(super::super::copy_is_newest(&plan.keyring, copy).await);
        let left: Vec<_> = bucket.objects().keys().cloned().collect();
        assert_eq!(left, [OBJECT], "nothing else is left there");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_that_is_lost_anywhere_on_the_way_leaves_what_opens() {
    let (bucket, folder) = (Bucket::open().await, Folder::new());
    let plan = with_ring(&folder, &bucket);
    let (world, [group, _]) = lived_in(&plan).await;
    let posts = world.posts("saeki", group).await.len();
    for lost in 1..=12 {
        for verb in 0..2 {
            bucket.lose_answers(lost);
            let ended = match verb {
                0 => turn(plan.clone()).await,
                _ => rotate(plan.clone()).await,
            };
            bucket.lose_answers(0);
            // A client that asked again and again gives up after four times.
            assert!(ended.is_ok() || lost > 4, "{lost}: {ended:?}");
            let again = another(&plan, &world).await;
            assert_eq!(again.posts("saeki", group).await.len(), posts);
            assert_eq!(seal::verify(&again.house.db, &again.house.vault).await.unwrap().lost, 0);
        }
    }
    done(turn(plan.clone())).await;
    assert_eq!(another(&plan, &world).await.house.vault.epochs().len(), 1);
    assert_eq!(world.posts("saeki", group).await.len(), posts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_bucket_that_is_away_stops_nobody_who_has_the_keys() {
    let (bucket, folder) = (Bucket::open().await, Folder::new());
    let plan = with_ring(&folder, &bucket);
    let (world, [group, other]) = lived_in(&plan).await;
    let node = another(&plan, &world).await;
    for silent in [false, true] {
        // Of this turn a third node has not heard before the bucket goes.
        let late = another(&plan, &world).await;
        let mut reader = late.visit("saeki").await;
        done(turn(plan.clone())).await;
        // Posts that were opened before may be shown without a key: this meets every row.
        assert_eq!(seal::verify(&node.house.db, &node.house.vault).await.unwrap().lost, 0);
        if silent {
            bucket.be_silent(true);
        } else {
            bucket.go_away(true);
        }
        let sorry = reader.get(&format!("/groups/{group}")).await.expect(503);
        assert!(sorry.has("いまつながりません"), "{}", sorry.text());
        let unknown = seal::verify(&late.house.db, &late.house.vault).await.expect_err("nobody can say");
        assert!(matches!(unknown, seal::Error::Seal(seal::SealError::EpochUnknown(_))), "{unknown:?}");
        let asked = bucket.asked().len();
        let posts = node.posts("saeki", group).await.len();
        node.visit("moriyama").await.write_post(group, "鍵束の保存先が遠い日").await;
        assert_eq!(node.posts("saeki", group).await.len(), posts + 1);
        assert_eq!(bucket.asked().len(), asked, "nobody asks for what is known");
        // What needs a new key waits for the bucket, and not for long.
        let (_, begun) = (node.house.mint_key().await.expect_err("no key without a look"), Instant::now());
        for _ in 0..20 {
            node.house.mint_key().await.expect_err("still away");
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits again at once");
        let told = open(&plan).await.err().expect("a start needs the keys").concat();
        assert!(told.contains("つながりません") && told.contains("s3://far/ring"), "{told}");
        assert!(wrong(turn(plan.clone())).await.contains("つながりません"));
        bucket.be_silent(false);
        bucket.go_away(false);
        done(turn(plan.clone())).await;
        // The lull after the last look in vain is over by itself.
        tokio::time::sleep(Duration::from_millis(2100)).await;
        assert_eq!(node.posts("saeki", group).await.len(), posts + 1, "under an epoch it had to look for");
        assert!(!node.posts("saeki", other).await.is_empty());
        node.house.mint_key().await.expect("a key");
        let _ = reader.get(&format!("/groups/{group}")).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_house_opens_with_its_own_keys_in_the_bucket_alone() {
    let bucket = Bucket::open().await;
    let (folder, stranger) = (Folder::new(), Folder::new());
    let plan = with_ring(&folder, &bucket);
    drop(opened(&plan).await);
    assert!(!folder.0.join("house.keyring").exists(), "no folder of keys is made");
    let own = bucket.objects().get(OBJECT).cloned().expect("the keyring");
    let file = std::fs::read(&plan.master).unwrap();
    assert!(!String::from_utf8_lossy(&own).contains(std::str::from_utf8(&file[16..40]).unwrap()));

    let elsewhere = stranger.plan("house", false).await;
    drop(opened(&elsewhere).await);
    let refused = async |plan: Plan| open(&plan).await.err().expect("a house with others' keys").concat();
    let mixed = refused(Plan { master: elsewhere.master.clone(), ..plan.clone() }).await;
    assert!(mixed.contains("マスター鍵と鍵束の組み合わせが違います"), "{mixed}");
    let others =
        Plan { master: elsewhere.master.clone(), keyring: elsewhere.keyring.clone(), ..plan.clone() };
    assert!(refused(others).await.contains("別のたすき"));
    bucket.objects().remove(OBJECT);
    assert!(refused(plan.clone()).await.contains("鍵が見つかりません"));
    assert!(!bucket.objects().contains_key(OBJECT), "no new one is made");
    for spoilt in [&own[..own.len() / 2], b"tasuki keyring 1\n", b"", b"something else"] {
        bucket.objects().insert(OBJECT.to_owned(), bytes::Bytes::copy_from_slice(spoilt));
        let _ = refused(plan.clone()).await;
        assert_eq!(bucket.objects().get(OBJECT).unwrap(), spoilt);
    }
    bucket.objects().insert(OBJECT.to_owned(), own);
    drop(opened(&plan).await);
    std::fs::remove_file(&plan.master).unwrap();
    assert!(refused(plan.clone()).await.contains("鍵が見つかりません"));
    assert!(!plan.master.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_keeps_versions_or_knows_no_conditions_is_refused() {
    for careless in [false, true] {
        let (bucket, folder) = (Bucket::open().await, Folder::new());
        let plan = with_ring(&folder, &bucket);
        let refuses = || if careless { bucket.be_careless() } else { bucket.keep_versions() };
        let words = if careless { "条件つきの書き込み" } else { "古い版を残す" };
        drop(opened(&plan).await);
        let before = bucket.objects().clone();
        refuses();
        for told in [
            wrong(turn(plan.clone())).await,
            wrong(rotate(plan.clone())).await,
            open(&plan).await.err().expect("a start").concat(),
        ] {
            assert!(told.contains(words), "{told}");
        }
        assert!(wrong(doctor(plan.clone())).await.contains('1'), "one fault");
        assert_eq!(*bucket.objects(), before, "nothing was changed, and nothing left there");
        bucket.objects().clear();
        let new = Folder::new();
        let told = open(&with_ring(&new, &bucket)).await.err().expect("a first start").concat();
        assert!(told.contains(words), "{told}");
        assert!(bucket.objects().is_empty() && !new.0.join("house.key").exists(), "no key was made");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keyring_moves_into_a_bucket_and_out_again_beside_an_open_house() {
    let (bucket, folder) = (Bucket::open().await, Folder::new());
    let old = folder.plan_with("house", &door(&bucket));
    let new = with_ring(&folder, &bucket);
    let (world, [group, other]) = lived_in(&old).await;
    let posts = world.posts("saeki", group).await.len();
    let ring = new.keyring.to_string();
    assert!(wrong(move_to(old.clone(), &old.keyring.to_string())).await.contains("もう"));
    bucket.objects().insert(OBJECT.to_owned(), "tasuki keyring 1\nepoch-1.key AAAA\n".into());
    assert!(wrong(move_to(old.clone(), &ring)).await.contains("別の鍵があります"));
    bucket.objects().remove(OBJECT);
    done(move_to(old.clone(), &ring)).await;

    // The house that is open goes on; who would open or change the old place is told the new one.
    world.visit("moriyama").await.write_post(group, "移った日").await;
    world.house.mint_key().await.expect("a key");
    for told in [wrong(turn(old.clone())).await, open(&old).await.err().expect("the old place").concat()] {
        assert!(told.contains(&format!("TASUKI_KEYRING={ring}")), "{told}");
    }
    let moved = another(&new, &world).await;
    assert_eq!(moved.posts("saeki", group).await.len(), posts + 1);
    destroy_key_of(&moved.house, other).await;
    done(turn(new.clone())).await;
    assert_eq!(another(&new, &world).await.posts("saeki", group).await.len(), posts + 1);

    // And out again, into a folder that is empty.
    let folder_again = folder.0.join("again");
    let back = Plan { keyring: Keyring::folder(&folder_again), ..new.clone() };
    done(move_to(new.clone(), &folder_again.display().to_string())).await;
    assert!(open(&new).await.err().expect("the old place").concat().contains("again"));
    assert_eq!(another(&back, &world).await.posts("saeki", group).await.len(), posts + 1);
    done(turn(back.clone())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_house_with_its_keys_in_a_bucket_moves_into_another_bucket() {
    use crate::program::backup::{Place, Wish, backup, restore, verify};
    let (bucket, there) = (Bucket::open().await, Bucket::open().await);
    for (folder, plan) in engines(&bucket).await {
        bucket.objects().clear();
        there.objects().clear();
        let (world, [group, _]) = lived_in(&plan).await;
        let place = Place::new(&folder.0.join("copy").display().to_string(), None);
        let wish = Wish { keep: None, lock_days: None, only_prune: false };
        done(backup(plan.clone(), place.clone(), wish)).await;
        done(rotate(plan.clone())).await;
        done(turn(plan.clone())).await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
        done(backup(plan.clone(), place.clone(), wish)).await;
        done(verify(plan.clone(), place.clone())).await;

        let mut new = folder.plan("new", matches!(plan.database, crate::config::Database::Pg { .. })).await;
        (new.keyring, new.master) = (with_ring(&folder, &there).keyring, plan.master.clone());
        let over = Plan { keyring: plan.keyring.clone(), ..new.clone() };
        assert!(wrong(restore(over, place.clone(), None)).await.contains("空ではありません"));
        done(restore(new.clone(), place, None)).await;
        let moved = another(&new, &world).await;
        assert_eq!(moved.posts("saeki", group).await.len(), world.posts("saeki", group).await.len());
    }
}
