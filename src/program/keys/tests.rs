mod ring;

use super::night::TURN;
use super::{Typed, call, check, errand, night, recover, rotate, sheet, status, turn};
use crate::House;
use crate::config::Plan;
use crate::program::backup::tests::{Folder, destroy_key_of, done, lived_in, opened};
use crate::testing::World;
use crate::web::Qr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use tasuki_base::seal::{self, MasterKey};
use tasuki_base::{Clock, jobs};
use tasuki_law::nouns::GroupId;
use tasuki_value::{DAY, HOUR, MINUTE, Ts};

/// A house on either engine.
async fn engines() -> Vec<(Folder, Plan)> {
    let mut plans = Vec::new();
    for pg in [false, true] {
        if !pg || std::env::var("TASUKI_TEST_PG").is_ok() {
            let folder = Folder::new();
            let mut plan = folder.plan("house", pg).await;
            plan.config.keys_copy = Some(folder.0.join("keys"));
            plans.push((folder, plan));
        }
    }
    plans
}

async fn live_on(world: &World, group: GroupId, days: std::ops::Range<usize>) {
    let mut nurse = world.visit("moriyama").await;
    for day in days {
        nurse.write_post(group, &format!("{day}日目")).await;
        world.house.mint_key().await.expect("a key");
        world.patient("saeki", "水田", &format!("{day}子"), &["moriyama"]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_turn_and_rotate_beside_a_house_that_writes() {
    for (_folder, plan) in engines().await {
        let (world, [group, _]) = lived_in(&plan).await;
        let posts = world.posts("saeki", group).await.len();
        let before = world.house.vault.mark();
        // As other processes would: with keys and a database of their own.
        let keys = async {
            for _ in 0..2 {
                done(rotate(plan.clone())).await;
                done(turn(plan.clone())).await;
                done(rotate(plan.clone())).await;
            }
        };
        tokio::join!(live_on(&world, group, 0..8), keys);
        live_on(&world, group, 8..10).await;
        assert_ne!(world.house.vault.mark(), before, "the open house has followed");
        assert_eq!(world.house.vault.epochs().len(), 1);
        assert_eq!(world.posts("saeki", group).await.len(), posts + 10);
        let found = seal::verify(&world.house.db, &world.house.vault).await.unwrap();
        assert_eq!(found.lost, 0, "{found:?}");
        let again = world.moved(opened(&plan).await);
        assert_eq!(again.posts("saeki", group).await.len(), posts + 10);
        done(status(plan.clone())).await;
        let copy = plan.config.keys_copy.as_deref().unwrap();
        assert!(super::copy_is_newest(&plan.keyring, copy).await);
    }
}

/// The four lines that stand on a printed sheet.
fn lines_of(page: &str) -> Vec<String> {
    let letters = page.split("letter-spacing=\"5\">").skip(1);
    letters.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

fn typed(folder: &Path, lines: &[String]) -> Typed {
    let path = folder.join("typed");
    std::fs::write(&path, lines.join("\n")).unwrap();
    Typed::File(path)
}

async fn printed(folder: &Folder, plan: &Plan, name: &str) -> Vec<String> {
    let to = folder.0.join(name);
    done(sheet(plan.clone(), to.clone())).await;
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    lines_of(&std::fs::read_to_string(to).unwrap())
}

async fn wrong(what: impl Future<Output = Result<(), Vec<String>>>) -> String {
    what.await.expect_err("it is refused").concat()
}

fn slipped(lines: &[String], line: usize) -> Vec<String> {
    let mut lines = lines.to_vec();
    let other = if lines[line].starts_with('7') { "8" } else { "7" };
    lines[line].replace_range(0..1, other);
    lines
}

#[tokio::test]
async fn a_sheet_is_printed_checked_and_brings_the_key_back() {
    let folder = Folder::new();
    let plan = folder.plan("house", false).await;
    drop(opened(&plan).await);
    let lines = printed(&folder, &plan, "sheet.html").await;
    assert_eq!(lines.len(), 4, "{lines:?}");
    let page = std::fs::read_to_string(folder.0.join("sheet.html")).unwrap();
    let key = MasterKey::read(&plan.master).unwrap().unwrap();
    assert!(page.contains(&key.mark().to_string()) && page.contains(&plan.config.name));
    assert!(page.contains(&Qr::of(&lines.join("/")).unwrap().path), "the same lines for a reader of codes");
    assert!(wrong(sheet(plan.clone(), folder.0.join("sheet.html"))).await.contains("上書きはしません"));

    done(check(plan.clone(), typed(&folder.0, &lines))).await;
    done(check(plan.clone(), typed(&folder.0, &[lines.join("/")]))).await;
    for line in 0..4 {
        let told = wrong(check(plan.clone(), typed(&folder.0, &slipped(&lines, line)))).await;
        assert!(told.contains(&format!("{}行目", line + 1)) && told.matches("行目").count() == 1, "{told}");
    }
    let kept = std::fs::read(&plan.master).unwrap();
    let told = wrong(recover(plan.clone(), typed(&folder.0, &lines))).await;
    assert!(told.contains("すでにあります"), "{told}");
    std::fs::remove_file(&plan.master).unwrap();
    assert!(wrong(recover(plan.clone(), typed(&folder.0, &slipped(&lines, 2)))).await.contains("3行目"));
    assert!(!plan.master.exists(), "what was mistyped is not written");
    done(recover(plan.clone(), typed(&folder.0, &lines))).await;
    assert_eq!(std::fs::read(&plan.master).unwrap(), kept);
    assert_eq!(std::fs::metadata(&plan.master).unwrap().permissions().mode() & 0o777, 0o600);
    drop(opened(&plan).await);
}

#[tokio::test]
async fn a_sheet_of_another_house_or_of_another_time_is_told() {
    let folder = Folder::new();
    let (plan, other) = (folder.plan("house", false).await, folder.plan("other", false).await);
    for plan in [&plan, &other] {
        drop(opened(plan).await);
    }
    let (own, others) = (printed(&folder, &plan, "own").await, printed(&folder, &other, "others").await);
    let told = wrong(check(plan.clone(), typed(&folder.0, &others))).await;
    assert!(told.contains("別のたすき"), "{told}");
    // Keys that fit each other, of another house than the data.
    let strange = Plan { keyring: other.keyring.clone(), master: other.master.clone(), ..plan.clone() };
    let told = wrong(check(strange, typed(&folder.0, &others))).await;
    assert!(told.contains("別のたすき"), "{told}");

    done(rotate(plan.clone())).await;
    let told = wrong(check(plan.clone(), typed(&folder.0, &own))).await;
    assert!(told.contains("替える前のもの"), "{told}");
    done(check(plan.clone(), typed(&folder.0, &printed(&folder, &plan, "new").await))).await;

    let kept = folder.0.join("kept");
    std::fs::rename(&plan.master, &kept).unwrap();
    for lines in [&own, &others] {
        let _ = wrong(recover(plan.clone(), typed(&folder.0, lines))).await;
        assert!(!plan.master.exists(), "a key that does not open the keyring is not written");
    }
    assert!(wrong(sheet(plan.clone(), folder.0.join("none"))).await.contains("tasuki key recover"));
}

#[tokio::test]
async fn a_lost_machine_gets_its_key_from_paper_and_tries_it_on_the_copy() {
    let folder = Folder::new();
    let (plan, mut new) = (folder.plan("house", false).await, folder.plan("new", false).await);
    drop(opened(&plan).await);
    let lines = printed(&folder, &plan, "own").await;
    let told = wrong(check(new.clone(), typed(&folder.0, &lines))).await;
    assert!(told.contains("確かめられません"), "{told}");
    let copied = Plan { config: with_copy(&plan, folder.0.join("keys")), ..plan.clone() };
    done(turn(copied.clone())).await;
    new.config.keys_copy.clone_from(&copied.config.keys_copy);
    done(check(new.clone(), typed(&folder.0, &lines))).await;
    done(recover(new.clone(), typed(&folder.0, &lines))).await;
    assert_eq!(std::fs::read(&plan.master).unwrap(), std::fs::read(&new.master).unwrap());
    assert!(!new.config.data.exists(), "nothing else was made");
}

fn with_copy(plan: &Plan, copy: PathBuf) -> crate::config::Config {
    crate::config::Config { keys_copy: Some(copy), ..plan.config.clone() }
}

#[test]
fn the_next_night_begins_at_three() {
    // 2026-11-20 in Tokyo.
    let midnight = Ts(1_795_100_400_000_000);
    let three = midnight.plus(3 * HOUR);
    assert_eq!(night::next(midnight), three);
    assert_eq!(night::next(three.minus(1)), three);
    assert_eq!(night::next(three), three.plus(DAY));
    assert_eq!(night::next(midnight.plus(23 * HOUR)), three.plus(DAY));
}

/// The same house with a clock of its own and a say about its nights.
fn by_night(world: &World, copy: PathBuf, nightly_turn: bool, clock: &Clock) -> House {
    let mut rooms = (*world.house).clone();
    rooms.config.keys_copy = Some(copy);
    rooms.config.nightly_turn = nightly_turn;
    rooms.clock = clock.clone();
    House::new(rooms)
}

async fn work(house: &House) -> usize {
    crate::errands::work(house, &[TURN]).await.unwrap()
}

async fn waiting(house: &House) -> i64 {
    house.read(|tx| Ok(jobs::waiting(tx)?)).await.unwrap()
}

#[tokio::test]
async fn the_epoch_turns_by_night_when_a_key_was_destroyed() {
    for (folder, plan) in engines().await {
        let (world, [one, _]) = lived_in(&plan).await;
        let clock = Clock::fixed(world.house.now());
        let copy = folder.0.join("keys");
        let house = by_night(&world, copy.clone(), true, &clock);
        let others = waiting(&house).await;
        for _ in 0..3 {
            call(&house).await.unwrap();
        }
        assert_eq!(waiting(&house).await, others + 1, "one a night, however often the house starts");
        assert_eq!(work(&house).await, 0, "not by day");
        let night = async || {
            clock.set(night::next(clock.now()).plus(MINUTE));
            assert_eq!(work(&house).await, 1);
            assert_eq!(waiting(&house).await, others + 1, "the next night is called for");
            house.vault.newest()
        };
        assert_eq!(night().await, 1, "nothing was destroyed");
        assert!(super::copy_is_newest(&plan.keyring, &copy).await, "the keys are copied all the same");
        destroy_key_of(&world.house, one).await;
        assert_eq!(night().await, 2);
        assert!(super::copy_is_newest(&plan.keyring, &copy).await);
        assert!(copy.join("epoch-2.key").exists() && !copy.join("epoch-1.key").exists());
        assert_eq!(night().await, 2, "once is enough");
    }
}

#[tokio::test]
async fn a_night_that_fails_is_tried_again_and_the_next_one_comes() {
    let folder = Folder::new();
    let plan = folder.plan("house", false).await;
    let (world, [one, _]) = lived_in(&plan).await;
    let clock = Clock::fixed(world.house.now());
    let copy = folder.0.join("keys");
    std::fs::write(&copy, "a file is in the way").unwrap();
    let house = by_night(&world, copy.clone(), true, &clock);
    let others = waiting(&house).await;
    call(&house).await.unwrap();
    destroy_key_of(&world.house, one).await;
    clock.set(night::next(clock.now()));
    assert_eq!(work(&house).await, 1);
    assert_eq!(
        (house.vault.newest(), waiting(&house).await),
        (2, others + 2),
        "again soon, and the next night"
    );
    std::fs::remove_file(&copy).unwrap();
    clock.advance(MINUTE);
    assert_eq!(work(&house).await, 1);
    assert_eq!((house.vault.newest(), waiting(&house).await), (2, others + 1));
    assert!(super::copy_is_newest(&plan.keyring, &copy).await, "the copy that failed was made up for");
}

#[tokio::test]
async fn a_house_that_is_not_to_turn_by_itself_does_not() {
    let folder = Folder::new();
    let plan = folder.plan("house", false).await;
    let (world, [one, _]) = lived_in(&plan).await;
    let clock = Clock::fixed(world.house.now());
    call(&by_night(&world, folder.0.join("keys"), true, &clock)).await.unwrap();
    let off = by_night(&world, folder.0.join("keys"), false, &clock);
    let waits = waiting(&off).await;
    call(&off).await.unwrap();
    assert_eq!(waiting(&off).await, waits, "nothing is called for");
    assert!(errand(&off).is_none(), "and taken from no node that is to turn");
    destroy_key_of(&world.house, one).await;
    clock.set(night::next(clock.now()));
    assert_eq!(work(&off).await, 1, "what was called for before it was switched off");
    assert_eq!((off.vault.newest(), waiting(&off).await), (1, waits - 1));
}
