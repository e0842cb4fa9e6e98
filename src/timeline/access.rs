//! Gathers the facts about a timeline and asks the law. Who is to change something locks the place first.

use super::store::door::{self, Door};
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

impl Door {
    fn facts<'c>(&self, moment: Moment<'c>) -> TimelineFacts<'c> {
        facts_of(moment, self.id, self.kind, self.group, &self.standing)
    }
}

fn of_group(tx: &mut Tx, who: &Who, group: GroupId) -> Outcome<Door> {
    door::of_group(tx, who.account(), group, TimelineKind::Professional)
}

/// The timeline of a place that professionals open; the facts come along for asking after single posts.
pub fn to_read<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    group: GroupId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>, Door)> {
    sign_in_first(who)?;
    let door = of_group(tx, who, group)?;
    let facts = door.facts(tx.moment());
    Ok((timeline::read(who, &facts)?, facts, door))
}

/// As [`to_read`], by the timeline's own id.
pub fn to_follow<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    timeline: TimelineId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>, Door)> {
    sign_in_first(who)?;
    let door = door::by_id(tx, who.account(), timeline)?;
    let facts = door.facts(tx.moment());
    Ok((timeline::read(who, &facts)?, facts, door))
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
    let door = door::by_id(tx, None, timeline)?;
    let mine = groups::memberships(tx, people.iter().filter_map(|who| who.account()), door.group)?;
    let everybody = door.facts(tx.moment());
    let cut = |who: &&Who| {
        let mine = who.account().and_then(|account| mine.get(&account).copied());
        let facts = TimelineFacts { mine, ..everybody };
        Ok((timeline::read(who, &facts)?, facts))
    };
    Ok((door.state, people.iter().map(cut).collect()))
}

/// To read one post, wherever it stands.
pub fn to_open<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    post: PostId,
) -> Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>)> {
    sign_in_first(who)?;
    let home = store::home_of(tx, post)?;
    let facts = door::by_id(tx, who.account(), home.timeline)?.facts(tx.moment());
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
    let facts = of_group(tx, who, group)?.facts(tx.moment());
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
    let facts = door::by_id(tx, who.account(), home.timeline)?.facts(tx.moment());
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
