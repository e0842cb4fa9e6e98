//! The stream of one timeline: every visible change after a revision, each post as its reader may see it.

use super::stream::{self, Found, Look};
use crate::events::{Ear, Topic};
use crate::timeline::{self, access};
use crate::{House, Outcome, Trouble, Tx};
use axum::response::sse::Event;
use std::collections::BTreeSet;
use tasuki_law::nouns::{GroupId, TimelineId, Who};

/// A page that missed more than this is better drawn anew.
const MOST_MISSED: i64 = 100;

pub struct Listener {
    house: House,
    who: Who,
    timeline: TimelineId,
    rev: i64,
    ear: Ear,
}

impl Listener {
    /// Listens from before the first look on, so that nothing falls between the two.
    pub fn new(house: House, who: Who, timeline: TimelineId, group: GroupId, rev: i64) -> Self {
        let person = who.account().map(Topic::Person);
        let ear = stream::listen(&house, std::iter::once(Topic::Page(group)).chain(person));
        Self { house, who, timeline, rev, ear }
    }
}

impl Look for Listener {
    async fn look(&mut self, _heard: BTreeSet<Topic>) -> Outcome<Found> {
        let (who, timeline, rev) = (self.who.clone(), self.timeline, self.rev);
        match self.house.glance(move |tx| changes(tx, &who, timeline, rev)).await {
            Ok((rev, events)) => {
                self.rev = rev;
                Ok(Found::more(events))
            }
            Err(Trouble::Refused(_)) => Ok(Found::end(vec![stream::gone()])),
            Err(trouble) => Err(trouble),
        }
    }

    fn ear(&self) -> &Ear {
        &self.ear
    }
}

/// What changed after `rev`, and up to where that reaches. Session and law are asked first, every time.
fn changes(tx: &mut Tx, who: &Who, timeline: TimelineId, rev: i64) -> Outcome<(i64, Vec<Event>)> {
    if !stream::is_signed_in(tx, who)? {
        return Err(Trouble::unseen());
    }
    let (_, facts, state) = access::to_follow(tx, who, timeline)?;
    if state.rev <= rev {
        return Ok((rev, Vec::new()));
    }
    let found = timeline::changes(tx, who, &facts, &state, rev, MOST_MISSED + 1)?;
    if i64::try_from(found.len()).is_ok_and(|count| count > MOST_MISSED) {
        let event = Event::default().event("reload").id(state.rev.to_string()).data(stream::NOTHING);
        return Ok((state.rev, vec![event]));
    }
    let newest = found.last().map_or(rev, |post| post.rev);
    let tell = |post: &timeline::PostView| {
        let html = post.drawn().map_err(Trouble::broken)?;
        Ok(Event::default().event("post").id(post.rev.to_string()).data(html))
    };
    Ok((newest, found.iter().map(tell).collect::<Outcome<_>>()?))
}
