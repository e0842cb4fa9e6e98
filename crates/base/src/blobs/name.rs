//! Names of blobs: ids and nothing else, so that a listing of the store tells nothing.

use std::fmt;

use object_store::path::Path;
use uuid::Uuid;

/// The name of a blob: an id, with a word when one id has several forms.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(Path);

impl Name {
    /// The one blob of `id`.
    #[must_use]
    pub fn of(id: Uuid) -> Self {
        Self(Path::from(spot(id)))
    }

    /// One form of `id`, such as `thumb`: the word comes from the program, never from a person.
    ///
    /// # Panics
    /// When `form` is anything but small letters and digits.
    #[must_use]
    pub fn form(id: Uuid, form: &'static str) -> Self {
        let plain = form.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        assert!(plain && !form.is_empty(), "a form of a blob is a plain word, not {form:?}");
        Self(Path::from(format!("{}.{form}", spot(id))))
    }

    /// Part number `no` of what is being uploaded as `id`.
    #[must_use]
    pub fn part(id: Uuid, no: u32) -> Self {
        Self(Path::from(format!("{}.{no:05}", spot(id))))
    }

    /// The name as a text, as a backup lists it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_ref()
    }

    /// A name out of a list; `None` for what no blob of ours is called.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (folder, rest) = text.split_once('/')?;
        let plain =
            |piece: &str| piece.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let mut pieces = rest.split('.');
        let letters = pieces.next().filter(|letters| letters.len() == 26 && plain(letters))?;
        let form = pieces.next().is_none_or(|form| !form.is_empty() && plain(form));
        (folder == &letters[24..] && form && pieces.next().is_none()).then(|| Self(Path::from(text)))
    }

    /// What a start-up check writes and deletes.
    pub(super) fn probe() -> Self {
        Self(Path::from("probe"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// Folder and file: the last letters of an id are chance, so they spread evenly over 1,024 folders,
/// while the first are time and would all fall into one.
fn spot(id: Uuid) -> String {
    let letters = tasuki_value::encode_id(id);
    format!("{}/{letters}", &letters[24..])
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.0)
    }
}
