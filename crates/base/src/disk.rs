//! Folders and files for their owner alone, and on the disk when it is said so.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// What this process makes from now on is for its owner alone, whoever makes it: the database's engine and the store
/// of files ask for no mode of their own. Called once, by the program, before anything is made.
pub fn for_owner_alone() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

/// Takes a file or folder from everybody but its owner, if it is there and is not theirs alone already.
///
/// # Errors
/// When the disk refuses.
pub fn tighten(path: &Path) -> io::Result<()> {
    let about = match fs::symlink_metadata(path) {
        Ok(about) => about,
        // Gone in the meantime, as files on their way do.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mode = about.permissions().mode();
    if about.is_symlink() || mode & 0o077 == 0 {
        return Ok(());
    }
    match fs::set_permissions(path, Permissions::from_mode(mode & 0o700)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// As [`tighten`], with everything below it.
///
/// # Errors
/// When the disk refuses.
pub fn tighten_all(path: &Path) -> io::Result<()> {
    tighten(path)?;
    every_below(path, &mut |below| tighten(below))
}

/// The first thing at or below a path that others may read; none when all is its owner's alone.
///
/// # Errors
/// When the disk refuses.
pub fn open_to_others(path: &Path) -> io::Result<Option<PathBuf>> {
    let mut found = None;
    let mut look = |path: &Path| {
        let about = fs::symlink_metadata(path)?;
        if found.is_none() && !about.is_symlink() && about.permissions().mode() & 0o077 != 0 {
            found = Some(path.to_owned());
        }
        Ok(())
    };
    if path.exists() {
        look(path)?;
        every_below(path, &mut look)?;
    }
    Ok(found)
}

fn every_below(folder: &Path, each: &mut dyn FnMut(&Path) -> io::Result<()>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        match each(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A link leads out of what is ours.
        if fs::symlink_metadata(&path).is_ok_and(|about| about.is_dir()) {
            every_below(&path, each)?;
        }
    }
    Ok(())
}

/// How much of a disk is free, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// For who is not root.
    pub free: u64,
    pub total: u64,
}

/// The space of the disk on which something lies.
///
/// # Errors
/// When the disk refuses.
pub fn space(path: &Path) -> io::Result<Space> {
    let told = rustix::fs::statvfs(path)?;
    Ok(Space {
        free: told.f_bavail.saturating_mul(told.f_frsize),
        total: told.f_blocks.saturating_mul(told.f_frsize),
    })
}

/// Makes a folder, and those above it, unless it is there.
///
/// # Errors
/// When the disk refuses.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Whether there is anything in a folder; not when there is no folder.
#[must_use]
pub fn holds_something(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// All of it or nothing, and on the disk when this returns.
///
/// # Errors
/// When the disk refuses; what lay there before lies there still.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    let fresh = PathBuf::from(fresh);
    // Made anew, so that it is never open to others, whatever a killed program left there.
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    sync_folder(path.parent().unwrap_or(Path::new("")))
}

/// What was made, renamed or removed in a folder is so on the disk.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder).and_then(|open| open.sync_all())
}

#[cfg(test)]
mod tests {
    use super::{open_to_others, tighten_all, write};
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn what_was_left_open_is_found_and_taken_back_and_links_lead_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let (house, outside) = (folder.path().join("house"), folder.path().join("outside"));
        fs::create_dir_all(house.join("files/a")).unwrap();
        for path in [house.join("files/a/one"), outside.clone()] {
            fs::write(&path, b"1").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o664)).unwrap();
        }
        write(&house.join("key"), b"1").unwrap();
        symlink(&outside, house.join("link")).unwrap();
        assert!(open_to_others(&house).unwrap().is_some());
        tighten_all(&house).unwrap();
        assert_eq!(open_to_others(&house).unwrap(), None);
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(house.join("files/a/one")), 0o600);
        assert_eq!(mode(house.join("files/a")), 0o700);
        assert_eq!(mode(outside), 0o664, "not ours");
        assert_eq!(open_to_others(&folder.path().join("nothing")).unwrap(), None);
    }
}
