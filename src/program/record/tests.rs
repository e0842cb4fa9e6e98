//! The record of a house that is copied, put back, moved and started again; and what the operator did in it.

use super::{accept, check};
use crate::audit::{self, Stand};
use crate::config::Plan;
use crate::program::acts::{VERBS, around};
use crate::program::backup::tests::{Folder, done, key_from_the_safe, lived_in, names, opened};
use crate::program::backup::{Wish, backup, restore, verify};
use crate::program::{doctor, keys, migrate};
use crate::testing::World;
use tasuki_base::db;
use tasuki_law::nouns::EventKind;

const ALL: Wish = Wish { keep: None, lock_days: None, only_prune: false };
const OPERATIONS: &str = "/facility/record?kind=operations";

/// A house on either engine.
async fn engines() -> Vec<(Folder, Plan)> {
    let mut plans = Vec::new();
    for pg in [false, true] {
        if !pg || std::env::var("TASUKI_TEST_PG").is_ok() {
            let folder = Folder::new();
            let plan = folder.plan("house", pg).await;
            plans.push((folder, plan));
        }
    }
    plans
}

async fn chained(world: &World, family: &str) {
    world.patient("saeki", family, "久恵", &["moriyama"]).await;
    world.settle().await;
    (audit::CHAIN.run)(world.house.clone(), "null".to_owned()).await.unwrap();
}

async fn wrong(what: impl Future<Output = Result<(), Vec<String>>>) -> String {
    what.await.expect_err("something is wrong").concat()
}

async fn change(world: &World, statements: &'static [&'static str]) {
    let change = move |tx: &mut db::Tx<'_>| statements.iter().try_for_each(|sql| tx.exec(sql, &[]).map(drop));
    world.house.db.write::<_, db::Error>(change).await.unwrap();
}

/// The house with its keyring in another folder, and that folder.
async fn moved_keys(folder: &Folder, plan: &Plan) -> (Plan, std::path::PathBuf) {
    let there = folder.0.join("moved");
    done(keys::move_to(plan.clone(), &there.display().to_string())).await;
    (Plan { keyring: tasuki_base::seal::Keyring::folder(&there), ..plan.clone() }, there)
}

const ALTERED: &[&str] = &["UPDATE events SET kind = 'signed_out' WHERE kind = 'patient_registered'"];
const PUT_BACK: &[&str] =
    &["DELETE FROM events WHERE block IS NULL OR block > 1", "DELETE FROM event_blocks WHERE number > 1"];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_the_operator_does_stands_in_every_facilitys_record() {
    for (folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        let copy = || folder.copy();
        done(around("backup", plan.clone(), |plan| backup(plan, copy(), ALL))).await;
        done(around("backup --prune", plan.clone(), |plan| {
            backup(plan, copy(), Wish { keep: Some(Default::default()), only_prune: true, ..ALL })
        }))
        .await;
        done(around("verify", plan.clone(), |plan| verify(plan, copy()))).await;
        let _ = around("doctor", plan.clone(), doctor).await;
        done(around("migrate", plan.clone(), |plan| migrate(plan, false))).await;
        done(around("key status", plan.clone(), keys::status)).await;
        done(around("key rotate", plan.clone(), keys::rotate)).await;
        done(around("key turn", plan.clone(), keys::turn)).await;
        done(around("key sheet", plan.clone(), |plan| keys::sheet(plan, folder.0.join("sheet.html")))).await;
        let nothing = keys::Typed::File(folder.0.join("none"));
        let _ = around("key check", plan.clone(), |plan| keys::check(plan, nothing)).await;
        done(around("record check", plan.clone(), check)).await;
        world.settle().await;
        for administrator in ["saeki", "yamada"] {
            let record = world.visit(administrator).await.get(OPERATIONS).await.expect(200);
            for kind in [
                EventKind::BackupMade,
                EventKind::BackupPruned,
                EventKind::BackupVerified,
                EventKind::HouseExamined,
                EventKind::DatabaseMigrated,
                EventKind::KeysSeen,
                EventKind::MasterRotated,
                EventKind::EpochTurned,
                EventKind::KeySheetWritten,
                EventKind::KeySheetChecked,
                EventKind::RecordSeen,
            ] {
                assert!(record.has(kind.word()), "{administrator}: {kind:?}");
            }
            assert!(record.has("運営者"));
        }
        done(check(plan.clone())).await;
    }
}

#[test]
fn every_line_of_the_verbs_is_under_operations() {
    use crate::program::acts::Told;
    for (verb, told) in VERBS {
        if let Told::Before(kind) | Told::After(kind) | Told::Itself(kind) = told {
            let heading = audit::covered(tasuki_law::nouns::UseKind::Operations);
            assert!(heading.contains(kind), "{verb}");
            assert!(audit::STATEMENTS.iter().any(|sql| sql.contains(kind.code())), "{verb} is in no query");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_older_generation_is_restored_and_the_record_says_so() {
    for (folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        chained(&world, "児島").await;
        done(backup(plan.clone(), folder.copy(), ALL)).await;
        for name in ["水島", "玉島", "倉敷"] {
            chained(&world, name).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
        done(backup(plan.clone(), folder.copy(), ALL)).await;
        done(verify(plan.clone(), folder.copy())).await;
        let there = names(&plan, &folder).await;
        let to = folder.plan("to", matches!(plan.database, crate::config::Database::Pg { .. })).await;
        key_from_the_safe(&plan, &to);
        done(restore(to.clone(), folder.copy(), Some(there[0].clone()))).await;
        done(check(to.clone())).await;
        let moved = world.moved(opened(&to).await);
        let record = moved.visit("saeki").await.get(OPERATIONS).await.expect(200);
        assert!(record.has("控えから戻した"), "{}", record.text());
        chained(&moved, "総社").await;
        done(check(to.clone())).await;
        let Stand::Fine(head) = audit::settle(&moved.house).await.unwrap() else { panic!("a head") };
        assert_eq!(head.era, 1, "and the keyring knows that it goes on from there");
        // Of what was lost nothing can be slipped in again.
        change(&moved, PUT_BACK).await;
        assert!(wrong(check(to.clone())).await.contains("切り取られた"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_state_put_back_is_told_until_the_operator_accepts_it() {
    for (_folder, plan) in engines().await {
        let (world, [group, _]) = lived_in(&plan).await;
        for name in ["児島", "水島"] {
            chained(&world, name).await;
        }
        assert!(wrong(accept(plan.clone())).await.contains("認めるものはありません"));
        change(&world, PUT_BACK).await;
        let said = wrong(check(plan.clone())).await;
        assert!(said.contains("1番目のまとまりで終わって") && said.contains("番目まであった"), "{said}");
        assert!(doctor(plan.clone()).await.is_err());
        // It opens, and people work; nothing later makes it good.
        let world = world.moved(opened(&plan).await);
        world.visit("moriyama").await.write_post(group, "いつもどおり").await;
        chained(&world, "玉島").await;
        assert!(wrong(check(plan.clone())).await.contains("番目まであった"));
        done(accept(plan.clone())).await;
        done(check(plan.clone())).await;
        chained(&world, "倉敷").await;
        done(check(plan.clone())).await;
        let record = world.visit("saeki").await.get(OPERATIONS).await.expect(200);
        assert!(record.has("途中までしかない利用の記録を認めた"));
        // What was altered within it is not to be accepted.
        change(&world, ALTERED).await;
        assert!(wrong(accept(plan.clone())).await.contains("書き換えられた"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_record_altered_before_it_was_copied_is_found_in_the_copy() {
    for (folder, plan) in engines().await {
        for crime in [ALTERED, PUT_BACK] {
            let place = crate::program::backup::Place::new(
                &folder.0.join(format!("copy-{}", crime.len())).display().to_string(),
                None,
            );
            let plan = if crime.len() == 1 {
                plan.clone()
            } else {
                folder.plan("other", matches!(plan.database, crate::config::Database::Pg { .. })).await
            };
            let (world, _) = lived_in(&plan).await;
            chained(&world, "児島").await;
            done(backup(plan.clone(), place.clone(), ALL)).await;
            done(verify(plan.clone(), place.clone())).await;
            change(&world, crime).await;
            tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
            done(backup(plan.clone(), place.clone(), ALL)).await;
            let said = wrong(verify(plan.clone(), place)).await;
            assert!(said.contains("の中の利用の記録"), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_head_that_is_gone_is_told_and_one_that_moves_goes_along() {
    for (folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        chained(&world, "児島").await;
        let (moved, there) = moved_keys(&folder, &plan).await;
        done(check(moved.clone())).await;
        std::fs::remove_file(there.join("record.head")).unwrap();
        assert!(wrong(check(moved.clone())).await.contains("record.head"));
        assert!(doctor(moved.clone()).await.is_err());
        let world = world.moved(opened(&moved).await);
        chained(&world, "水島").await;
        assert!(wrong(check(moved.clone())).await.contains("record.head"), "no new one is made up");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_head_that_is_lost_damaged_or_old_is_made_anew_by_the_operators_word() {
    for (folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        chained(&world, "児島").await;
        let (moved, there) = moved_keys(&folder, &plan).await;
        let world = world.moved(opened(&moved).await);
        let file = there.join("record.head");
        let old = std::fs::read(&file).unwrap();
        for (name, lies) in
            [("水島", None), ("玉島", Some(b"tasuki-record-1 0 9".to_vec())), ("倉敷", Some(old))]
        {
            chained(&world, name).await;
            chained(&world, "総社").await;
            match &lies {
                None => std::fs::remove_file(&file).unwrap(),
                Some(bytes) => std::fs::write(&file, bytes).unwrap(),
            }
            let said = wrong(check(moved.clone())).await;
            assert!(said.contains("record.head") || said.contains("ずっと前です"), "{said}");
            done(accept(moved.clone())).await;
            done(check(moved.clone())).await;
            chained(&world, name).await;
            done(check(moved.clone())).await;
        }
        // What was altered is still not to be accepted.
        std::fs::remove_file(&file).unwrap();
        change(&world, ALTERED).await;
        assert!(wrong(accept(moved.clone())).await.contains("書き換えられた"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_cannot_be_written_down_now_is_at_the_next_start() {
    for (_folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        let away = plan.master.with_extension("away");
        std::fs::rename(&plan.master, &away).unwrap();
        let _ = around("doctor", plan.clone(), doctor).await.expect_err("the keys are missing");
        assert!(plan.config.data.join("acts.waiting").exists());
        std::fs::rename(&away, &plan.master).unwrap();
        let world = world.moved(opened(&plan).await);
        assert!(!plan.config.data.join("acts.waiting").exists());
        let record = world.visit("saeki").await.get(OPERATIONS).await.expect(200);
        assert!(record.has("設定と保存先を調べた"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_daily_mail_tells_number_time_and_head_and_what_is_wrong() {
    for (_folder, plan) in engines().await {
        let (world, _) = lived_in(&plan).await;
        let Stand::Fine(head) = audit::settle(&world.house).await.unwrap() else { panic!("a head") };
        let letter = super::letter(&world.house, "op@example.jp".to_owned()).await.unwrap();
        assert!(
            letter.body.contains(&tasuki_base::hash::hex(&head.hash))
                && letter.body.contains(&head.number.to_string())
        );
        assert!(!letter.subject.contains("重要"));
        change(&world, ALTERED).await;
        let letter = super::letter(&world.house, "op@example.jp".to_owned()).await.unwrap();
        assert!(letter.subject.contains("重要") && letter.body.contains("ログアウトした"), "{}", letter.body);
    }
}
