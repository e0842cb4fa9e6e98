//! Whoever can write into the whole database, but does not reach the keyring, tries to have the record say otherwise.

use crate::audit::chain::{self, block_hash, is_ours};
use crate::audit::store::{self, Block};
use crate::audit::{Chain, Flaw, Stand, look_for_recent, settle, verify_chain};
use crate::events::{Event, Marks, Written, announce};
use crate::testing::World;
use tasuki_base::Chance;
use tasuki_base::db;
use tasuki_base::seal::Vault;
use tasuki_law::nouns::{EventId, EventKind};
use tasuki_value::MINUTE;
use uuid::Uuid;

/// Three blocks, and two events that wait for the next.
async fn house() -> World {
    let world = World::with_cast().await;
    for name in ["岡田", "隅田", "児島"] {
        chained(&world).await;
        world.patient("saeki", name, "久恵", &["moriyama"]).await;
    }
    chained(&world).await;
    for kind in [EventKind::SignedOut, EventKind::TokenMade] {
        let event = Event::new(kind).by(world.account("saeki"));
        world.house.write(move |tx| announce(tx, &event)).await.unwrap();
    }
    let chain = looked_through(&world).await;
    assert!(chain.is_whole() && chain.blocks >= 3 && chain.waiting >= 2, "{chain:?}");
    world
}

async fn chained(world: &World) {
    world.settle().await;
    world.later(2 * MINUTE);
    world.settle().await;
}

async fn looked_through(world: &World) -> Chain {
    verify_chain(&world.house.db, &world.house.marks, &world.house.vault).await.unwrap()
}

type Tx<'t, 'c> = &'t mut db::Tx<'c>;
type Crime = fn(Tx<'_, '_>) -> db::Result<()>;
type Found = fn(&Flaw) -> bool;

const SET_HASH: &str = "UPDATE event_blocks SET hash = $2, size = $3, mac = $4 WHERE number = $1";

/// Every hash anew, as the program makes them; marks with a key of another house, or as they were.
fn recompute(tx: Tx<'_, '_>, marks: Option<&Marks>) -> db::Result<()> {
    let mut before: Option<Block> = None;
    let mut number = 1;
    while let Some(mut block) = store::block_at(tx, number)? {
        let events: Vec<Written> = store::in_block(tx, &block)?;
        block.hash = block_hash(before.as_ref(), number, &events).to_vec();
        block.size = i64::try_from(events.len()).unwrap();
        if let Some(marks) = marks {
            let parts = chain::parts(&block);
            block.mac = Some(marks.block().sign(&parts.each_ref().map(Vec::as_slice)).to_vec());
            assert!(is_ours(&block, marks));
        }
        tx.exec(SET_HASH, &[&number, &block.hash, &block.size, &block.mac])?;
        before = Some(block);
        number += 1;
    }
    Ok(())
}

fn of_another_house() -> Marks {
    let chance = Chance::seeded(99);
    Marks::of(&Vault::in_memory(&chance).mint(&chance).0)
}

/// All of it signed again, by another house.
fn sign_all(tx: Tx<'_, '_>) -> db::Result<()> {
    let (marks, nil) = (of_another_house(), EventId(Uuid::nil()));
    tx.exec("UPDATE events SET block = NULL", &[])?;
    for event in store::unchained(tx, nil, 10_000)? {
        let mac = marks.event(&event.digest);
        tx.exec("UPDATE events SET mac = $2 WHERE id = $1", &[&event.id, &mac])?;
    }
    tx.exec(
        "UPDATE events SET block = (SELECT min(b.number) FROM event_blocks b
          WHERE b.first <= events.id AND b.last >= events.id)",
        &[],
    )?;
    recompute(tx, Some(&marks))
}

/// Every statement of a crime, and how it is to be found.
const CRIMES: &[(&str, Crime, Found)] = &[
    ("an event altered", |tx| alter(tx), |flaw| matches!(flaw, Flaw::Event)),
    (
        "altered, and all hashes anew",
        |tx| alter(tx).and_then(|()| recompute(tx, None)),
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "altered without a mark, and all hashes anew without one",
        |tx| {
            alter(tx)?;
            tx.exec("UPDATE events SET mac = NULL", &[])?;
            recompute(tx, None)?;
            tx.exec("UPDATE event_blocks SET mac = NULL", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "the moment altered",
        |tx| tx.exec("UPDATE events SET at = at + 60000000 WHERE kind = 'patient_registered'", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "a kind that there is not",
        |tx| tx.exec("UPDATE events SET kind = 'nothing' WHERE kind = 'patient_registered'", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::Event),
    ),
    ("an event removed", |tx| remove(tx), |flaw| matches!(flaw, Flaw::Removed { .. })),
    (
        "removed, and all hashes anew",
        |tx| remove(tx).and_then(|()| recompute(tx, None)),
        |flaw| matches!(flaw, Flaw::BlockForged),
    ),
    ("an event added", |tx| add(tx), |flaw| matches!(flaw, Flaw::Event)),
    (
        "added, and all hashes anew",
        |tx| add(tx).and_then(|()| recompute(tx, None)),
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "the last block cut off with its events",
        |tx| cut(tx, "SELECT max(number) FROM event_blocks"),
        |flaw| matches!(flaw, Flaw::CutOff { .. }),
    ),
    (
        "an older state put back",
        |tx| {
            tx.exec("DELETE FROM events WHERE block > 1 OR block IS NULL", &[])?;
            tx.exec("DELETE FROM event_blocks WHERE number > 1", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::CutOff { .. }),
    ),
    (
        "both tables emptied",
        |tx| {
            tx.exec("DELETE FROM events", &[])?;
            tx.exec("DELETE FROM event_blocks", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::CutOff { .. }),
    ),
    (
        "the blocks emptied",
        |tx| tx.exec("DELETE FROM event_blocks", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::Foreign { .. }),
    ),
    (
        "the blocks emptied and every event made to wait",
        |tx| {
            tx.exec("DELETE FROM event_blocks", &[])?;
            tx.exec("UPDATE events SET block = NULL", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::CutOff { .. }),
    ),
    (
        "a block in the middle removed",
        |tx| {
            tx.exec("DELETE FROM events WHERE block = 2", &[])?;
            tx.exec("DELETE FROM event_blocks WHERE number = 2", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::BlockMissing),
    ),
    (
        "two blocks exchanged",
        |tx| {
            tx.exec("UPDATE events SET block = 5 - block WHERE block IN (2, 3)", &[])?;
            tx.exec("UPDATE event_blocks SET number = -number WHERE number IN (2, 3)", &[])?;
            tx.exec("UPDATE event_blocks SET number = 5 + number WHERE number < 0", &[]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::BlockAltered),
    ),
    (
        "what two events say exchanged",
        |tx| {
            tx.exec(
                "UPDATE events SET kind = 'signed_out', mac = (SELECT e.mac FROM events e WHERE e.kind = 'group_made'
                  ORDER BY e.id LIMIT 1) WHERE kind = 'patient_registered'",
                &[],
            )
            .map(drop)
        },
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "a block's time altered",
        |tx| tx.exec("UPDATE event_blocks SET made_at = made_at - 1 WHERE number = 2", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::BlockForged),
    ),
    (
        "a place in a block taken away",
        |tx| tx.exec("UPDATE events SET block = NULL WHERE kind = 'patient_registered'", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::Removed { .. }),
    ),
    (
        "waiting, and altered",
        |tx| tx.exec("UPDATE events SET account = NULL WHERE block IS NULL", &[]).map(drop),
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "added among what waits",
        |tx| {
            let sql = "INSERT INTO events (id, at, kind) SELECT $1, max(at), 'file_opened' FROM events";
            tx.exec(sql, &[&stray()]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "added among what waits, with another's mark",
        |tx| {
            let sql = "INSERT INTO events (id, at, kind, account, mac)
              SELECT $1, at, kind, account, mac FROM events WHERE block IS NULL LIMIT 1";
            tx.exec(sql, &[&stray()]).map(drop)
        },
        |flaw| matches!(flaw, Flaw::Event),
    ),
    (
        "added in a block of a number that nobody walks by",
        |tx| {
            tx.exec(
                "INSERT INTO event_blocks (number, first, last, size, hash, made_at, mac)
                  SELECT -number, first, last, 1, hash, made_at, mac FROM event_blocks WHERE number = 2",
                &[],
            )?;
            stray_in(tx, -2)
        },
        |flaw| matches!(flaw, Flaw::Foreign { .. }),
    ),
    ("added in block 0", |tx| stray_in(tx, 0), |flaw| matches!(flaw, Flaw::Foreign { .. })),
    ("added beyond the ids of its block", |tx| stray_in(tx, 2), |flaw| matches!(flaw, Flaw::Foreign { .. })),
    (
        "added in a block that there is not",
        |tx| stray_in(tx, 99),
        |flaw| matches!(flaw, Flaw::Foreign { .. }),
    ),
    ("all of it of another house", |tx| sign_all(tx), |flaw| matches!(flaw, Flaw::Event)),
];

fn stray() -> EventId {
    EventId(Uuid::from_u128((u128::MAX >> 1) & !(3 << 62)))
}

fn stray_in(tx: Tx<'_, '_>, block: i64) -> db::Result<()> {
    let sql = "INSERT INTO events (id, at, kind, block) SELECT $1, max(at), 'file_opened', $2 FROM events";
    tx.exec(sql, &[&stray(), &block]).map(drop)
}

fn alter(tx: Tx<'_, '_>) -> db::Result<()> {
    tx.exec("UPDATE events SET kind = 'signed_out' WHERE kind = 'patient_registered'", &[]).map(drop)
}

fn remove(tx: Tx<'_, '_>) -> db::Result<()> {
    tx.exec("DELETE FROM events WHERE kind = 'member_joined' AND block = 3", &[]).map(drop)
}

fn add(tx: Tx<'_, '_>) -> db::Result<()> {
    let (first, last): (EventId, EventId) =
        tx.one("SELECT first, last FROM event_blocks WHERE number = 2", &[])?;
    let id = EventId(Uuid::from_u128(first.0.as_u128() + 1));
    assert!(id < last);
    let sql =
        "INSERT INTO events (id, at, kind, block) SELECT $1, at, 'file_opened', 2 FROM events WHERE id = $2";
    tx.exec(sql, &[&id, &first]).map(drop)
}

fn cut(tx: Tx<'_, '_>, which: &'static str) -> db::Result<()> {
    let (block,): (i64,) = tx.one(which, &[])?;
    tx.exec("DELETE FROM events WHERE block >= $1", &[&block])?;
    tx.exec("DELETE FROM event_blocks WHERE number >= $1", &[&block]).map(drop)
}

#[tokio::test]
async fn whatever_is_done_to_the_record_is_found() {
    for (name, crime, found) in CRIMES {
        let world = house().await;
        world.house.db.write::<_, db::Error>(*crime).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        let chain = looked_through(&world).await;
        let wrong = chain.wrong.unwrap_or_else(|| panic!("{name}: not found"));
        assert!(found(&wrong.flaw), "{name}: {wrong:?}");
        let words = crate::phrases::record::wrong(&wrong);
        assert!(words.contains("利用の記録"), "{name}: {words}");
        // Nothing that happens later makes it good, and people go on.
        world.patient("saeki", "金光", "久恵", &[]).await;
        chained(&world).await;
        chained(&world).await;
        assert!(!looked_through(&world).await.is_whole(), "{name}: forgotten");
        world.close_with_leftovers();
    }
}

#[tokio::test]
async fn the_first_wrong_place_is_named() {
    let world = house().await;
    world.house.db.write::<_, db::Error>(alter).await.unwrap();
    let wrong = looked_through(&world).await.wrong.unwrap();
    assert_eq!((wrong.block, wrong.kind.as_deref()), (2, Some("signed_out")));
    let words = crate::phrases::record::wrong(&wrong);
    for said in ["2番目のまとまり", "2026-11-20 09:0", "ログアウトした"] {
        assert!(words.contains(said), "{words}");
    }
    world.close().await;
}

#[tokio::test]
async fn what_vanishes_before_its_block_is_missed() {
    let world = house().await;
    let gone = world
        .house
        .db
        .write(|tx| tx.exec("DELETE FROM events WHERE block IS NULL AND kind = 'token_made'", &[]));
    assert_eq!(gone.await.unwrap(), 1);
    assert!(looked_through(&world).await.is_whole(), "it leaves no gap");
    world.later(4 * MINUTE);
    assert_eq!(look_for_recent(&world.house).await.unwrap(), 1);
    assert_eq!(look_for_recent(&world.house).await.unwrap(), 0, "told once");
    chained(&world).await;
    assert!(looked_through(&world).await.is_whole());
    let mut doctor = world.visit("saeki").await;
    let record = doctor.get("/facility/record?kind=operations").await.expect(200);
    assert!(record.has("利用の記録から行が消えていた"), "{}", record.text());
    world.close().await;
}

#[tokio::test]
async fn a_head_that_is_put_back_or_not_the_houses_is_told() {
    let world = World::with_cast().await;
    chained(&world).await;
    let early = world.house.vault.note().unwrap().expect("a head");
    for name in ["岡田", "隅田", "児島"] {
        world.patient("saeki", name, "久恵", &[]).await;
        chained(&world).await;
    }
    let late = world.house.vault.note().unwrap().unwrap();
    assert!(looked_through(&world).await.is_whole() && early != late);
    let put = |bytes: Vec<u8>| world.house.vault.write_note(move |_| Some(bytes.clone())).unwrap();
    put(early);
    let old = looked_through(&world).await.wrong.expect("an old head");
    assert!(matches!(old.flaw, Flaw::HeadOld { .. }), "{old:?}");
    for at in [0, 20, late.len() / 2, late.len() - 2] {
        let mut changed = late.clone();
        changed[at] = if changed[at] == b'1' { b'2' } else { b'1' };
        put(changed);
        let damaged = looked_through(&world).await.wrong.expect("a damaged head");
        assert_eq!(damaged.flaw, Flaw::HeadDamaged, "byte {at}");
    }
    put(late);
    assert!(looked_through(&world).await.is_whole());
    world.close().await;
}

/// The head is one block behind at most: as a kill between the commit and the head leaves it.
#[tokio::test]
async fn a_kill_between_the_commit_and_the_head_is_no_alarm() {
    let world = World::with_cast().await;
    chained(&world).await;
    for name in ["岡田", "隅田"] {
        let before = world.house.vault.note().unwrap().unwrap();
        world.patient("saeki", name, "久恵", &[]).await;
        chained(&world).await;
        let after = world.house.vault.note().unwrap().unwrap();
        let killed = before.clone();
        world.house.vault.write_note(move |_| Some(killed.clone())).unwrap();
        assert!(looked_through(&world).await.is_whole(), "the next start has not come yet");
        assert!(matches!(settle(&world.house).await.unwrap(), Stand::Fine(_)));
        assert_eq!(world.house.vault.note().unwrap().unwrap(), after, "it has caught up");
    }
    world.close().await;
}

/// Two nodes, of which one is late: the head never goes back.
#[tokio::test]
async fn two_nodes_and_a_turn_leave_it_whole() {
    let world = World::with_cast().await;
    chained(&world).await;
    let nodes = [world.house.clone(), world.house.clone(), world.house.clone()];
    for name in ["岡田", "隅田"] {
        world.patient("saeki", name, "久恵", &[]).await;
        chained(&world).await;
        let settled = nodes.each_ref().map(settle);
        for stand in futures_util::future::join_all(settled).await {
            assert!(matches!(stand.unwrap(), Stand::Fine(_)));
        }
    }
    let house = &world.house;
    tasuki_base::seal::turn(&house.db, &house.vault, &house.chance, house.now()).await.unwrap();
    house.vault.rotate(&house.chance).unwrap();
    let marks = crate::serve::marks(&house.db, &house.vault, house.own_key).await.unwrap();
    assert!(verify_chain(&house.db, &marks, &house.vault).await.unwrap().is_whole());
    world.patient("saeki", "児島", "久恵", &[]).await;
    chained(&world).await;
    assert!(looked_through(&world).await.is_whole());
    world.close().await;
}

/// A house from before there were marks: its blocks and what waits bear none, and the keyring knows no head.
#[tokio::test]
async fn an_old_record_is_sealed_as_it_is_and_from_then_on_holds() {
    let world = World::with_cast().await;
    world.patient("saeki", "岡田", "久恵", &[]).await;
    let old = world.house.db.write::<_, db::Error>(|tx| {
        tx.exec("UPDATE events SET mac = NULL", &[])?;
        let waiting = store::unchained(tx, EventId(Uuid::nil()), 10)?;
        chain::put_block(tx, None, tasuki_value::Ts(1), &waiting)
    });
    assert_eq!(old.await.unwrap(), 10);
    assert!(looked_through(&world).await.is_whole(), "not sealed yet, and no alarm");
    world.settle().await;
    assert!(matches!(settle(&world.house).await.unwrap(), Stand::Fine(_)));
    chained(&world).await;
    let chain = looked_through(&world).await;
    assert!(chain.is_whole() && chain.waiting == 0, "{chain:?}");
    let record = world.visit("saeki").await.get("/facility/record?kind=operations").await.expect(200);
    assert!(record.has("それまでの利用の記録に鍵の印をつけた"));
    world.house.db.write::<_, db::Error>(|tx| alter(tx).and_then(|()| recompute(tx, None))).await.unwrap();
    assert!(!looked_through(&world).await.is_whole(), "what was taken over cannot be made anew either");
    world.close_with_leftovers();
}

#[tokio::test]
async fn while_the_chain_stands_still_nothing_that_waits_vanishes_unseen() {
    let world = house().await;
    let alter = |tx: &mut db::Tx<'_>| {
        tx.exec("UPDATE event_blocks SET hash = $1 WHERE number > 1", &[&vec![0_u8; 32]])
    };
    world.house.db.write(alter).await.unwrap();
    for _ in 0..3 {
        world.later(10 * MINUTE);
        world.settle().await;
        assert_eq!(look_for_recent(&world.house).await.unwrap(), 0, "all of it is there");
    }
    let take =
        |tx: &mut db::Tx<'_>| tx.exec("DELETE FROM events WHERE block IS NULL AND kind = 'token_made'", &[]);
    world.house.db.write(take).await.unwrap();
    world.later(10 * MINUTE);
    assert_eq!(look_for_recent(&world.house).await.unwrap(), 1);
    world.close().await;
}
