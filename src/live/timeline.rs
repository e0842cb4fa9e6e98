//! The stream of one timeline: every visible change after a revision, each post as its reader may see it.

use super::told::{NOTHING, event};
use crate::events::Cord;
use crate::timeline::{self, PostView, access};
use crate::{Outcome, Trouble, Tx};
use std::collections::HashMap;
use std::sync::Arc;
use tasuki_law::nouns::{PatientId, TimelineId, Who};
use tasuki_law::rules::timeline::TimelineFacts;

/// A page that missed more than this is better drawn anew.
const MOST_MISSED: i64 = 100;

/// How far a stream has told.
pub struct Story {
    pub timeline: TimelineId,
    /// Up to here everything was told.
    pub rev: i64,
    _cord: Cord,
}

/// What a stream wants to know.
#[derive(Clone, Copy)]
pub struct Ask {
    pub timeline: TimelineId,
    pub rev: i64,
}

/// Up to where it reaches, and the events.
pub struct Found {
    pub rev: i64,
    pub told: Vec<Arc<str>>,
}

impl Story {
    pub const fn new(timeline: TimelineId, rev: i64, cord: Cord) -> Self {
        Self { timeline, rev, _cord: cord }
    }

    pub fn ask(&self) -> Ask {
        Ask { timeline: self.timeline, rev: self.rev }
    }

    pub fn tell(&mut self, found: Found) -> Vec<u8> {
        self.rev = found.rev;
        found.told.concat().into_bytes()
    }
}

/// What changed for each of these readers of one timeline. The law is asked for every one of them.
pub fn look(tx: &mut Tx, timeline: TimelineId, asks: &[(&Who, &Ask)]) -> Outcome<Vec<Outcome<Found>>> {
    let readers: Vec<&Who> = asks.iter().map(|(who, _)| *who).collect();
    let (state, patient, keys) = match access::all_to_follow(tx, &readers, timeline) {
        Ok(found) => found,
        // Not there any more: for none of them.
        Err(Trouble::Refused(_)) => return Ok(asks.iter().map(|_| Err(Trouble::unseen())).collect()),
        Err(trouble) => return Err(trouble),
    };
    let mut drawn = Drawn::default();
    let mut found = Vec::with_capacity(asks.len());
    for ((who, ask), key) in asks.iter().zip(keys) {
        found.push(match key {
            Ok((_, facts)) => match changes(tx, who, (&facts, patient), &state, ask.rev, &mut drawn) {
                Err(trouble) if !matches!(trouble, Trouble::Refused(_)) => return Err(trouble),
                settled => settled,
            },
            Err(trouble) => Err(trouble),
        });
    }
    Ok(found)
}

/// A drawing, and the event made of it.
type Event = (Arc<str>, Arc<str>);

/// What was drawn in this look already.
#[derive(Default)]
struct Drawn {
    /// By the drawing they are made of, which is kept beside so that nothing else can stand in its place.
    events: HashMap<(*const u8, i64), Event>,
}

impl Drawn {
    /// The event that brings a post: one for all readers whom the post looks the same to.
    fn event(&mut self, post: &PostView) -> Outcome<Arc<str>> {
        let html = post.drawn().map_err(Trouble::broken)?;
        let made = self.events.entry((html.as_ptr(), post.rev));
        let (_, told) =
            made.or_insert_with(|| (Arc::clone(&html), event("post", Some(post.rev), &html).into()));
        Ok(Arc::clone(told))
    }
}

/// What changed after `rev`, and up to where that reaches; the key was cut in this transaction.
fn changes(
    tx: &mut Tx,
    who: &Who,
    (facts, patient): (&TimelineFacts<'_>, Option<PatientId>),
    state: &timeline::State,
    rev: i64,
    drawn: &mut Drawn,
) -> Outcome<Found> {
    if state.rev <= rev {
        return Ok(Found { rev, told: Vec::new() });
    }
    access::told(tx, who, facts.group, patient);
    let found = timeline::changes(tx, who, facts, state, (rev, MOST_MISSED + 1))?;
    if i64::try_from(found.len()).is_ok_and(|count| count > MOST_MISSED) {
        return Ok(Found { rev: state.rev, told: vec![event("reload", Some(state.rev), NOTHING).into()] });
    }
    let newest = found.last().map_or(rev, |post| post.rev);
    let told = found.iter().map(|post| drawn.event(post)).collect::<Outcome<_>>()?;
    Ok(Found { rev: newest, told })
}
