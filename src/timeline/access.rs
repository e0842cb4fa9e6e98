//! Gathers the facts about a timeline and asks the law. Who is to change something locks the place first.

use super::store::{self, PostHome, State};
use crate::groups::{self, Standing};
use crate::{Outcome, Tx};
use tasuki_law::Key;
use tasuki_law::nouns::{AccountId, GroupId, PostId, RemovalKind, TimelineId, TimelineKind, Who};
use tasuki_law::rules::timeline::{
    self, Acknowledge, EditPost, ErasePost, PostFacts, ReadTimeline, RemovePost, TimelineFacts, WriteTimeline,
};
use tasuki_value::Moment;

/// What the law asks of a timeline, put together from what is known of its place.
#[must_use]
pub fn facts_of<'c>(
    moment: Moment<'c>,
    timeline: TimelineId,
    kind: TimelineKind,
    group: GroupId,
    standing: &Standing,
) -> TimelineFacts<'c> {
    TimelineFacts {
        moment,
        timeline,
        kind,
        group,
        group_kind: standing.kind,
        facility: standing.facility,
        closed: standing.closed,
        consent: standing.consent,
        mine: standing.mine,
    }
}

fn facts<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    timeline: TimelineId,
    kind: TimelineKind,
    group: GroupId,
) -> Outcome<TimelineFacts<'c>> {
    let standing = groups::standing(tx, who, group)?;
    Ok(facts_of(tx.moment(), timeline, kind, group, &standing))
}

/// The timeline of a place that professionals open; the facts come along for asking after single posts.
pub fn to_read<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    group: GroupId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>, State)> {
    sign_in_first(who)?;
    let state = store::of_group(tx, group, TimelineKind::Professional)?;
    let facts = facts(tx, who, state.id, state.kind, group)?;
    Ok((timeline::read(who, &facts)?, facts, state))
}

/// As [`to_read`], by the timeline's own id.
pub fn to_follow<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    timeline: TimelineId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>, State)> {
    sign_in_first(who)?;
    let state = store::state(tx, timeline)?;
    let facts = facts(tx, who, state.id, state.kind, state.group)?;
    Ok((timeline::read(who, &facts)?, facts, state))
}

/// A reader's key with the facts it was cut from, or the refusal.
pub type Cut<'c> = Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>)>;

/// As [`to_follow`], for many people at once: what is the same for all of them is asked once, each gets a key of their
/// own or is refused.
pub fn all_to_follow<'c>(
    tx: &mut Tx<'_, 'c>,
    people: &[&Who],
    timeline: TimelineId,
) -> Outcome<(State, Vec<Cut<'c>>)> {
    let state = store::state(tx, timeline)?;
    let standings = groups::standings(tx, people, state.group)?;
    let moment = tx.moment();
    let cut = |(who, standing): (&&Who, Standing)| {
        let facts = facts_of(moment, state.id, state.kind, state.group, &standing);
        Ok((timeline::read(who, &facts)?, facts))
    };
    Ok((state, people.iter().zip(standings).map(cut).collect()))
}

/// To read one post, wherever it stands.
pub fn to_open<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    post: PostId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>)> {
    sign_in_first(who)?;
    let home = store::home_of(tx, post)?;
    let facts = facts(tx, who, home.timeline, home.kind, home.group)?;
    Ok((timeline::read(who, &facts)?, facts))
}

/// To write, from here on until the transaction ends.
pub fn to_write<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, WriteTimeline>> {
    groups::actions::lock(tx, group)?;
    may_write(tx, who, group)
}

/// Whether writing is open right now, without locking anything: for pages.
pub fn may_write<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, WriteTimeline>> {
    sign_in_first(who)?;
    let state = store::of_group(tx, group, TimelineKind::Professional)?;
    let facts = facts(tx, who, state.id, state.kind, group)?;
    Ok(timeline::write(who, &facts)?)
}

pub fn to_edit<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<Key<'c, EditPost>> {
    let (facts, post) = locked(tx, who, post)?;
    Ok(timeline::edit(who, &facts, &post)?)
}

pub fn to_remove<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<Key<'c, RemovePost>> {
    let (facts, post) = locked(tx, who, post)?;
    Ok(timeline::remove(who, &facts, &post)?)
}

pub fn to_erase<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<Key<'c, ErasePost>> {
    let (facts, post) = locked(tx, who, post)?;
    Ok(timeline::erase(who, &facts, &post)?)
}

pub fn to_acknowledge<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<Key<'c, Acknowledge>> {
    let (facts, post) = locked(tx, who, post)?;
    Ok(timeline::acknowledge(who, &facts, &post)?)
}

/// Facts about a post whose place is locked.
fn locked<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<(TimelineFacts<'c>, PostFacts)> {
    sign_in_first(who)?;
    let home = store::home_of(tx, post)?;
    groups::actions::lock(tx, home.group)?;
    about(tx, who, post)
}

/// Facts about a post, unlocked: for pages that ask before they show a form.
pub fn about<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<(TimelineFacts<'c>, PostFacts)> {
    sign_in_first(who)?;
    let home = store::home_of(tx, post)?;
    let facts = facts(tx, who, home.timeline, home.kind, home.group)?;
    Ok((facts, home.facts(post)))
}

impl PostHome {
    fn facts(&self, post: PostId) -> PostFacts {
        post_facts(post, self.author, self.removed, self.removal)
    }
}

/// What the law asks of a post.
#[must_use]
pub fn post_facts(post: PostId, author: AccountId, removed: bool, removal: Option<RemovalKind>) -> PostFacts {
    PostFacts { post, author, removed, erased: removal == Some(RemovalKind::WrongPatient) }
}

/// Before anything is looked up: "not there" would tell nobody signed out to sign in.
fn sign_in_first(who: &Who) -> Outcome<()> {
    match who {
        Who::Nobody => Err(tasuki_law::Refusal::SignIn.into()),
        Who::Person(_) | Who::System(_) => Ok(()),
    }
}
