//! New posts: one errand a timeline, one mail to each who has not read for five minutes and does not listen.

use super::notice::Notice;
use super::store;
use crate::errands::{self, Failed, Running};
use crate::house::Presence;
use crate::timeline::access;
use crate::{House, Outcome, Tx};
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{AccountId, AccountKind, GroupId, Person, PostId, SessionId, TimelineId, Who};
use tasuki_value::{MINUTE, Ts};
use uuid::Uuid;

pub const KIND: &str = "new_posts";

/// So long a post may stay unread before a mail tells of it.
const PATIENCE: i64 = 5 * MINUTE;

#[derive(Serialize, Deserialize)]
struct Waiting {
    timeline: TimelineId,
}

/// A post was published: somebody will look in five minutes, one for all posts until then.
pub fn published(tx: &mut Tx, post: PostId, known: Option<TimelineId>, at: Ts) -> Outcome<()> {
    let found = known.map_or_else(|| store::timeline_of(tx, post), |timeline| Ok(Some(timeline)))?;
    let Some(timeline) = found else { return Ok(()) };
    look_again(tx, timeline, at.plus(PATIENCE))
}

fn look_again(tx: &mut Tx, timeline: TimelineId, at: Ts) -> Outcome<()> {
    errands::send(tx, KIND, &Waiting { timeline }, Some(&format!("{KIND}:{timeline}")), at)
}

pub fn run(house: House, payload: String) -> Running {
    Box::pin(async move {
        let Waiting { timeline } = errands::payload(&payload)?;
        let presence = house.presence.clone();
        house.write(move |tx| tell(tx, timeline, &presence)).await.map_err(Failed::from)
    })
}

/// Puts one mail down for each who waits for one, and comes back for those it is too early for.
fn tell(tx: &mut Tx, timeline: TimelineId, presence: &Presence) -> Outcome<()> {
    let now = tx.now();
    let unread = store::unread_since(tx, timeline, now.minus(PATIENCE), PATIENCE)?;
    let (listening, away): (Vec<_>, Vec<_>) =
        unread.into_iter().partition(|account| presence.is_listening(*account));
    if !away.is_empty() {
        store::note_mailed(tx, timeline, &away)?;
        for account in away {
            Notice::NewPosts { timeline, account }.put_down(tx)?;
        }
    }
    let fresh = store::newest_post_at(tx, timeline)?.filter(|posted| now.since(*posted) < PATIENCE);
    match (fresh, listening.is_empty()) {
        (Some(posted), _) => look_again(tx, timeline, posted.plus(PATIENCE)),
        (None, false) => look_again(tx, timeline, now.plus(PATIENCE)),
        (None, true) => Ok(()),
    }
}

/// The place, if the person still has something unread there that the law lets them read.
pub fn waits_for(tx: &mut Tx, timeline: TimelineId, account: AccountId) -> Outcome<Option<GroupId>> {
    let Some(group) = store::unread_place(tx, timeline, account)? else { return Ok(None) };
    let who = Who::Person(Person {
        account,
        session: SessionId(Uuid::nil()),
        kind: AccountKind::Professional,
        operator: false,
    });
    Ok(access::to_follow(tx, &who, timeline).ok().map(|_| group))
}
