//! One look for many lines, in one transaction: session and law are asked afresh for each of them before anything is
//! told, in statements that answer for all.

use super::line::{Call, Story};
use super::told::{self, NOTHING};
use super::{person, timeline};
use crate::accounts::session;
use crate::{Outcome, Trouble, Tx};
use std::collections::BTreeMap;
use tasuki_law::nouns::{TimelineId, Who};

/// What a line wants to know.
pub struct Ask {
    pub who: Who,
    pub what: What,
}

/// Of a timeline, or of a person's places.
pub enum What {
    Timeline(timeline::Ask),
    Person(person::Ask),
}

/// What is to be told of it.
pub enum Found {
    Timeline(timeline::Found),
    Person(person::Found),
}

impl Ask {
    pub fn of(call: &mut Call) -> Self {
        let what = match &mut call.story {
            Story::Timeline(story) => What::Timeline(story.ask()),
            Story::Person(story) => What::Person(story.ask(&call.heard)),
        };
        Self { who: call.line.who.clone(), what }
    }
}

/// What each finds, in their order; a refusal ends that line alone.
pub fn look(tx: &mut Tx, asks: &[Ask]) -> Outcome<Vec<Outcome<Found>>> {
    let sessions = asks.iter().filter_map(|ask| Some(ask.who.person()?.session));
    let living = session::those_living(tx, sessions)?;
    let lives = |who: &Who| who.person().is_some_and(|person| living.contains(&person.session));
    let mut found: Vec<Outcome<Found>> = asks.iter().map(|_| Err(Trouble::unseen())).collect();
    let mut timelines: BTreeMap<TimelineId, Vec<usize>> = BTreeMap::new();
    let mut people = Vec::new();
    for (place, ask) in asks.iter().enumerate().filter(|(_, ask)| lives(&ask.who)) {
        match &ask.what {
            What::Timeline(follows) => timelines.entry(follows.timeline).or_default().push(place),
            What::Person(wants) => people.push((place, &ask.who, wants)),
        }
    }
    for (id, places) in timelines {
        let follows = |place: &usize| match &asks[*place].what {
            What::Timeline(follows) => Some((&asks[*place].who, follows)),
            What::Person(_) => None,
        };
        let readers: Vec<_> = places.iter().filter_map(follows).collect();
        let news = timeline::look(tx, id, &readers)?;
        for (place, news) in places.into_iter().zip(news) {
            found[place] = news.map(Found::Timeline);
        }
    }
    let asked: Vec<_> = people.iter().map(|(_, who, wants)| (*who, *wants)).collect();
    if !asked.is_empty() {
        for ((place, ..), news) in people.iter().zip(person::look(tx, &asked)?) {
            found[*place] = Ok(Found::Person(news));
        }
    }
    Ok(found)
}

/// The page is to go elsewhere: there is nothing here for its reader any more.
pub fn gone() -> String {
    told::event("gone", None, NOTHING)
}
