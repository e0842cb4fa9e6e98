use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, PostId, Profession, SeatId, TimelineId, UploadId};
use tasuki_value::Ts;

const ADD: &str =
    "INSERT INTO acknowledgements (post, account, seat, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
const TAKE_BACK: &str = "DELETE FROM acknowledgements WHERE post = $1 AND account = $2";
const COUNT: &str = "UPDATE posts SET acks = acks + $2 WHERE id = $1";
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
    let added = tx.exec(ADD, &[&post, &account, &seat, &now])? == 1;
    if added {
        tx.exec(COUNT, &[&post, &1_i64])?;
    }
    Ok(added)
}

/// Whether the name was there.
pub fn take_back(tx: &mut Tx, post: PostId, account: AccountId) -> Outcome<bool> {
    let taken = tx.exec(TAKE_BACK, &[&post, &account])? == 1;
    if taken {
        tx.exec(COUNT, &[&post, &-1_i64])?;
    }
    Ok(taken)
}

pub fn of_post(tx: &mut Tx, timeline: TimelineId, post: PostId) -> Outcome<Vec<Acknowledger>> {
    Ok(tx.all(OF_POST, &[&timeline, &post])?)
}
