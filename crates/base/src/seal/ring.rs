//! What a keyring holds at one moment: names and wrapped keys, nothing opened.

use super::master::Mark;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The epochs' wrapped keys, `epoch-<number>.key`, and the master keys that were before, `former-<mark>.key`; beside them
/// a note, [`NOTE`], which says how far something went that must never go back.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    /// Where it was read, for the words of an error.
    at: String,
    files: BTreeMap<String, Vec<u8>>,
}

/// The first line of a ring that is kept as one text.
const HEAD: &str = "tasuki keyring 1";
/// Tells whoever comes here where the keys are now.
const MOVED: &str = "moved";
/// What is kept here for the sake of the place: whoever writes into the database and its backups does not reach it.
pub(super) const NOTE: &str = "record.head";
const EPOCH: &str = "epoch-";
const FORMER: &str = "former-";
const ENDING: &str = ".key";

pub(super) fn epoch_name(epoch: i64) -> String {
    format!("{EPOCH}{epoch}{ENDING}")
}

pub(super) fn former_name(mark: Mark) -> String {
    format!("{FORMER}{}{ENDING}", mark.name())
}

/// Whether a file of this name is part of a ring.
pub(super) fn belongs(name: &str) -> bool {
    name == MOVED
        || name == NOTE
        || (name.ends_with(ENDING) && (name.starts_with(EPOCH) || name.starts_with(FORMER)))
}

impl Ring {
    pub(super) const fn empty(at: String) -> Self {
        Self { at, files: BTreeMap::new() }
    }

    /// `None` for what is no ring.
    pub(super) fn from_text(at: String, text: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(text).ok()?.lines();
        if lines.next()? != HEAD {
            return None;
        }
        let entry = |line: &str| {
            let (name, bytes) = line.split_once(' ')?;
            Some((name.to_owned(), STANDARD.decode(bytes).ok()?))
        };
        Some(Self { at, files: lines.map(entry).collect::<Option<_>>()? })
    }

    /// All of it as one text: what it holds is wrapped.
    pub(super) fn to_text(&self) -> Vec<u8> {
        let mut text = format!("{HEAD}\n");
        for (name, bytes) in &self.files {
            let _ = writeln!(text, "{name} {}", STANDARD.encode(bytes));
        }
        text.into_bytes()
    }

    /// Where that one lies, for the words of an error.
    pub(super) fn place_of(&self, name: &str) -> String {
        format!("{}/{name}", self.at)
    }

    pub(super) fn place(&self) -> &str {
        &self.at
    }

    /// The epochs there are, oldest first.
    pub(super) fn epochs(&self) -> Vec<i64> {
        let mut epochs: Vec<i64> = self.named(EPOCH).filter_map(|number| number.parse().ok()).collect();
        epochs.sort_unstable();
        epochs
    }

    /// The master keys that were before.
    pub(super) fn formers(&self) -> Vec<Mark> {
        self.named(FORMER).filter_map(Mark::parse).collect()
    }

    pub(super) fn epoch(&self, epoch: i64) -> Option<&[u8]> {
        self.files.get(&epoch_name(epoch)).map(Vec::as_slice)
    }

    pub(super) fn former(&self, mark: Mark) -> Option<&[u8]> {
        self.files.get(&former_name(mark)).map(Vec::as_slice)
    }

    pub(super) fn note(&self) -> Option<&[u8]> {
        self.files.get(NOTE).map(Vec::as_slice)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// Where the keys were moved to.
    pub(super) fn moved_to(&self) -> Option<String> {
        self.files.get(MOVED).map(|place| String::from_utf8_lossy(place).into_owned())
    }

    /// What says that the keys were moved.
    pub(super) fn moved(to: &str) -> (String, Vec<u8>) {
        (MOVED.to_owned(), to.as_bytes().to_vec())
    }

    /// What it holds, by name, former master keys before the epochs: whatever lies in a copy that is made in this
    /// order, what opens it lies there before.
    pub(super) fn files(&self) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        self.files.iter().filter(|(name, _)| *name != MOVED).rev()
    }

    pub(super) fn put(&mut self, name: String, bytes: Vec<u8>) {
        self.files.insert(name, bytes);
    }

    pub(super) fn remove(&mut self, epoch: i64) {
        self.files.remove(&epoch_name(epoch));
    }

    /// What stands in the names of the keys of one kind.
    fn named(&self, kind: &'static str) -> impl Iterator<Item = &str> {
        self.files.keys().filter_map(move |name| name.strip_prefix(kind)?.strip_suffix(ENDING))
    }
}
