//! The first keys of an installation.

use super::{Home, Keys, Opened};
use crate::Chance;
use crate::seal::epoch::EpochKey;
use crate::seal::keyring::Held;
use crate::seal::master::MasterKey;
use crate::seal::ring::epoch_name;
use crate::seal::{VaultError, master_file};
use tasuki_value::Ts;

/// The first epoch.
pub(super) const NUMBER: i64 = 1;

/// The master key is on the disk before anything is wrapped by it.
pub(super) fn make(home: &Home, chance: &Chance, now: Ts) -> Result<Opened, VaultError> {
    home.keyring.fits()?;
    // One that is given may lie where nothing can be written beside it.
    let _master = match MasterKey::read(&home.master)? {
        Some(_) => None,
        None => home.keyring.hold_master(&home.master)?,
    };
    let lock = home.keyring.lock()?;
    let held = home.keyring.hold(lock)?;
    // Another node may have been quicker.
    if !held.ring().epochs().is_empty() {
        return Ok(Opened::Found);
    }
    let given = MasterKey::read(&home.master)?;
    let drawn = given.is_none();
    let key = given.unwrap_or_else(|| MasterKey::draw(chance));
    if drawn {
        key.write(&home.master)?;
    }
    let first = EpochKey::draw(chance, now).to_file(NUMBER, &key, chance);
    put(home, held, key, drawn, first)
}

/// Another node may still be quicker: one beside this one that has read the master key drawn here, or one on another
/// machine, with a master key of its own.
fn put(
    home: &Home,
    mut held: Held,
    key: MasterKey,
    drawn: bool,
    first: Vec<u8>,
) -> Result<Opened, VaultError> {
    match held.put_one(epoch_name(NUMBER), first) {
        Err(VaultError::Contended(_)) => {}
        put => return put.map(|()| Opened::Made),
    }
    match Keys::of(&home.keyring.read()?, key) {
        // Only what opens nothing may go.
        Err(VaultError::WrongMaster) if drawn => master_file::remove(&home.master)?,
        Err(VaultError::WrongMaster) | Ok(_) => {}
        Err(error) => return Err(error),
    }
    Ok(Opened::Found)
}

#[cfg(test)]
mod tests {
    use super::{Home, MasterKey, NUMBER, Opened, put};
    use crate::Chance;
    use crate::blobs::Place;
    use crate::seal::epoch::EpochKey;
    use crate::seal::{Keyring, Vault};
    use tasuki_value::Ts;
    use tempfile::TempDir;

    /// Draws the master key, is overtaken by `quicker`, and then puts the first epoch.
    fn overtaken(quicker: impl FnOnce(&Place, &Home)) -> (TempDir, Home) {
        let (dir, chance, place) = (TempDir::new().unwrap(), Chance::seeded(1), Place::memory());
        let home = Home { keyring: Keyring::bucket(place.clone()), master: dir.path().join("data.key") };
        let held = home.keyring.hold(home.keyring.lock().unwrap()).unwrap();
        let key = MasterKey::draw(&chance);
        key.write(&home.master).unwrap();
        let first = EpochKey::draw(&chance, Ts(0)).to_file(NUMBER, &key, &chance);
        quicker(&place, &home);
        assert_eq!(put(&home, held, key, true, first).unwrap(), Opened::Found);
        (dir, home)
    }

    #[test]
    fn a_master_key_that_another_node_used_already_stays() {
        let (_dir, home) = overtaken(|place, home| {
            let beside = Keyring::bucket(place.clone());
            let made = Vault::open_or_make(&beside, &home.master, &Chance::seeded(2), Ts(0)).unwrap().1;
            assert_eq!(made, Opened::Made);
        });
        let found = Vault::open_or_make(&home.keyring, &home.master, &Chance::seeded(3), Ts(0)).unwrap().1;
        assert_eq!(found, Opened::Found);
    }

    #[test]
    fn a_master_key_that_opens_nothing_goes() {
        let elsewhere = TempDir::new().unwrap();
        let (_dir, home) = overtaken(|place, _| {
            let there = Keyring::bucket(place.clone());
            Vault::open_or_make(&there, &elsewhere.path().join("data.key"), &Chance::seeded(2), Ts(0))
                .unwrap();
        });
        assert!(!home.master.exists());
    }
}
