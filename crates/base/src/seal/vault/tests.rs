use super::{Opened, Vault};
use crate::Chance;
use crate::seal::{SealError, VaultError, Wrapped};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use tasuki_value::Ts;
use tempfile::TempDir;

const NOW: Ts = Ts(1_795_000_000_000_000);

struct Home {
    dir: TempDir,
    chance: Chance,
}

impl Home {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), chance: Chance::seeded(1) }
    }

    fn keyring(&self) -> PathBuf {
        self.dir.path().join("data.keyring")
    }

    fn master(&self) -> PathBuf {
        self.dir.path().join("keys/data.key")
    }

    fn open(&self) -> Result<(Vault, Opened), VaultError> {
        Vault::open_or_make(&self.keyring(), &self.master(), &self.chance, NOW)
    }

    fn epoch_file(&self, number: i64) -> PathBuf {
        self.keyring().join(format!("epoch-{number}.key"))
    }
}

#[test]
fn made_once_then_found() {
    let home = Home::new();
    let (vault, opened) = home.open().unwrap();
    assert_eq!(opened, Opened::Made);
    let (key, wrapped) = vault.mint(&home.chance);
    drop(vault);
    let (vault, opened) = home.open().unwrap();
    assert_eq!(opened, Opened::Found);
    let again = vault.unwrap(key.id(), &wrapped).unwrap();
    assert_eq!(again.secret().bytes(), key.secret().bytes());
    assert_eq!(vault.epochs()[0].made_at, NOW);
}

#[test]
fn only_the_owner_may_look() {
    let home = Home::new();
    home.open().unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.keyring()), 0o700);
    assert_eq!(mode(home.dir.path().join("keys")), 0o700);
    assert_eq!(mode(home.master()), 0o600);
    assert_eq!(mode(home.epoch_file(1)), 0o600);
}

#[test]
fn a_master_key_given_beforehand_is_used() {
    let (one, other) = (Home::new(), Home::new());
    one.open().unwrap();
    fs::create_dir(other.dir.path().join("keys")).unwrap();
    fs::copy(one.master(), other.master()).unwrap();
    assert_eq!(other.open().unwrap().1, Opened::Made);
    assert_eq!(fs::read(one.master()).unwrap(), fs::read(other.master()).unwrap());
}

#[test]
fn a_wrong_missing_or_broken_master_key_is_told() {
    let (home, other) = (Home::new(), Home { chance: Chance::seeded(2), ..Home::new() });
    home.open().unwrap();
    other.open().unwrap();
    let own = fs::read(home.master()).unwrap();
    fs::copy(other.master(), home.master()).unwrap();
    assert!(matches!(home.open(), Err(VaultError::WrongMaster)));
    fs::write(home.master(), &own[..own.len() - 3]).unwrap();
    assert!(matches!(home.open(), Err(VaultError::MasterMalformed(_))));
    fs::remove_file(home.master()).unwrap();
    assert!(matches!(home.open(), Err(VaultError::MasterMissing(_))));
    assert!(!home.master().exists(), "none is made up for a keyring that has one");
    fs::write(home.master(), own).unwrap();
    assert_eq!(home.open().unwrap().1, Opened::Found);
}

#[test]
fn any_changed_byte_of_an_epoch_is_told() {
    let home = Home::new();
    home.open().unwrap();
    let whole = fs::read(home.epoch_file(1)).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(home.epoch_file(1), &changed).unwrap();
        assert!(home.open().is_err(), "byte {at}");
    }
    fs::write(home.epoch_file(1), &whole[..40]).unwrap();
    assert!(matches!(home.open(), Err(VaultError::Damaged(_))));
    // Under another number it is another epoch.
    fs::write(home.epoch_file(1), &whole).unwrap();
    fs::rename(home.epoch_file(1), home.epoch_file(2)).unwrap();
    assert!(matches!(home.open(), Err(VaultError::Damaged(_))));
}

#[test]
fn a_stored_key_opens_only_as_itself() {
    let chance = Chance::seeded(1);
    let vault = Vault::in_memory(&chance);
    let ((one, wrapped), (other, _)) = (vault.mint(&chance), vault.mint(&chance));
    assert_ne!(one.id(), other.id());
    assert_eq!(vault.unwrap(other.id(), &wrapped).unwrap_err(), SealError::Refused);
    for at in 0..wrapped.bytes.len() {
        let mut bytes = wrapped.bytes.clone();
        bytes[at] ^= 1;
        assert!(vault.unwrap(one.id(), &Wrapped { epoch: 1, bytes }).is_err(), "byte {at}");
    }
    let missing = Wrapped { epoch: 9, ..wrapped };
    assert_eq!(vault.unwrap(one.id(), &missing).unwrap_err(), SealError::EpochGone(9));
}

#[test]
fn a_turn_destroys_the_old_epoch_in_memory_and_on_the_disk() {
    let home = Home::new();
    let (vault, _) = home.open().unwrap();
    let (key, before) = vault.mint(&home.chance);
    let to = vault.begin_turn(&home.chance, NOW.plus(5)).unwrap();
    assert_eq!((to, vault.newest()), (2, 2));
    assert!(vault.unwrap(key.id(), &before).is_ok(), "until the end the old epoch opens");
    let after = vault.wrap(&key, &home.chance);
    assert_eq!(vault.finish_turn(to).unwrap(), [1]);
    for vault in [vault, home.open().unwrap().0] {
        assert_eq!(vault.unwrap(key.id(), &before).unwrap_err(), SealError::EpochGone(1));
        assert!(vault.unwrap(key.id(), &after).is_ok());
        // A backup's row that pretends to be of the new epoch is no help.
        let forged = Wrapped { epoch: 2, bytes: before.bytes.clone() };
        assert_eq!(vault.unwrap(key.id(), &forged).unwrap_err(), SealError::Refused);
    }
    let left: Vec<_> =
        fs::read_dir(home.keyring()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == "epoch-2.key" || name == ".lock"), "{left:?}");
}

#[test]
fn other_nodes_follow_a_turn() {
    let home = Home::new();
    let ((one, _), (other, _)) = (home.open().unwrap(), home.open().unwrap());
    let to = one.begin_turn(&home.chance, NOW).unwrap();
    let (key, wrapped) = one.mint(&home.chance);
    assert_eq!((wrapped.epoch, other.newest()), (2, 1));
    assert!(other.unwrap(key.id(), &wrapped).is_ok(), "the keyring is asked for an unknown epoch");
    one.finish_turn(to).unwrap();
    other.refresh().unwrap();
    assert_eq!(other.epochs(), one.epochs());
    assert_eq!(other.begin_turn(&home.chance, NOW).unwrap(), 3);
    assert_eq!(one.begin_turn(&home.chance, NOW).unwrap(), 4, "never the same number twice");
}

#[test]
fn a_destruction_cut_short_is_ended_by_the_next_turn() {
    let home = Home::new();
    let (vault, _) = home.open().unwrap();
    vault.begin_turn(&home.chance, NOW).unwrap();
    fs::rename(home.epoch_file(1), home.keyring().join("dying-1")).unwrap();
    drop(vault);
    let (vault, _) = home.open().unwrap();
    assert_eq!(vault.newest(), 2);
    vault.begin_turn(&home.chance, NOW).unwrap();
    assert!(!home.keyring().join("dying-1").exists());
}

#[test]
fn a_keyring_that_vanishes_does_not_empty_the_memory() {
    let home = Home::new();
    let (vault, _) = home.open().unwrap();
    let (key, wrapped) = vault.mint(&home.chance);
    fs::rename(home.keyring(), home.dir.path().join("elsewhere")).unwrap();
    assert!(matches!(vault.refresh(), Err(VaultError::KeyringEmpty(_))));
    assert!(vault.begin_turn(&home.chance, NOW).is_err());
    assert!(vault.unwrap(key.id(), &wrapped).is_ok());
}

#[test]
fn nodes_that_start_together_share_the_keys() {
    let home = Home { chance: Chance::system(), ..Home::new() };
    let opened: Vec<(Vault, Opened)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| home.open().unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened.iter().filter(|(_, opened)| *opened == Opened::Made).count(), 1);
    let (key, wrapped) = opened[0].0.mint(&home.chance);
    assert!(opened.iter().all(|(vault, _)| vault.unwrap(key.id(), &wrapped).is_ok()));
}
