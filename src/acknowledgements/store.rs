use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, PostId, Profession, SeatId, TimelineId, UploadId};
use tasuki_value::Ts;

const ADD: &str =
    "INSERT INTO acknowledgements (post, account, seat, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const TAKE_BACK: &str = "DELETE FROM acknowledgements WHERE post = $1 AND account = $2";
const COUNT: &str = "UPDATE posts SET acks = acks + $2, rev = $3 WHERE id = $1";
const OF_POST: &str = "SELECT k.account, a.family, a.given, a.photo, s.profession, f.name, k.at
  FROM acknowledgements k JOIN posts p ON p.id = k.post JOIN accounts a ON a.id = k.account
  JOIN seats s ON s.id = k.seat JOIN facilities f ON f.id = s.facility
  WHERE k.post = $2 AND p.timeline = $1 ORDER BY k.at, k.account";

pub const STATEMENTS: &[&str] = &[ADD, TAKE_BACK, COUNT, OF_POST];

/// Somebody whose name stands under a post.
#[derive(Clone, Debug)]
pub struct Acknowledger {
    pub account: AccountId,
    pub family: String,
    pub given: String,
    pub photo: Option<UploadId>,
    pub profession: Profession,
    pub facility: String,
    pub at: Ts,
}
columns!(Acknowledger: account, family, given, photo, profession, facility, at);

/// Whether the name was not there yet.
pub fn add(tx: &mut Tx, post: PostId, account: AccountId, seat: SeatId) -> Outcome<bool> {
    let now = tx.now();
    Ok(tx.exec(ADD, &[&post, &account, &seat, &now])? == 1)
}

/// Whether the name was there.
pub fn take_back(tx: &mut Tx, post: PostId, account: AccountId) -> Outcome<bool> {
    Ok(tx.exec(TAKE_BACK, &[&post, &account])? == 1)
}

/// So many names more stand there, as of a revision of the timeline.
pub fn count(tx: &mut Tx, post: PostId, more: i64, rev: i64) -> Outcome<()> {
    Ok(tx.put(COUNT, &[&post, &more, &rev])?)
}

pub fn of_post(tx: &mut Tx, timeline: TimelineId, post: PostId) -> Outcome<Vec<Acknowledger>> {
    Ok(tx.all(OF_POST, &[&timeline, &post])?)
}
