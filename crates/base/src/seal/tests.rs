//! Data keys in a database, and the turn of the epoch, on both engines.

use super::turn::turn_with;
use super::{
    DataKey, Error, KeyId, Keyring, Opened, Place, SealError, Turned, Vault, VaultError, mint, store, unlock,
    verify,
};
use crate::Chance;
use crate::blobs::Place as Bucket;
use crate::db::Db;
use crate::db::tests::{Bed, engines_with};
use std::fs;
use std::path::Path;
use std::time::Duration;
use tasuki_value::Ts;
use tempfile::TempDir;
use uuid::Uuid;

const SCHEMA: &str = "CREATE TABLE data_keys (id UUID PRIMARY KEY, epoch BIGINT NOT NULL,
    wrapped {bytes} NOT NULL, made_at BIGINT NOT NULL);
    CREATE TABLE destroyed_keys (id UUID PRIMARY KEY, epoch BIGINT NOT NULL, destroyed_at BIGINT NOT NULL,
    gone_at BIGINT)";
const NOW: Ts = Ts(1_795_000_000_000_000);
const HERE: Place<'_> = Place { table: "posts", column: "body", row: Uuid::from_u128(7) };

/// A place for keys.
struct Site {
    dir: TempDir,
    bucket: Option<Bucket>,
}

impl Site {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), bucket: None }
    }

    /// With the keyring in a folder, and in a bucket.
    fn both() -> [Self; 2] {
        [Self::new(), Self { bucket: Some(Bucket::memory()), ..Self::new() }]
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn made(&self, chance: &Chance) -> Result<(Vault, Opened), VaultError> {
        let folder = || Keyring::folder(&self.path().join("keyring"));
        let keyring = self.bucket.clone().map_or_else(folder, Keyring::bucket);
        Vault::open_or_make(&keyring, &self.path().join("key"), chance, NOW)
    }
}

/// Both forms of a keyring beside each engine.
async fn places() -> Vec<(Site, Bed)> {
    let mut places = Vec::new();
    for number in 0..2 {
        for db in engines_with(SCHEMA).await {
            let [folder, bucket] = Site::both();
            places.push((if number == 0 { folder } else { bucket }, db));
        }
    }
    places
}

fn open(site: &Site, chance: &Chance) -> Vault {
    site.made(chance).unwrap().0
}

async fn find(db: &Db, vault: &Vault, id: KeyId) -> Result<DataKey, Error> {
    let vault = vault.clone();
    db.read(move |tx| unlock(tx, &vault, id)).await
}

async fn turn(db: &Db, vault: &Vault, chance: &Chance) -> Result<Turned, Error> {
    turn_with(db, vault, chance, NOW, Duration::ZERO).await
}

async fn destroy(db: &Db, id: KeyId) -> bool {
    db.write::<_, Error>(move |tx| Ok(store::destroy(tx, id, NOW)?)).await.unwrap()
}

/// A key with a cell that it sealed.
struct Sealed {
    id: KeyId,
    cell: Vec<u8>,
}

async fn mint_sealed(db: &Db, vault: &Vault, chance: &Chance) -> Sealed {
    let key = mint(db, vault, chance, NOW).await.unwrap();
    Sealed { id: key.id(), cell: key.seal(chance, HERE, b"word") }
}

async fn assert_opens(db: &Db, vault: &Vault, sealed: &Sealed) {
    let key = find(db, vault, sealed.id).await.unwrap();
    assert_eq!(key.open(HERE, &sealed.cell).unwrap(), b"word");
}

#[tokio::test]
async fn every_statement_is_understood() {
    for db in engines_with(SCHEMA).await {
        let refused = db.prepare_all(store::STATEMENTS.to_vec()).await.unwrap();
        assert!(refused.is_empty(), "{refused:?}");
    }
}

#[tokio::test]
async fn a_minted_key_is_there_until_it_is_destroyed() {
    for db in engines_with(SCHEMA).await {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let sealed = mint_sealed(&db, &vault, &chance).await;
        assert_opens(&db, &vault, &sealed).await;
        assert!(destroy(&db, sealed.id).await);
        assert!(!destroy(&db, sealed.id).await);
        let gone = find(&db, &vault, sealed.id).await;
        assert!(matches!(gone, Err(Error::Seal(SealError::Destroyed))), "{gone:?}");
    }
}

#[tokio::test]
async fn a_turn_keeps_the_living_and_kills_every_copy_of_the_destroyed() {
    for db in engines_with(SCHEMA).await {
        let (home, chance) = (Site::new(), Chance::seeded(1));
        let vault = open(&home, &chance);
        let (living, doomed) =
            (mint_sealed(&db, &vault, &chance).await, mint_sealed(&db, &vault, &chance).await);
        let id = doomed.id;
        let backup = db.read(move |tx| store::find(tx, id)).await.unwrap().unwrap();
        destroy(&db, id).await;
        assert!(vault.unwrap(id, &backup).is_ok(), "before the turn a backup's row still opens");

        let turned = turn(&db, &vault, &chance).await.unwrap();
        assert_eq!(turned, Turned { epoch: 2, destroyed: vec![1], rewrapped: 1, lost: 0 });
        for vault in [vault, open(&home, &chance)] {
            assert_eq!(vault.unwrap(id, &backup).unwrap_err(), SealError::EpochGone(1));
            assert_opens(&db, &vault, &living).await;
        }
    }
}

#[tokio::test]
async fn a_turn_with_no_keys_at_all() {
    for db in engines_with(SCHEMA).await {
        let chance = Chance::seeded(1);
        let turned = turn(&db, &Vault::in_memory(&chance), &chance).await.unwrap();
        assert_eq!(turned, Turned { epoch: 2, destroyed: vec![1], rewrapped: 0, lost: 0 });
    }
}

#[tokio::test]
async fn a_turn_killed_anywhere_is_ended_by_the_next() {
    for (home, db) in places().await {
        let chance = Chance::system();
        let first = open(&home, &chance);
        let mut keys = Vec::new();
        for _ in 0..450 {
            keys.push(mint_sealed(&db, &first, &chance).await);
        }
        drop(first);
        for patience in [0, 1, 3, 9, 27, 60] {
            let vault = open(&home, &chance);
            let _ = tokio::time::timeout(Duration::from_millis(patience), turn(&db, &vault, &chance)).await;
        }
        let vault = open(&home, &chance);
        let turned = turn(&db, &vault, &chance).await.unwrap();
        assert_eq!(turned.lost, 0);
        assert_eq!(vault.epochs().len(), 1, "{:?}", vault.epochs());
        for sealed in &keys {
            assert_opens(&db, &vault, sealed).await;
        }
        let found = verify(&db, &vault).await.unwrap();
        assert_eq!((found.living, found.lost, found.oldest), (450, 0, Some(turned.epoch)));
    }
}

#[tokio::test]
async fn half_a_turn_leaves_every_key_open_and_goes_on() {
    for (home, db) in places().await {
        let chance = Chance::seeded(1);
        let vault = open(&home, &chance);
        let (one, other) = (mint_sealed(&db, &vault, &chance).await, mint_sealed(&db, &vault, &chance).await);
        vault.begin_turn(&chance, NOW).unwrap();
        let id = one.id;
        let before = db.read(move |tx| store::find(tx, id)).await.unwrap().unwrap();
        let again = vault.wrap(&find(&db, &vault, id).await.unwrap(), &chance);
        assert_eq!(again.epoch, 2);
        assert!(db.write(move |tx| store::rewrap(tx, id, &again)).await.unwrap());
        assert!(!db.write(move |tx| store::rewrap(tx, id, &before)).await.unwrap(), "never back");

        let vault = open(&home, &chance);
        for sealed in [&one, &other] {
            assert_opens(&db, &vault, sealed).await;
        }
        let turned = turn(&db, &vault, &chance).await.unwrap();
        // Also what the half turn had wrapped moves on: its epoch dies with the older one.
        assert_eq!(turned, Turned { epoch: 3, destroyed: vec![1, 2], rewrapped: 2, lost: 0 });
        assert_opens(&db, &vault, &one).await;
    }
}

#[tokio::test]
async fn a_node_that_has_not_heard_of_a_turn_loses_no_key() {
    for (home, db) in places().await {
        let chance = Chance::system();
        let (one, other) = (open(&home, &chance), open(&home, &chance));
        turn(&db, &one, &chance).await.unwrap();
        assert_eq!(other.newest(), 1, "it still wraps by the destroyed epoch");
        let sealed = mint_sealed(&db, &other, &chance).await;
        for vault in [&one, &other, &open(&home, &chance)] {
            assert_opens(&db, vault, &sealed).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_minted_by_two_nodes_while_both_turn_all_live() {
    for (home, db) in places().await {
        let chance = Chance::system();
        let nodes = [open(&home, &chance), open(&home, &chance)];
        let mut minting = Vec::new();
        for vault in nodes.clone() {
            let (db, chance) = (db.clone(), chance.clone());
            minting.push(tokio::spawn(async move {
                let mut keys = Vec::new();
                for _ in 0..60 {
                    keys.push(mint_sealed(&db, &vault, &chance).await);
                }
                keys
            }));
        }
        for _ in 0..6 {
            let (one, other) = tokio::join!(turn(&db, &nodes[0], &chance), turn(&db, &nodes[1], &chance));
            assert_ne!(one.unwrap().epoch, other.unwrap().epoch);
        }
        for keys in minting {
            for sealed in keys.await.unwrap() {
                assert_opens(&db, &nodes[0], &sealed).await;
                assert_opens(&db, &nodes[1], &sealed).await;
            }
        }
    }
}

#[tokio::test]
async fn a_damaged_row_stops_the_turn_and_nothing_is_destroyed() {
    for db in engines_with(SCHEMA).await {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let (whole, spoilt) =
            (mint_sealed(&db, &vault, &chance).await, mint_sealed(&db, &vault, &chance).await);
        let (from, to) = (whole.id, spoilt.id);
        db.write::<_, Error>(move |tx| {
            let swapped = store::find(tx, from)?.ok_or(SealError::Destroyed)?;
            store::destroy(tx, to, NOW)?;
            Ok(store::insert(tx, to, &swapped, NOW)?)
        })
        .await
        .unwrap();
        let stopped = turn(&db, &vault, &chance).await;
        assert!(matches!(stopped, Err(Error::Damaged(id)) if id == spoilt.id), "{stopped:?}");
        assert_eq!(vault.epochs().len(), 2);
        assert_opens(&db, &vault, &whole).await;
        destroy(&db, spoilt.id).await;
        assert_eq!(turn(&db, &vault, &chance).await.unwrap().destroyed, [1, 2]);
    }
}

#[tokio::test]
async fn a_row_of_a_dead_epoch_is_counted_and_stops_nothing() {
    for db in engines_with(SCHEMA).await {
        let chance = Chance::seeded(1);
        let vault = Vault::in_memory(&chance);
        let sealed = mint_sealed(&db, &vault, &chance).await;
        let id = sealed.id;
        let backup = db.read(move |tx| store::find(tx, id)).await.unwrap().unwrap();
        destroy(&db, id).await;
        turn(&db, &vault, &chance).await.unwrap();
        db.write(move |tx| store::insert(tx, id, &backup, NOW)).await.unwrap();
        assert_eq!(verify(&db, &vault).await.unwrap().lost, 1);
        assert_eq!(turn(&db, &vault, &chance).await.unwrap().lost, 1);
        let dead = find(&db, &vault, id).await;
        assert!(matches!(dead, Err(Error::Seal(SealError::EpochGone(1)))), "{dead:?}");
    }
}

#[tokio::test]
async fn an_old_copy_of_the_keyring_is_refused() {
    for db in engines_with(SCHEMA).await {
        let (home, chance) = (Site::new(), Chance::seeded(1));
        let vault = open(&home, &chance);
        mint_sealed(&db, &vault, &chance).await;
        let (file, copy) = (home.path().join("keyring/epoch-1.key"), home.path().join("copy"));
        fs::copy(&file, &copy).unwrap();
        turn(&db, &vault, &chance).await.unwrap();
        fs::remove_file(home.path().join("keyring/epoch-2.key")).unwrap();
        fs::copy(&copy, &file).unwrap();

        let old = open(&home, &chance);
        let refused = turn(&db, &old, &chance).await;
        assert!(matches!(refused, Err(Error::KeyringBehind { database: 2, keyring: 1 })), "{refused:?}");
        assert_eq!(old.epochs().len(), 1, "no epoch was begun");
    }
}

#[tokio::test]
async fn a_keyring_made_anew_opens_no_old_key() {
    for db in engines_with(SCHEMA).await {
        let (home, chance) = (Site::new(), Chance::seeded(1));
        let sealed = mint_sealed(&db, &open(&home, &chance), &chance).await;
        fs::remove_dir_all(home.path().join("keyring")).unwrap();
        let made = home.made(&chance);
        let (vault, opened) = made.unwrap();
        assert_eq!(opened, Opened::Made);
        let refused = find(&db, &vault, sealed.id).await;
        assert!(matches!(refused, Err(Error::Seal(SealError::Refused))), "{refused:?}");
        assert!(matches!(verify(&db, &vault).await, Err(Error::Damaged(id)) if id == sealed.id));
    }
}

#[tokio::test]
async fn a_mint_without_its_keyring_hands_out_no_key() {
    for db in engines_with(SCHEMA).await {
        let (home, chance) = (Site::new(), Chance::seeded(1));
        let vault = open(&home, &chance);
        fs::rename(home.path().join("keyring"), home.path().join("elsewhere")).unwrap();
        let refused = mint(&db, &vault, &chance, NOW).await;
        assert!(matches!(refused, Err(Error::Vault(VaultError::KeyringEmpty(_)))), "{refused:?}");
    }
}
