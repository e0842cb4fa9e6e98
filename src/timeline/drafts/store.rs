use super::Draft;
use crate::house::cell;
use crate::{Outcome, Tx, media};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, DraftId, GroupId, PostId, TimelineId};

const OPEN: &str = "INSERT INTO drafts (id, account, timeline, body, updated_at) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT DO NOTHING";
const OPENED: &str = "SELECT id FROM drafts WHERE account = $1 AND timeline = $2 AND post IS NULL";
const MINE: &str = "SELECT d.id, d.timeline, t.group_id, d.body, d.post
  FROM drafts d JOIN timelines t ON t.id = d.timeline WHERE d.id = $1 AND d.account = $2";
const SAVE: &str =
    "UPDATE drafts SET body = $3, updated_at = $4 WHERE id = $1 AND account = $2 AND post IS NULL";
const POSTED: &str =
    "UPDATE drafts SET body = $3, updated_at = $4, post = $5 WHERE id = $1 AND account = $2 AND post IS NULL";

pub const STATEMENTS: &[&str] = &[OPEN, OPENED, MINE, SAVE, POSTED];

fn sealed(tx: &mut Tx, key: KeyId, draft: DraftId, body: &str) -> Outcome<Vec<u8>> {
    tx.seal_text(key, cell("drafts", "body", draft.0), body)
}

/// The one open draft of a person in a timeline, made if there is none.
pub fn open(tx: &mut Tx, key: KeyId, account: AccountId, timeline: TimelineId) -> Outcome<DraftId> {
    let (draft, now) = (DraftId(tx.draw()), tx.now());
    let empty = sealed(tx, key, draft, "")?;
    tx.exec(OPEN, &[&draft, &account, &timeline, &empty, &now])?;
    Ok(tx.one::<(DraftId,)>(OPENED, &[&account, &timeline])?.0)
}

pub fn opened(tx: &mut Tx, account: AccountId, timeline: TimelineId) -> Outcome<Option<DraftId>> {
    Ok(tx.opt::<(DraftId,)>(OPENED, &[&account, &timeline])?.map(|(draft,)| draft))
}

pub fn mine(tx: &mut Tx, account: AccountId, draft: DraftId) -> Outcome<Draft> {
    type Kept = (DraftId, TimelineId, GroupId, Vec<u8>, Option<PostId>);
    let (id, timeline, group, body, post) = tx.one::<Kept>(MINE, &[&draft, &account])?;
    let body = tx.open_text(cell("drafts", "body", id.0), &body)?;
    let files = media::of_draft(tx, id)?;
    Ok(Draft { id, timeline, group, body, post, files })
}

/// Keeps what was typed, unless it was posted meanwhile.
pub fn save(tx: &mut Tx, key: KeyId, account: AccountId, draft: DraftId, body: &str) -> Outcome<()> {
    let (body, now) = (sealed(tx, key, draft, body)?, tx.now());
    Ok(tx.put(SAVE, &[&draft, &account, &body, &now])?)
}

/// The words are in the post from now on, and nowhere else.
pub fn posted(tx: &mut Tx, key: KeyId, account: AccountId, draft: DraftId, post: PostId) -> Outcome<()> {
    let (empty, now) = (sealed(tx, key, draft, "")?, tx.now());
    Ok(tx.put(POSTED, &[&draft, &account, &empty, &now, &post])?)
}
