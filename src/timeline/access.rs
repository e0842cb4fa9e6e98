//! Gathers the facts about a timeline and asks the law. Who is to change something locks the place first.

use super::store::State;
use super::store::bylines::Writer;
use super::store::door::{self, Door};
use crate::groups::{self, Ground, Standing};
use crate::house::Look;
use crate::{Outcome, Tx};
use tasuki_law::nouns::{
    AccountId, EventKind, GroupId, PatientId, PostId, RemovalKind, TimelineId, TimelineKind, UploadId, Who,
};
use tasuki_law::rules::timeline::{
    self, Acknowledge, EditPost, ErasePost, PostFacts, ReadTimeline, RemovePost, TimelineFacts, WriteTimeline,
};
use tasuki_law::{Key, Refusal};
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

/// A reader's key, with the facts for asking after single posts and the door behind which they stand.
pub type Reader<'c> = (Key<'c, ReadTimeline>, TimelineFacts<'c>, Door);

/// The timeline of a place that professionals open, as it is seen.
pub fn to_read<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Reader<'c>> {
    let reader = to_note(tx, who, group)?;
    groups::access::seen(tx, who, &reader.2.ground(), EventKind::TimelineOpened);
    Ok(reader)
}

/// As [`to_read`], for a page about the place that shows nothing of what is written there.
pub fn to_compose<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Reader<'c>> {
    let reader = to_note(tx, who, group)?;
    groups::access::seen(tx, who, &reader.2.ground(), EventKind::PlaceSeen);
    Ok(reader)
}

/// As [`to_read`], for what shows nothing: how far somebody has read, what they typed themselves.
pub fn to_note<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Reader<'c>> {
    sign_in_first(who)?;
    let door = of_group(tx, who, group)?;
    let facts = door.facts(tx.moment());
    Ok((timeline::read(who, &facts)?, facts, door))
}

/// As [`to_note`], by the timeline's own id.
pub fn to_follow<'c>(tx: &mut Tx<'_, 'c>, who: &Who, timeline: TimelineId) -> Outcome<Reader<'c>> {
    sign_in_first(who)?;
    let door = door::by_id(tx, who.account(), timeline)?;
    let facts = door.facts(tx.moment());
    Ok((timeline::read(who, &facts)?, facts, door))
}

/// A reader's key with the facts it was cut from, or the refusal.
pub type Cut<'c> = Outcome<(Key<'c, ReadTimeline>, TimelineFacts<'c>)>;

/// As [`to_follow`], for many people at once: what is the same for all of them is asked once, each gets a key of their
/// own or is refused. Whoever is told something is [`told`] it.
pub fn all_to_follow<'c>(
    tx: &mut Tx<'_, 'c>,
    people: &[&Who],
    timeline: TimelineId,
) -> Outcome<(State, Option<PatientId>, Vec<Cut<'c>>)> {
    let door = door::by_id(tx, None, timeline)?;
    let mine = groups::memberships(tx, people.iter().filter_map(|who| who.account()), door.group)?;
    let everybody = door.facts(tx.moment());
    let cut = |who: &&Who| {
        let mine = who.account().and_then(|account| mine.get(&account).copied());
        let facts = TimelineFacts { mine, ..everybody };
        Ok((timeline::read(who, &facts)?, facts))
    };
    Ok((door.state, door.standing.patient, people.iter().map(cut).collect()))
}

/// Notes that a follower sees what changed.
pub fn told(tx: &mut Tx, who: &Who, group: GroupId, patient: Option<PatientId>) {
    tx.look(who, Look::at(EventKind::TimelineOpened, group, patient));
}

/// What of a post is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    Post,
    History,
    /// Who has read and understood it.
    Readers,
    /// One of its files, on its own or as a small picture.
    File(UploadId),
    SmallFile(UploadId),
    /// What one just did with it oneself.
    Own,
}

/// To read one post, or something of it, wherever it stands.
pub fn to_open<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    post: PostId,
    sight: Sight,
) -> Outcome<(Key<'c, ReadTimeline>, Single<'c>)> {
    let single = about(tx, who, post)?;
    let key = timeline::read(who, &single.facts)?;
    let (kind, subject) = match sight {
        Sight::Post => (EventKind::PostOpened, post.0),
        Sight::History => (EventKind::PostHistorySeen, post.0),
        Sight::Readers => (EventKind::ReadersSeen, post.0),
        Sight::File(file) => (EventKind::FileOpened, file.0),
        Sight::SmallFile(file) => (EventKind::FileGlanced, file.0),
        Sight::Own => {
            tx.acts();
            return Ok((key, single));
        }
    };
    tx.look(who, Look::at(kind, single.ground.group, single.ground.patient).of(subject));
    Ok((key, single))
}

/// To write, from here on until the transaction ends.
pub fn to_write<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    group: GroupId,
) -> Outcome<(Key<'c, WriteTimeline>, Writer)> {
    sign_in_first(who)?;
    groups::actions::lock(tx, group)?;
    tx.acts();
    let desk = door::desk(tx, who.account(), group, TimelineKind::Professional)?;
    let key = timeline::write(who, &desk.door.facts(tx.moment()))?;
    let writer = desk.opened(tx, &key)?;
    Ok((key, writer))
}

/// Whether writing is open right now, without locking anything: for pages.
pub fn may_write<'c>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    group: GroupId,
) -> Outcome<(Key<'c, WriteTimeline>, Ground)> {
    sign_in_first(who)?;
    let door = of_group(tx, who, group)?;
    Ok((timeline::write(who, &door.facts(tx.moment()))?, door.ground()))
}

/// A key to do something about one post, and the ground it is done on.
pub type About<'c, Verb> = Outcome<(Key<'c, Verb>, Ground)>;

pub fn to_edit<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> About<'c, EditPost> {
    to_do(tx, who, post, timeline::edit)
}

pub fn to_remove<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> About<'c, RemovePost> {
    to_do(tx, who, post, timeline::remove)
}

pub fn to_erase<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> About<'c, ErasePost> {
    to_do(tx, who, post, timeline::erase)
}

pub fn to_acknowledge<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> About<'c, Acknowledge> {
    to_do(tx, who, post, timeline::acknowledge)
}

/// Locks the place of a post, and asks the law about both.
fn to_do<'c, Verb>(
    tx: &mut Tx<'_, 'c>,
    who: &Who,
    post: PostId,
    law: impl FnOnce(&Who, &TimelineFacts<'c>, &PostFacts) -> Result<Key<'c, Verb>, Refusal>,
) -> About<'c, Verb> {
    sign_in_first(who)?;
    groups::actions::lock_of_post(tx, post)?;
    tx.acts();
    let single = about(tx, who, post)?;
    Ok((law(who, &single.facts, &single.post)?, single.ground))
}

/// One post and its place, as far as the law asks after them.
pub struct Single<'c> {
    pub facts: TimelineFacts<'c>,
    pub post: PostFacts,
    pub ground: Ground,
}

/// Facts about a post, unlocked: for pages that ask before they show a form.
pub fn about<'c>(tx: &mut Tx<'_, 'c>, who: &Who, post: PostId) -> Outcome<Single<'c>> {
    sign_in_first(who)?;
    let (door, row) = door::of_post(tx, who.account(), post)?;
    let facts = door.facts(tx.moment());
    let ground = door.ground();
    Ok(Single { facts, post: post_facts(post, row.author, row.removed, row.removal), ground })
}

/// What the law asks of a post.
#[must_use]
pub fn post_facts(post: PostId, author: AccountId, removed: bool, removal: Option<RemovalKind>) -> PostFacts {
    PostFacts { post, author, removed, erased: removal == Some(RemovalKind::WrongPatient) }
}

/// Before anything is looked up: "not there" would tell nobody signed out to sign in.
fn sign_in_first(who: &Who) -> Outcome<()> {
    match who {
        Who::Nobody => Err(Refusal::SignIn.into()),
        Who::Person(_) | Who::System(_) => Ok(()),
    }
}
