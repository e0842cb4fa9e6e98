use super::{Opened, Vault, next_of, was_before, wrapped_epochs};
use crate::Chance;
use crate::blobs::Place;
use crate::seal::{DataKey, Keyring, MasterKey, SealError, VaultError, Wrapped};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use tasuki_value::Ts;
use tempfile::TempDir;

const NOW: Ts = Ts(1_795_000_000_000_000);

struct Home {
    dir: TempDir,
    chance: Chance,
    /// Where the keyring lies, if not in the folder.
    bucket: Option<Place>,
}

impl Home {
    fn new() -> Self {
        Self { dir: TempDir::new().unwrap(), chance: Chance::seeded(1), bucket: None }
    }

    /// With the keyring in a folder, and in a bucket.
    fn both() -> [Self; 2] {
        [Self::new(), Self { bucket: Some(Place::memory()), ..Self::new() }]
    }

    fn keyring(&self) -> PathBuf {
        self.dir.path().join("data.keyring")
    }

    /// As another process would find it.
    fn ring(&self) -> Keyring {
        self.bucket.clone().map_or_else(|| Keyring::folder(&self.keyring()), Keyring::bucket)
    }

    fn master(&self) -> PathBuf {
        self.dir.path().join("keys/data.key")
    }

    fn open(&self) -> Result<(Vault, Opened), VaultError> {
        Vault::open_or_make(&self.ring(), &self.master(), &self.chance, NOW)
    }

    fn epoch_file(&self, number: i64) -> PathBuf {
        self.keyring().join(format!("epoch-{number}.key"))
    }
}

#[test]
fn made_once_then_found() {
    for home in Home::both() {
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
    for (one, other) in Home::both().into_iter().zip(Home::both()) {
        one.open().unwrap();
        fs::create_dir(other.dir.path().join("keys")).unwrap();
        fs::copy(one.master(), other.master()).unwrap();
        assert_eq!(other.open().unwrap().1, Opened::Made);
        assert_eq!(fs::read(one.master()).unwrap(), fs::read(other.master()).unwrap());
    }
}

#[test]
fn a_wrong_missing_or_broken_master_key_is_told() {
    for (home, other) in Home::both().into_iter().zip(Home::both()) {
        let other = Home { chance: Chance::seeded(2), ..other };
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
    for home in Home::both() {
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
    for home in Home::both().map(|home| Home { chance: Chance::system(), ..home }) {
        let opened: Vec<(Vault, Opened)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| home.open().unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(opened.iter().filter(|(_, opened)| *opened == Opened::Made).count(), 1);
        let (key, wrapped) = opened[0].0.mint(&home.chance);
        assert!(opened.iter().all(|(vault, _)| vault.unwrap(key.id(), &wrapped).is_ok()));
    }
}

/// An installation with two epochs and a key under each.
fn lived_in(home: &Home) -> (Vault, Vec<(DataKey, Wrapped)>) {
    let (vault, _) = home.open().unwrap();
    let one = vault.mint(&home.chance);
    vault.begin_turn(&home.chance, NOW.plus(5)).unwrap();
    let other = vault.mint(&home.chance);
    (vault, vec![one, other])
}

fn assert_all_open(vault: &Vault, keys: &[(DataKey, Wrapped)]) {
    for (key, wrapped) in keys {
        assert_eq!(vault.unwrap(key.id(), wrapped).unwrap().secret().bytes(), key.secret().bytes());
    }
}

#[test]
fn another_master_key_opens_all_that_the_old_one_did() {
    for home in Home::both() {
        let (vault, keys) = lived_in(&home);
        let old = fs::read(home.master()).unwrap();
        let (before, copy) = (vault.mark(), vault.seal_copy(&home.chance, &[b"here"], b"a backup"));
        let after = vault.rotate(&home.chance).unwrap();
        assert_ne!(before, after);
        assert_ne!(fs::read(home.master()).unwrap(), old);
        assert_eq!(fs::metadata(home.master()).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!next_of(&home.master()).exists());
        for vault in [vault, home.open().unwrap().0] {
            assert_eq!((vault.mark(), vault.former_marks()), (after, vec![before]));
            assert!(was_before(&home.ring(), before) && !was_before(&home.ring(), after));
            assert_all_open(&vault, &keys);
            assert_eq!(vault.open_copy(&[b"here"], &copy).unwrap(), b"a backup");
            assert!(vault.open_copy(&[b"there"], &copy).is_err());
        }
        fs::write(home.master(), old).unwrap();
        assert!(matches!(home.open(), Err(VaultError::WrongMaster)), "the old one opens the keyring no more");
    }
}

#[test]
fn the_first_of_many_master_keys_still_opens_its_backup() {
    for home in Home::both() {
        let (vault, keys) = lived_in(&home);
        let copy = vault.seal_copy(&home.chance, &[b"here"], b"a backup");
        for _ in 0..4 {
            vault.rotate(&home.chance).unwrap();
        }
        let again = home.open().unwrap().0;
        assert_all_open(&again, &keys);
        assert_eq!(again.former_marks().len(), 4);
        assert_eq!(again.open_copy(&[b"here"], &copy).unwrap(), b"a backup");
    }
}

#[test]
fn a_rotation_killed_anywhere_leaves_what_opens_beside_a_vault_in_use() {
    for bucket in [false, true] {
        killed_anywhere(|| Home { bucket: bucket.then(Place::memory), ..Home::new() });
    }
}

fn killed_anywhere(home: impl Fn() -> Home) {
    let mut outcomes = Vec::new();
    let in_folder = home().bucket.is_none();
    for steps in 0..20 {
        let home = home();
        let (in_use, keys) = lived_in(&home);
        in_use.rotate(&home.chance).unwrap();
        let before = in_use.mark();
        let mut left = steps;
        let mut power = || {
            left -= 1;
            if left < 0 { Err(VaultError::KeyringEmpty(String::new())) } else { Ok(()) }
        };
        let killed = home.open().unwrap().0.rotate_in_steps(&home.chance, &mut power);
        // Everything opens: for the next process, and for the one that knew nothing of it.
        let next = home.open().unwrap().0;
        assert_all_open(&next, &keys);
        assert_all_open(&in_use, &keys);
        let to = next.begin_turn(&home.chance, NOW).unwrap();
        let late = next.mint(&home.chance);
        assert_eq!(late.1.epoch, to);
        assert_all_open(&in_use, &[late]);
        outcomes.push((killed.is_ok(), next.mark() == before));
        // Whatever is left over, the next rotation is a whole one.
        let mark = home.open().unwrap().0.rotate(&home.chance).unwrap();
        assert!(wrapped_epochs(&home.ring()).unwrap().iter().all(|(_, by)| *by == mark));
        assert_eq!(home.open().unwrap().0.former_marks().len(), 3 - usize::from(next.mark() == before));
        assert!(!next_of(&home.master()).exists());
        if killed.is_ok() {
            break;
        }
    }
    // Before the blow the old key, after it the new one; at the end it is done.
    let blow = outcomes.iter().position(|(_, old)| !old).expect("a blow");
    assert!(blow >= 3 && outcomes.len() > blow + if in_folder { 2 } else { 1 }, "{outcomes:?}");
    assert!(outcomes[blow..].iter().all(|(_, old)| !old), "{outcomes:?}");
    assert_eq!(outcomes.last(), Some(&(true, false)));
}

#[test]
fn a_vault_in_use_follows_a_rotation_and_a_turn_after_it() {
    for home in Home::both() {
        let (in_use, keys) = lived_in(&home);
        let other = home.open().unwrap().0;
        other.rotate(&home.chance).unwrap();
        let to = other.begin_turn(&home.chance, NOW).unwrap();
        let (key, wrapped) = other.mint(&home.chance);
        assert_eq!(wrapped.epoch, to);
        assert!(in_use.unwrap(key.id(), &wrapped).is_ok(), "an epoch under a master key it has not seen");
        assert_eq!(in_use.mark(), other.mark());
        assert_all_open(&in_use, &keys);
        assert_eq!(in_use.begin_turn(&home.chance, NOW).unwrap(), to + 1);
        let under = wrapped_epochs(&home.ring()).unwrap();
        assert!(
            under.iter().all(|(_, mark)| *mark == other.mark()),
            "never under the old one again: {under:?}"
        );
    }
}

#[test]
fn a_node_whose_master_key_is_an_old_one_writes_nothing_under_it() {
    for home in Home::both() {
        let (in_use, keys) = lived_in(&home);
        let old = fs::read(home.master()).unwrap();
        home.open().unwrap().0.rotate(&home.chance).unwrap();
        let new = fs::read(home.master()).unwrap();
        fs::write(home.master(), old).unwrap();
        assert!(matches!(in_use.begin_turn(&home.chance, NOW), Err(VaultError::WrongMaster)));
        assert!(matches!(in_use.rotate(&home.chance), Err(VaultError::WrongMaster)));
        in_use.refresh().unwrap();
        assert_all_open(&in_use, &keys);
        fs::write(home.master(), new).unwrap();
        assert_eq!(in_use.begin_turn(&home.chance, NOW).unwrap(), 3);
    }
}

#[test]
fn a_master_key_taken_away_is_missed_by_a_rotation_alone() {
    for home in Home::both() {
        let (vault, keys) = lived_in(&home);
        fs::rename(home.master(), home.dir.path().join("in the safe")).unwrap();
        assert!(matches!(vault.rotate(&home.chance), Err(VaultError::MasterMissing(_))));
        vault.begin_turn(&home.chance, NOW).unwrap();
        assert_all_open(&vault, &keys);
    }
}

#[test]
fn a_copy_of_the_keyring_opens_all_the_while_and_forgets_what_is_dead() {
    for home in Home::both() {
        let (vault, keys) = lived_in(&home);
        let to = home.dir.path().join("copy");
        vault.copy_keyring(&to).unwrap().forget_older().unwrap();
        vault.rotate(&home.chance).unwrap();
        vault.finish_turn(2).unwrap();
        let copy = vault.copy_keyring(&to).unwrap();
        assert_eq!(copy.living(), [2]);
        let (dead, living) = (&keys[0], &keys[1..]);
        let master = || MasterKey::read(&home.master()).unwrap().unwrap();
        assert!(copy.vault().unwrap(dead.0.id(), &dead.1).is_ok(), "until it is told to forget");
        assert_all_open(&Vault::look(&Keyring::folder(&to), master()).unwrap(), &keys);
        copy.forget_older().unwrap();
        let later = Vault::look(&Keyring::folder(&to), master()).unwrap();
        assert_eq!(later.unwrap(dead.0.id(), &dead.1).unwrap_err(), SealError::EpochGone(1));
        assert_all_open(&later, living);
    }
}

#[test]
fn rotations_beside_each_other_and_beside_starts_lose_nothing() {
    for home in Home::both().map(|home| Home { chance: Chance::system(), ..home }) {
        let (vault, keys) = lived_in(&home);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..3 {
                        home.open().unwrap().0.rotate(&home.chance).unwrap();
                    }
                });
                scope.spawn(|| (0..20).for_each(|_| assert_all_open(&home.open().unwrap().0, &keys)));
            }
            scope.spawn(|| {
                for _ in 0..3 {
                    vault.begin_turn(&home.chance, NOW).unwrap();
                }
            });
        });
        assert_all_open(&vault, &keys);
        let last = home.open().unwrap().0;
        assert_eq!((last.epochs().len(), last.former_marks().len()), (5, 9));
    }
}

#[test]
fn a_note_stays_through_turns_rotations_copies_and_moves() {
    for home in Home::both() {
        let (vault, keys) = lived_in(&home);
        assert_eq!(vault.note().unwrap(), None);
        let written = vault.write_note(|before| before.is_none().then(|| b"one".to_vec())).unwrap();
        assert_eq!(written.as_deref(), Some(&b"one"[..]));
        let kept = vault.write_note(|before| before.is_none().then(|| b"two".to_vec())).unwrap();
        assert_eq!(kept.as_deref(), Some(&b"one"[..]), "it is asked what lies there");
        vault.rotate(&home.chance).unwrap();
        let copy = home.dir.path().join("copy");
        let _ = vault.copy_keyring(&copy).unwrap();
        let to = vault.begin_turn(&home.chance, NOW).unwrap();
        vault.finish_turn(to).unwrap();
        let master = || MasterKey::read(&home.master()).unwrap().unwrap();
        let there = Keyring::folder(&home.dir.path().join("there"));
        let moved = vault.move_keyring(&there).unwrap();
        let copied = Vault::look(&Keyring::folder(&copy), master()).unwrap();
        let looked = Vault::look(&there, master()).unwrap();
        for vault in [moved, copied, looked] {
            assert_eq!(vault.note().unwrap().as_deref(), Some(&b"one"[..]));
        }
        assert!(vault.write_note(|_| Some(b"late".to_vec())).is_err(), "it has moved");
        drop(keys);
    }
}

#[test]
fn whoever_writes_a_note_at_once_with_others_sees_theirs() {
    for home in Home::both().map(|home| Home { chance: Chance::system(), ..home }) {
        let _ = lived_in(&home);
        std::thread::scope(|scope| {
            for one in 0..3 {
                let home = &home;
                scope.spawn(move || {
                    let vault = home.open().unwrap().0;
                    for line in 0..4 {
                        let add = |note: Option<&[u8]>| {
                            Some([note.unwrap_or_default(), format!("{one}-{line}\n").as_bytes()].concat())
                        };
                        vault.write_note(add).unwrap();
                    }
                });
            }
        });
        let note = home.open().unwrap().0.note().unwrap().unwrap();
        let lines: std::collections::BTreeSet<_> = note.split(|byte| *byte == b'\n').collect();
        assert_eq!(lines.len(), 12 + 1, "none is lost, none is there twice");
    }
}
