//! The stream of one person: the present state of each of their places that changed. Everything in it may be
//! told twice without harm.

use super::stream::{self, Found, Look};
use crate::events::{Ear, Topic};
use crate::timeline::places::{self, PlaceView};
use crate::web::hall;
use crate::{House, Outcome, Trouble, Tx};
use axum::response::sse::Event;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use tasuki_law::nouns::{GroupId, Who};
use tasuki_value::{MINUTE, Ts};

/// For whom it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dress {
    /// For a page, each place as a row of its list.
    Page,
    /// For a program.
    Plain,
}

pub struct Listener {
    house: House,
    dress: Dress,
    who: Who,
    groups: HashSet<GroupId>,
    counts: Counts,
    ear: Ear,
}

/// What stands on the tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    unread: i64,
    waiting: i64,
}

/// One place, as a list shows it now.
#[derive(Serialize)]
struct News<'a> {
    group: GroupId,
    seq: i64,
    rev: i64,
    unread: i64,
    total: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
}

/// A place the person is no longer in.
#[derive(Serialize)]
struct Lost {
    group: GroupId,
    gone: bool,
    unread: i64,
    total: i64,
}

/// What one look finds.
struct Seen {
    at: Ts,
    groups: HashSet<GroupId>,
    counts: Counts,
    places: Vec<PlaceView>,
}

impl Listener {
    /// Listens, and tells at once what changed since the page was drawn or the line broke.
    pub async fn open(
        house: House,
        who: Who,
        since: Option<Ts>,
        dress: Dress,
    ) -> Outcome<(Self, Vec<Event>)> {
        let person = who.account().map(Topic::Person);
        let ear = stream::listen(&house, person);
        let (groups, counts) = (HashSet::new(), Counts::default());
        let mut listener = Self { house, dress, who, groups, counts, ear };
        // Two nodes' clocks are never quite alike, and a page takes a while to be drawn.
        let since = since.unwrap_or_else(|| listener.house.now()).minus(MINUTE);
        let who = listener.who.clone();
        let groups = listener.house.read(move |tx| places::groups_of(tx, &who)).await?;
        listener.follow(groups.into_iter().collect());
        let who = listener.who.clone();
        let seen = listener.house.read(move |tx| see(tx, &who, &Wanted::Since(since))).await?;
        let mut events = vec![count(seen.at, seen.counts)?];
        listener.counts = seen.counts;
        events.extend(listener.tell(seen)?);
        Ok((listener, events))
    }

    fn follow(&mut self, groups: HashSet<GroupId>) {
        groups.difference(&self.groups).for_each(|group| self.ear.add(Topic::Place(*group)));
        let left: Vec<_> = self.groups.difference(&groups).copied().collect();
        left.into_iter().for_each(|group| self.ear.drop_topic(Topic::Place(group)));
        self.groups = groups;
    }

    fn tell(&mut self, seen: Seen) -> Outcome<Vec<Event>> {
        let mut events = Vec::new();
        for group in self.groups.difference(&seen.groups) {
            let lost = Lost { group: *group, gone: true, unread: 0, total: seen.counts.unread };
            events.push(event(seen.at, "place", &lost)?);
        }
        for place in &seen.places {
            let PlaceView { group, seq, rev, unread, .. } = *place;
            let total = seen.counts.unread;
            let html =
                if self.dress == Dress::Page { Some(place.html().map_err(Trouble::broken)?) } else { None };
            let news = News { group, seq, rev, unread, total, html };
            events.push(event(seen.at, "place", &news)?);
        }
        if seen.counts != self.counts {
            events.push(count(seen.at, seen.counts)?);
            self.counts = seen.counts;
        }
        self.follow(seen.groups);
        Ok(events)
    }
}

impl Look for Listener {
    async fn look(&mut self, heard: BTreeSet<Topic>) -> Outcome<Found> {
        let place = |topic: &Topic| match topic {
            Topic::Place(group) => Some(*group),
            Topic::Page(_) | Topic::Person(_) => None,
        };
        // A silence, or a word about the person's rights: everything may be another way.
        let only_places = !heard.is_empty() && heard.iter().all(|topic| place(topic).is_some());
        let places = heard.iter().filter_map(place).collect();
        let wanted = if only_places {
            Wanted::Moved(places, self.groups.clone(), self.counts.waiting)
        } else {
            Wanted::These(places, self.groups.clone())
        };
        let who = self.who.clone();
        match self.house.glance(move |tx| see(tx, &who, &wanted)).await {
            Ok(seen) => Ok(Found::more(self.tell(seen)?)),
            Err(Trouble::Refused(_)) => Ok(Found::end(Vec::new())),
            Err(trouble) => Err(trouble),
        }
    }

    fn ear(&self) -> &Ear {
        &self.ear
    }
}

/// Which places are looked at.
enum Wanted {
    Since(Ts),
    /// These, and those that are new beside the known ones.
    These(Vec<GroupId>, HashSet<GroupId>),
    /// These alone, of the known ones: nothing was heard of the person's own rights, and as much waits as before.
    Moved(Vec<GroupId>, HashSet<GroupId>, i64),
}

fn see(tx: &mut Tx, who: &Who, wanted: &Wanted) -> Outcome<Seen> {
    if !stream::is_signed_in(tx, who)? {
        return Err(Trouble::unseen());
    }
    let look = |tx: &mut Tx, groups: &mut dyn Iterator<Item = GroupId>| {
        groups.filter_map(|group| places::one(tx, who, group).transpose()).collect::<Outcome<Vec<_>>>()
    };
    let account = who.account().ok_or_else(Trouble::unseen)?;
    let all = |tx: &mut Tx| Ok::<HashSet<_>, Trouble>(places::groups_of(tx, who)?.into_iter().collect());
    let (groups, places) = match wanted {
        Wanted::Since(since) => (all(tx)?, places::changed(tx, who, *since)?),
        Wanted::These(heard, known) => {
            let groups = all(tx)?;
            let come = groups.difference(known).chain(heard).copied().collect::<BTreeSet<_>>();
            let places = look(tx, &mut come.into_iter())?;
            (groups, places)
        }
        Wanted::Moved(heard, known, _) => {
            let places = look(tx, &mut heard.iter().copied())?;
            // Somebody who is in a place no longer does not see it.
            let gone =
                |group: &GroupId| heard.contains(group) && places.iter().all(|one| one.group != *group);
            (known.iter().filter(|group| !gone(group)).copied().collect(), places)
        }
    };
    let waiting = match wanted {
        Wanted::Moved(.., waiting) => *waiting,
        Wanted::Since(_) | Wanted::These(..) => {
            let (received, approvals) = hall::waiting(tx, account)?;
            received + approvals
        }
    };
    let counts = Counts { unread: hall::unread(tx, account)?, waiting };
    Ok(Seen { at: tx.now(), groups, counts, places })
}

fn count(at: Ts, counts: Counts) -> Outcome<Event> {
    event(at, "count", &counts)
}

/// The id of an event is its moment: where a broken line goes on.
fn event(at: Ts, name: &str, what: &impl Serialize) -> Outcome<Event> {
    let json = serde_json::to_string(what).map_err(Trouble::broken)?;
    Ok(Event::default().event(name).id(at.0.to_string()).data(json))
}
