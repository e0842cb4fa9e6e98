//! Drafts: written, not yet posted. A draft belongs to its writer alone; its id is the key that makes posting
//! twice post once.

pub mod actions;
pub(crate) mod pages;
mod store;

pub(crate) use store::STATEMENTS;

use crate::media::FileCard;
use crate::{Outcome, Trouble, Tx, phrases};
use tasuki_base::text;
use tasuki_law::nouns::{DraftId, FileKind, GroupId, PostId, TimelineId, UploadId, Who};

/// The longest post, in characters as a reader counts them.
pub const LONGEST: usize = 10_000;

/// One's own draft, opened.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: DraftId,
    pub timeline: TimelineId,
    pub group: GroupId,
    pub body: String,
    /// What it became.
    pub post: Option<PostId>,
    /// Those that are in.
    pub files: Vec<FileCard>,
}

impl Draft {
    /// Where it is written.
    #[must_use]
    pub fn url(&self) -> String {
        format!("/drafts/{}", self.id)
    }

    /// What the writer confirms: exactly these words and files.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        super::actions::digest(&self.body, &self.file_ids())
    }

    /// Its files, in their order.
    #[must_use]
    pub fn file_ids(&self) -> Vec<UploadId> {
        self.files.iter().map(|file| file.id).collect()
    }

    /// Those shown as pictures.
    #[must_use]
    pub fn photos(&self) -> Vec<&FileCard> {
        self.files.iter().filter(|file| file.kind == FileKind::Image).collect()
    }

    #[must_use]
    pub fn has_photos(&self) -> bool {
        !self.photos().is_empty()
    }

    /// Those shown by name.
    #[must_use]
    pub fn others(&self) -> Vec<&FileCard> {
        self.files.iter().filter(|file| file.kind != FileKind::Image).collect()
    }

    #[must_use]
    pub fn has_others(&self) -> bool {
        !self.others().is_empty()
    }

    /// What keeps it from being posted; empty when nothing does.
    #[must_use]
    pub fn mistake(&self) -> &'static str {
        mistake(&self.body, self.files.is_empty())
    }
}

/// One's own draft; another's does not exist.
pub fn mine(tx: &mut Tx, who: &Who, draft: DraftId) -> Outcome<Draft> {
    let account = who.account().ok_or(Trouble::Refused(tasuki_law::Refusal::SignIn))?;
    tx.acts();
    store::mine(tx, account, draft)
}

/// Whether something is written and waits to be posted here.
pub fn is_started(tx: &mut Tx, who: &Who, timeline: TimelineId) -> Outcome<bool> {
    let Some(account) = who.account() else { return Ok(false) };
    match store::opened(tx, account, timeline)? {
        Some(draft) => Ok(!store::mine(tx, account, draft)?.body.trim().is_empty()),
        None => Ok(false),
    }
}

/// What is wrong with a text; empty when nothing is. `alone`: no file stands with it.
#[must_use]
pub fn mistake(body: &str, alone: bool) -> &'static str {
    if alone && body.trim().is_empty() {
        phrases::timeline::EMPTY
    } else if text::has_private_use(body) {
        phrases::timeline::PRIVATE_USE
    } else if text::is_longer(body, LONGEST) {
        phrases::timeline::TOO_LONG
    } else {
        ""
    }
}
